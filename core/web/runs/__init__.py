"""Runs of the planner: asking for one, watching it, stopping it."""
