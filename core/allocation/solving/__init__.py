"""The solver of allocations: a problem becomes a whole-number program, whose aims are reached one after the other."""
