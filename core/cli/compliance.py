"""`weibao compliance`: the evidence for the yearly audit of minors' data, as tables in one file."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click
from sqlalchemy import select

from core.cli.console import reports_errors, say, wording
from core.cli.installation import open_machine
from core.config import Settings
from core.db.models import Installation
from core.domain.actor import SYSTEM
from core.domain.clock import SystemClock
from core.domain.errors import Message
from core.domain.vocabulary import ConsentPurpose
from core.services.compliance import Compliance, compliance_of
from core.services.inventory import inventory
from core.services.spreadsheets import Cell, as_xlsx

_PURPOSES: Final = {
    ConsentPurpose.DATA: Message("Personal data"),
    ConsentPurpose.PHOTO: Message("Photos"),
    ConsentPurpose.OUTING: Message("Outings"),
    ConsentPurpose.HEALTH: Message("Health information"),
}

Sheet = tuple[Sequence[Message], Sequence[Sequence[Cell]]]


@click.command()
@click.argument("year", type=int)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@reports_errors
def compliance(year: int, file: Path) -> None:
    """Write the figures of YEAR and the inventory of what is kept about people to FILE, a zip of Excel tables."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    with machine.reading() as session:
        zone = ZoneInfo(session.scalars(select(Installation.timezone)).one())
        found = compliance_of(session, SYSTEM, year, today=machine.clock.now().astimezone(zone).date(), zone=zone)
    machine.database.dispose()
    with zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED) as archive:
        for name, (heading, rows) in sheets(found).items():
            archive.writestr(name, as_xlsx([wording().say(title) for title in heading], rows))
    say(
        Message(
            "The figures of %(year)s as of %(day)s are in %(file)s.", {"year": year, "day": found.day, "file": file}
        )
    )


def sheets(found: Compliance) -> Mapping[str, Sheet]:
    """Return the tables by the names of their files."""
    word = wording().say
    kept = [
        (one.table, one.field, word(one.why.purpose), word(one.why.basis), word(one.protection)) for one in inventory()
    ]
    grants = found.grants
    counted = [
        (Message("Requests to read sensitive fields"), grants.asked),
        (Message("approved"), grants.approved),
        (Message("refused"), grants.refused),
        (Message("ended"), grants.ended),
        (Message("Opened in an emergency"), grants.broken_glass),
        (Message("of which the head has not taken note"), grants.not_acknowledged),
    ]
    return {
        "inventory.xlsx": (
            [Message("Table"), Message("Field"), Message("Purpose"), Message("Basis"), Message("Protection")],
            kept,
        ),
        "children.xlsx": (
            [Message("Station"), Message("Under 14"), Message("14 to 17"), Message("18 and older")],
            [(one.station, one.under_14, one.from_14, one.grown_up) for one in found.ages],
        ),
        "consents.xlsx": (
            [Message("Purpose"), Message("Hold now"), Message("Given in the year"), Message("Withdrawn in the year")],
            [(word(_PURPOSES[one.purpose]), one.holding, one.given, one.withdrawn) for one in found.consents],
        ),
        "access.xlsx": (
            [Message("What"), Message("How often")],
            [(word(what), count) for what, count in counted],
        ),
    }
