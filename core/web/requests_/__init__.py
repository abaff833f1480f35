"""Pages of guardians' requests about what is kept of a child."""
