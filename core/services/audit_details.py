"""What entries of the audit log say beside the action, in words: names for the keys, and for values that are words."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from core.domain.actor import Role
from core.domain.child_file import VisitKind
from core.domain.errors import Message
from core.domain.incidents import IncidentKind
from core.domain.registering import Channel, Place
from core.domain.rights import Outcome, RequestKind
from core.domain.vocabulary import ConsentPurpose, GuardianAccess, HarmAuthority, SensitiveField, Skill, label

DETAILS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "access": Message("Access"),
        "activities": Message("Activities"),
        "activity": Message("Activity"),
        "added": Message("Added"),
        "adults": Message("Adults"),
        "answer": Message("Answer"),
        "approve_swaps": Message("Swaps are approved"),
        "as": Message("In the place of"),
        "authority": Message("Told to"),
        "cancelled": Message("Cancelled"),
        "changed": Message("Changed"),
        "changes": Message("Changes"),
        "channel": Message("Way"),
        "channels": Message("Ways to be told"),
        "child": Message("Child"),
        "children": Message("Children"),
        "code": Message("Code"),
        "codes": Message("Codes of the reasons"),
        "count": Message("Number"),
        "day": Message("Day"),
        "digest": Message("Digest"),
        "document": Message("Document"),
        "entries": Message("Entries"),
        "entry": Message("Entry"),
        "errand": Message("Errand"),
        "families": Message("Families"),
        "fields": Message("Fields"),
        "file": Message("File"),
        "filled": Message("Filled in"),
        "first": Message("First day"),
        "first_at": Message("First at"),
        "former": Message("Former"),
        "friends": Message("Friends"),
        "from": Message("From"),
        "grant": Message("Grant"),
        "grants": Message("Grants"),
        "guardian": Message("Guardian"),
        "guardians": Message("Guardians"),
        "held": Message("Sessions held"),
        "how": Message("How"),
        "into": Message("Into"),
        "kind": Message("Kind"),
        "last": Message("Last day"),
        "left_out": Message("Left out"),
        "lines": Message("Lines"),
        "link": Message("Address"),
        "minutes": Message("Minutes"),
        "most": Message("At most"),
        "moved": Message("Moved"),
        "occasion": Message("Occasion"),
        "on": Message("On"),
        "other": Message("The other file"),
        "outcome": Message("Outcome"),
        "overtaken": Message("Overtaken"),
        "pace": Message("How often"),
        "passed": Message("Passed"),
        "per_week": Message("In a week"),
        "person": Message("Person at the pick-up"),
        "pinned": Message("Pinned"),
        "placed": Message("With a place"),
        "position": Message("Position"),
        "program": Message("Program"),
        "purpose": Message("Purpose"),
        "reason": Message("Reason"),
        "refused": Message("Refused"),
        "request": Message("Request"),
        "rest": Message("Rest"),
        "restaffed": Message("Restaffed"),
        "revision": Message("Revision"),
        "role": Message("Role"),
        "rows": Message("Entries of the file"),
        "rule": Message("Rule"),
        "seconds": Message("Seconds"),
        "sections": Message("Sections"),
        "seed": Message("Number of the draw"),
        "session": Message("Session"),
        "sessions": Message("Sessions"),
        "skill": Message("Skill"),
        "starts_at": Message("Starts at"),
        "state": Message("State"),
        "station": Message("Station"),
        "stays": Message("Stays"),
        "subject": Message("Of whom or what"),
        "swap": Message("Swap"),
        "taken": Message("Taken over"),
        "term": Message("Term"),
        "text": Message("Text"),
        "to": Message("To"),
        "type": Message("Type"),
        "until": Message("Until"),
        "valid_until": Message("Valid until"),
        "version": Message("Version"),
        "visit": Message("Visit"),
        "voided": Message("Certificates that are void now"),
        "volunteer": Message("Volunteer"),
        "volunteers": Message("Volunteers"),
        "waiting": Message("Waiting"),
        "waived": Message("Waived rules"),
        "was": Message("Was"),
        "way": Message("By what"),
        "with_staff": Message("With the people"),
        "workers": Message("Workers"),
        "year": Message("Year"),
        "years": Message("Years"),
    }
)
#: The words that a key's values may be; a key may have several lists.
_WORDS: Final[Mapping[str, tuple[type[StrEnum], ...]]] = MappingProxyType(
    {
        "access": (GuardianAccess,),
        "authority": (HarmAuthority,),
        "channel": (Channel,),
        "fields": (SensitiveField,),
        "from": (Role,),
        "kind": (RequestKind, IncidentKind, VisitKind),
        "outcome": (Outcome,),
        "purpose": (ConsentPurpose,),
        "role": (Role,),
        "skill": (Skill,),
        "state": (Place,),
        "to": (Role,),
        "was": (Place,),
    }
)
_TRUTH: Final = {True: Message("it is so"), False: Message("it isn't so")}


def detail_words(detail: Mapping[str, Any]) -> Iterator[tuple[Message | str, tuple[Message | str, ...]]]:
    """Yield what an entry says, by key: its name and the values; what is empty is left out, unknown keys stay."""
    for key, value in sorted(detail.items()):
        if values := tuple(_values(key, value)):
            yield DETAILS.get(key, key), values


def _values(key: str, value: Any) -> Iterator[Message | str]:
    match value:
        case None | "":
            return
        case bool():
            yield _TRUTH[value]
        case Mapping():
            for inner, one in value.items():
                yield Message("%(name)s: %(value)s", {"name": inner, "value": one})
        case list() | tuple():
            yield from _each(key, value)
        case _:
            yield _word(key, str(value))


def _each(key: str, values: Iterable[Any]) -> Iterator[Message | str]:
    for one in values:
        yield from _values(key, one)


def _word(key: str, text: str) -> Message | str:
    """Return what a value is called where it is a word of one of the key's lists."""
    kinds = (kind for kind in _WORDS.get(key, ()) if text in set(kind))
    return next((label(kind(text)) for kind in kinds), text)
