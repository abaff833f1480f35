"""The `weibao` command: thin commands that open the database, call services and commit."""
