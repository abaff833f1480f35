"""What a run has found, for the station's staff: places and reasons by child, activities, and the files for others."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.allocation.compare import Comparison, compare
from core.allocation.format import allocation_from_json, problem_from_json
from core.allocation.problem import Activity as Asked
from core.allocation.problem import Problem
from core.allocation.result import AimValue, Allocation
from core.db.models import Activity, AllocationRun, Child, WishList
from core.db.queries import wishes as queries
from core.domain.capabilities import Capability
from core.domain.errors import ConflictError, Message, NotFoundError
from core.domain.wishing import Errand
from core.security.permissions import may, require
from core.services.allocating.building import is_taken, taken_id
from core.services.allocating.news import aims_of
from core.services.allocating.runs import ALLOCATION_RUNS
from core.services.allocating.sentences import sentence_of
from core.services.desk import Desk

_NO_PLACES: Final = Message("This run has found no places, or they were erased.")
_NOT_OFFERED: Final = Message("The activity takes no wishes any more.")
#: A wish of a list, by number and activity.
_Key = tuple[str, str]


@dataclass(frozen=True)
class WishLine:
    """A wish: its rank on the family's list, from 1, whether it came true, and if not, why; `verified`: for certain.

    Wishes less dear than one that came true have no reason.
    """

    activity_id: UUID
    title: str
    rank: int
    came_true: bool
    why: tuple[Message, ...]
    verified: bool


@dataclass(frozen=True)
class ChildLine:
    """A child with a list, by its file's number and its list's, and what became of each wish."""

    child_id: UUID
    file_number: str
    name: str = field(repr=False)
    number: str
    wishes: tuple[WishLine, ...] = field(repr=False)

    @property
    def with_nothing(self) -> bool:
        """Tell whether none of its wishes came true."""
        return not any(one.came_true for one in self.wishes)


@dataclass(frozen=True)
class ActivityLine:
    """An activity: how many places were free, and the fewest children to open with; wishes for it, and places given."""

    activity_id: UUID
    title: str
    free: int
    fewest: int
    wished: int
    first_wished: int
    given: int
    opened: bool


@dataclass(frozen=True)
class Result:
    """What a run has found; `unseen` children asked whom the reader doesn't see: of sealed files, or all of them."""

    run: AllocationRun
    aims: tuple[AimValue, ...]
    activities: tuple[ActivityLine, ...]
    children: tuple[ChildLine, ...] = field(repr=False)
    unseen: int


@dataclass(frozen=True)
class Refused:
    """A place that could not be kept when places were published, and why."""

    child_id: UUID
    file_number: str
    name: str = field(repr=False)
    title: str
    why: tuple[Message, ...]


class Document(StrEnum):
    """What is handed to whoever checks: what was asked, what was found, and the lists whose digest was published."""

    PROBLEM = "problem"
    PLACES = "places"
    LISTS = "lists"


def result_of(session: Session, desk: Desk, run_id: UUID) -> Result:
    """Return what a run in reach has found; NotFoundError where it has nothing."""
    require(desk.actor, Capability.KEEP_REGISTRATION)
    run = _found(session, run_id)
    problem, allocation = _documents(run)
    titles = {
        str(row.id): row.title for row in session.scalars(select(Activity).where(Activity.term_id == run.term_id))
    }
    actor = desk.actor
    named = actor.is_machine or may(actor.role, Capability.REGISTER_CHILDREN)
    rows = session.execute(queries.lists_with_children(run.term_id)).all() if named else []
    reasons = reasons_of(run)
    children = tuple(
        _child(row, child, problem, allocation, titles, reasons)
        for row, child in rows
        if row.ranked and row.number in problem.child_of
    )
    asking = sum(1 for child in problem.children if child.wishes)
    seen = sum(1 for one in children if problem.child_of[one.number].wishes)
    activities = tuple(_activities(problem, allocation, titles))
    return Result(run, aims_of(run.figures.get("aims", [])), activities, children, asking - seen)


def take_out(session: Session, desk: Desk, run_id: UUID, document: Document) -> str:
    """Return a document of a run for whoever checks, and note that somebody took it; empty where it was erased.

    They say by numbers for whom places are held back, so they are for the head alone to hand out.
    """
    require(desk.actor, Capability.TAKE_OUT_ALLOCATIONS)
    run = _found(session, run_id)
    ALLOCATION_RUNS.note(session, desk.actor, desk.clock, run, "downloaded", {"document": document.value})
    if document is Document.LISTS:
        of_term = session.scalars(queries.round_of(run.term_id)).one_or_none()
        return (of_term.lists if of_term else None) or ""
    return (run.problem if document is Document.PROBLEM else run.allocation) or ""


def refused_of(session: Session, desk: Desk, run_id: UUID) -> tuple[Refused, ...]:
    """Return the places that a run which has published could not keep, of children whom the reader sees."""
    require(desk.actor, Capability.KEEP_REGISTRATION)
    run = ALLOCATION_RUNS.find(session, run_id)
    stored: dict[str, Any] = json.loads(run.reasons or "{}")
    children = {row.number: child for row, child in _named_lists(session, desk, run.term_id)}
    titles = _titles(session, run.term_id)
    return tuple(
        Refused(child.id, child.number, child.name, titles.get(one["activity"], ""), _sentences(one["obstacles"]))
        for one in stored.get("refused", ())
        if (child := children.get(one["child"])) is not None
    )


def compare_runs(session: Session, desk: Desk, first_id: UUID, second_id: UUID) -> Comparison:
    """Return how a run's places differ from an earlier one's, by the earlier one's aims.

    ConflictError where they were asked about different children or activities.
    """
    require(desk.actor, Capability.KEEP_REGISTRATION)
    (problem, first), (other, second) = (_documents(_found(session, key)) for key in (first_id, second_id))
    if problem.child_of.keys() != other.child_of.keys() or problem.activity_of.keys() != other.activity_of.keys():
        raise ConflictError(Message("Something has changed between the two: give the places once more, then compare."))
    return compare(problem, first, second)


def _found(session: Session, run_id: UUID) -> AllocationRun:
    run = ALLOCATION_RUNS.find(session, run_id)
    if run.errand is not Errand.SOLVE or run.sealed_problem is None or run.sealed_allocation is None:
        raise NotFoundError(_NO_PLACES)
    return run


def _titles(session: Session, term_id: UUID) -> dict[str, str]:
    return {str(row.id): row.title for row in session.scalars(select(Activity).where(Activity.term_id == term_id))}


def _named_lists(session: Session, desk: Desk, term_id: UUID) -> Sequence[Row[WishList, Child]]:
    """Return the lists with their children in reach; none for who doesn't register children, and sees no names."""
    actor = desk.actor
    if not (actor.is_machine or may(actor.role, Capability.REGISTER_CHILDREN)):
        return ()
    return session.execute(queries.lists_with_children(term_id)).all()


def _sentences(stored: Iterable[Mapping[str, Any]]) -> tuple[Message, ...]:
    return tuple(map(sentence_of, stored))


def _documents(run: AllocationRun) -> tuple[Problem, Allocation]:
    return problem_from_json(json.loads(run.problem or "")), allocation_from_json(json.loads(run.allocation or ""))


def reasons_of(run: AllocationRun) -> Mapping[_Key, tuple[tuple[Message, ...], bool]]:
    """Return why wishes didn't come true in a run, and whether that is certain, by list and activity."""
    stored: dict[str, Any] = json.loads(run.reasons or "{}")
    why = {
        (one["child"], one["activity"]): ((sentence_of(one["message"]),), bool(one["verified"]))
        for one in stored.get("wishes", ())
    }
    left_out = {
        (one["child"], one["activity"]): (_sentences(one["obstacles"]), True) for one in stored.get("left_out", ())
    }
    return why | left_out


def _child(
    row: WishList,
    child: Child,
    problem: Problem,
    allocation: Allocation,
    titles: Mapping[str, str],
    reasons: Mapping[_Key, tuple[tuple[Message, ...], bool]],
) -> ChildLine:
    got = set(allocation.places.get(row.number, ()))
    lines = []
    for rank, key in enumerate(row.ranked, 1):
        came_true = key in got or taken_id(key) in got
        offered = key in problem.activity_of
        usual = ((), True) if offered else ((_NOT_OFFERED,), True)
        why, verified = ((), True) if came_true else reasons.get((row.number, key), usual)
        lines.append(WishLine(UUID(key), titles.get(key, ""), rank, came_true, why, verified))
    return ChildLine(child.id, child.number, child.name, row.number, tuple(lines))


def _activities(problem: Problem, allocation: Allocation, titles: Mapping[str, str]) -> Iterable[ActivityLine]:
    wished = Counter(key for child in problem.children for key in child.wishes)
    first = Counter(child.wishes[0] for child in problem.children if child.wishes)
    given = Counter(key for got in allocation.places.values() for key in got)
    offered: Sequence[Asked] = [one for one in problem.activities if not is_taken(one.id)]
    for one in sorted(offered, key=lambda each: (titles.get(each.id, ""), each.id)):
        yield ActivityLine(
            activity_id=UUID(one.id),
            title=titles.get(one.id, ""),
            free=one.capacity,
            fewest=one.minimum,
            wished=wished[one.id],
            first_wished=first[one.id],
            given=given[one.id],
            opened=one.id in allocation.opened,
        )
