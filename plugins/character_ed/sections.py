"""What the back office shows of the program's own tables."""

from typing import Final

from core.plugin_api import AdminSection, Capability, Message
from plugins.character_ed.models import Award, MixSetting, MonthlyVirtue

VIRTUES: Final = AdminSection(
    key="character_ed_virtues",
    name=Message("Virtues of the month"),
    model=MonthlyVirtue,
    columns=("year", "month", "name"),
    form=("year", "month", "name", "explanation"),
    search=("name",),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
    labels={
        "year": Message("Year"),
        "month": Message("Month"),
        "name": Message("Virtue"),
        "explanation": Message("What it means"),
    },
)

MIX: Final = AdminSection(
    key="character_ed_settings",
    name=Message("Mix of the five lines"),
    model=MixSetting,
    columns=("least_days", "times_per_line", "alternate"),
    form=("least_days", "times_per_line", "alternate"),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
    labels={
        "least_days": Message("For terms of at least so many days"),
        "times_per_line": Message("Each line at least so often"),
        "alternate": Message("No line twice running"),
    },
)

AWARDS: Final = AdminSection(
    key="character_ed_awards",
    name=Message("Awards for stamps"),
    model=Award,
    columns=("name", "stamps", "lines"),
    form=("name", "stamps", "lines"),
    search=("name",),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
    labels={
        "name": Message("Award"),
        "stamps": Message("Stamps needed"),
        "lines": Message("On at least so many lines"),
    },
)

SECTIONS: Final = (VIRTUES, MIX, AWARDS)
