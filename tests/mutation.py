"""Changes the product's code in thousands of small ways and tells, module by module, how many of them tests notice.

It fails where fewer than the share that is asked for are noticed in what keeps people's data to those who may see it.

To try every change takes hours. So a sample is tried of each module, drawn by the module's name: the same changes for
the same code. A sample speaks for its module only where it leaves no doubt: it is enough if it would come about with a
probability of 5 % at most, were the share of the whole module on the other side of what is asked for (exactly, by the
hypergeometric distribution). Of a guarded module of which it leaves doubt all the rest is tried and counted. So one of
twenty modules that fall short by a hair may pass, or one that just does may fail; `--all` tries and counts everything.
The share of several modules together is that of each, weighed by how many changes there are of it.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from math import comb
from pathlib import Path
from random import Random
from typing import Final

from steps import CORES, ROOT

MUTANTS: Final = ROOT / "mutants"
#: At least this share of the changes is to be noticed, in each of the modules below and in all of them together.
LEAST: Final = 0.9
#: How many changes of a module are tried at first.
SAMPLE: Final = 60
#: How improbable a sample is to be where it is taken as proof.
_DOUBT: Final = 0.05
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
#: A small module: mutmut makes all changes, and notes which tests reach them, before it tries the first.
_FIRST: Final = "core.web.guard.*"

# What mutmut notes of a mutant: the exit code of the tests, of a limit of time, or that there are no tests for it.
_NOTICED: Final = frozenset({1, 3})
_LATE: Final = frozenset({24, -24, 36, 152, 255})


@dataclass(frozen=True)
class Tally:
    """How many changes of a module were noticed by a failing test or by never ending, and how many were not.

    `untried` is how many there are besides; `estimate` stands in for the share where modules are weighed together.
    """

    module: str
    noticed: int
    late: int
    survived: int
    untried: int = 0
    estimate: float | None = None

    @property
    def tried(self) -> int:
        """How many changes were tried."""
        return self.noticed + self.late + self.survived

    @property
    def changes(self) -> int:
        """How many changes there are."""
        return self.tried + self.untried

    @property
    def share(self) -> float:
        """The part of what was tried that was noticed, none if nothing was."""
        if self.estimate is not None:
            return self.estimate
        return (self.noticed + self.late) / self.tried if self.tried else 0.0


def notes(folder: Path) -> Iterator[tuple[str, dict[str, int | None]]]:
    """Yield each module of which mutmut has left a note, with the exit codes by mutant; None: not tried."""
    for note in sorted(folder.rglob("*.meta")):
        codes: dict[str, int | None] = json.loads(note.read_text("utf-8"))["exit_code_by_key"]
        if codes:
            yield str(note.relative_to(folder)).removesuffix(".meta"), codes


def tallies(folder: Path) -> Iterator[Tally]:
    """Yield the tally of each module of which mutmut has left a note; what no test reaches counts as survived."""
    for module, by_mutant in notes(folder):
        codes = Counter(by_mutant.values())
        noticed, late = (sum(codes[code] for code in known) for known in (_NOTICED, _LATE))
        yield Tally(module, noticed, late, codes.total() - codes[None] - noticed - late, codes[None])


def together(module: str, parts: Iterable[Tally]) -> Tally:
    """Return one tally for several modules; its share weighs each module's by how many changes there are of it."""
    found = tuple(parts)
    changes = sum(one.changes for one in found)
    share = sum(one.share * one.changes for one in found) / changes if changes else 0.0
    return Tally(
        module,
        noticed=sum(one.noticed for one in found),
        late=sum(one.late for one in found),
        survived=sum(one.survived for one in found),
        untried=sum(one.untried for one in found),
        estimate=share,
    )


def in_doubt(one: Tally) -> bool:
    """Tell whether what was tried of a module leaves it open if enough of the whole is noticed."""
    if not one.untried:
        return False
    # As many may survive at most; the product would be a hair too small for the last of them in floating point.
    allowed = int(round(one.changes * (1 - LEAST), 6))
    short = sum(_chance(one, allowed + 1, seen) for seen in range(one.survived + 1))
    enough = sum(_chance(one, allowed, seen) for seen in range(one.survived, one.tried + 1))
    return min(short, enough) > _DOUBT


def _chance(one: Tally, surviving: int, seen: int) -> float:
    """Return how probable it is to see so many survivors in the sample, if so many survive of the whole."""
    rest = one.changes - surviving
    return comb(surviving, seen) * comb(rest, one.tried - seen) / comb(one.changes, one.tried)


def is_guarded(module: str) -> bool:
    """Tell whether a module is one of those that are judged."""
    return any(fnmatch(module, pattern) for pattern in GUARDED)


def drawn(folder: Path, most: int) -> list[str]:
    """Return the mutants of each module that are tried first, so many at most."""
    chosen = []
    for module, codes in notes(folder):
        names = sorted(codes)
        chosen += Random(module).sample(names, min(most, len(names)))  # noqa: S311 (the same on every machine)
    return chosen


def doubtful(folder: Path) -> list[str]:
    """Return the mutants not tried yet of the guarded modules of which the sample leaves doubt."""
    open_ones = {one.module for one in tallies(folder) if is_guarded(one.module) and in_doubt(one)}
    return [name for module, codes in notes(folder) if module in open_ones for name in codes if codes[name] is None]


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
    tried = f"{one.tried} of {one.changes}"
    return f"| {one.module} | {tried} | {one.noticed} | {one.late} | {one.survived} | {one.share:.1%} |"


def tell(found: Sequence[Tally]) -> None:
    """Print the table."""
    guarded = together("all that is guarded", (one for one in found if is_guarded(one.module)))
    print(
        "| module | tried | killed | late | survived | share |", "| --- | ---: | ---: | ---: | ---: | ---: |", sep="\n"
    )
    print(*map(line, [*found, guarded, together("everything", found)]), sep="\n")


def attempt(names: Sequence[str]) -> None:
    """Let mutmut try these mutants, all if none is named; end the program with its output where it fails."""
    command = [str(Path(sys.executable).with_name("mutmut")), "run", f"--max-children={CORES}", *names]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        print(done.stdout[-4000:])
        sys.exit(done.returncode)


def main() -> int:
    """Run mutmut, print the table and what is wrong, and return the exit code."""
    arguments = argparse.ArgumentParser(description="Tell how many small changes of the code tests notice.")
    arguments.add_argument("--all", action="store_true", help="try every change; it takes hours")
    arguments.add_argument("--sample", type=int, default=SAMPLE, help="how many changes of a module are tried first")
    wanted = arguments.parse_args()
    # What it remembers of an earlier run would pass for this one's result.
    shutil.rmtree(MUTANTS, ignore_errors=True)
    if wanted.all:
        attempt([])
    else:
        attempt([_FIRST])
        attempt(drawn(MUTANTS, wanted.sample))
        if rest := doubtful(MUTANTS):
            attempt(rest)
    found = list(tallies(MUTANTS))
    tell(found)
    wrong = shortcomings(found)
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
