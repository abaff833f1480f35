"""Notices: how each person wants to be told, whom to call, what couldn't be sent, and how it all reads."""
