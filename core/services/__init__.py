"""Use cases: functions that take the session first and the actor by name; they never commit and know no web."""
