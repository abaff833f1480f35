"""The database: engine and sessions, tables, queries and migrations; no rule of the trade beyond what must never be stored."""
