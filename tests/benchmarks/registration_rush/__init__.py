"""An opening morning against the real server: whoever is told of a place has it, and soon."""
