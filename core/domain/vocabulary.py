"""The closed vocabularies of the trade: codes as they are stored and exchanged, each with its label."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from core.domain.errors import Message


class StationKind(StrEnum):
    """Levels of the station tree."""

    COUNTY = "county"
    STATION = "station"
    COMMUNITY = "community"


class VenueKind(StrEnum):
    """Kinds of sites."""

    CENTRE = "centre"
    COMMUNITY = "community"
    CHILDRENS_HOME = "childrens_home"
    SCHOOL = "school"
    OUTDOOR = "outdoor"


class Zone(StrEnum):
    """Zones of a site: children's activity space lies apart from offices, open space apart from private space."""

    ACTIVITY = "activity"
    PRIVATE = "private"
    OFFICE = "office"
    OUTDOOR = "outdoor"


class Feature(StrEnum):
    """What a room may have."""

    PIANO = "piano"
    PROJECTOR = "projector"
    SPORTS_FLOOR = "sports_floor"
    SINKS = "sinks"
    COMPUTERS = "computers"
    QUIET = "quiet"
    #: It can be seen into from where others are.
    IN_SIGHT = "in_sight"


class Skill(StrEnum):
    """What a volunteer may be able to do."""

    TEACHING = "teaching"
    CHILDCARE = "childcare"
    COUNSELLING = "counselling"
    ART = "art"
    SPORT = "sport"
    LAW = "law"
    SCIENCE = "science"
    FIRST_AID = "first_aid"


class ActivityLine(StrEnum):
    """The five lines along which stations design activities."""

    COMPANIONSHIP = "companionship"
    COMFORT = "comfort"
    LEARNING = "learning"
    INCLUSION = "inclusion"
    VIRTUES = "virtues"


class ConsentPurpose(StrEnum):
    """What a guardian's consent is for."""

    DATA = "data"
    PHOTO = "photo"
    OUTING = "outing"
    HEALTH = "health"


class LegalBasis(StrEnum):
    """Why the station may (Personal Information Protection Law, art. 13)."""

    CONSENT = "consent"
    #: A law obliges the station; nobody can withdraw that.
    DUTY = "duty"


class ConsentHow(StrEnum):
    """How a consent was given or withdrawn."""

    PAPER = "paper"
    #: By the guardian, at a secret address with a code.
    LINK = "link"


class GuardianAccess(StrEnum):
    """What a guardian may do with a secret address of their own."""

    #: Consents, what the child takes part in, the calendar.
    FULL = "full"
    #: Consents alone: no place, no time, no title.
    RESTRICTED = "restricted"
    NONE = "none"


class Presence(StrEnum):
    """Whether a child was there."""

    PRESENT = "present"
    EXCUSED = "excused"
    ABSENT = "absent"


class VolunteerKind(StrEnum):
    """Who works near a station's children: volunteers as the public notices name them, and those who are paid for it.

    The last four are no volunteers, but are checked like them (Law on the Protection of Minors, article 62).
    """

    TEACHER = "teacher"
    STUDENT = "student"
    WOMENS_FEDERATION = "womens_federation"
    SOCIAL_WORKER = "social_worker"
    COMPANY = "company"
    PSYCHOLOGIST = "psychologist"
    LAWYER = "lawyer"
    STAFF = "staff"
    CONTRACTOR = "contractor"
    SPEAKER = "speaker"
    ACCOMPANYING_TEACHER = "accompanying_teacher"


class TermKind(StrEnum):
    """What a term is made of: the open days of school weeks, a break, or a season of both in one plan."""

    WEEKENDS = "weekends"
    WINTER = "winter"
    SUMMER = "summer"
    SEASON = "season"


class ChildCategory(StrEnum):
    """Categories that the station must know; nobody's business who does not need them for their work."""

    UNATTENDED = "unattended"
    ORPHAN = "orphan"
    SCATTERED_ORPHAN = "scattered_orphan"
    DISABLED = "disabled"
    LOW_INCOME = "low_income"
    LEFT_BEHIND = "left_behind"
    IN_DIFFICULTY = "in_difficulty"
    OUT_OF_SCHOOL = "out_of_school"
    SERIOUSLY_ILL = "seriously_ill"


class SensitiveField(StrEnum):
    """What of a child's file nobody reads without leave: a grant, or a broken glass; each reading is noted."""

    ID_NUMBER = "id_number"
    ADDRESS = "address"
    #: Health, diet, allergies.
    HEALTH = "health"
    CATEGORIES = "categories"
    #: Guardians' phones and addresses, and who may pick the child up.
    CONTACTS = "contacts"
    #: What proves a category.
    EVIDENCE = "evidence"


class GrantState(StrEnum):
    """How far a request to read sensitive fields has come."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    ENDED = "ended"


class ChildFileKind(StrEnum):
    """What a stored file about a child is."""

    EVIDENCE = "evidence"
    CONSENT = "consent"


class HarmAuthority(StrEnum):
    """Who takes reports of harm to children."""

    POLICE = "police"
    HOTLINE_12345 = "hotline_12345"
    YOUTH_12355 = "youth_12355"
    WOMEN_12338 = "women_12338"
    COUNTY_CENTRE = "county_centre"
    CIVIL_AFFAIRS = "civil_affairs"
    OTHER = "other"


class Relation(StrEnum):
    """What a guardian is to a child."""

    MOTHER = "mother"
    FATHER = "father"
    GRANDPARENT = "grandparent"
    RELATIVE = "relative"
    OTHER = "other"


# By class first: words of two vocabularies may have the same code, and are then equal as strings.
class LossOfProof(StrEnum):
    """Why somebody's second proof is taken back."""

    LOST = "lost"
    REPLACED = "replaced"
    SUSPECTED = "suspected"


_LABELS: Final[Mapping[type[StrEnum], Mapping[StrEnum, Message]]] = MappingProxyType(
    {
        StationKind: {
            StationKind.COUNTY: Message("County centre"),
            StationKind.STATION: Message("Station"),
            StationKind.COMMUNITY: Message("Community"),
        },
        VenueKind: {
            VenueKind.CENTRE: Message("Culture and sports centre"),
            VenueKind.COMMUNITY: Message("Community rooms"),
            VenueKind.CHILDRENS_HOME: Message("Children's home"),
            VenueKind.SCHOOL: Message("Partner school"),
            VenueKind.OUTDOOR: Message("Outdoor place"),
        },
        Zone: {
            Zone.ACTIVITY: Message("Activity zone"),
            Zone.PRIVATE: Message("Private zone"),
            Zone.OFFICE: Message("Office zone"),
            Zone.OUTDOOR: Message("Open zone"),
        },
        Feature: {
            Feature.PIANO: Message("Piano"),
            Feature.PROJECTOR: Message("Projector"),
            Feature.SPORTS_FLOOR: Message("Sports floor"),
            Feature.SINKS: Message("Sinks"),
            Feature.COMPUTERS: Message("Computers"),
            Feature.QUIET: Message("Quiet room"),
            Feature.IN_SIGHT: Message("Room that can be seen into"),
        },
        Skill: {
            Skill.TEACHING: Message("Teaching"),
            Skill.CHILDCARE: Message("Childcare"),
            Skill.COUNSELLING: Message("Counselling"),
            Skill.ART: Message("Art"),
            Skill.SPORT: Message("Sport"),
            Skill.LAW: Message("Law"),
            Skill.SCIENCE: Message("Science"),
            Skill.FIRST_AID: Message("First aid"),
        },
        ActivityLine: {
            ActivityLine.COMPANIONSHIP: Message("Family companionship (line)"),
            ActivityLine.COMFORT: Message("Comfort (line)"),
            ActivityLine.LEARNING: Message("Learning (line)"),
            ActivityLine.INCLUSION: Message("Social inclusion (line)"),
            ActivityLine.VIRTUES: Message("Passing on virtues (line)"),
        },
        ConsentPurpose: {
            ConsentPurpose.DATA: Message("Keeping data"),
            ConsentPurpose.PHOTO: Message("Photographs"),
            ConsentPurpose.OUTING: Message("Outings"),
            ConsentPurpose.HEALTH: Message("Health information"),
        },
        LegalBasis: {
            LegalBasis.CONSENT: Message("Consent"),
            LegalBasis.DUTY: Message("Statutory duty"),
        },
        ConsentHow: {
            ConsentHow.PAPER: Message("On paper"),
            ConsentHow.LINK: Message("By phone, with a code"),
        },
        GuardianAccess: {
            GuardianAccess.FULL: Message("Full: consents, dates, calendar"),
            GuardianAccess.RESTRICTED: Message("Restricted: consents alone"),
            GuardianAccess.NONE: Message("None: no address"),
        },
        Presence: {
            Presence.PRESENT: Message("Present"),
            Presence.EXCUSED: Message("Excused"),
            Presence.ABSENT: Message("Absent"),
        },
        VolunteerKind: {
            VolunteerKind.TEACHER: Message("Teacher"),
            VolunteerKind.STUDENT: Message("College student"),
            VolunteerKind.WOMENS_FEDERATION: Message("Women's federation volunteer"),
            VolunteerKind.SOCIAL_WORKER: Message("Young social worker"),
            VolunteerKind.COMPANY: Message("Company volunteer"),
            VolunteerKind.PSYCHOLOGIST: Message("Psychologist"),
            VolunteerKind.LAWYER: Message("Lawyer"),
            VolunteerKind.STAFF: Message("Staff of the station"),
            VolunteerKind.CONTRACTOR: Message("Contractor"),
            VolunteerKind.SPEAKER: Message("Speaker"),
            VolunteerKind.ACCOMPANYING_TEACHER: Message("Accompanying teacher"),
        },
        TermKind: {
            TermKind.WEEKENDS: Message("Weekends of a school term"),
            TermKind.WINTER: Message("Winter break"),
            TermKind.SUMMER: Message("Summer break"),
            TermKind.SEASON: Message("Weekends and breaks of a season"),
        },
        ChildCategory: {
            ChildCategory.UNATTENDED: Message("De facto unattended"),
            ChildCategory.ORPHAN: Message("Orphan"),
            ChildCategory.SCATTERED_ORPHAN: Message("Orphan living with relatives"),
            ChildCategory.DISABLED: Message("Disabled"),
            ChildCategory.LOW_INCOME: Message("Minimum-allowance household"),
            ChildCategory.LEFT_BEHIND: Message("Left behind"),
            ChildCategory.IN_DIFFICULTY: Message("In difficulty"),
            ChildCategory.OUT_OF_SCHOOL: Message("Out of school"),
            ChildCategory.SERIOUSLY_ILL: Message("Seriously ill"),
        },
        SensitiveField: {
            SensitiveField.ID_NUMBER: Message("ID number"),
            SensitiveField.ADDRESS: Message("Home address"),
            SensitiveField.HEALTH: Message("Health and diet"),
            SensitiveField.CATEGORIES: Message("Categories"),
            SensitiveField.CONTACTS: Message("Guardians' contacts and pick-up"),
            SensitiveField.EVIDENCE: Message("Evidence for categories"),
        },
        GrantState: {
            GrantState.ASKED: Message("Waits for a decision"),
            GrantState.APPROVED: Message("Approved"),
            GrantState.REFUSED: Message("Refused"),
            GrantState.ENDED: Message("Ended"),
        },
        HarmAuthority: {
            HarmAuthority.POLICE: Message("Police (110)"),
            HarmAuthority.HOTLINE_12345: Message("Government hotline (12345)"),
            HarmAuthority.YOUTH_12355: Message("Youth service line (12355)"),
            HarmAuthority.WOMEN_12338: Message("Women's federation line (12338)"),
            HarmAuthority.COUNTY_CENTRE: Message("County centre for the protection of minors"),
            HarmAuthority.CIVIL_AFFAIRS: Message("Civil affairs department"),
            HarmAuthority.OTHER: Message("Another authority"),
        },
        LossOfProof: {
            LossOfProof.LOST: Message("Phone or key are lost"),
            LossOfProof.REPLACED: Message("Phone or key were replaced"),
            LossOfProof.SUSPECTED: Message("Somebody else may have used them"),
        },
        ChildFileKind: {
            ChildFileKind.EVIDENCE: Message("Evidence of a category"),
            ChildFileKind.CONSENT: Message("Signed consent"),
        },
        Relation: {
            Relation.MOTHER: Message("Mother"),
            Relation.FATHER: Message("Father"),
            Relation.GRANDPARENT: Message("Grandparent"),
            Relation.RELATIVE: Message("Relative"),
            Relation.OTHER: Message("Other"),
        },
    }
)


def label(word: StrEnum) -> Message:
    """Return what people call a word of one of the vocabularies; a plugin's own words say it by a property `label`."""
    own = getattr(word, "label", None)
    return own if isinstance(own, Message) else _LABELS[type(word)][word]
