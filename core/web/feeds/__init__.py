"""Calendar subscriptions: the feeds at their secret addresses, and the page that hands out and revokes these."""
