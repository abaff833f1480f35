"""`weibao allocate`: giving places with files alone, without an installation or a database."""
