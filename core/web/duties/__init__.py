"""A volunteer's own page: when they serve next, and their own calendar."""
