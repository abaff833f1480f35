"""Programs: which of them a station has switched on."""
