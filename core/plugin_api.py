"""All that a plugin may import from core: its diff is the contract's change log."""

from core.db.base import Base, Key, LocalTime, Moment, StationScoped, Text20, Text80, Text200, Text2000, word
from core.db.sealed import Encrypted, Sealed, SealedText
from core.domain.actor import Actor, Role
from core.domain.clock import Clock
from core.domain.errors import ConflictError, DomainError, InvalidInputError, Message, NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.domain.vocabulary import (
    ActivityLine,
    ConsentPurpose,
    Feature,
    Presence,
    Skill,
    VenueKind,
    VolunteerKind,
    Zone,
)
from core.extensions import actor, db, today, wiring
from core.hooks.commands import PluginCommand
from core.hooks.demo import DemoActivity, DemoPart, DemoRole, DemoTown
from core.hooks.joining import Applicant, Obstacle, Standing
from core.hooks.reports import FEWEST_CHILDREN, Period, ReportSection, ReportTable
from core.hooks.specs import hookimpl
from core.hooks.types import (
    ActivityOutline,
    ActivityType,
    AdminSection,
    Audience,
    Contribution,
    FieldKind,
    MenuEntry,
    Objection,
    PlannedOutline,
    Program,
    RoleNeed,
    SessionOutline,
    SessionText,
    SettingField,
    TermOutline,
    WebPart,
)
from core.planning.model.choices import Choices, Slot
from core.planning.model.model import Model
from core.planning.model.variables import Linear, Literal
from core.planning.moments import clock_of, day_of
from core.planning.plan import Plan, PlannedSession, SessionKey
from core.planning.preferences.base import Preference
from core.planning.problem import Activity, Person, Problem, Relation
from core.planning.reading import Node
from core.planning.rules.base import Breach, Rule
from core.planning.seating import Meeting, seating
from core.security.permissions import ADMINISTRATORS, ANYONE, PLANNERS, SIGNED_IN, STAFF
from core.services.audit import record
from core.services.program_facts import (
    Attended,
    ChildFacts,
    HeldSession,
    activities_of,
    attended,
    child_by_number,
    child_facts,
    children_of,
    held_sessions,
    other_starts,
    planned_sessions,
    terms_ahead,
    venue_of_room,
    venues_offered,
    volunteers_offered,
)

__all__ = [
    "ADMINISTRATORS",
    "ANYONE",
    "FEWEST_CHILDREN",
    "PLANNERS",
    "SIGNED_IN",
    "STAFF",
    "Activity",
    "ActivityLine",
    "ActivityOutline",
    "ActivityType",
    "Actor",
    "AdminSection",
    "Applicant",
    "Attended",
    "Audience",
    "Base",
    "Breach",
    "ChildFacts",
    "Choices",
    "Clock",
    "ConflictError",
    "ConsentPurpose",
    "Contribution",
    "DemoActivity",
    "DemoPart",
    "DemoRole",
    "DemoTown",
    "DomainError",
    "Encrypted",
    "Feature",
    "FieldKind",
    "HeldSession",
    "InvalidInputError",
    "Key",
    "Linear",
    "Literal",
    "LocalTime",
    "Meeting",
    "MenuEntry",
    "Message",
    "Model",
    "Moment",
    "Node",
    "NotAllowedError",
    "NotFoundError",
    "Objection",
    "Obstacle",
    "Period",
    "Person",
    "Plan",
    "PlannedOutline",
    "PlannedSession",
    "PluginCommand",
    "Preference",
    "Presence",
    "Problem",
    "Program",
    "Relation",
    "ReportSection",
    "ReportTable",
    "Role",
    "RoleNeed",
    "Rule",
    "Sealed",
    "SealedText",
    "SessionKey",
    "SessionOutline",
    "SessionText",
    "SettingField",
    "Skill",
    "Slot",
    "Standing",
    "StationScoped",
    "TermOutline",
    "Text20",
    "Text80",
    "Text200",
    "Text2000",
    "VenueKind",
    "VolunteerKind",
    "WebPart",
    "Zone",
    "activities_of",
    "actor",
    "attended",
    "child_by_number",
    "child_facts",
    "children_of",
    "clock_of",
    "day_of",
    "db",
    "held_sessions",
    "hookimpl",
    "new_id",
    "other_starts",
    "planned_sessions",
    "record",
    "seating",
    "terms_ahead",
    "today",
    "venue_of_room",
    "venues_offered",
    "volunteers_offered",
    "wiring",
    "word",
]
