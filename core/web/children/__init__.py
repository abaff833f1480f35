"""Pages of the children's files."""
