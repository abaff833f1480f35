"""Why something is short: what stood in the way, counted plainly, and what would cure it, found by solving again."""
