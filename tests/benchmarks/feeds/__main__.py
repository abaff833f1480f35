"""Calendars by the ten thousand, fetched over HTTP: `python tests/benchmarks/feeds` prints a table.

10,000 volunteers with 20 duties each on the embedded database. The servers take turns on the same two cores, round
after round, while wrk asks from the others, so that their rates can be compared whatever the machine does meanwhile:
ours, bare Flask that answers 304 from the same server and looks nothing up, Radicale with the same entries, and nginx
with the same calendars as files, which is the limit. Radicale and nginx have fewer calendars, which is in their favour.
`--minutes` asks ours so long at half its rate, while entries change, and tells its memory on the way.
"""

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))
os.environ["PYTHONPATH"] = str(ROOT)

from tests.benchmarks.feeds import rivals, stores  # noqa: E402 - only now can the project be found
from tests.benchmarks.feeds.load import Answered, Asker, fetched, warmed, without_tags  # noqa: E402
from tests.benchmarks.feeds.memory import Memory, watched  # noqa: E402
from tests.benchmarks.feeds.volunteers import DUTIES, Subscribed, an_installation  # noqa: E402

VOLUNTEERS = 10_000
KEPT_AS_FILES = 1_000
ROUNDS = 5
SECONDS = 4
CORES = 2


@dataclass(frozen=True)
class Measured:
    """The medians of the rounds, answers a second by server and kind, and how ours did at half load."""

    calendars: int
    rates: dict[tuple[str, str], float]
    errors: int
    half: Answered
    memory: Memory


def main() -> int:
    """Print the table; return 0 where all that is asked for was reached."""
    asked = _arguments()
    cores = sorted(os.sched_getaffinity(0))
    serving, asking = set(cores[:CORES]), set(cores[CORES:] or cores)
    with tempfile.TemporaryDirectory(prefix="weibao-feeds-") as name, ExitStack() as stack:
        folder = Path(name)
        subscribed = an_installation(folder / "installation", asked.volunteers)
        askers = _servers(stack, subscribed, folder, serving)
        rates, errors = _in_turns(askers, asking, asked.rounds)
        own = askers["weibao", "304"]
        half = own.ask(2 * SECONDS, asking, rate=rates["weibao", "304"] / 2)
        memory = watched(own, subscribed, asking, minutes=asked.minutes, rate=rates["weibao", "304"] / 4)
    return _told(Measured(asked.volunteers, rates, errors + half.errors, half, memory))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--volunteers", type=int, default=VOLUNTEERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--minutes", type=float, default=1, help="how long memory is watched")
    return parser.parse_args()


def _servers(stack: ExitStack, subscribed: Subscribed, folder: Path, cores: set[int]) -> dict[tuple[str, str], Asker]:
    """Start the servers, fetch from each whatever is asked for later, and return who asks it by server and kind."""
    count = min(KEPT_AS_FILES, len(subscribed.tokens))
    ours = stack.enter_context(rivals.ours(subscribed.settings, cores))
    bare = stack.enter_context(rivals.bare(folder, cores))
    paths = [f"/feeds/{token}.ics" for token in subscribed.tokens]
    own = warmed(ours, paths, folder / "own")
    files, collections = stores.keep(subscribed, folder, count)
    radicale = fetched(stack.enter_context(rivals.radicale(folder / "radicale", cores)), collections, folder / "rad")
    nginx = fetched(stack.enter_context(rivals.nginx(folder / "files", cores)), files, folder / "nginx")
    return {
        ("weibao", "304"): own,
        ("bare Flask", "304"): Asker(bare, own.addresses),
        ("Radicale", "304"): radicale,
        ("nginx", "304"): nginx,
        ("weibao", "full"): without_tags(own),
        ("Radicale", "full"): without_tags(radicale),
        ("nginx", "full"): without_tags(nginx),
    }


def _in_turns(
    askers: dict[tuple[str, str], Asker], cores: set[int], rounds: int
) -> tuple[dict[tuple[str, str], float], int]:
    found: dict[tuple[str, str], list[Answered]] = {key: [] for key in askers}
    for _ in range(rounds):
        for key, asker in askers.items():
            found[key].append(asker.ask(SECONDS, cores))
    errors = sum(one.errors for answers in found.values() for one in answers)
    return {key: median(one.rate for one in answers) for key, answers in found.items()}, errors


def _told(measured: Measured) -> int:
    """Print what came of it, line by line with what is asked."""
    rates, memory = measured.rates, measured.memory
    print(f"{measured.calendars} calendars of {DUTIES} entries, {CORES} cores, load {os.getloadavg()[0]:.1f}\n")
    print("| server | 304 a second | full a second |\n| --- | ---: | ---: |")
    for name in ("weibao", "Radicale", "bare Flask", "nginx"):
        full = rates.get((name, "full"))
        print(f"| {name} | {rates[name, '304']:.0f} | {f'{full:.0f}' if full else ''} |")
    own, full = rates["weibao", "304"], rates["weibao", "full"]
    lines = [
        ("304 as Radicale", f"{own / rates['Radicale', '304']:.1f}", "5", own >= 5 * rates["Radicale", "304"]),
        ("304 as bare Flask", f"{own / rates['bare Flask', '304']:.2f}", "0.5", 2 * own >= rates["bare Flask", "304"]),
        ("full as Radicale", f"{full / rates['Radicale', 'full']:.1f}", "5", full >= 5 * rates["Radicale", "full"]),
        ("p99 at half load, ms", f"{measured.half.p99:.1f}", "50", measured.half.p99 <= 50),
        ("errors", f"{measured.errors + memory.errors}", "0", measured.errors + memory.errors == 0),
        ("memory, MB", memory.line(), "flat", memory.is_flat),
    ]
    print("\n| what | measured | asked |\n| --- | ---: | ---: |")
    for what, found, wanted, _fine in lines:
        print(f"| {what} | {found} | {wanted} |")
    return 0 if all(fine for *_words, fine in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
