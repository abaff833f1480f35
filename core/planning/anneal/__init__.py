"""Better plans by very many very small changes: simulated annealing at compiled speed over one flat memory."""
