"""The page that everybody who signs in meets first."""
