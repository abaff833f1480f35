"""The switch between Chinese and English."""
