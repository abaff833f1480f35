"""The tables of the yearly audit of minors' data as one file: a zip of Excel workbooks."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Final

from core.domain.errors import Message
from core.domain.retention import RULES
from core.domain.vocabulary import ConsentPurpose, label
from core.services.compliance import Compliance
from core.services.inventory import inventory
from core.services.spreadsheets import Cell, as_xlsx

#: What consents are for, in words that stand alone.
PURPOSES: Final[Mapping[ConsentPurpose, Message]] = {
    ConsentPurpose.DATA: Message("Personal data"),
    ConsentPurpose.PHOTO: Message("Photos"),
    ConsentPurpose.OUTING: Message("Outings"),
    ConsentPurpose.HEALTH: Message("Health information"),
}
Sheet = tuple[Sequence[Message], Sequence[Sequence[Cell]]]
Words = Callable[[Message], str]


def as_zip(found: Compliance, say: Words) -> bytes:
    """Return the file, in the words of `say`."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (heading, rows) in sheets(found, say).items():
            archive.writestr(name, as_xlsx([say(title) for title in heading], rows))
    return out.getvalue()


def sheets(found: Compliance, say: Words) -> Mapping[str, Sheet]:
    """Return the tables by the names of their files."""
    return {
        "inventory.xlsx": _inventory(say),
        "retention.xlsx": (
            [Message("Data"), Message("Kept"), Message("Why")],
            [(say(rule.label), say(rule.words), say(rule.why)) for rule in RULES.values()],
        ),
        "children.xlsx": (
            [Message("Station"), Message("Under 14"), Message("14 to 17"), Message("18 and older")],
            [(one.station, one.under_14, one.from_14, one.grown_up) for one in found.ages],
        ),
        "consents.xlsx": (
            [Message("Purpose"), Message("Hold now"), Message("Given in the year"), Message("Withdrawn in the year")],
            [(say(PURPOSES[one.purpose]), one.holding, one.given, one.withdrawn) for one in found.consents],
        ),
        "access.xlsx": (
            [Message("What"), Message("How often")],
            [(say(what), count) for what, count in grant_lines(found)],
        ),
        "incidents.xlsx": _incidents(found, say),
    }


def grant_lines(found: Compliance) -> list[tuple[Message, int]]:
    """Return the figures about grants, each with what it counts."""
    grants = found.grants
    return [
        (Message("Requests to read sensitive fields"), grants.asked),
        (Message("approved"), grants.approved),
        (Message("refused"), grants.refused),
        (Message("ended"), grants.ended),
        (Message("Opened in an emergency"), grants.broken_glass),
        (Message("of which the head has not taken note"), grants.not_acknowledged),
    ]


def _inventory(say: Words) -> Sheet:
    heading = [
        Message("Table"),
        Message("Field"),
        Message("Purpose"),
        Message("Basis"),
        Message("Protection"),
        Message("Kept"),
    ]
    rows = [
        (one.table, one.field, say(one.why.purpose), say(one.why.basis), say(one.protection), say(one.kept))
        for one in inventory()
    ]
    return heading, rows


def _incidents(found: Compliance, say: Words) -> Sheet:
    heading = [
        Message("Noticed on"),
        Message("What happened"),
        Message("Children concerned"),
        Message("Authority told"),
        Message("Told on"),
        Message("Families told"),
        Message("Measures"),
    ]
    rows = [
        (
            one.noticed_on,
            say(label(one.kind)),
            one.children,
            one.told,
            one.told_on,
            say(Message("yes") if one.families_told else Message("no")),
            one.measures,
        )
        for one in found.incidents
    ]
    return heading, rows
