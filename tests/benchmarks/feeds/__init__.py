"""Calendars by the ten thousand, fetched over HTTP from the real server and from three others beside it."""
