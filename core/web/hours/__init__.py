"""Hours of service: booking them, the list that is shown, a volunteer's own, certificates and their public page."""
