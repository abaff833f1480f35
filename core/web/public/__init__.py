"""A station's public notice: its timetable without any person, closed group or private room."""
