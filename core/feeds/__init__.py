"""Calendar feeds: pure entries in, iCalendar bytes out; knows neither database nor web."""
