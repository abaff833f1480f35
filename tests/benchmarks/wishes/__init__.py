"""Generated terms to give places for, and the method that others give them by."""
