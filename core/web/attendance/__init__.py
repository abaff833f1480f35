"""Attendance: noting at the door who is there."""
