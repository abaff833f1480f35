"""`weibao plan solve`, `check` and the like: planning with files alone, without an installation or a database."""
