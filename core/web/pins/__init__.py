"""Pins: fixing a session where the newest plan holds it, and letting go of it."""
