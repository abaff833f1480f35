"""Four ways by which somebody could get near children, attempted with made-up people: planner, board, import, door."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivitySession, Clearance, Station, Volunteer
from core.domain.actor import SYSTEM
from core.domain.clock import FixedClock
from core.domain.errors import DomainError
from core.domain.phones import demo_phone
from core.domain.serving import Stage
from core.domain.vocabulary import StationKind, VolunteerKind
from core.planning.check import audit
from core.planning.moments import from_datetime, to_datetime
from core.planning.plan import Plan as PlanDocument
from core.planning.plan import PlannedSession
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.search.solve import solve
from core.services.assignable import may_be_assigned
from core.services.door import begin_session, let_in
from core.services.planning.pins import pin_session
from core.services.workbook.content import ClearanceRow, StationRow, VolunteerRow, WorkbookContent
from core.services.workbook.errors import InvalidWorkbookError
from core.services.workbook.importing import import_workbook
from core.services.workbook.write import write_workbook
from core.testing import TEST_MOMENT
from tests.integration.attempts import DAYS, TODAY, Outcome, Somebody, Tally, fault_of, fault_of_crew, somebody, stored
from tests.integration.builders import LEAD, SUNDAY, a_room, a_station, a_term, a_venue, an_activity, at, held
from tests.integration.timetable import NO_PLUGINS, a_draft, a_world, planned, problem_of, publish

_CLOCK = FixedClock(TEST_MOMENT)
_POOL = 24
Pool = dict[str, Somebody]


# --- The planner ---


def planner(session: Session, rng: random.Random, attempts: int) -> Tally:
    """Hand crews to the planner's last look at a plan, and have it plan by itself with the same people."""
    tally = Tally("planner")
    while tally.attempts < attempts:
        station = a_station(session)
        room = a_room(session, a_venue(session, station))
        term = a_term(session, station)
        kinds = [an_activity(session, term, places=4, min_adults=least, session_count=3) for least in (1, 2, 3)]
        pool = {str(stored(session, station, one).id): one for one in (somebody(rng) for _ in range(_POOL))}
        problem = problem_of(session, term)
        for row in solve(problem, seconds=0.2, workers=1).plan.sessions:
            _judge_planned(tally, kinds, pool, row, taken=True)
        for _ in range(min(300, max(0, attempts - tally.attempts))):
            activity, day = rng.choice(kinds), rng.choice(DAYS)
            crew = _crew(rng, pool, day)
            row = PlannedSession(str(activity.id), 0, from_datetime(at(day, 9)), str(room.id), {LEAD: tuple(crew)})
            _judge_planned(tally, kinds, pool, row, taken=_is_sound(problem, row))
    return tally


def _is_sound(problem: Problem, row: PlannedSession) -> bool:
    return not audit(problem, PlanDocument(problem.name, (row,)), DEFAULT_RULES, ()).breaches


def _judge_planned(tally: Tally, kinds: Sequence[Activity], pool: Pool, row: PlannedSession, *, taken: bool) -> None:
    crew = [pool[person] for people in row.staff.values() for person in people]
    day, least = to_datetime(row.start).date(), next(one.min_adults for one in kinds if str(one.id) == row.activity)
    tally.note(crew, day, fault_of_crew(crew, day, least), taken=taken)


def _crew(rng: random.Random, pool: Pool, day: date, today: date = TODAY) -> list[str]:
    """Choose one to four people, every other time among those who may serve, so that something is taken as well."""
    names = sorted(pool)
    if rng.random() < 0.5:
        names = [name for name in names if fault_of(pool[name], day, today=today) is None]
    return rng.sample(names, min(len(names), rng.randrange(1, 5)))


# --- The board ---


def board(session: Session, rng: random.Random, attempts: int) -> Tally:
    """Pin sessions and publish drafts with people of whom something became known since they were planned."""
    tally, world = Tally("board"), a_world(session)
    row = world.chess.sessions[0]
    ids = [person.id for person in world.people[:2]]
    day = SUNDAY
    draft = a_draft(session, world.term, planned(row, at(day, 9), world.rooms[0], world.people[:2]))
    while tally.attempts < attempts:
        crew, least = [_for_the_board(rng, day) for _ in ids], rng.choice((1, 2, 2, 2, 3))
        known_since = session.begin_nested()
        for key, one in zip(ids, crew, strict=True):
            _become(session, session.get_one(Volunteer, key), one)
        session.get_one(Activity, world.chess.id).min_adults = least
        session.flush()
        alone = next((fault for one in crew if (fault := fault_of(one, day)) is not None), None)
        pinned = _happens(session, lambda: _pin(session, row))
        tally.note(crew, day, alone, taken=pinned)
        published = _happens(session, lambda: publish(session, draft))
        tally.note(crew, day, fault_of_crew(crew, day, least), taken=published)
        known_since.rollback()
    return tally


def _for_the_board(rng: random.Random, day: date) -> Somebody:
    one = somebody(rng)
    while fault_of(one, day) is not None and rng.random() < 0.5:
        one = somebody(rng)
    return one


def _pin(session: Session, row: ActivitySession) -> None:
    pin_session(session, SYSTEM, _CLOCK, row.id, today=TODAY, with_staff=True)


def _become(session: Session, row: Volunteer, one: Somebody) -> None:
    row.stage, row.active, row.birth_date = one.stage, one.active, one.born
    row.guardian_consent_on, row.household = one.guardian_on, one.home
    row.clearances = [_clearance(row, check) for check in one.checks]
    session.flush()


def _clearance(row: Volunteer, check: Outcome) -> Clearance:
    own = {"station_id": row.station_id, "volunteer_id": row.id}
    return Clearance(checked_on=check.on, valid_until=check.until, passed=check.passed, **own)


def _happens(session: Session, deed: Callable[[], object]) -> bool:
    """Do it, tell whether it was refused, and take it back."""
    point = session.begin_nested()
    try:
        deed()
    except DomainError:
        return False
    finally:
        point.rollback()
    return True


# --- The import ---


def workbook(session: Session, rng: random.Random, attempts: int) -> Tally:
    """Import people with their way in and their checks, also such as flip a failed check, then ask who may serve."""
    tally, batch = Tally("import"), 0
    while tally.attempts < attempts:
        batch += 1
        name = f"导入站{batch}-{rng.randrange(10**6)}"
        people = {f"{batch}-{number}": _as_told(rng) for number in range(_POOL)}
        kept = _import_what_is_taken(session, name, people)
        kept = _import_what_is_taken(session, name, kept, flipped=True) | kept
        rows = {row.number: row for row in session.scalars(select(Volunteer).where(Volunteer.number.in_(people)))}
        for number, one in people.items():
            for day in rng.sample(DAYS, 2):
                taken = number in rows and may_be_assigned(rows[number], day, today=TODAY)
                tally.note([one], day, fault_of(one, day), taken=taken)
    return tally


def _as_told(rng: random.Random) -> Somebody:
    """Make somebody up as a workbook tells of them: accepted or not yet, more often with sound checks."""
    one = somebody(rng)
    stage = one.stage if one.stage is Stage.ACCEPTED else Stage.APPLICANT
    if rng.random() < 0.5:
        on = TODAY - timedelta(days=rng.randrange(1, 340))
        one = replace(one, checks=(Outcome(on, on + timedelta(days=364), passed=True), *one.checks[:1]))
    return replace(one, stage=stage)


def _import_what_is_taken(session: Session, station: str, people: Pool, *, flipped: bool = False) -> Pool:
    """Import the people, leave out those of whom a row is refused, and return the others."""
    content = _content(station, people, flipped=flipped)
    try:
        import_workbook(session, SYSTEM, _CLOCK, NO_PLUGINS, write_workbook(content, {}), demo=True)
    except InvalidWorkbookError as error:
        wrong = {_whom(content, problem.sheet, problem.row) for problem in error.errors}
        left = {number: one for number, one in people.items() if number not in wrong}
        return _import_what_is_taken(session, station, left, flipped=flipped) if left else {}
    return people


def _whom(content: WorkbookContent, sheet: str, row: int) -> str:
    return content.volunteers[row - 2].number if sheet == "志愿者" else content.clearances[row - 2].volunteer


def _content(station: str, people: Pool, *, flipped: bool) -> WorkbookContent:
    return WorkbookContent(
        stations=(StationRow(name=station, kind=StationKind.STATION, slug=f"s{abs(hash(station))}"[:20]),),
        volunteers=tuple(_volunteer_row(station, number, one) for number, one in people.items()),
        clearances=tuple(
            ClearanceRow(
                volunteer=number,
                checked_on=check.on,
                valid_until=check.until,
                passed=check.passed or flipped,
                authority="测试派出所",
            )
            for number, one in people.items()
            for check in {check.on: check for check in one.checks}.values()
        ),
    )


def _volunteer_row(station: str, number: str, one: Somebody) -> VolunteerRow:
    accepted = one.stage is Stage.ACCEPTED
    return VolunteerRow(
        station=station,
        number=number,
        name=f"测员{number}",
        kind=VolunteerKind.TEACHER,
        birth_date=one.born,
        phone=demo_phone(1),
        household=one.home,
        max_sessions=10,
        active=one.active,
        interviewed_on=date(2026, 9, 1) if accepted else None,
        trained_on=date(2026, 9, 2) if accepted else None,
        accepted_on=date(2026, 9, 3) if accepted else None,
        guardian_consent_on=one.guardian_on,
    )


# --- The door ---


def door(session: Session, rng: random.Random, attempts: int) -> Tally:
    """Have crews come to sessions on their day, some of whom fail a check while they are there, and begin."""
    tally, station = Tally("door"), a_station(session)
    meetings = _meetings(session, station)
    people = [somebody(rng) for _ in range(4 * _POOL)]
    pool = {str(stored(session, station, one).id): one for one in people}
    while tally.attempts < attempts:
        evening = session.begin_nested()
        _evening(session, rng, tally, rng.choice(meetings), pool)
        evening.rollback()
    return tally


def _evening(session: Session, rng: random.Random, tally: Tally, meeting: ActivitySession, pool: Pool) -> None:
    now = at(DAYS[0], 9) if meeting.starts_at is None else meeting.starts_at
    day, here = now.date(), list[Somebody]()

    def come(key: str) -> bool:
        return _stays(session, lambda: let_in(session, SYSTEM, _CLOCK, meeting.id, UUID(key), now=now))

    for key in _crew(rng, pool, day, day):
        came = come(key)
        tally.note([pool[key]], day, fault_of(pool[key], day, today=day), taken=came)
        if came:
            here.append(_maybe_fails(session, rng, session.get_one(Volunteer, UUID(key)), pool[key], day))
    begun = _stays(session, lambda: begin_session(session, SYSTEM, _CLOCK, meeting.id, now=now))
    # Whoever fails a check while they are there is no adult any more on whom the children could count.
    counted = [one for one in here if fault_of(one, day, today=day) is None]
    fault = fault_of_crew(counted, day, meeting.activity.min_adults, today=day)
    tally.note(here, day, fault, taken=begun)


def _meetings(session: Session, station: Station) -> list[ActivitySession]:
    term = a_term(session, station)
    kinds = [an_activity(session, term, min_adults=least, session_count=len(DAYS)) for least in (1, 2, 3)]
    return [
        held(session, row, at(day, 9 + kind))
        for kind, activity in enumerate(kinds)
        for row, day in zip(activity.sessions, DAYS, strict=True)
    ]


def _maybe_fails(session: Session, rng: random.Random, row: Volunteer, one: Somebody, day: date) -> Somebody:
    if rng.random() < 0.8:
        return one
    bad = Outcome(day, day, passed=False)
    row.clearances.append(_clearance(row, bad))
    session.flush()
    return replace(one, checks=(*one.checks, bad))


def _stays(session: Session, deed: Callable[[], object]) -> bool:
    """Do it and tell whether it was refused."""
    try:
        with session.begin_nested():
            deed()
    except DomainError:
        return False
    return True


WAYS = (planner, board, workbook, door)
