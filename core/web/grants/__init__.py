"""Grants: asking for leave to read what is sensitive, deciding, and breaking the glass in an emergency."""
