"""The tables of the yearly audit of minors' data as one file: a zip of workbooks, and one PDF of all to be printed."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Final

from core.domain.errors import Message
from core.domain.retention import RULES
from core.domain.vocabulary import ConsentPurpose, label
from core.services.compliance import Compliance
from core.services.inventory import inventory
from core.services.printing import as_pdf
from core.services.spreadsheets import Cell, as_xlsx

#: What consents are for, in words that stand alone.
PURPOSES: Final[Mapping[ConsentPurpose, Message]] = {
    ConsentPurpose.DATA: Message("Personal data"),
    ConsentPurpose.PHOTO: Message("Photos"),
    ConsentPurpose.OUTING: Message("Outings"),
    ConsentPurpose.HEALTH: Message("Health information"),
}
_TITLES: Final[Mapping[str, Message]] = {
    "children": Message("Files of children"),
    "consents": Message("Consents"),
    "access": Message("Reading what is sensitive"),
    "requests": Message("Guardians' requests"),
    "incidents": Message("Incidents with data"),
    "retention": Message("How long data is kept"),
    "inventory": Message("What is kept about people"),
}
_PRINTED: Final = """
#for section in said.sections [
  == #section.title
  #table(
    columns: section.heading.len(),
    table.header(..section.heading.map(cell => strong(cell))),
    ..section.rows.flatten().map(cell => [#cell]),
  )
]
"""
Sheet = tuple[Sequence[Message], Sequence[Sequence[Cell]]]
Words = Callable[[Message], str]


def as_zip(found: Compliance, say: Words) -> bytes:
    """Return the file, in the words of `say`."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (heading, rows) in sheets(found, say).items():
            archive.writestr(f"{name}.xlsx", as_xlsx([say(title) for title in heading], rows))
        archive.writestr("audit.pdf", printed(found, say))
    return out.getvalue()


def printed(found: Compliance, say: Words) -> bytes:
    """Return all tables as one PDF, in the words of `say`."""
    tables = sheets(found, say)
    sections = [
        {
            "title": say(title),
            "heading": [say(word) for word in tables[name][0]],
            "rows": [["" if cell is None else str(cell) for cell in row] for row in tables[name][1]],
        }
        for name, title in _TITLES.items()
    ]
    title = say(Message("Yearly audit of minors' data, %(year)s", {"year": found.year}))
    lead = say(Message("As of %(day)s", {"day": found.day.isoformat()}))
    return as_pdf(_PRINTED, {"title": title, "lead": lead, "sections": sections})


def sheets(found: Compliance, say: Words) -> Mapping[str, Sheet]:
    """Return the tables by the names of their files, without the ending."""
    return {
        "inventory": _inventory(say),
        "retention": (
            [Message("Data"), Message("Kept"), Message("Why")],
            [(say(rule.label), say(rule.words), say(rule.why)) for rule in RULES.values()],
        ),
        "children": (
            [Message("Station"), Message("Under 14"), Message("14 to 17"), Message("18 and older")],
            [(one.station, one.under_14, one.from_14, one.grown_up) for one in found.ages],
        ),
        "consents": (
            [Message("Purpose"), Message("Hold now"), Message("Given in the year"), Message("Withdrawn in the year")],
            [(say(PURPOSES[one.purpose]), one.holding, one.given, one.withdrawn) for one in found.consents],
        ),
        "access": (
            [Message("What"), Message("How many times")],
            [(say(what), count) for what, count in grant_lines(found)],
        ),
        "incidents": _incidents(found, say),
        "requests": _requests(found, say),
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


def _requests(found: Compliance, say: Words) -> Sheet:
    heading = [
        Message("What is asked for"),
        Message("Received in the year"),
        Message("Done"),
        Message("Done in part"),
        Message("Refused"),
        Message("Waits"),
        Message("Late"),
    ]
    rows = [
        (say(one.kind.label), one.received, one.done, one.partly, one.refused, one.waiting, one.late)
        for one in found.requests
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
