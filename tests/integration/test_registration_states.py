"""Whatever is done in whatever order: no place too many, none kept from who waits, nobody overtaken silently."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from core.db.models import ActivityIntake, Child, GroupMember, Registration, Station
from core.db.queries import registration as queries
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.errors import DomainError
from core.domain.ids import new_id
from core.domain.registering import HOLDING, LIVE, Place
from core.services.audit import verify_chain
from core.services.desk import Desk
from core.services.registration.ending import cancel, undo, undo_request
from core.services.registration.intakes import IntakeDraft, keep_intake
from core.services.registration.offers import (
    accept_offer,
    decline_offer,
    drop_lost_places,
    put_first,
    still_standing,
    turn_over,
)
from tests.integration.builders import SATURDAY, a_station, at
from tests.integration.registering import Hands, a_candidate, a_desk, an_announced, an_open_term, sign_up

CHILDREN, ACTIVITIES = 7, 3
child = st.integers(0, CHILDREN - 1)
activity = st.integers(0, ACTIVITIES - 1)
some = st.integers(0, 200)


class Registering(RuleBasedStateMachine):
    """A small station's days of registration, each in a transaction of which nothing is kept."""

    database: Database
    steps = 0

    @initialize(first=st.integers(1, 3), second=st.integers(1, 2))
    def open(self, first: int, second: int) -> None:
        """Store children and activities, two of them at the same time."""
        self._transaction = self.database.writing(EVERYTHING)
        self.session = self._transaction.__enter__()
        self.clock = Hands()
        self.desk: Desk = a_desk(self.clock)
        station = a_station(self.session).id
        term = an_open_term(self.session, self.session.get_one(Station, station), per_child=2)
        starts = (at(SATURDAY, 9), at(SATURDAY, 9, 30), at(SATURDAY, 14))
        capacities = (first, second, 2)
        self.activities = [
            an_announced(self.session, term, capacity, start).id
            for capacity, start in zip(capacities, starts, strict=True)
        ]
        self.children = [a_candidate(self.session, self.session.get_one(Station, station)).id for _ in range(CHILDREN)]
        self.station = station
        self.requests: list[UUID] = []
        self.positions: dict[UUID, int] = {}
        self.settled = True

    def teardown(self) -> None:
        """Drop all of it, once the log has been found whole."""
        if not hasattr(self, "session"):
            return
        assert verify_chain(self.session, self.station) is None
        self.session.rollback()
        self._transaction.__exit__(None, None, None)

    def _do(self, deed: Callable[[], Any], *, settled: bool = False) -> None:
        type(self).steps += 1
        waiting = self._waiting()
        with suppress(DomainError):
            deed()
        self._require_nobody_overtaken(waiting)
        self.settled = settled

    def _rows(self) -> list[Registration]:
        query = select(Registration).order_by(Registration.id)
        return list(self.session.scalars(query.execution_options(populate_existing=True)))

    def _one(self, number: int, *states: Place) -> UUID:
        rows = [row.id for row in self._rows() if not states or row.state in states]
        return rows[number % len(rows)] if rows else new_id()

    def _waiting(self) -> dict[UUID, list[UUID]]:
        return {key: [row.id for row in self.session.scalars(queries.waiting_for(key))] for key in self.activities}

    def _require_nobody_overtaken(self, before: dict[UUID, list[UUID]]) -> None:
        """Of those who waited, whoever is still waiting behind nobody but was passed must know why."""
        now = {row.id: row for row in self._rows()}
        for line in before.values():
            offered = [index for index, key in enumerate(line) if now[key].state is Place.OFFERED]
            for key in line[: max(offered, default=0)]:
                if now[key].state is Place.WAITING and now[line[max(offered)]].first_since is None:
                    assert now[key].passed_over

    @rule(who=child, what=activity, resend=st.booleans())
    def register(self, who: int, what: int, *, resend: bool) -> None:
        """Register a child; now and then with a form that was sent before."""
        request = self.requests[-1] if resend and self.requests else new_id()
        self.requests.append(request)
        self._do(lambda: sign_up(self.session, self.children[who], self.activities[what], self.desk, request))

    @rule(number=some)
    def cancel(self, number: int) -> None:
        """Cancel a registration that counts."""
        key = self._one(number, *LIVE)
        self._do(lambda: cancel(self.session, self.desk, key))

    @rule(number=some)
    def accept(self, number: int) -> None:
        """Accept an offer."""
        key = self._one(number, Place.OFFERED)
        self._do(lambda: accept_offer(self.session, self.desk, key))

    @rule(number=some)
    def decline(self, number: int) -> None:
        """Decline an offer."""
        key = self._one(number, Place.OFFERED)
        self._do(lambda: decline_offer(self.session, self.desk, key))

    @rule(number=some)
    def put_first(self, number: int) -> None:
        """Let somebody come before the others."""
        key = self._one(number, Place.WAITING)
        self._do(lambda: put_first(self.session, self.desk, key, "紧急情况"))

    @rule(number=some)
    def undo(self, number: int) -> None:
        """Take an end back."""
        key = self._one(number, Place.CANCELLED, Place.DECLINED)
        self._do(lambda: undo(self.session, self.desk, key))

    @rule(number=some)
    def undo_request(self, number: int) -> None:
        """Take a receipt back."""
        if self.requests:
            request = self.requests[number % len(self.requests)]
            self._do(lambda: undo_request(self.session, self.desk, request))

    @rule(what=activity, capacity=st.integers(1, 4))
    def change_capacity(self, what: int, capacity: int) -> None:
        """Give more places, or fewer."""
        self._do(lambda: keep_intake(self.session, self.desk, self.activities[what], IntakeDraft(capacity)))

    @rule(who=child)
    def leave(self, who: int) -> None:
        """Let a child leave, or come back."""
        row = self.session.get_one(Child, self.children[who])
        row.left_on = date(2026, 11, 1) if row.left_on is None else None
        self.session.flush()
        self.settled = False

    @rule(minutes=st.sampled_from([5, 30, 60 * 8, 60 * 20]))
    def time_goes_by(self, minutes: int) -> None:
        """Let time go by, but not beyond the first session."""
        if self.clock.at + timedelta(minutes=minutes) < self.desk.moment(at(SATURDAY, 8)):
            self.clock.pass_by(timedelta(minutes=minutes))
        self.settled = False

    @rule()
    def look(self) -> None:
        """Do what the timer does until nothing is left to do."""

        def deed() -> None:
            drop_lost_places(self.session, self.desk)
            for key in self.activities:
                turn_over(self.session, self.desk, key)

        self._do(deed, settled=True)

    @invariant()
    def capacities_are_kept_and_groups_are_those_with_a_place(self) -> None:
        """Places, groups and positions agree, whatever was done."""
        if not hasattr(self, "session"):
            return
        rows = self._rows()
        for key in self.activities:
            intake = self._intake(key)
            own = [row for row in rows if row.activity_id == key]
            assert sum(row.state in HOLDING for row in own) <= intake.capacity
            live = [row.child_id for row in own if row.state in LIVE]
            assert len(live) == len(set(live))
            members = select(GroupMember.child_id).where(GroupMember.group_id == intake.group_id)
            placed = {row.child_id for row in own if row.state is Place.PLACED}
            assert set(self.session.scalars(members)) == placed
        for row in rows:
            if row.position is not None:
                assert self.positions.setdefault(row.id, row.position) == row.position

    @invariant()
    def no_place_is_empty_while_somebody_could_have_it(self) -> None:
        """Once the timer has looked, a place is free only where nobody who waits can take it."""
        if not (hasattr(self, "session") and self.settled):
            return
        rows = self._rows()
        for row in rows:
            assert row.state is not Place.OFFERED or (row.offered_until and row.offered_until > self.clock.now())
        for key in self.activities:
            own = [row for row in rows if row.activity_id == key]
            if sum(row.state in HOLDING for row in own) < self._intake(key).capacity:
                assert all(still_standing(self.session, self.desk, row) for row in own if row.state is Place.WAITING)

    def _intake(self, key: UUID) -> ActivityIntake:
        return self.session.scalars(queries.intake_of(key).execution_options(populate_existing=True)).one()


def explore(database: Database, examples: int, length: int) -> int:
    """Let hypothesis try so many days of so many steps, and return how many steps were taken."""
    machine = type("Here", (Registering,), {"database": database, "steps": 0})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=length,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    return int(machine.steps)


@pytest.fixture(params=["lasting_sqlite", pytest.param("lasting_postgresql", marks=pytest.mark.postgresql)])
def lasting(request: pytest.FixtureRequest) -> Database:
    """Return a database in which nothing is ever kept."""
    chosen: Database = request.getfixturevalue(request.param)
    return chosen


def test_some_days_of_registration_keep_every_promise(lasting: Database) -> None:
    assert explore(lasting, examples=4, length=25) >= 50


@pytest.mark.verify
def test_many_days_of_registration_keep_every_promise(lasting: Database) -> None:
    assert explore(lasting, examples=400, length=60) >= 10_000
