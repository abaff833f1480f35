"""The tables, one aggregate a file: columns, relationships and constraints, no queries and no rules."""

from core.db.models.activity import Activity, ActivityGroup, ActivityRole, ActivityRoom, ActivitySession, Assignment
from core.db.models.attendance import Attendance, Handover, VolunteerPresence
from core.db.models.audit import AuditEntry, AuditHead
from core.db.models.availability import BusyCalendar, BusyTime, VolunteerAnswer
from core.db.models.calendar import ArrangedDay, ArrangedYear, SchoolBreak, Term
from core.db.models.care import ChildTurn, ReviewInterval, Visit
from core.db.models.child import Child, ChildCategoryMark, Group, GroupMember, Guardian, PickUpPerson
from core.db.models.consent import Consent, ConsentText, GuardianLeave, GuardianLink
from core.db.models.daily import DailyWork
from core.db.models.erasure import Erasure
from core.db.models.feed import ChildFeedItem, FeedChange, FeedItem, FeedToken
from core.db.models.file import ChildFile, StoredFile
from core.db.models.grant import AccessGrant, AccessGrantChild
from core.db.models.harm import HarmContact, HarmReport
from core.db.models.incident import Incident
from core.db.models.installation import Installation
from core.db.models.notice import NoticeChoices, OutboxNotice
from core.db.models.pin import Pin
from core.db.models.place import Room, TravelTime, Venue
from core.db.models.plan import Plan
from core.db.models.rate import RateCounter
from core.db.models.registration import ActivityIntake, Registration, TermIntake
from core.db.models.replies import (
    AvailabilityCampaign,
    CampaignReply,
    DutyRequest,
    DutySwap,
    StationServing,
    VolunteerLink,
)
from core.db.models.request import RightsRequest
from core.db.models.run import PlanningRun
from core.db.models.sealing import SealedChildWorker
from core.db.models.service import ServiceCertificate, ServiceEntry, ServiceObjection
from core.db.models.station import Closure, ProgramSwitch, Station, StationHours
from core.db.models.user import Passkey, User, WebSession
from core.db.models.volunteer import (
    Availability,
    Blackout,
    Clearance,
    Volunteer,
    VolunteerLike,
    VolunteerSkill,
    VolunteerStep,
)
from core.db.models.wishes import AllocationRun, WishList, WishRound

__all__ = [
    "AccessGrant",
    "AccessGrantChild",
    "Activity",
    "ActivityGroup",
    "ActivityIntake",
    "ActivityRole",
    "ActivityRoom",
    "ActivitySession",
    "AllocationRun",
    "ArrangedDay",
    "ArrangedYear",
    "Assignment",
    "Attendance",
    "AuditEntry",
    "AuditHead",
    "Availability",
    "AvailabilityCampaign",
    "Blackout",
    "BusyCalendar",
    "BusyTime",
    "CampaignReply",
    "Child",
    "ChildCategoryMark",
    "ChildFeedItem",
    "ChildFile",
    "ChildTurn",
    "Clearance",
    "Closure",
    "Consent",
    "ConsentText",
    "DailyWork",
    "DutyRequest",
    "DutySwap",
    "Erasure",
    "FeedChange",
    "FeedItem",
    "FeedToken",
    "Group",
    "GroupMember",
    "Guardian",
    "GuardianLeave",
    "GuardianLink",
    "Handover",
    "HarmContact",
    "HarmReport",
    "Incident",
    "Installation",
    "NoticeChoices",
    "OutboxNotice",
    "Passkey",
    "PickUpPerson",
    "Pin",
    "Plan",
    "PlanningRun",
    "ProgramSwitch",
    "RateCounter",
    "Registration",
    "ReviewInterval",
    "RightsRequest",
    "Room",
    "SchoolBreak",
    "SealedChildWorker",
    "ServiceCertificate",
    "ServiceEntry",
    "ServiceObjection",
    "Station",
    "StationHours",
    "StationServing",
    "StoredFile",
    "Term",
    "TermIntake",
    "TravelTime",
    "User",
    "Venue",
    "Visit",
    "Volunteer",
    "VolunteerAnswer",
    "VolunteerLike",
    "VolunteerLink",
    "VolunteerPresence",
    "VolunteerSkill",
    "VolunteerStep",
    "WebSession",
    "WishList",
    "WishRound",
]
