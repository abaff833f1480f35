"""Stores what a workbook says: finds what is there already by its natural key, adds and changes, and says how much."""
