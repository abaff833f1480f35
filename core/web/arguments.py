"""What a page is asked for in its address, taken leniently: what makes no sense is as if it weren't there."""

from datetime import date

from flask import request

from core.services.timetable import monday_of


def asked_monday() -> date | None:
    """Return the Monday of the week that `week` asks for by one of its days."""
    try:
        return monday_of(date.fromisoformat(request.args.get("week", "")))
    except (ValueError, OverflowError):
        return None
