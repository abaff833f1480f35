"""Plans of a term: how a run went, what it could not fill and why, and publishing with the changes shown first."""
