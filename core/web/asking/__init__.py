"""The organizer's pages about requests for duties, swaps, unsafe sessions, and volunteers' secret addresses."""
