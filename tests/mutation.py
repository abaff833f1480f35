"""Changes the product's code in thousands of small ways and tells, module by module, how many of them tests notice.

It fails where fewer than the share that is asked for are noticed in what keeps people's data to those who may see it.
"""

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from steps import ROOT

MUTANTS: Final = ROOT / "mutants"
#: At least this share of the changes is to be noticed, in each of the modules below and in all of them together.
LEAST: Final = 0.9
#: What decides who may see and do what, and proves it afterwards.
GUARDED: Final = (
    "core/security/*.py",
    "core/db/ledgers.py",
    "core/db/opening.py",
    "core/db/registers.py",
    "core/db/row_security.py",
    "core/db/scope.py",
    "core/db/sealed.py",
    "core/services/account_care.py",
    "core/services/accounts.py",
    "core/services/assignable.py",
    "core/services/audit.py",
    "core/services/audit_anchors.py",
    "core/services/consents.py",
    "core/services/copies.py",
    "core/services/copy_sections.py",
    "core/services/credentials.py",
    "core/services/eligibility.py",
    "core/services/files.py",
    "core/services/grants.py",
    "core/services/guardian_*.py",
    "core/services/harm_reports.py",
    "core/services/invitations.py",
    "core/services/key_rotation.py",
    "core/services/requests.py",
    "core/services/sealed_files.py",
    "core/services/sign_in.py",
    "core/services/stations.py",
    "core/services/web_sessions.py",
    "core/web/guard.py",
)

# What mutmut notes of a mutant: the exit code of the tests, of a limit of time, or that there are no tests for it.
_NOTICED: Final = frozenset({1, 3})
_LATE: Final = frozenset({24, -24, 36, 152, 255})


@dataclass(frozen=True)
class Tally:
    """How many changes of a module were noticed by a failing test or by never ending, and how many were not."""

    module: str
    noticed: int
    late: int
    survived: int

    @property
    def share(self) -> float:
        """The part that was noticed."""
        return (self.noticed + self.late) / (self.noticed + self.late + self.survived)


def tallies(folder: Path) -> Iterator[Tally]:
    """Yield the tally of each module of which mutmut has left a note; what no test reaches counts as survived."""
    for note in sorted(folder.rglob("*.meta")):
        codes: Counter[int | None] = Counter(json.loads(note.read_text("utf-8"))["exit_code_by_key"].values())
        noticed, late = (sum(codes[code] for code in known) for known in (_NOTICED, _LATE))
        if codes:
            module = str(note.relative_to(folder)).removesuffix(".meta")
            yield Tally(module, noticed, late, codes.total() - noticed - late)


def together(module: str, parts: Iterable[Tally]) -> Tally:
    """Return one tally for several modules."""
    found = tuple(parts)
    return Tally(module, *(sum(getattr(one, name) for one in found) for name in ("noticed", "late", "survived")))


def shortcomings(found: Sequence[Tally]) -> list[str]:
    """Return what is wrong: a guarded module with too many survivors, or a pattern that guards nothing."""
    guarded = {pattern: [one for one in found if fnmatch(one.module, pattern)] for pattern in GUARDED}
    few = [
        f"{one.module}: {one.share:.1%} noticed, at least {LEAST:.0%} are asked for"
        for ones in guarded.values()
        for one in ones
        if one.share < LEAST
    ]
    return few + [f"{pattern}: nothing was changed there" for pattern, ones in guarded.items() if not ones]


def line(one: Tally) -> str:
    """Return a row of the table."""
    return f"| {one.module} | {one.noticed} | {one.late} | {one.survived} | {one.share:.1%} |"


def main() -> int:
    """Run mutmut, print the table and what is wrong, and return the exit code."""
    # What it remembers of an earlier run would pass for this one's result.
    shutil.rmtree(MUTANTS, ignore_errors=True)
    done = subprocess.run(
        [Path(sys.executable).with_name("mutmut"), "run"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout[-4000:])
        return done.returncode
    found = list(tallies(MUTANTS))
    guarded = [one for one in found if any(fnmatch(one.module, pattern) for pattern in GUARDED)]
    print("| module | killed | late | survived | share |", "| --- | ---: | ---: | ---: | ---: |", sep="\n")
    print(*map(line, [*found, together("all that is guarded", guarded), together("everything", found)]), sep="\n")
    wrong = shortcomings(found)
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
