"""The rules that the planner keeps for schools, each twice: as what can't be chosen and as a plain check."""
