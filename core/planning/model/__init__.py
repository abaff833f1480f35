"""The decisions of a problem as a CP-SAT model that rules and preferences write into."""
