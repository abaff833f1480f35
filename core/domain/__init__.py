"""What is true of the trade without any machine: ids, times, the calendar, eligibility; the standard library and the calendar's data only."""
