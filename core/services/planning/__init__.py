"""Planning a term: from what is stored to a planning problem, and from a plan to a stored draft."""
