"""Campaigns: asking volunteers together when they can serve, and seeing who has answered."""
