"""Queries: functions that return a Select; services execute them."""
