"""Activities: what programs offer in a term, and the form in which an organizer describes one."""
