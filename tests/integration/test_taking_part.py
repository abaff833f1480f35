"""Who may take part, who was there, and what a report may tell of it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.db.models import ActivityGroup, Attendance, Child, Consent, GroupMember, Station, Term
from core.domain.actor import SYSTEM
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.vocabulary import ConsentPurpose, Presence, VenueKind
from core.hooks.calling import Failure, Hooks, Plugin
from core.hooks.joining import Applicant, Obstacle, Standing
from core.hooks.manager import build_hooks
from core.hooks.reports import ReportSection, ReportTable
from core.hooks.specs import hookimpl
from core.hooks.types import Audience
from core.services.attendance import expected_children, note_attendance, presences
from core.services.consents import consents_of
from core.services.eligibility import Applicants, Been, answers_for_child
from core.services.program_facts import attended, held_sessions
from core.services.reports import report
from core.testing import TEST_MOMENT
from tests.integration.builders import (
    SATURDAY,
    a_child,
    a_consent,
    a_group,
    a_room,
    a_station,
    a_term,
    a_venue,
    a_volunteer,
    an_activity,
    at,
    held,
)

CLOCK = FixedClock(TEST_MOMENT)
AFTER = at(SATURDAY, 20)


def a_plugin(**hooks: Any) -> Hooks:
    """Return the hooks of a program `sst` that answers so."""
    module = ModuleType("toy.plugin")
    module.__file__ = __file__
    for name, hook in hooks.items():
        setattr(module, name, hookimpl(hook))
    return build_hooks([Plugin("sst", module)])


@pytest.fixture
def term(writing: Session) -> Term:
    return a_term(writing, a_station(writing))


class Scene:
    """An activity with a group of one child, held once, and a second child beside."""

    def __init__(self, session: Session, term: Term) -> None:
        station = session.get_one(Station, term.station_id)
        self.group, self.child = a_group(session, station), a_child(session, station, birth_date="2016-12-10")
        self.other = a_child(session, station)
        own = {"station_id": station.id}
        session.add(GroupMember(group_id=self.group.id, child_id=self.child.id, **own))
        for child in (self.child, self.other):
            session.add(Consent(purpose=ConsentPurpose.DATA, given_on=date(2026, 9, 1), child_id=child.id, **own))
        self.activity = an_activity(session, term, title="读书会", session_count=2)
        session.add(ActivityGroup(activity_id=self.activity.id, group_id=self.group.id, **own))
        people = [a_volunteer(session, station) for _ in range(2)]
        room = a_room(session, a_venue(session, station))
        self.past = held(session, self.activity.sessions[0], at(SATURDAY, 9), room, people)
        later = at(SATURDAY + timedelta(days=14), 9)
        held(session, self.activity.sessions[1], later, room, people)
        session.expire_all()


def test_the_program_is_told_an_age_and_a_standing_and_nothing_of_who_it_is(writing: Session, term: Term) -> None:
    scene, asked = Scene(writing, term), list[tuple[Applicant, Standing]]()

    def answer(applicant: Applicant, standing: Standing) -> Sequence[Obstacle]:
        asked.append((applicant, standing))
        return (Obstacle("full", Message("It is full.")),)

    own = {"station_id": term.station_id, "child_id": scene.child.id}
    writing.add(Consent(purpose=ConsentPurpose.OUTING, given_on=date(2026, 11, 1), **own))
    note_attendance(writing, SYSTEM, CLOCK, scene.past.id, {scene.child.id: Presence.EXCUSED}, now=AFTER)
    (found,) = answers_for_child(writing, a_plugin(eligibility=answer), scene.child, term, now=AFTER)
    assert (found.takes_part, [each.code for each in found.obstacles]) == (True, ["full"])
    ((applicant, standing),) = asked
    # Ten on 10 December, and the next session is on the 12th.
    assert (applicant.age, applicant.missed, applicant.consents) == (
        10,
        (0,),
        {ConsentPurpose.DATA, ConsentPurpose.OUTING},
    )
    assert (standing.held, standing.taking_part) == (1, 1)
    (other,) = answers_for_child(writing, a_plugin(), scene.other, term, now=AFTER)
    assert (other.takes_part, other.obstacles) == (False, ())


def test_a_program_that_fails_lets_in_only_whom_an_organizer_lets_in(writing: Session, term: Term) -> None:
    scene, hooks = Scene(writing, term), a_plugin(eligibility=lambda: [1 // 0])
    (found,) = answers_for_child(writing, hooks, scene.child, term, now=AFTER)
    assert [each.code for each in found.obstacles] == ["no_answer"]
    assert found.obstacles[0].waived_by
    assert hooks.failures == (Failure("sst", "eligibility", "ZeroDivisionError"),)


@pytest.mark.parametrize(
    ("until", "withdrawn", "counts"),
    [
        (None, None, True),
        (date(2026, 11, 30), None, True),
        (date(2026, 11, 29), None, False),
        (None, date(2026, 11, 30), False),
        (None, date(2026, 12, 1), True),
    ],
)
def test_a_consent_counts_until_it_ends_or_is_withdrawn(
    writing: Session, term: Term, until: date | None, withdrawn: date | None, *, counts: bool
) -> None:
    child = a_child(writing, writing.get_one(Station, term.station_id))
    writing.add(
        Consent(
            station_id=term.station_id,
            child_id=child.id,
            purpose=ConsentPurpose.PHOTO,
            given_on=date(2026, 11, 2),
            valid_until=until,
            withdrawn_on=withdrawn,
        )
    )
    writing.flush()
    assert (consents_of(writing, child.id, date(2026, 11, 30)) == {ConsentPurpose.PHOTO}) is counts
    assert consents_of(writing, child.id, date(2026, 11, 1)) == frozenset()


def asked_of(session: Session, child: Child, term: Term, now: datetime) -> dict[str, tuple[Applicant, Standing, bool]]:
    """Return what the program is told for each activity of the term, by title, and whether the child takes part."""
    told = list[tuple[Applicant, Standing]]()

    def answer(applicant: Applicant, standing: Standing) -> Sequence[Obstacle]:
        told.append((applicant, standing))
        return ()

    answers = answers_for_child(session, a_plugin(eligibility=answer), child, term, now=now)
    return {found.activity.title: (*each, found.takes_part) for found, each in zip(answers, told, strict=True)}


def test_of_other_activities_it_is_told_where_the_child_is_was_and_was_missed(writing: Session, term: Term) -> None:
    scene = Scene(writing, term)
    station, room = writing.get_one(Station, term.station_id), scene.past.room
    chess = an_activity(writing, term, title="围棋", session_count=4)
    an_activity(writing, term, title="合唱", session_count=1)
    noted = {0: Presence.PRESENT, 1: Presence.ABSENT, 3: Presence.EXCUSED}
    # They were noted in another order than they were held in.
    for position in (3, 1, 0, 2):
        row = held(writing, chess.sessions[position], at(SATURDAY + timedelta(days=1 + position), 14), room)
        if position in noted:
            there = {"presence": noted[position], "noted_at": TEST_MOMENT, "station_id": station.id}
            writing.add(Attendance(session_id=row.id, child_id=scene.child.id, **there))
            writing.flush()
    for child in (scene.other, a_child(writing, station)):
        writing.add(GroupMember(group_id=scene.group.id, child_id=child.id, station_id=station.id))
    own = {"station_id": station.id, "given_on": SATURDAY, "purpose": ConsentPurpose.PHOTO}
    writing.add(Consent(child_id=scene.other.id, **own))
    writing.flush()
    writing.expire_all()

    told = asked_of(writing, scene.child, term, at(SATURDAY + timedelta(days=9), 9))
    reading, standing, takes_part = told["读书会"]
    assert (takes_part, standing, reading.audience) == (True, Standing(1, 3), Audience.CHILDREN)
    assert [joined.title for joined in reading.joined] == ["围棋"]
    assert (reading.missed, reading.missed_of) == ((), {str(chess.id): (1, 3)})
    assert (reading.groups, reading.consents) == ({str(scene.group.id)}, {ConsentPurpose.DATA})
    playing, standing, takes_part = told["围棋"]
    assert (takes_part, standing) == (True, Standing(4, 0))
    assert [joined.title for joined in playing.joined] == ["读书会"]
    assert (playing.missed, playing.missed_of) == ((1, 3), {})
    singing, standing, takes_part = told["合唱"]
    assert (takes_part, standing, singing.missed) == (False, Standing(0, 0), ())
    assert {joined.title for joined in singing.joined} == {"读书会", "围棋"}
    other, _, takes_part = asked_of(writing, scene.other, term, at(SATURDAY + timedelta(days=9), 9))["围棋"]
    assert (takes_part, other.missed, other.consents) == (False, (), {ConsentPurpose.DATA, ConsentPurpose.PHOTO})
    assert [joined.title for joined in other.joined] == ["读书会"]


def test_an_age_is_that_of_the_next_session_and_without_one_of_the_first_day_there_could_be(
    writing: Session, term: Term
) -> None:
    station = writing.get_one(Station, term.station_id)
    child = a_child(writing, station, birth_date=f"2016-{SATURDAY:%m-%d}")
    planned = an_activity(writing, term, title="绘画", session_count=1)
    an_activity(writing, term, title="合唱", session_count=1)
    an_activity(writing, term, title="象棋", session_count=1, first=SATURDAY + timedelta(days=365))
    held(writing, planned.sessions[0], at(SATURDAY, 9), a_room(writing, a_venue(writing, station)))
    writing.expire_all()

    def ages(now: datetime) -> dict[str, tuple[int, int]]:
        told = asked_of(writing, child, term, now)
        return {title: (applicant.age, standing.held) for title, (applicant, standing, _) in told.items()}

    before = at(SATURDAY - timedelta(days=1), 9)
    assert term.first <= SATURDAY
    assert ages(before) == {"绘画": (10, 0), "合唱": (10 if term.first == SATURDAY else 9, 0), "象棋": (11, 0)}
    assert ages(at(SATURDAY, 9))["绘画"] == (10, 0), "What begins now is not behind us."
    assert ages(at(SATURDAY, 9, 1))["绘画"] == (10, 1)
    assert ages(at(SATURDAY + timedelta(days=366), 9))["合唱"] == (11, 0)


def test_a_consent_counts_from_the_day_on_which_it_was_given(writing: Session, term: Term) -> None:
    child = a_child(writing, writing.get_one(Station, term.station_id))
    own = {"station_id": term.station_id, "child_id": child.id, "purpose": ConsentPurpose.PHOTO}
    writing.add(Consent(given_on=SATURDAY, **own))
    writing.flush()
    assert consents_of(writing, child.id, SATURDAY) == {ConsentPurpose.PHOTO}
    assert consents_of(writing, child.id, SATURDAY - timedelta(days=1)) == frozenset()


def test_attendance_is_noted_changed_and_taken_back(writing: Session, term: Term) -> None:
    scene = Scene(writing, term)

    def note(presence: Presence | None) -> int:
        return note_attendance(writing, SYSTEM, CLOCK, scene.past.id, {scene.child.id: presence}, now=AFTER)

    assert [child.id for child in expected_children(writing, scene.past)] == [scene.child.id]
    assert [note(Presence.ABSENT), note(Presence.PRESENT), note(Presence.PRESENT)] == [1, 1, 0]
    (told,) = attended(writing, "sst", term.first, term.last)
    assert (told.child_id, told.presence, told.session.index) == (scene.child.id, Presence.PRESENT, 0)
    assert note(None) == 1
    assert presences(writing, scene.past.id) == {}
    assert len(held_sessions(writing, "sst", term.first, term.last)) == 2
    assert held_sessions(writing, "character_ed", term.first, term.last) == ()


def test_attendance_before_the_session_or_of_somebody_else_is_refused(writing: Session, term: Term) -> None:
    scene = Scene(writing, term)
    with pytest.raises(ConflictError):
        note_attendance(writing, SYSTEM, CLOCK, scene.past.id, {scene.child.id: Presence.PRESENT}, now=at(SATURDAY, 8))
    with pytest.raises(NotFoundError):
        note_attendance(writing, SYSTEM, CLOCK, scene.past.id, {scene.other.id: Presence.PRESENT}, now=AFTER)
    with pytest.raises(NotFoundError):
        note_attendance(writing, SYSTEM, CLOCK, scene.child.id, {}, now=AFTER)
    assert presences(writing, scene.past.id) == {}


@pytest.mark.parametrize("asked_for", [True, False])
def test_where_a_child_has_been_is_told_and_what_is_closed_keeps_its_name(
    writing: Session, term: Term, *, asked_for: bool
) -> None:
    scene = Scene(writing, term)
    elsewhere = an_activity(writing, term, title="象棋")
    note_attendance(writing, SYSTEM, CLOCK, scene.past.id, {scene.child.id: Presence.PRESENT}, now=AFTER)

    def been(child: Child) -> dict[str, Been]:
        activities = [scene.activity, elsewhere] if asked_for else [elsewhere]
        return dict(
            Applicants(writing, build_hooks([]), [scene.child, scene.other], activities, AFTER).been_at(child.id)
        )

    there = {scene.activity.type_key: Been(scene.activity.id, "读书会", at(SATURDAY, 9))}
    assert (been(scene.child), been(scene.other)) == (there, {})
    scene.activity.closed = True
    writing.flush()
    assert been(scene.child)[scene.activity.type_key].title is None
    note_attendance(writing, SYSTEM, CLOCK, scene.past.id, {scene.child.id: Presence.ABSENT}, now=AFTER)
    assert been(scene.child) == {}


def test_whoever_comes_into_a_group_counts_at_once_and_but_once(writing: Session, term: Term) -> None:
    told = list[int]()

    def answer(standing: Standing) -> Sequence[Obstacle]:
        told.append(standing.taking_part)
        return ()

    scene = Scene(writing, term)
    second = a_group(writing, writing.get_one(Station, term.station_id))
    hooks = a_plugin(eligibility=answer)
    applicants = Applicants(writing, hooks, [scene.child, scene.other], [scene.activity], AFTER)

    def counted() -> int:
        applicants.answer(scene.other, scene.activity)
        return told[-1]

    assert (counted(), applicants.is_in(scene.other.id, scene.group.id)) == (1, False)
    applicants.joins(scene.other.id, scene.activity.id, scene.group.id)
    assert (counted(), applicants.is_in(scene.other.id, scene.group.id)) == (2, True)
    applicants.joins(scene.other.id, scene.activity.id, second.id)
    assert (counted(), applicants.is_in(scene.other.id, second.id)) == (2, True)
    assert applicants.in_groups_of(scene.other.id) == {scene.activity.id}


def test_a_report_has_what_programs_count_and_says_where_one_fails(writing: Session, term: Term) -> None:
    def counted(*_: object) -> ReportTable:
        return ReportTable((Message("Sessions"),), ((2,),))

    sections = [
        ReportSection("sst_sessions", Message("Sessions"), counted),
        ReportSection("sst_broken", Message("Broken"), lambda *_: None),  # type: ignore[arg-type,return-value]
    ]
    hooks = a_plugin(report_sections=lambda: sections)
    found = report(writing, hooks, term.station_id, term.first, term.last)
    assert [(one.key, one.table is None) for one in found] == [("sst_sessions", False), ("sst_broken", True)]
    assert hooks.failures == (Failure("sst", "report sst_broken", "TypeError"),)
    with pytest.raises(InvalidInputError):
        report(writing, hooks, term.station_id, term.last, term.first)


def test_without_a_basis_nobody_joins_and_without_a_consent_nobody_goes_out(writing: Session, term: Term) -> None:
    scene = Scene(writing, term)
    station = writing.get_one(Station, term.station_id)
    stranger = a_child(writing, station)

    def codes(child: Child) -> list[str]:
        (found,) = answers_for_child(writing, a_plugin(), child, term, now=AFTER)
        return [each.code for each in found.obstacles]

    assert (codes(stranger), codes(scene.other)) == (["no_basis"], [])
    scene.activity.place = a_venue(writing, station, kind=VenueKind.OUTDOOR)
    assert (codes(stranger), codes(scene.other)) == (["no_basis", "no_outing_consent"], ["no_outing_consent"])
    a_consent(writing, scene.other, ConsentPurpose.OUTING)
    assert codes(scene.other) == []
