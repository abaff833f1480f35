"""The heart of weibao: people, places, calendar, planner, feeds and pages; knows its plugins by their contract only."""
