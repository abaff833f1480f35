"""Hours of service: booked from attendance, shown, corrected by further lines, and certified."""
