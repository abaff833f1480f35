"""When people can serve, entered by themselves or for them, and when rooms that are shared with others are taken."""
