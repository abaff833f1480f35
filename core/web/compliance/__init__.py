"""The yearly audit of minors' data as a page and a file, and the register of incidents with data."""
