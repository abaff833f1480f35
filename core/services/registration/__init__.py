"""Registration of children for activities: places, waiting lists, offers; no page of it."""
