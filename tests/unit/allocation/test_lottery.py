"""The lottery: anybody draws the same, in whatever order ids come, and each id has the same chance."""

import random
import re
import subprocess
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from core.allocation.lottery import TICKETS, draw, drawn, ticket

DOCUMENT = Path(__file__).parents[3] / "core/docs/allocation-format.md"


def test_the_documents_draw_is_what_the_shell_and_the_lottery_say() -> None:
    (command, said) = re.search(r"^    \$ (printf .*)\n    (\w+)$", DOCUMENT.read_text("utf-8"), re.MULTILINE).groups()
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    seed, child, activity = re.search(r"'([^' ]+\|[^' ]+\|[^' ]+)'", command).group(1).split("|")
    assert done.stdout.strip() == said == draw(seed, child, activity)[:4]
    assert ticket(seed, child, activity) == int(said, 16)
    assert f"{int(said, 16):,}" in DOCUMENT.read_text("utf-8")


@given(st.sets(st.text(min_size=1), max_size=20), st.randoms())
def test_the_order_in_which_ids_come_has_no_influence(ids: set[str], shuffled: random.Random) -> None:
    listed = sorted(ids)
    first = drawn("seed", listed)
    shuffled.shuffle(listed)
    assert drawn("seed", listed) == first
    assert set(first) == ids


def test_another_seed_is_another_draw() -> None:
    ids = [f"c-{number}" for number in range(20)]
    assert len({drawn(str(seed), ids) for seed in range(50)}) == 50


def test_each_id_is_as_often_first_as_any_other() -> None:
    ids = [f"c-{number}" for number in range(8)]
    firsts = [drawn(str(seed), ids)[0] for seed in range(4000)]
    counts = [firsts.count(each) for each in ids]
    # The 99.99th percentile of chi-squared with 7 degrees of freedom; the seeds are fixed, so this never changes.
    assert sum((count - 500) ** 2 / 500 for count in counts) < 29.9


def test_tickets_are_spread_over_their_whole_range() -> None:
    tickets = [ticket("20270701", f"c-{number}", "a-1") for number in range(2000)]
    assert min(tickets) >= 0
    assert max(tickets) < TICKETS
    assert abs(sum(tickets) / len(tickets) - TICKETS / 2) < TICKETS / 40
