"""Home visits: two visitors call on each child who needs it, once a month, and nobody else learns where that is."""
