"""Answering: the pages where people say whether they serve, signed in or with their secret address."""
