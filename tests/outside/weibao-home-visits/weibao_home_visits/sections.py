"""What the back office shows of the program's own tables; rows refer to children, so the program's pages write them."""

from typing import Final

from core.plugin_api import AdminSection, Capability, Message

from weibao_home_visits.models import HomeVisit, HomeVisitNeed, HomeVisitSeries

NEEDS: Final = AdminSection(
    key="home_visits_needs",
    name=Message("Who is to be visited"),
    model=HomeVisitNeed,
    columns=("since", "until", "days_apart"),
    form=("since", "until", "days_apart"),
    readers=Capability.SEE_PLANS,
    writers=None,
    labels={
        "since": Message("First day"),
        "until": Message("Last day"),
        "days_apart": Message("Days between visits"),
    },
)
SERIES: Final = AdminSection(
    key="home_visits_series",
    name=Message("Series of visits"),
    model=HomeVisitSeries,
    columns=("activity_id",),
    form=("activity_id",),
    readers=Capability.SEE_PLANS,
    writers=None,
    labels={"activity_id": Message("Activity")},
)
VISITS: Final = AdminSection(
    key="home_visits_visits",
    name=Message("Visits that were made"),
    model=HomeVisit,
    columns=("done_on", "position"),
    form=("done_on", "position"),
    readers=Capability.SEE_PLANS,
    writers=None,
    labels={"done_on": Message("Made on"), "position": Message("Session, counted from 0")},
)
