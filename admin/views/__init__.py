"""Views of the sections in which a rule of core has a say, one file an aggregate; all others need none."""
