"""What somebody may be allowed to do: the words in which the permission table speaks, one for each kind of work."""

from enum import Enum, StrEnum
from typing import Final


class Capability(StrEnum):
    """One kind of work; which roles do it stands in `core/security/permissions.py`."""

    #: Sign in, read the timetable, look after one's own account.
    USE_ACCOUNT = "use_account"
    OWN_DUTIES = "own_duties"

    SEE_PLANS = "see_plans"
    PLAN = "plan"
    KEEP_CALENDAR = "keep_calendar"
    APPROVE_ACTIVITIES = "approve_activities"
    #: Stations, their places in the tree, the programs they run.
    KEEP_SETTINGS = "keep_settings"
    SEE_REPORTS = "see_reports"

    #: Names, ages and groups of children; what is sensitive needs a grant besides.
    SEE_CHILDREN = "see_children"
    KEEP_CHILDREN = "keep_children"
    MERGE_CHILDREN = "merge_children"
    EXPORT_CHILDREN = "export_children"
    SEAL_CHILDREN = "seal_children"
    KEEP_CONSENTS = "keep_consents"
    #: What each guardian may see and change at a secret address.
    DECIDE_ACCESS = "decide_access"
    NOTE_VISITS = "note_visits"
    NOTE_ATTENDANCE = "note_attendance"

    #: Give places in activities and take them back.
    REGISTER_CHILDREN = "register_children"
    #: Decide what activities take in registration, and what becomes of those that are too small.
    KEEP_REGISTRATION = "keep_registration"
    #: Take out the files of an allocation, which say by numbers for whom places are held back.
    TAKE_OUT_ALLOCATIONS = "take_out_allocations"
    #: Let a child in against a rule of the station's own, or before others who wait.
    WAIVE_RULES = "waive_rules"

    ASK_FOR_FIELDS = "ask_for_fields"
    APPROVE_GRANTS = "approve_grants"
    BREAK_GLASS = "break_glass"

    SEE_VOLUNTEERS = "see_volunteers"
    KEEP_VOLUNTEERS = "keep_volunteers"
    #: With whom volunteers would serve and with whom not.
    SEE_COMPANY = "see_company"
    #: Note background checks and accept people.
    CLEAR_PEOPLE = "clear_people"

    MANAGE_ACCOUNTS = "manage_accounts"
    READ_AUDIT = "read_audit"
    #: The button of the mandatory report (Law on the Protection of Minors, art. 11).
    REPORT_HARM = "report_harm"
    READ_HARM_REGISTER = "read_harm_register"
    #: Copies, corrections and deletions that guardians ask for.
    ANSWER_REQUESTS = "answer_requests"
    ERASE = "erase"
    #: Making a guardian's copy: it opens all that the guardian may see, with nobody's leave beside.
    GIVE_COPIES = "give_copies"
    SEE_COMPLIANCE = "see_compliance"
    #: The register of incidents with people's data.
    NOTE_INCIDENTS = "note_incidents"


class Open(Enum):
    """What a page asks for that is open to everybody, signed in or not."""

    ANYONE = "anyone"


ANYONE: Final = Open.ANYONE
#: What a page asks for; None: nobody may call it.
Asked = Capability | Open | None
