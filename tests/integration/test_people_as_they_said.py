"""How often, where, in which programs and with whom people serve: whoever takes a place is judged as a plan is."""

import random
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Volunteer
from core.db.session import Database
from core.domain.actor import EVERYTHING, Actor, Role
from core.domain.availability import NEVER, Answer, Company, FreeTime
from core.domain.ids import new_id
from core.domain.replies import ServingRules
from core.planning.moments import to_datetime
from core.planning.plan import Plan
from core.planning.rules.available_staff import AvailableStaff
from core.planning.rules.base import Breach, Rule
from core.planning.rules.bearable_load import BearableLoad
from core.planning.rules.chosen_company import ChosenCompany
from core.planning.rules.safe_session import SafeSession
from core.planning.rules.willing_staff import WillingStaff
from core.services.adults import Homes
from core.services.availability import save_answer
from core.services.replies.asking import ask
from core.services.replies.fitness import Diary, NotFitError, obstacle
from core.services.replies.occasions import find_session, published
from core.services.replies.ranking import ranked
from core.services.replies.safety import safety_of
from core.services.replies.signing_up import open_places, sign_up
from core.services.replies.swapping import offer, take, takers
from core.services.serving_rules import decide_rules
from tests.integration.asked import LEAD, Weekend, a_weekend, another_session
from tests.integration.builders import (
    BEFORE,
    SATURDAY,
    a_community,
    a_station,
    a_term,
    a_volunteer,
    an_activity,
    an_assignment,
    at,
    held,
)
from tests.integration.timetable import days_of, problem_of

AS_SAID = (BearableLoad(), WillingStaff(), ChosenCompany(), AvailableStaff())
NOON = time(12)
REASONS = {
    "serves as often as they can on that day",
    "serves as often as they can in that week",
    "serves as often as they can in this term",
    "said not to serve in this program",
    "said not to go to this site",
    "the people who would serve together do not go together",
    "under age, and it lies outside the hours for that",
}


@pytest.fixture
def session(lasting_sqlite: Database) -> Iterator[Session]:
    """Yield a session of one database: what people said doesn't depend on its kind."""
    with lasting_sqlite.writing(EVERYTHING) as opened:
        yield opened
        opened.rollback()


def say(session: Session, town: Weekend, number: int, **said: object) -> None:
    """Note what one of the people says, who is free from morning to night."""
    row = session.get_one(Volunteer, town.people[number].id)
    answer = Answer(free=(FreeTime(time(6), time(22)),), **{"max_per_day": 9, **said})  # type: ignore[arg-type]
    save_answer(session, Actor(Role.HEAD, row.station_id), town.desk().clock, row, answer)
    session.refresh(row)


class Walk:
    """A town of people with all kinds of wishes, whose places are given one after another."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session = session
        self.rng = rng = random.Random(seed)  # noqa: S311 (whom chance picks)
        self.town = town = a_weekend(session, serving=0, people=8, places=9)
        days = [(day, hour) for day in (0, 1, 7) for hour in (9, 14)]
        kinds = {"type_key": "sst.companionship", "places": 9}, {"type_key": "character_ed.talk", "places": 9}
        self.rows = [another_session(session, town, hour, day=day, **rng.choice(kinds)).id for day, hour in days[1:]]
        self.rows.append(town.session.id)
        decide_rules(
            session, town.desk(), town.station.id, replace(ServingRules(), rest=0, per_week=None, minors_until=NOON)
        )
        for number, one in enumerate(town.people):
            one.max_sessions = rng.randint(1, 5)
            if rng.random() < 0.25:
                one.birth_date, one.guardian_consent_on = date(2010, 1, 1), date(2026, 1, 1)
            say(session, town, number, **self.wishes(one.id))
        self.seen: Counter[str] = Counter()

    def wishes(self, own: UUID) -> dict[str, object]:
        """Return what somebody says, each in about one case of three."""
        rng, others = self.rng, [one.id for one in self.town.people if one.id != own]
        shunned, wanted, family = rng.sample(others, 3)
        venues = {find_session(self.session, key).room.venue_id for key in self.rows}  # type: ignore[union-attr]
        said = {
            "max_per_day": 1,
            "max_per_week": rng.randint(1, 2),
            "venues": frozenset(rng.sample(sorted(venues), 4)),
            "programs": {rng.choice(["sst", "character_ed"]): NEVER},
            "company": Company(
                only_with=frozenset([wanted][: rng.randint(0, 1)]),
                never_with=frozenset([shunned]),
                lives_with=frozenset([family]),
            ),
        }
        return {name: value for name, value in said.items() if rng.random() < 0.35}

    def breaches(self, row: ActivitySession, people: Collection[UUID], rules: Collection[Rule]) -> list[Breach]:
        """Return what the referee finds broken in the timetable if these people serve in a session."""
        problem = problem_of(self.session, self.town.term)
        assert problem.incumbent is not None
        staff = {LEAD: tuple(map(str, people))}
        sessions = [replace(one, staff=staff) if one.key == key_of(row) else one for one in problem.incumbent.sessions]
        plan = Plan(problem.name, tuple(sessions))
        return [breach for rule in rules for breach in rule.breaches(problem, plan)]

    def step(self) -> None:
        """Let somebody take a place if they may, an empty one or another's, once both judges have spoken."""
        row, volunteer = find_session(self.session, self.rng.choice(self.rows)), self.rng.choice(self.town.people)
        serving = [one.volunteer_id for one in row.assignments]
        if volunteer.id in serving:
            return
        leaver = self.rng.choice(serving) if serving and self.rng.random() < 0.5 else None
        after = [*(one for one in serving if one != leaver), volunteer.id]
        diary = Diary.around(self.session, published(row), [volunteer.id])
        why = obstacle(self.session, self.town.desk(), published(row), LEAD, volunteer, diary, instead_of=leaver)
        broken = self.breaches(row, after, AS_SAID)
        assert (why is None) == (not broken), f"{why and why.text}, and the referee finds {broken}"
        self.seen[why.text if why else "swap" if leaver else "place"] += 1
        if why is not None:
            return
        row.assignments[:] = [one for one in row.assignments if one.volunteer_id != leaver]
        self.session.flush()
        row.assignments.append(an_assignment(row, volunteer))
        self.session.flush()
        self.session.refresh(row, ["assignments"])
        safe = safety_of(row, Homes(self.session), today=BEFORE.date()).safe
        found = self.breaches(row, after, [SafeSession()])
        assert safe == (not any(key_of(row) in breach.sessions for breach in found))
        self.seen["safe" if safe else "unsafe"] += 1


def key_of(row: ActivitySession) -> tuple[str, int]:
    return str(row.activity_id), row.position


def test_whoever_may_take_a_place_breaks_nothing_and_whoever_may_not_would(session: Session) -> None:
    seen: Counter[str] = Counter()
    for seed in range(4):
        with session.begin_nested() as saved:
            walk = Walk(session, seed)
            for _ in range(90):
                walk.step()
            seen += walk.seen
            saved.rollback()
    assert REASONS | {"place", "swap", "safe", "unsafe"} <= set(seen), seen


def refusal(session: Session, town: Weekend, number: int) -> str:
    """Return why one of the people may not take the place, who is neither shown it nor ranked for it."""
    row, person = find_session(session, town.session.id), town.people[number]
    assert person.id not in {one.volunteer.id for one in ranked(session, town.desk(), published(row), LEAD, None)}
    assert row.id not in {one.row.id for one in open_places(session, town.theirs(number), person)}
    with pytest.raises(NotFitError) as asked:
        ask(session, town.desk(), row.id, LEAD, person.id)
    with pytest.raises(NotFitError) as signed:
        sign_up(session, town.theirs(number), row.id, LEAD, person.id)
    assert asked.value.why == signed.value.why
    return signed.value.why.text


def test_what_somebody_said_holds_when_they_are_asked_or_sign_up(session: Session) -> None:
    town = a_weekend(session, people=7)
    weekly, absent, shunned = town.people[2], town.people[4], town.people[6]
    another_session(session, town, 9, day=1, serving=[weekly])
    say(session, town, 2, max_per_week=1)
    say(session, town, 3, programs={"sst": NEVER})
    say(session, town, 4, venues=frozenset({new_id()}))
    say(session, town, 5, company=Company(only_with=frozenset({absent.id})))
    say(session, town, 0, company=Company(never_with=frozenset({shunned.id})))
    assert [refusal(session, town, number) for number in range(2, 7)] == [
        "serves as often as they can in that week",
        "said not to serve in this program",
        "said not to go to this site",
        "the people who would serve together do not go together",
        "the people who would serve together do not go together",
    ]
    say(session, town, 0)
    say(session, town, 3, programs={"sst": -2})
    for number in (6, 3):
        assert town.session.id in {one.row.id for one in open_places(session, town.theirs(number), town.people[number])}


def test_nobody_takes_a_duty_over_whose_giver_somebody_serves_only_with(session: Session) -> None:
    town = a_weekend(session)
    giver, clinging, taker = town.people[:3]
    say(session, town, 1, company=Company(only_with=frozenset({giver.id})))
    swap = offer(session, town.theirs(0), town.session.id, giver.id)
    assert takers(session, town.desk(), published(find_session(session, town.session.id)), swap) == []
    with pytest.raises(NotFitError, match="do not go together"):
        take(session, town.theirs(2), swap.id, taker.id)
    say(session, town, 1, company=Company(only_with=frozenset({giver.id, taker.id})))
    take(session, town.theirs(2), swap.id, taker.id)
    assert {one.volunteer_id for one in find_session(session, town.session.id).assignments} == {clinging.id, taker.id}


def test_two_who_live_together_by_their_own_word_are_one_pair_of_eyes(session: Session) -> None:
    town = a_weekend(session)
    row = find_session(session, town.session.id)
    assert safety_of(row, Homes(session), today=BEFORE.date()).safe
    # Neither names the other: both live with a third, who doesn't serve here.
    for number in (0, 1):
        say(session, town, number, company=Company(lives_with=frozenset({town.people[2].id})))
    assert not safety_of(row, Homes(session), today=BEFORE.date()).safe
    people = problem_of(session, town.term).person_of
    assert len({people[str(one.id)].household for one in town.people[:3]}) == 1


def test_the_planner_has_minors_serve_within_their_hours_alone(session: Session) -> None:
    town = a_weekend(session)
    say(session, town, 2)
    minor, grown = town.people[2], town.people[3]
    minor.birth_date = date(2009, 1, 1)
    session.flush()
    assert days_of(problem_of(session, town.term), minor) == []
    minor.guardian_consent_on = date(2026, 9, 1)
    decide_rules(session, town.desk(), town.station.id, replace(ServingRules(), minors_from=time(9), minors_until=NOON))
    people = problem_of(session, town.term).person_of
    windows = [tuple(map(to_datetime, window)) for window in people[str(minor.id)].available]
    assert {(start.time(), end.time()) for start, end in windows} == {(time(9), NOON)}
    assert not people[str(minor.id)].adult
    assert days_of(problem_of(session, town.term), minor) == days_of(problem_of(session, town.term), grown)


def test_the_homes_of_many_stations_are_looked_up_together_and_are_those_of_each(session: Session) -> None:
    town = a_weekend(session)
    community, elsewhere = a_community(session, town.station), a_station(session)
    for station in (community, elsewhere):
        a_volunteer(session, station, household="一家")
        a_volunteer(session, station, household="别家")
    town.people[0].household = "一家"
    there = a_volunteer(session, elsewhere, household="别家")
    other = held(session, an_activity(session, a_term(session, elsewhere)).sessions[0], at(SATURDAY, 9), None, [there])
    rows = [find_session(session, town.session.id), other]
    with counting(session) as asked:
        homes = Homes(session, rows)
        found = [homes.at(row.station_id) for row in rows]
    assert len(asked) == len({"stations", "people"})
    assert found == [Homes(session).at(row.station_id) for row in rows]
    assert [len(one) for one in found] == [2, 2]
    assert town.people[0].id in found[0]
    assert there.id in found[1]


@contextmanager
def counting(session: Session) -> Iterator[list[str]]:
    """Note every query within the block."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    session.flush()
    event.listen(session.connection(), "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(session.connection(), "before_cursor_execute", note)
