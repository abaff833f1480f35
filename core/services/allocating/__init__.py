"""Giving places for a term's wishes: the problem from what is stored, runs, results, and publishing; no page of it."""
