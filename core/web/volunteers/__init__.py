"""Pages of the people who work near children: list, files, steps, checks, trainings."""
