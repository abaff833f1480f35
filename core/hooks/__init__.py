"""The contract between core and its plugins: typed hooks, the values they return, and their manager."""
