"""The heart of weibao: people, places, calendar, planner, feeds and pages; knows its plugins by their contract only."""

__version__ = "0.1.0"
