"""What the back office shows of the program's own table."""

from typing import Final

from core.plugin_api import PLANNERS, STAFF, AdminSection, Message
from plugins.character_ed.models import MonthlyVirtue

VIRTUES: Final = AdminSection(
    key="character_ed_virtues",
    name=Message("Virtues of the month"),
    model=MonthlyVirtue,
    columns=("year", "month", "name"),
    form=("year", "month", "name", "explanation"),
    search=("name",),
    readers=STAFF,
    writers=PLANNERS,
    labels={
        "year": Message("Year"),
        "month": Message("Month"),
        "name": Message("Virtue"),
        "explanation": Message("What it means"),
    },
)
