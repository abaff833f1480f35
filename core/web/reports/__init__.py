"""Reports: what a station did in a period, counted by its programs."""
