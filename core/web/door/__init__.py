"""The door of a session: who is here to serve, and whether the children may come in."""
