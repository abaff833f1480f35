"""Stations: a tree in which nobody moves a station out of their reach or below itself."""

from typing import Any

from admin.base import StaffView
from admin.forms import reference_field
from core.db.models import Station
from core.db.scope import scope_of
from core.extensions import db
from core.services.stations import scope_of_station


class StationView(StaffView):
    """A new station hangs below one within reach; the topmost within reach stays where it is."""

    def fields(self, row: Any | None) -> dict[str, Any]:
        """Return the fields, with only those stations to choose from under which this one may hang."""
        fields = super().fields(row)
        if row is not None and row.parent_id not in scope_of(db.session).stations:
            del fields["parent_id"]
        else:
            below = scope_of_station(db.session, row.id).stations if row is not None else frozenset()
            fields["parent_id"] = reference_field(self.label("parent_id"), Station, required=True, without=below)
        return fields
