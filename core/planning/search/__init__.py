"""The search for good plans: construct a first one, improve it, bound what could be."""
