"""JSON that comes from outside: files of it, and values that know the path that leads to them; no format of its own."""
