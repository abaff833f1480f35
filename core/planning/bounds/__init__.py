"""Costs that no plan goes below: proved by relaxations, each valid at whatever moment it is stopped."""
