"""What the entries of the audit log say, in plain words: each action and each kind of thing that it was done to."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from core.domain.errors import Message

ACTIONS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "account.added": Message("Added an account"),
        "account.invitation_accepted": Message("Accepted an invitation"),
        "account.invited_again": Message("Invited somebody again"),
        "account.let_in": Message("Opened an account again"),
        "account.locked": Message("Account locked after failed sign-ins"),
        "account.passkey_added": Message("Added a passkey"),
        "account.passkey_dropped": Message("Dropped a passkey"),
        "account.password_changed": Message("Changed a password"),
        "account.placed": Message("Changed an account's role or station"),
        "account.recovery_code_used": Message("Signed in with a recovery code"),
        "account.recovery_codes_made": Message("Made new recovery codes"),
        "account.second_factor_reset": Message("Reset a second factor"),
        "account.shut_out": Message("Shut an account"),
        "account.signed_in": Message("Signed in"),
        "account.signed_out_everywhere": Message("Signed out everywhere"),
        "account.totp_dropped": Message("Dropped the code app"),
        "account.totp_set": Message("Set up the code app"),
        "activity.added": Message("Added an activity"),
        "activity.changed": Message("Changed an activity"),
        "activity.moved": Message("Moved an activity on"),
        "activity.removed": Message("Removed an activity"),
        "activity.training": Message("Chose which skill a training gives"),
        "arranged_year.entered": Message("Entered the arrangement of a year"),
        "attendance.noted": Message("Noted attendance"),
        "audit.exported": Message("Took a file of the audit log"),
        "category.added": Message("Noted a category of a child"),
        "category.ended": Message("Ended a category of a child"),
        "pick_up.added": Message("Noted a person for the pick-up"),
        "pick_up.removed": Message("Removed a person for the pick-up"),
        "child.changed": Message("Changed a child's file"),
        "child.created": Message("Made a child's file"),
        "child.home_shown": Message("Looked at a child's home address for a visit"),
        "child.erased": Message("Erased a child's file"),
        "child.left": Message("Noted that a child left"),
        "child.merged": Message("Merged two files of a child"),
        "child.moved_in": Message("Took over a child's file"),
        "child.moved_out": Message("Handed over a child's file"),
        "child.read": Message("Read sensitive fields of a child"),
        "child.returned": Message("Noted that a child came back"),
        "child.sealed": Message("Sealed a child's file"),
        "child.unsealed": Message("Opened a sealed file"),
        "child.visited": Message("Noted a visit to a child"),
        "child.workers_named": Message("Named who works with a sealed child"),
        "closure.added": Message("Closed days"),
        "closure.removed": Message("Took a closure back"),
        "children.exported": Message("Exported children for the national system"),
        "consent.duty_noted": Message("Noted a duty to keep data"),
        "consent.given": Message("Noted a consent"),
        "consent.withdrawn": Message("Noted that a consent was withdrawn"),
        "consent_text.added": Message("Added a version of a consent text"),
        "copy.made": Message("Made a guardian's copy"),
        "door.let_in": Message("Let somebody in at the door"),
        "door.taken_back": Message("Took back who was let in"),
        "feed.opened": Message("Made a calendar address"),
        "feed.revoked": Message("Revoked a calendar address"),
        "file.dropped": Message("Removed a stored file"),
        "file.kept": Message("Kept a file"),
        "file.read": Message("Opened a stored file"),
        "glass.acknowledged": Message("Took note of broken glass"),
        "glass.broken": Message("Broke the glass"),
        "grant.approved": Message("Gave a grant"),
        "grant.asked": Message("Asked for a grant"),
        "grant.ended": Message("Ended a grant"),
        "grant.purpose_erased": Message("Erased what a grant was for"),
        "grant.refused": Message("Refused a grant"),
        "guardian.access_decided": Message("Decided what a guardian may do"),
        "guardian.added": Message("Added a guardian"),
        "guardian.changed": Message("Changed a guardian"),
        "guardian.removed": Message("Removed a guardian"),
        "session.begun": Message("Let a session begin"),
        "training.completed": Message("Noted who completed a training"),
        "guardian_link.calendar_opened": Message("A guardian asked for a calendar"),
        "guardian_link.code_renewed": Message("Made a new code for a guardian's address"),
        "guardian_link.locked": Message("A guardian's address locked after wrong codes"),
        "guardian_link.made": Message("Made a guardian's address"),
        "guardian_link.revoked": Message("Revoked a guardian's address"),
        "harm.reported": Message("Noted a report of harm"),
        "harm_contact.added": Message("Added to the call list"),
        "harm_contact.removed": Message("Took off the call list"),
        "incident.noted": Message("Noted an incident with data"),
        "plan.drafted": Message("Drafted a plan"),
        "plan.published": Message("Published a plan"),
        "program.switched_off": Message("Switched a program off"),
        "program.switched_on": Message("Switched a program on"),
        "request.answered": Message("Answered a guardian's request"),
        "request.entered": Message("Noted a guardian's request"),
        "request.lifted": Message("Ended the restricted use of a child's data"),
        "retention.kept": Message("Kept a file longer"),
        "retention.years_set": Message("Set how long files are kept"),
        "review_intervals.set": Message("Set how often files are reviewed"),
        "run.asked": Message("Asked the planner for a plan"),
        "run.cancelled": Message("Cancelled a run of the planner"),
        "run.done": Message("The planner made a plan"),
        "run.failed": Message("The planner failed"),
        "run.stopped": Message("The planner was stopped"),
        "session.pinned": Message("Pinned a session"),
        "session.unpinned": Message("Freed a pinned session"),
        "volunteer.applied_again": Message("Applied again as a volunteer"),
        "volunteer.changed": Message("Changed a volunteer"),
        "volunteer.checked": Message("Noted a background check"),
        "volunteer.erased": Message("Erased who a volunteer was"),
        "volunteer.skill_noted": Message("Noted a volunteer's skill"),
        "volunteer.skill_taken": Message("Took a skill back"),
        "workbook.imported": Message("Imported a workbook"),
    }
)
SUBJECTS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "activity": Message("Activity"),
        "activity_role": Message("Places for people"),
        "arranged_year": Message("Arranged year"),
        "audit": Message("Audit log"),
        "availability": Message("Availability"),
        "blackout": Message("Days without service"),
        "child": Message("Child"),
        "children": Message("Children"),
        "clearance": Message("Background check"),
        "closure": Message("Closed days"),
        "consent_text": Message("Consent text"),
        "feed": Message("Calendar address"),
        "grant": Message("Grant"),
        "group": Message("Group"),
        "harm_contact": Message("Call list"),
        "harm_report": Message("Report of harm"),
        "incident": Message("Incident with data"),
        "plan": Message("Plan"),
        "program": Message("Program"),
        "request": Message("Guardian's request"),
        "room": Message("Room"),
        "run": Message("Run of the planner"),
        "school_break": Message("School break"),
        "session": Message("Session"),
        "station": Message("Station"),
        "station_hours": Message("Opening hours"),
        "term": Message("Term"),
        "travel_time": Message("Travel time"),
        "user": Message("Account"),
        "venue": Message("Venue"),
        "volunteer": Message("Volunteer"),
        "volunteer_like": Message("Likes of a volunteer"),
        "volunteer_skill": Message("Skill of a volunteer"),
        "workbook": Message("Workbook"),
    }
)
#: What the back office does to a row of any kind.
_OF_ROWS: Final[Mapping[str, Callable[[str], Message]]] = MappingProxyType(
    {
        "created": lambda kind: Message("Added: %(kind)s", {"kind": subject_words(kind)}),
        "changed": lambda kind: Message("Changed: %(kind)s", {"kind": subject_words(kind)}),
        "deleted": lambda kind: Message("Deleted: %(kind)s", {"kind": subject_words(kind)}),
    }
)


def action_words(action: str, of_programs: Mapping[str, Message] = MappingProxyType({})) -> Message | str:
    """Return what an action is called, from the back office and from programs as well; unknown ones stay as they are.

    A program that is not installed any more takes its words along.
    """
    if found := ACTIONS.get(action) or of_programs.get(action):
        return found
    kind, _, event = action.partition(".")
    return _OF_ROWS[event](kind) if event in _OF_ROWS else action


def subject_words(kind: str) -> Message | str:
    """Return what a kind of subject is called; a program's own stays as it is written."""
    return SUBJECTS.get(kind, kind)
