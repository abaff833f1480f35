"""The back office on Flask-Admin; itself a plugin, mounted through the same contract as the programs."""
