"""Publishing the places that a run has found: all in one transaction, with the end of the run that does it.

Whoever is killed on the way has changed nothing, and whoever does it again finds it done. What could not be kept any
more, since something has changed since the run, is left out with the reasons; nobody else's place is touched.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.allocation.format import allocation_from_json, problem_from_json
from core.allocation.lottery import ticket
from core.allocation.problem import Problem
from core.allocation.result import Allocation
from core.db.models import AllocationRun, Child, GroupMember, Registration
from core.db.models.run import RunState
from core.db.queries import wishes as queries
from core.db.scope import seeing_all
from core.domain.actor import Actor
from core.domain.registering import HOLDING, LIVE, Channel, Place
from core.hooks.joining import Obstacle
from core.services.allocating.building import is_taken
from core.services.allocating.eligible import obstacles_of_lists
from core.services.allocating.news import News
from core.services.allocating.results import reasons_of
from core.services.allocating.runs import ALLOCATION_RUNS
from core.services.allocating.sentences import sentence_json
from core.services.allocating.untold import Untold, in_words, untold
from core.services.audit import Deed, record_together
from core.services.desk import Desk
from core.services.registration.desk import lock_children, lock_intakes, taken
from core.services.registration.obstacles import GIVEN_UP, LEFT
from core.services.run_rows import end

#: A child and an activity.
Pair = tuple[UUID, UUID]
Refused = dict[Pair, tuple[Obstacle, ...]]


@dataclass(frozen=True)
class Plan:
    """What is to be published: places in the order of the lots, and who then waits for what, in the same order.

    `refused` are places that can't be kept any more, as far as that was known at `checked_at`; ways that nobody has
    entered take `default_way` minutes. `untold` are wishes of which the family would hear nothing, with the reason.
    """

    run_id: UUID
    result_id: UUID
    numbers: Mapping[UUID, str] = field(repr=False)
    places: tuple[Pair, ...] = field(repr=False)
    waiting: tuple[Pair, ...] = field(repr=False)
    refused: Refused = field(repr=False)
    untold: Untold = field(repr=False)
    checked_at: datetime
    default_way: int


def plan_publishing(session: Session, desk: Desk, run_id: UUID) -> Plan:
    """Return what a run is to publish, with what can't be kept any more, for which each place is looked at again."""
    run = ALLOCATION_RUNS.find(session, run_id)
    found = session.get_one(AllocationRun, run.result_id)
    problem = problem_from_json(json.loads(found.problem or "{}"))
    allocation = allocation_from_json(json.loads(found.allocation or "{}"))
    now, result_id, term_id, said = desk.clock.now(), found.id, found.term_id, reasons_of(found)
    with seeing_all(session):
        rows = session.scalars(queries.lists_of(term_id)).all()
        lists = {row.number: row.child_id for row in rows}
        places = _in_order(problem, lists, _given(allocation))
        waiting = _in_order(problem, lists, _missed(problem, allocation))
        silent = untold(said, allocation, rows, set(waiting))
        children = {row.id: row for row in session.scalars(select(Child).where(Child.id.in_(lists.values())))}
        way = problem.settings.minutes_between
        refused = obstacles_of_lists(session, desk, children, _by_child(places), default_way=way)
        numbers = {child: number for number, child in lists.items()}
        return Plan(run_id, result_id, numbers, places, waiting, refused, silent, now, way)


def carry_out(session: Session, desk: Desk, worker: str, news: News, plan: Plan) -> AllocationRun:
    """Register the children and end the run, in the caller's transaction; LostRunError if it isn't the process's."""
    with seeing_all(session):
        run = ALLOCATION_RUNS.held_by(session, plan.run_id, worker)
        outcome = _Registering(session, desk, plan).done()
        run.figures = {state: len(rows) for state, rows in outcome.rows.items()} | {"refused": len(outcome.refused)}
        run.reasons = json.dumps(
            {"refused": [_refused_json(plan, *one) for one in outcome.refused.items()]}, ensure_ascii=False, default=str
        )
        run.progress = news.to_json()
        end(run, desk.clock, RunState.DONE)
        ALLOCATION_RUNS.note(session, desk.actor, desk.clock, run, "published", dict(run.figures))
    return ALLOCATION_RUNS.find(session, plan.run_id)


@dataclass
class _Outcome:
    """What came of a plan so far."""

    rows: dict[str, list[Registration]] = field(default_factory=lambda: {"placed": [], "waiting": []})
    refused: Refused = field(default_factory=dict)
    told: list[Registration] = field(default_factory=list)


class _Registering:
    """Makes the registrations of a plan, everything locked: first the children, then the activities."""

    def __init__(self, session: Session, desk: Desk, plan: Plan) -> None:
        self._session, self._desk, self._plan = session, desk, plan
        self._pairs = [*plan.places, *plan.waiting, *plan.untold]
        self._children = lock_children(session, {child for child, _ in self._pairs})
        self._intakes = lock_intakes(session, {activity for _, activity in self._pairs})
        self._taken = Counter({key: taken(session, key) for key in self._intakes})
        self._live = self._registered()
        self._outcome = _Outcome(refused={**plan.refused, **self._changed_since()})

    def done(self) -> _Outcome:
        for pair in self._plan.places:
            if pair not in self._outcome.refused and self._may(pair):
                self._set_down(pair, Place.PLACED if self._has_room(pair) else Place.WAITING)
        given = {row.child_id for row in self._outcome.rows["placed"]}
        for child, activity in self._plan.waiting:
            if child not in given and self._may((child, activity)) and not self._has_room((child, activity)):
                self._set_down((child, activity), Place.WAITING)
        could_not = {pair: in_words(why[0].reason) for pair, why in self._outcome.refused.items() if why}
        for pair, why_not in {**self._plan.untold, **could_not}.items():
            self._tell(pair, why_not)
        self._write()
        return self._outcome

    def _registered(self) -> set[Pair]:
        query = select(Registration.child_id, Registration.activity_id).where(
            Registration.activity_id.in_(self._intakes), Registration.state.in_(LIVE)
        )
        return {(child, activity) for child, activity in self._session.execute(query)}

    def _changed_since(self) -> Refused:
        """Look again at what has changed since all was looked at: who left, was registered, or what was given up."""
        gone: Refused = {}
        for child, activity in self._plan.places:
            if (row := self._children.get(child)) is not None and row.left_on is not None:
                gone[child, activity] = (LEFT,)
            elif (intake := self._intakes.get(activity)) is not None and intake.given_up_on is not None:
                gone[child, activity] = (GIVEN_UP,)
        query = select(Registration.child_id).where(
            Registration.child_id.in_(self._children),
            Registration.state.in_(HOLDING),
            Registration.changed_at >= self._plan.checked_at,
        )
        touched = set(self._session.scalars(query))
        again = [pair for pair in self._plan.places if pair[0] in touched]
        if again:
            gone |= obstacles_of_lists(
                self._session, self._desk, self._children, _by_child(again), default_way=self._plan.default_way
            )
        return gone

    def _may(self, pair: Pair) -> bool:
        child, activity = pair
        known = child in self._children and activity in self._intakes
        return known and pair not in self._live and self._intakes[activity].given_up_on is None

    def _has_room(self, pair: Pair) -> bool:
        return self._taken[pair[1]] < self._intakes[pair[1]].capacity

    def _set_down(self, pair: Pair, state: Place) -> None:
        row, intake = self._row(pair, state), self._intakes[pair[1]]
        if state is Place.PLACED:
            self._taken[pair[1]] += 1
        else:
            row.position, intake.next_position = intake.next_position, intake.next_position + 1
        self._outcome.rows[state.value].append(row)

    def _tell(self, pair: Pair, why: str) -> None:
        """Note that a family is to be told why a wish doesn't come true: a registration that never counted says so."""
        child, activity = self._children.get(pair[0]), pair[1]
        if child is not None and child.left_on is None and activity in self._intakes and pair not in self._live:
            row = self._row(pair, Place.CANCELLED)
            row.notice = why
            self._outcome.told.append(row)

    def _row(self, pair: Pair, state: Place) -> Registration:
        child, activity = pair
        intake, now = self._intakes[activity], self._desk.clock.now()
        self._live.add(pair)
        return Registration(
            station_id=intake.station_id,
            child_id=child,
            activity_id=activity,
            request_id=self._plan.result_id,
            channel=Channel.ALLOCATION,
            state=state,
            to_tell=True,
            registered_at=now,
            registered_by=self._desk.actor.user_id,
            changed_at=now,
        )

    def _write(self) -> None:
        rows = [*self._outcome.rows["placed"], *self._outcome.rows["waiting"], *self._outcome.told]
        self._session.add_all(rows)
        self._session.add_all(self._members())
        self._session.flush()
        now = self._desk.clock.now()
        record_together(self._session, [_deed(self._desk.actor, now, row) for row in rows])

    def _members(self) -> Iterable[GroupMember]:
        groups = {intake.group_id for intake in self._intakes.values()}
        query = select(GroupMember.group_id, GroupMember.child_id).where(GroupMember.group_id.in_(groups))
        known = {(group, child) for group, child in self._session.execute(query)}
        for row in self._outcome.rows["placed"]:
            group, child = self._intakes[row.activity_id].group_id, self._children[row.child_id]
            if (group, child.id) not in known:
                yield GroupMember(station_id=child.station_id, group_id=group, child_id=child.id)


def _given(allocation: Allocation) -> list[tuple[str, str]]:
    return [(child, activity) for child, got in allocation.places.items() for activity in got if not is_taken(activity)]


def _missed(problem: Problem, allocation: Allocation) -> list[tuple[str, str]]:
    """Return the wishes of children with nothing for activities that are held: for these they wait."""
    return [
        (child.id, wish)
        for child in problem.children
        if not allocation.places.get(child.id)
        for wish in child.wishes
        if wish in allocation.opened
    ]


def _in_order(problem: Problem, lists: Mapping[str, UUID], pairs: Sequence[tuple[str, str]]) -> tuple[Pair, ...]:
    """Return pairs by activity and lot, the greatest ticket first; whose list was erased since isn't among them."""
    drawn = sorted(pairs, key=lambda one: (one[1], -ticket(problem.seed, *one), one[0]))
    return tuple((lists[child], UUID(activity)) for child, activity in drawn if child in lists)


def _by_child(pairs: Iterable[Pair]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for child, activity in pairs:
        found.setdefault(child, []).append(activity)
    return found


def _deed(actor: Actor, now: datetime, row: Registration) -> Deed:
    detail: dict[str, object] = {
        "child": row.child_id.hex,
        "activity": row.activity_id.hex,
        "position": row.position,
        "waived": [],
        "channel": row.channel.value,
    }
    action = "not_given" if row.state is Place.CANCELLED else row.state.value
    return Deed(actor, now, row.station_id, f"registration.{action}", "registration", row.id, detail)


def _refused_json(plan: Plan, pair: Pair, obstacles: tuple[Obstacle, ...]) -> dict[str, object]:
    reasons = [sentence_json(one.reason) for one in obstacles]
    return {"child": plan.numbers.get(pair[0], ""), "activity": str(pair[1]), "obstacles": reasons}
