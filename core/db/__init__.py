"""The database: engine and sessions, tables, queries and migrations; it refuses what must never be stored."""
