"""Ranked lists of wishes as pages show them: what the families' page and the desk share, and the desk's own pages."""
