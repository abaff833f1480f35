"""Sealing files: the head shuts a child's file to all but named workers, and opens it again."""
