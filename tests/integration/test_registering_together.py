"""Forms of many desks in one transaction: each by its own rights, none harmed by another, answered after the commit."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, Child, Registration, SealedChildWorker, Station
from core.db.session import Database
from core.db.together import Together
from core.domain.actor import EVERYTHING, NOTHING, Actor, Role, Scope
from core.domain.errors import DomainError, NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.domain.registering import Place
from core.services.audit import verify_chain
from core.services.registration.giving import Form, Outcomes, Wanted, register_together
from core.testing import TEST_MOMENT
from tests.integration.builders import an_account
from tests.integration.registering import Fair, a_candidate, a_desk, a_fair, places_taken, standings

Answers = Sequence[Outcomes | DomainError]
MANY = 24


def store(database: Database, **values: int) -> Fair:
    with database.writing(EVERYTHING) as session:
        return a_fair(session, **values)


def a_form(child: UUID, activity: UUID, scope: Scope = EVERYTHING, key: UUID | None = None) -> Form:
    return Form(scope, a_desk(), key or new_id(), (Wanted(child, activity),))


class Turns:
    """Carries forms out and remembers how many came together; a test may make turns fail."""

    def __init__(self, database: Database) -> None:
        self.sizes: list[int] = []
        self.refuse: Callable[[Sequence[Form]], None] = lambda _forms: None
        self.fail_commit = 0
        self._database = database
        self.together: Together[Form, Outcomes | DomainError] = Together(self._writing, self._carry_out)

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with self._database.writing(NOTHING) as session:
            yield session
            if self.fail_commit:
                self.fail_commit -= 1
                raise OSError("The disk is full.")

    def _carry_out(self, session: Session, forms: Sequence[Form]) -> Answers:
        self.sizes.append(len(forms))
        self.refuse(forms)
        return register_together(session, forms)

    def ask_at_once(self, forms: Sequence[Form]) -> list[object]:
        """Hand all forms in at the same moment; return each one's answer, or the error that was raised."""
        ready = threading.Barrier(len(forms))

        def ask(form: Form) -> object:
            ready.wait(timeout=60)
            try:
                return self.together.ask(form)
            except (OSError, ValueError) as error:
                return error

        with ThreadPoolExecutor(len(forms)) as pool:
            return list(pool.map(ask, forms))


def states(answers: Sequence[object]) -> list[Place | None]:
    return [answer[0].state for answer in answers if isinstance(answer, tuple)]


def test_forms_that_come_at_once_share_commits_and_give_each_place_once(database: Database) -> None:
    fair, turns = store(database, capacity=5, children=MANY), Turns(database)
    answers = turns.ask_at_once([a_form(child, fair.activities[0]) for child in fair.children])
    assert sorted(map(str, states(answers))) == ["placed"] * 5 + ["waiting"] * (MANY - 5)
    assert sum(turns.sizes) == MANY
    assert len(turns.sizes) < MANY
    with database.reading(EVERYTHING) as session:
        waiting = select(Registration.position).where(Registration.state == Place.WAITING)
        assert session.scalars(waiting.order_by(Registration.registered_at)).all() == list(range(1, MANY - 4))
        assert verify_chain(session, fair.station) is None


def test_the_same_form_several_times_in_one_turn_is_one_registration(database: Database) -> None:
    fair, key = store(database), new_id()
    form = a_form(fair.children[0], fair.activities[0], key=key)
    with database.writing(NOTHING) as session:
        answers = register_together(session, [form] * 5)
    found = {answer[0].registration_id for answer in answers if isinstance(answer, tuple)}
    assert len(found) == 1
    assert [answer[0].repeated for answer in answers if isinstance(answer, tuple)] == [False] + [True] * 4
    assert places_taken(database, fair.activities[0]) == (1, 1)


def test_what_fails_for_one_form_harms_nobody_else(database: Database) -> None:
    fair, turns = store(database, capacity=MANY, children=MANY), Turns(database)
    poisoned = fair.children[7]

    def refuse(forms: Sequence[Form]) -> None:
        if any(one.child_id == poisoned for form in forms for one in form.wanted):
            raise ValueError("It can't be read.")

    turns.refuse = refuse
    answers = turns.ask_at_once([a_form(child, fair.activities[0]) for child in fair.children])
    assert [type(answer) for answer in answers if not isinstance(answer, tuple)] == [ValueError]
    assert states(answers) == [Place.PLACED] * (MANY - 1)
    with database.reading(EVERYTHING) as session:
        assert poisoned not in {child for child, _state in standings(session, fair.activities[0])}


def test_nobody_is_answered_when_the_commit_fails_and_all_are_carried_out_again(database: Database) -> None:
    fair, turns = store(database, capacity=MANY, children=MANY), Turns(database)
    turns.fail_commit = 1
    answers = turns.ask_at_once([a_form(child, fair.activities[0]) for child in fair.children])
    lost = [answer for answer in answers if isinstance(answer, OSError)]
    # A form that was alone in the turn that failed has its error; all others are carried out again.
    assert len(lost) <= 1
    assert len(states(answers)) == places_taken(database, fair.activities[0])[0] == MANY - len(lost)


def test_after_a_turn_that_failed_the_next_one_goes_on(database: Database) -> None:
    fair, turns = store(database, capacity=2), Turns(database)
    turns.fail_commit = 1
    with pytest.raises(OSError, match="disk"):
        turns.together.ask(a_form(fair.children[0], fair.activities[0]))
    assert places_taken(database, fair.activities[0]) == (0, 0)
    assert states([turns.together.ask(a_form(fair.children[0], fair.activities[0]))]) == [Place.PLACED]


def test_in_one_turn_each_reaches_what_its_own_scope_reaches(database: Database) -> None:
    here, elsewhere = store(database, capacity=5), store(database, capacity=5)
    own = {fair.station: Scope(frozenset({fair.station}), frozenset({fair.station})) for fair in (here, elsewhere)}
    forms = [
        a_form(here.children[0], here.activities[0], own[here.station]),
        a_form(here.children[1], here.activities[0], own[elsewhere.station]),
        a_form(elsewhere.children[0], elsewhere.activities[0], own[elsewhere.station]),
        a_form(elsewhere.children[1], here.activities[0], own[here.station]),
        a_form(here.children[1], elsewhere.activities[0], NOTHING),
    ]
    with database.writing(NOTHING) as session:
        answers = register_together(session, forms)
    assert [type(answer) for answer in answers] == [tuple, NotFoundError, tuple, NotFoundError, NotFoundError]
    assert places_taken(database, here.activities[0]) == (1, 1)
    assert places_taken(database, elsewhere.activities[0]) == (1, 1)


def test_a_form_that_takes_one_thing_for_another_is_refused_alone(database: Database) -> None:
    fair = store(database, capacity=5)
    own = Scope(frozenset({fair.station}), frozenset({fair.station}))
    child, activity = fair.children[0], fair.activities[0]
    forms = [a_form(activity, child, own), a_form(child, child, own), a_form(child, activity, own)]
    with database.writing(NOTHING) as session:
        answers = register_together(session, forms)
    assert [type(answer) for answer in answers] == [NotFoundError, NotFoundError, tuple]


def test_in_one_turn_a_sealed_file_exists_for_its_named_worker_alone(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        fair = a_fair(session, capacity=5)
        station = session.get_one(Station, fair.station)
        named, other = an_account(session, station).id, an_account(session, station).id
        child = a_candidate(session, station, sealed_file=True).id
        session.add(SealedChildWorker(station_id=fair.station, child_id=child, user_id=named, named_at=TEST_MOMENT))
    own = partial(Scope, frozenset({fair.station}), frozenset({fair.station}))
    with database.writing(NOTHING) as session:
        answers = register_together(
            session, [a_form(child, fair.activities[0], own(user_id=user)) for user in (other, named)]
        )
    assert isinstance(answers[0], NotFoundError)
    # It reaches the file; that nobody is put on a list from it without the head is another matter.
    (outcome,) = answers[1] if isinstance(answers[1], tuple) else ()
    assert [one.code for one in outcome.obstacles] == ["restricted_file"]


def test_in_one_turn_each_acts_with_their_own_rights_and_name(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        fair = a_fair(session, capacity=5)
        clerk = an_account(session, session.get_one(Station, fair.station)).id
    staff = replace(a_desk(), actor=Actor(Role.STATION_STAFF, fair.station, clerk))
    reader = replace(a_desk(), actor=Actor(Role.AUDITOR, fair.station))
    forms = [
        replace(a_form(child, fair.activities[0]), desk=desk)
        for child, desk in zip(fair.children, (staff, reader), strict=True)
    ]
    with database.writing(NOTHING) as session:
        answers = register_together(session, forms)
    assert [type(answer) for answer in answers] == [tuple, NotAllowedError]
    with database.reading(EVERYTHING) as session:
        query = select(AuditEntry.actor_id).where(AuditEntry.action == "registration.placed")
        assert session.scalars(query).all() == [clerk]


def test_a_turn_asks_the_database_hardly_more_than_a_single_form(sqlite_database: Database) -> None:
    fair = store(sqlite_database, capacity=MANY, children=MANY)
    forms = [a_form(child, fair.activities[0]) for child in fair.children]
    counts = [asked(sqlite_database, some) for some in (forms[:1], forms[1:])]
    assert counts[1] <= counts[0] + 3


def asked(database: Database, forms: Sequence[Form]) -> int:
    """Return how many statements a turn takes."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    with database.writing(NOTHING) as session:
        register_together(session, forms)
    event.remove(database.engine, "before_cursor_execute", note)
    return len(found)


def test_a_place_that_is_free_while_others_wait_is_offered_to_them_first_in_a_turn_too(database: Database) -> None:
    fair = store(database, capacity=1, children=4)
    first, second, third, fourth = fair.children
    with database.writing(NOTHING) as session:
        register_together(session, [a_form(child, fair.activities[0]) for child in (first, second)])
    with database.writing(EVERYTHING) as session:
        # Somebody takes the place back past the services, and nobody is told.
        row = session.scalars(select(Registration).where(Registration.child_id == first)).one()
        row.state = Place.CANCELLED
    with database.writing(NOTHING) as session:
        register_together(session, [a_form(child, fair.activities[0]) for child in (third, fourth)])
    with database.reading(EVERYTHING) as session:
        found = dict(standings(session, fair.activities[0]))
        assert [found[child] for child in (second, third, fourth)] == [Place.OFFERED, Place.WAITING, Place.WAITING]
        assert verify_chain(session, fair.station) is None
        assert session.scalar(select(func.count(Child.id))) == len(fair.children)
