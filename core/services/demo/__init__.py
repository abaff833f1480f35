"""The demo station: Qingyang Street as public notices describe it, with made-up people, the same for the same seed."""
