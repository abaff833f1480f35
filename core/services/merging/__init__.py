"""Making one file of two that are of the same child, registrations and all, and taking that back for a day."""
