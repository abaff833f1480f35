"""Reporting harm: whom to call at once, and the register of the fact that it was reported."""
