"""What the planner keeps for home visits, one rule a file: as a constraint, and once more as a plain check."""
