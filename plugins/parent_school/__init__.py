"""The parent school: lectures for parents, and counselling for families behind a closed door."""
