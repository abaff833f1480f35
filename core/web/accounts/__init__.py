"""Looking after the accounts of a station and of those below it."""
