"""What the database says after the morning, held against what people were told."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import ActivityIntake, GroupMember, Registration
from core.domain.registering import HOLDING, LIVE, Place
from core.services.audit import verify_chain
from tests.benchmarks.registration_rush.clients import Sent


@dataclass(frozen=True)
class Findings:
    """What is wrong: confirmations that aren't there, doubles, and sentences about everything else."""

    lost: int
    double: int
    wrong: tuple[str, ...]
    placed: int
    waiting: int


def findings(session: Session, station: UUID, confirmed: Iterable[Sent]) -> Findings:
    """Look at all registrations; the session must see everything."""
    rows = session.scalars(select(Registration).order_by(Registration.registered_at)).all()
    stored = Counter((row.request_id, row.child_id, row.activity_id) for row in rows)
    told = [(sent.key, sent.wanted.child_id, sent.wanted.activity_id) for sent in confirmed]
    live = Counter((row.child_id, row.activity_id) for row in rows if row.state in LIVE)
    of_activity: dict[UUID, list[Registration]] = defaultdict(list)
    for row in rows:
        of_activity[row.activity_id].append(row)
    wrong = [
        sentence
        for intake in session.scalars(select(ActivityIntake))
        for sentence in _wrong(session, intake, of_activity[intake.activity_id])
    ]
    if (broken := verify_chain(session, station)) is not None:
        wrong.append(f"the log's chain is broken at {broken.number}")
    return Findings(
        lost=sum(not stored[key] for key in told),
        double=sum(count - 1 for counts in (stored, live) for count in counts.values()),
        wrong=tuple(wrong),
        placed=sum(row.state is Place.PLACED for row in rows),
        waiting=sum(row.state is Place.WAITING for row in rows),
    )


def _wrong(session: Session, intake: ActivityIntake, rows: Sequence[Registration]) -> list[str]:
    """Return what is wrong with an activity of which nobody has cancelled anything."""
    held = [row for row in rows if row.state in HOLDING]
    waiting = [row for row in rows if row.state is Place.WAITING]
    members = set(session.scalars(select(GroupMember.child_id).where(GroupMember.group_id == intake.group_id)))
    checks = {
        "over capacity": len(held) <= intake.capacity,
        "somebody waits beside a free place": not waiting or len(held) == intake.capacity,
        "positions have gaps or aren't in the order of coming": [row.position for row in waiting]
        == list(range(1, len(waiting) + 1)),
        "somebody was overtaken": not waiting or held[-1].registered_at <= waiting[0].registered_at,
        "its group isn't those with a place": members == {row.child_id for row in held},
    }
    return [f"{intake.activity.title}: {name}" for name, fine in checks.items() if not fine]
