"""How a term takes wishes: what is kept back, when the lists are closed, and the public draw that decides ties."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AllocationRun, Term, TermIntake, WishRound
from core.db.models.run import RunState
from core.db.queries import registration as registration_queries
from core.db.queries import wishes as queries
from core.db.scope import seeing_all
from core.domain.capabilities import Capability
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.wishing import Draw, Errand, circles, first_draw_day, list_lines
from core.security.permissions import require
from core.services.audit import record
from core.services.desk import Desk

_MOST_WISHES: Final = 50
_WHOLE: Final = 100
_SOURCE_LENGTH: Final = 200
NO_WISHES: Final = Message("This term takes no wishes: decide first from when until when families enter them.")


@dataclass(frozen=True)
class RoundDraft:
    """How a term is to take wishes; the fields are the columns of the same name."""

    held_back_percent: int = 0
    most_wishes: int = 10
    fewest_wishes: int = 1


@dataclass(frozen=True)
class Round:
    """How a term takes wishes, as everybody may know it.

    Moments are of the station's wall clock but `closed_at`. `draw_day` is the day of the draw that counts, known
    beforehand; `seed` is empty until its numbers were entered. `closed_at` and `digest` are empty while wishes change.
    """

    term_id: UUID
    term: str
    wishes_from: datetime
    wishes_until: datetime
    per_child: int | None
    most_wishes: int
    fewest_wishes: int
    draw_day: date
    closed_at: datetime | None = None
    digest: str = ""
    seed: str = ""
    draw_issue: str = ""
    drawn_on: date | None = None
    draw_source: str = ""

    def is_open(self, now: datetime) -> bool:
        """Tell whether wishes are taken at a wall-clock time."""
        return self.closed_at is None and self.wishes_from <= now < self.wishes_until


def round_of(session: Session, term_id: UUID) -> Round | None:
    """Return how a term takes wishes, None where it takes none; the session must see the term's station."""
    term, dates = session.get(Term, term_id), session.scalars(registration_queries.term_intake_of(term_id)).first()
    if term is None or dates is None or dates.wishes_from is None or dates.wishes_until is None:
        return None
    row = session.scalars(queries.round_of(term_id)).one_or_none()
    draft = RoundDraft() if row is None else RoundDraft(row.held_back_percent, row.most_wishes, row.fewest_wishes)
    return Round(
        term_id=term_id,
        term=term.name,
        wishes_from=dates.wishes_from,
        wishes_until=dates.wishes_until,
        per_child=dates.per_child,
        most_wishes=draft.most_wishes,
        fewest_wishes=draft.fewest_wishes,
        draw_day=first_draw_day(dates.wishes_until),
        closed_at=row.closed_at if row else None,
        digest=row.digest if row else "",
        seed=row.seed if row else "",
        draw_issue=row.draw_issue if row else "",
        drawn_on=row.drawn_on if row else None,
        draw_source=row.draw_source if row else "",
    )


def round_draft(session: Session, term_id: UUID) -> RoundDraft:
    """Return what was decided of a term's wishes, or what holds where nobody has decided; for staff alone."""
    row = session.scalars(queries.round_of(term_id)).one_or_none()
    return RoundDraft() if row is None else RoundDraft(row.held_back_percent, row.most_wishes, row.fewest_wishes)


def keep_round(session: Session, desk: Desk, term_id: UUID, draft: RoundDraft) -> None:
    """Decide how a term takes wishes; InvalidInputError for what can't be right, ConflictError once it is drawn."""
    require(desk.actor, Capability.KEEP_REGISTRATION)
    if not 0 <= draft.held_back_percent <= _WHOLE:
        raise InvalidInputError(Message("A share is from 0 to 100 percent."))
    if not 1 <= draft.fewest_wishes <= draft.most_wishes <= _MOST_WISHES:
        raise InvalidInputError(Message("A list has from 1 to 50 wishes, and the fewest are no more than the most."))
    row = the_round(session, term_id)
    if row.seed:
        raise ConflictError(Message("The lots are drawn: what is kept back doesn't change any more."))
    for name in RoundDraft.__dataclass_fields__:
        setattr(row, name, getattr(draft, name))
    session.flush()
    _record(session, desk, row, "wishes.decided", {name: getattr(draft, name) for name in draft.__dataclass_fields__})


def the_round(session: Session, term_id: UUID) -> WishRound:
    """Return how a term takes wishes, as it stands where nobody has decided; NotFoundError for a term out of reach."""
    row = session.scalars(queries.round_of(term_id)).one_or_none()
    if row is None:
        term = session.get(Term, term_id)
        if term is None:
            raise NotFoundError(Message("There is no such term."))
        row = WishRound(station_id=term.station_id, term_id=term_id)
        row.held_back_percent, row.most_wishes, row.fewest_wishes = RoundDraft().held_back_percent, 10, 1
        session.add(row)
        session.flush()
    return row


def close_round(session: Session, desk: Desk, term_id: UUID) -> str:
    """Close a term's lists for good once its wishes have ended, and return the SHA-256 of what they say.

    Whoever saved in the last moment is in them: their transactions end first. Closed lists stay as they are.
    ConflictError while wishes are taken.
    """
    require(desk.actor, Capability.KEEP_REGISTRATION)
    _require_term(session, term_id)
    with seeing_all(session):
        dates = session.scalars(queries.term_intake_locked(term_id)).one_or_none()
        if dates is None or dates.wishes_until is None:
            raise NotFoundError(NO_WISHES)
        if desk.now < dates.wishes_until:
            raise ConflictError(Message("Wishes are taken until %(when)s.", {"when": dates.wishes_until}))
        row = the_round(session, term_id)
        if row.closed_at is None:
            row.lists = lists_text(session, term_id)
            row.digest, row.closed_at = sha256(row.lists.encode()).hexdigest(), desk.clock.now()
            session.flush()
            _record(session, desk, row, "wishes.closed", {"digest": row.digest})
        return row.digest


def terms_to_close(session: Session, desk: Desk) -> Sequence[UUID]:
    """Return the terms whose wishes have ended and whose lists aren't closed yet; the session must see everything."""
    return session.scalars(queries.rounds_to_close(desk.now)).all()


def lists_text(session: Session, term_id: UUID) -> str:
    """Return what the lists of a term say, as it is closed; the session must see everybody."""
    rows = session.scalars(queries.lists_of(term_id)).all()
    numbers = {row.code: row.number for row in rows}
    mutual = {row.code: {code for code in row.friends if code in numbers} for row in rows}
    return list_lines(
        (
            row.number,
            row.most,
            row.ranked,
            sorted(numbers[code] for code in mutual[row.code] if row.code in mutual[code]),
        )
        for row in rows
    )


def circles_of(session: Session, term_id: UUID) -> tuple[tuple[UUID, ...], ...]:
    """Return the children of a term who are to be together, by circle; the session must see everybody."""
    rows = session.scalars(queries.lists_of(term_id)).all()
    children = {row.code: row.child_id for row in rows}
    found = circles({row.code: row.friends for row in rows})
    return tuple(tuple(children[code] for code in circle) for circle in found)


def enter_draw(session: Session, desk: Desk, term_id: UUID, draw: Draw, source: str) -> str:
    """Enter the draw's numbers, and where they were read, and return the seed; closes the lists where they aren't yet.

    Whoever typed a number wrong enters the draw again, until places are published; the log keeps both. ConflictError
    for a draw that isn't later than the last day of wishes, or hasn't been held.
    """
    require(desk.actor, Capability.KEEP_REGISTRATION)
    text = " ".join(source.split())
    if not text or len(text) > _SOURCE_LENGTH:
        raise InvalidInputError(Message("Say where the numbers were read, in 200 characters at most."))
    close_round(session, desk, term_id)
    dates = session.scalars(registration_queries.term_intake_of(term_id)).one()
    _check_draw(desk, draw, dates)
    if is_published(session, term_id):
        raise ConflictError(Message("The places are published: the draw doesn't change any more."))
    row = the_round(session, term_id)
    row.seed, row.draw_issue, row.drawn_on, row.draw_source = draw.seed, draw.issue, draw.day, text
    row.seed_entered_at, row.seed_entered_by = desk.clock.now(), desk.actor.user_id
    session.flush()
    _record(session, desk, row, "wishes.drawn", {"seed": row.seed, "day": draw.day.isoformat()})
    return row.seed


def the_seed(session: Session, term_id: UUID) -> str:
    """Return the seed of a term's draw, empty before it."""
    row = session.scalars(queries.round_of(term_id)).one_or_none()
    return row.seed if row else ""


def is_published(session: Session, term_id: UUID) -> bool:
    """Tell whether a term's places were published, or are being published this moment."""
    return _publishing(session, term_id, (RunState.QUEUED, RunState.RUNNING, RunState.DONE))


def is_told(session: Session, term_id: UUID) -> bool:
    """Tell whether a term's places were published, so that families may see them."""
    return _publishing(session, term_id, (RunState.DONE,))


def _publishing(session: Session, term_id: UUID, states: tuple[RunState, ...]) -> bool:
    found = select(AllocationRun.id).where(
        AllocationRun.term_id == term_id, AllocationRun.errand == Errand.PUBLISH, AllocationRun.state.in_(states)
    )
    return session.scalars(found).first() is not None


def _check_draw(desk: Desk, draw: Draw, dates: TermIntake) -> None:
    if dates.wishes_until is None or draw.day < first_draw_day(dates.wishes_until):
        raise ConflictError(
            Message("Only a draw on a later day than the last day of wishes counts: the first one that is held.")
        )
    if draw.day > desk.now.date():
        raise ConflictError(Message("This draw hasn't been held yet."))


def _require_term(session: Session, term_id: UUID) -> None:
    if session.get(Term, term_id) is None:
        raise NotFoundError(Message("There is no such term."))


def _record(session: Session, desk: Desk, row: WishRound, action: str, detail: dict[str, object]) -> None:
    record(
        session,
        desk.actor,
        desk.clock,
        station_id=row.station_id,
        action=action,
        subject_kind="term",
        subject_id=row.term_id,
        detail=detail,
    )
