"""What the judge of allocations reads a problem with; it knows no solver, and the solver uses none of it."""
