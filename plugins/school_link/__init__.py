"""The link of school and community: what partner schools and stations plan together, and how they agree on it."""
