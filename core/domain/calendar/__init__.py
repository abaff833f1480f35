"""Which days are open for children and when: holidays, moved working days, school breaks, opening hours, closures."""
