"""The SST plan: companionship for children and families, and closed circles for children who need comfort."""
