"""The term's timetable by week and room, for those who have signed in."""
