"""Counts what an import did, for the person's summary and for the audit log."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from core.services.workbook.sheets import SHEETS


class Deed(StrEnum):
    """What happened to a row; removed: its station or volunteer was given other hours."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REMOVED = "removed"


@dataclass(frozen=True)
class SheetCount:
    """How many rows of a sheet were added, changed, left as they were, and taken away."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


@dataclass(frozen=True)
class ImportSummary:
    """What an import did, by the sheets' names in their order; sheets without rows are left out."""

    counts: Mapping[str, SheetCount]

    @property
    def changed_anything(self) -> bool:
        """Tell whether the database is different from before."""
        return any(count.added or count.changed or count.removed for count in self.counts.values())


class Ledger:
    """Keeps the counts while an import goes on, by station and sheet."""

    def __init__(self) -> None:
        self._deeds: Counter[tuple[UUID, str, Deed]] = Counter()

    def enter(self, station_id: UUID, sheet: str, deed: Deed) -> None:
        """Count one row."""
        self._deeds[station_id, sheet, deed] += 1

    def summary(self) -> ImportSummary:
        """Return the counts over all stations."""
        totals = {sheet.heading: {deed.value: self._total(sheet.attribute, deed) for deed in Deed} for sheet in SHEETS}
        return ImportSummary({name: SheetCount(**counts) for name, counts in totals.items() if any(counts.values())})

    def changes(self) -> dict[UUID, dict[str, dict[str, int]]]:
        """Return for each station with a change the counts of each changed sheet, as the audit log keeps them."""
        changes: dict[UUID, dict[str, dict[str, int]]] = {}
        for (station_id, sheet, deed), count in sorted(self._deeds.items()):
            if deed is not Deed.UNCHANGED:
                changes.setdefault(station_id, {}).setdefault(sheet, {})[deed.value] = count
        return changes

    def _total(self, sheet: str, deed: Deed) -> int:
        return sum(count for (_, name, done), count in self._deeds.items() if name == sheet and done is deed)
