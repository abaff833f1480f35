"""What the back office shows of the program's own tables."""

from typing import Final

from core.plugin_api import AdminSection, Capability, Message
from plugins.parent_school.models import Booking, CareRatio, FamilyAttendance

RATIOS: Final = AdminSection(
    key="parent_school_ratios",
    name=Message("Adults in child care"),
    model=CareRatio,
    columns=("up_to_age", "children_per_adult", "source"),
    form=("up_to_age", "children_per_adult", "source"),
    search=("source",),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
    labels={
        "up_to_age": Message("Up to this age, in years"),
        "children_per_adult": Message("Children for each adult"),
        "source": Message("Where that stands"),
    },
)

#: Booked and cancelled on a page of the program's own, which asks what it must; here they can only be looked at.
BOOKINGS: Final = AdminSection(
    key="parent_school_bookings",
    name=Message("Appointments for advice"),
    model=Booking,
    columns=("agreed_for", "booked_at", "cancelled_at"),
    form=(),
    readers=Capability.SEE_PLANS,
    writers=None,
    labels={
        "agreed_for": Message("Agreed for"),
        "booked_at": Message("Booked"),
        "cancelled_at": Message("Cancelled at"),
    },
)

ATTENDANCE: Final = AdminSection(
    key="parent_school_attendance",
    name=Message("Families at talks"),
    model=FamilyAttendance,
    columns=("noted_at", "adults"),
    form=(),
    readers=Capability.SEE_PLANS,
    writers=None,
    labels={"noted_at": Message("Noted"), "adults": Message("Grown-ups")},
)

SECTIONS: Final = (RATIOS, BOOKINGS, ATTENDANCE)
