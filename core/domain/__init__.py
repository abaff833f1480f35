"""What is true of the trade without any machine: ids, times, the calendar, eligibility; values only."""
