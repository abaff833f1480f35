"""Registering at the desk: places, waiting lists, offers, and what is taken back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, GroupMember, Registration, Station, Term
from core.domain.actor import Actor, Role
from core.domain.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.domain.registering import Channel, Place, Way
from core.services.registration.ending import UNDO, cancel, undo, undo_request
from core.services.registration.giving import Wanted, register
from core.services.registration.intakes import IntakeDraft, keep_intake
from core.services.registration.offers import (
    NotEligibleError,
    accept_offer,
    decline_offer,
    drop_lost_places,
    put_first,
    turn_over,
)
from core.services.registration.prospects import prospects
from core.services.registration.waiving import ReasonMissingError
from tests.integration.builders import SATURDAY, SUNDAY, an_account, at
from tests.integration.registering import (
    Fair,
    Hands,
    a_candidate,
    a_desk,
    a_fair,
    an_announced,
    an_open_term,
    registration_of,
    sign_up,
    standings,
)

PLACED, WAITING, OFFERED = Place.PLACED, Place.WAITING, Place.OFFERED


def staff(session: Session, fair: Fair, role: Role = Role.STATION_STAFF) -> Actor:
    """Return somebody who works at the station."""
    account = an_account(session, session.get_one(Station, fair.station), role=role)
    return Actor(role, fair.station, account.id)


def actions(session: Session) -> list[str]:
    """Return what the log says of registrations, in order."""
    rows = session.scalars(
        select(AuditEntry).where(AuditEntry.subject_kind == "registration").order_by(AuditEntry.number)
    )
    return [row.action.partition(".")[2] for row in rows]


def state(session: Session, child: int, fair: Fair, activity: int = 0) -> Place:
    return registration_of(session, fair.children[child], fair.activities[activity]).state


def test_the_last_place_is_given_and_the_next_child_waits_with_a_position(writing: Session) -> None:
    fair = a_fair(writing, children=3)
    first, second, third = (sign_up(writing, child, fair.activities[0]) for child in fair.children)
    assert (first.state, first.position) == (PLACED, None)
    assert (second.state, second.position) == (WAITING, 1)
    assert (third.state, third.position) == (WAITING, 2)
    assert actions(writing) == ["placed", "waiting", "waiting"]


def test_who_has_a_place_is_in_the_activitys_group_and_who_waits_is_not(writing: Session) -> None:
    fair = a_fair(writing)
    for child in fair.children:
        sign_up(writing, child, fair.activities[0])
    assert writing.scalars(select(GroupMember.child_id)).all() == [fair.children[0]]


def test_several_children_and_activities_are_each_answered(writing: Session) -> None:
    fair = a_fair(writing, activities=2)
    wanted = [Wanted(child, activity) for child in fair.children for activity in fair.activities]
    outcomes = register(writing, a_desk(), new_id(), wanted)
    assert [(one.child_id, one.activity_id) for one in outcomes] == [(one.child_id, one.activity_id) for one in wanted]
    assert [one.state for one in outcomes] == [PLACED, PLACED, WAITING, WAITING]


def test_the_same_request_twice_registers_once(writing: Session) -> None:
    fair, request = a_fair(writing), new_id()
    once = sign_up(writing, fair.children[0], fair.activities[0], request=request)
    again = sign_up(writing, fair.children[0], fair.activities[0], request=request)
    assert (again.registration_id, again.state, again.repeated) == (once.registration_id, PLACED, True)
    assert actions(writing) == ["placed"]


def test_a_child_is_not_registered_twice_for_the_same(writing: Session) -> None:
    fair = a_fair(writing)
    sign_up(writing, fair.children[0], fair.activities[0])
    again = sign_up(writing, fair.children[0], fair.activities[0])
    assert [one.code for one in again.obstacles] == ["registered"]


def test_a_cancelled_place_is_offered_to_the_next_in_line_for_a_limited_time(writing: Session) -> None:
    fair, clock = a_fair(writing, children=3), Hands()
    for child in fair.children:
        sign_up(writing, child, fair.activities[0])
    cancel(writing, a_desk(clock), registration_of(writing, fair.children[0], fair.activities[0]).id)
    assert [one for _, one in standings(writing, fair.activities[0])] == [Place.CANCELLED, OFFERED, WAITING]
    offered = registration_of(writing, fair.children[1], fair.activities[0])
    # Nine in the morning, 24 hours of which the eleven of the night don't count.
    assert offered.offered_until == clock.at + timedelta(hours=35)
    assert offered.to_tell
    accept_offer(writing, a_desk(clock), offered.id)
    assert state(writing, 1, fair) is PLACED
    assert writing.scalars(select(GroupMember.child_id)).all() == [fair.children[1]]


def test_a_declined_offer_goes_to_the_next(writing: Session) -> None:
    fair = a_fair(writing, children=3)
    for child in fair.children:
        sign_up(writing, child, fair.activities[0])
    cancel(writing, a_desk(), registration_of(writing, fair.children[0], fair.activities[0]).id)
    decline_offer(writing, a_desk(), registration_of(writing, fair.children[1], fair.activities[0]).id)
    assert [state(writing, child, fair) for child in (1, 2)] == [Place.DECLINED, OFFERED]
    with pytest.raises(ConflictError):
        accept_offer(writing, a_desk(), registration_of(writing, fair.children[1], fair.activities[0]).id)


def test_an_offer_that_nobody_answers_runs_out_and_goes_to_the_next_also_at_night(writing: Session) -> None:
    fair, clock = a_fair(writing, children=3), Hands()
    for child in fair.children:
        sign_up(writing, child, fair.activities[0])
    cancel(writing, a_desk(clock), registration_of(writing, fair.children[0], fair.activities[0]).id)
    clock.pass_by(timedelta(hours=34))
    assert turn_over(writing, a_desk(clock), fair.activities[0]) == 0
    clock.pass_by(timedelta(hours=1))
    with pytest.raises(ConflictError, match="run out"):
        accept_offer(writing, a_desk(clock), registration_of(writing, fair.children[1], fair.activities[0]).id)
    assert turn_over(writing, a_desk(clock), fair.activities[0]) == 1
    assert [state(writing, child, fair) for child in (1, 2)] == [Place.EXPIRED, OFFERED]


def test_a_child_who_cannot_take_the_place_is_passed_over_and_it_shows(writing: Session) -> None:
    station = writing.get_one(Station, a_fair(writing).station)
    term = an_open_term(writing, station)
    chess = an_announced(writing, term, 1, title="象棋").id
    choir = an_announced(writing, term, 1, title="合唱").id
    keeper, waiter, next_one = (a_candidate(writing, writing.get_one(Station, station.id)).id for _ in range(3))
    for child in (keeper, waiter, next_one):
        sign_up(writing, child, chess)
    sign_up(writing, waiter, choir)
    cancel(writing, a_desk(), registration_of(writing, keeper, chess).id)
    passed = registration_of(writing, waiter, chess)
    assert (passed.state, passed.passed_over, passed.position) == (WAITING, ["clash"], 1)
    assert registration_of(writing, next_one, chess).state is OFFERED
    assert "passed_over" in actions(writing)
    # Somebody new takes what is free only where nobody who waits can have it.
    cancel(writing, a_desk(), registration_of(writing, waiter, choir).id)
    decline_offer(writing, a_desk(), registration_of(writing, next_one, chess).id)
    back = registration_of(writing, waiter, chess)
    assert (back.state, back.passed_over) == (OFFERED, [])


def test_an_offer_is_accepted_only_by_who_can_still_take_it(writing: Session) -> None:
    station = writing.get_one(Station, a_fair(writing).station)
    term = an_open_term(writing, station, per_child=1)
    chess, choir = (an_announced(writing, term, 1, at(day, 9)).id for day in (SATURDAY, SUNDAY))
    keeper, waiter = (a_candidate(writing, writing.get_one(Station, station.id)).id for _ in range(2))
    for child in (keeper, waiter):
        sign_up(writing, child, chess)
    cancel(writing, a_desk(), registration_of(writing, keeper, chess).id)
    (outcome,) = register(writing, a_desk(), new_id(), [Wanted(waiter, choir)], reason="两门都要上")
    assert outcome.state is PLACED
    with pytest.raises(NotEligibleError) as refusal:
        accept_offer(writing, a_desk(), registration_of(writing, waiter, chess).id)
    assert refusal.value.obstacles[0].code == "limit"


def test_whoever_is_put_first_has_a_reason_and_keeps_the_position(writing: Session) -> None:
    fair = a_fair(writing, children=4)
    head = a_desk(actor=staff(writing, fair, Role.HEAD))
    for child in fair.children:
        sign_up(writing, child, fair.activities[0])
    last = registration_of(writing, fair.children[3], fair.activities[0])
    with pytest.raises(ReasonMissingError):
        put_first(writing, head, last.id, "  ")
    put_first(writing, head, last.id, "妹妹已经在班里")
    cancel(writing, head, registration_of(writing, fair.children[0], fair.activities[0]).id)
    last = registration_of(writing, fair.children[3], fair.activities[0])
    assert (last.state, last.position, last.reason) == (OFFERED, 3, "妹妹已经在班里")
    entry = writing.scalars(select(AuditEntry).where(AuditEntry.action == "registration.put_first")).one()
    overtaken = [registration_of(writing, child, fair.activities[0]).id.hex for child in fair.children[1:3]]
    assert entry.detail["overtaken"] == overtaken
    with pytest.raises(NotAllowedError):
        put_first(writing, a_desk(actor=staff(writing, fair, Role.SOCIAL_WORKER)), last.id, "关系好")


def test_cancelling_is_undone_exactly_and_the_untold_offer_with_it(writing: Session) -> None:
    fair = a_fair(writing, children=2)
    for child in fair.children:
        sign_up(writing, child, fair.activities[0])
    row = registration_of(writing, fair.children[0], fair.activities[0])
    cancel(writing, a_desk(), row.id)
    undo(writing, a_desk(), row.id)
    assert [one for _, one in standings(writing, fair.activities[0])] == [PLACED, WAITING]
    back = registration_of(writing, fair.children[1], fair.activities[0])
    assert (back.position, back.offered_until, back.to_tell, back.place_of_id) == (1, None, False, None)
    assert writing.scalars(select(GroupMember.child_id)).all() == [fair.children[0]]


def test_a_place_that_was_given_on_is_not_taken_back(writing: Session) -> None:
    fair = a_fair(writing, children=2)
    for child in fair.children:
        sign_up(writing, child, fair.activities[0])
    row = registration_of(writing, fair.children[0], fair.activities[0])
    cancel(writing, a_desk(), row.id)
    accept_offer(writing, a_desk(), registration_of(writing, fair.children[1], fair.activities[0]).id)
    with pytest.raises(ConflictError, match="given on"):
        undo(writing, a_desk(), row.id)


def test_undoing_has_an_end(writing: Session) -> None:
    fair, clock, request = a_fair(writing), Hands(), new_id()
    sign_up(writing, fair.children[0], fair.activities[0], a_desk(clock), request)
    clock.pass_by(UNDO)
    with pytest.raises(ConflictError):
        undo_request(writing, a_desk(clock), request)
    row = registration_of(writing, fair.children[0], fair.activities[0])
    cancel(writing, a_desk(clock), row.id)
    clock.pass_by(UNDO)
    with pytest.raises(ConflictError):
        undo(writing, a_desk(clock), row.id)


def test_a_whole_receipt_is_taken_back_and_its_places_go_on(writing: Session) -> None:
    fair, request = a_fair(writing, activities=2), new_id()
    wanted = [Wanted(fair.children[0], activity) for activity in fair.activities]
    register(writing, a_desk(), request, wanted)
    sign_up(writing, fair.children[1], fair.activities[0])
    assert undo_request(writing, a_desk(), request) == 2
    assert state(writing, 0, fair) is Place.CANCELLED
    assert state(writing, 1, fair) is OFFERED


def test_more_places_are_offered_at_once_and_fewer_than_are_given_refused(writing: Session) -> None:
    fair = a_fair(writing, children=3)
    for child in fair.children:
        sign_up(writing, child, fair.activities[0])
    keep_intake(writing, a_desk(), fair.activities[0], IntakeDraft(2))
    assert [state(writing, child, fair) for child in range(3)] == [PLACED, OFFERED, WAITING]
    with pytest.raises(ConflictError):
        keep_intake(writing, a_desk(), fair.activities[0], IntakeDraft(1))


def test_who_left_loses_the_place_and_it_goes_on(writing: Session) -> None:
    fair = a_fair(writing)
    for child in fair.children:
        sign_up(writing, child, fair.activities[0])
    registration_of(writing, fair.children[0], fair.activities[0])
    gone = writing.scalars(select(GroupMember)).one()
    writing.delete(gone)
    writing.flush()
    assert drop_lost_places(writing, a_desk()) == 1
    assert turn_over(writing, a_desk(), fair.activities[0]) == 1
    assert [state(writing, child, fair) for child in range(2)] == [Place.CANCELLED, OFFERED]


@pytest.mark.parametrize(
    ("intake", "child", "code"),
    [
        ({"from_age": 11}, {}, "age"),
        ({"to_age": 9}, {}, "age"),
        ({"grades": ("5",)}, {"grade": "3", "grade_year": 2026}, "grade"),
        ({"grades": ("5",)}, {}, "no_grade"),
        ({"communities": (new_id(),)}, {}, "community"),
        ({}, {"left_on": date(2026, 11, 1)}, "left"),
        ({}, {"sealed_file": True}, "restricted_file"),
        ({"opens_at": at(SATURDAY, 8)}, {}, "not_open"),
        ({"closes_at": at(date(2026, 11, 20), 8)}, {}, "closed"),
    ],
)
def test_each_rule_has_its_code(
    writing: Session, intake: dict[str, object], child: dict[str, object], code: str
) -> None:
    station = writing.get_one(Station, a_fair(writing).station)
    activity = an_announced(writing, an_open_term(writing, station), 5, intake=_graded(intake)).id
    candidate = a_candidate(writing, writing.get_one(Station, station.id), **child).id
    outcome = sign_up(writing, candidate, activity)
    assert [one.code for one in outcome.obstacles] == [code]
    assert outcome.state is None


def _graded(intake: dict[str, object]) -> dict[str, object]:
    from core.domain.child_file import Grade  # noqa: PLC0415

    grades = intake.get("grades")
    return {**intake, "grades": tuple(Grade(one) for one in grades)} if isinstance(grades, tuple) else intake


def test_a_grade_moves_up_with_the_years(writing: Session) -> None:
    station = writing.get_one(Station, a_fair(writing).station)
    activity = an_announced(writing, an_open_term(writing, station), 5, intake=_graded({"grades": ("5",)})).id
    child = a_candidate(writing, writing.get_one(Station, station.id), grade="4", grade_year=2025).id
    assert sign_up(writing, child, activity).state is PLACED


def test_what_clashes_on_the_published_timetable_is_refused_with_the_other_activity(writing: Session) -> None:
    station = writing.get_one(Station, a_fair(writing).station)
    term = an_open_term(writing, station)
    chess = an_announced(writing, term, 5, at(SATURDAY, 9), at(SUNDAY, 9), title="象棋").id
    choir = an_announced(writing, term, 5, at(SUNDAY, 9, 30), title="合唱").id
    after = an_announced(writing, term, 5, at(SUNDAY, 10), title="绘画").id
    child = a_candidate(writing, writing.get_one(Station, station.id)).id
    sign_up(writing, child, chess)
    clash = sign_up(writing, child, choir).obstacles[0]
    assert (clash.code, clash.reason.values) == ("clash", {"title": "象棋", "when": at(SUNDAY, 9)})
    assert sign_up(writing, child, after).state is PLACED


def test_a_rule_is_waived_by_who_may_and_with_a_reason_alone(writing: Session) -> None:
    fair = a_fair(writing)
    station = writing.get_one(Station, fair.station)
    activity = an_announced(writing, an_open_term(writing, station), 5, intake={"from_age": 11}).id
    worker, head = (a_desk(actor=staff(writing, fair, role)) for role in (Role.SOCIAL_WORKER, Role.HEAD))
    child = fair.children[0]
    assert [one.code for one in sign_up(writing, child, activity, worker, reason="很成熟").obstacles] == ["age"]
    assert [one.code for one in sign_up(writing, child, activity, head).obstacles] == ["age"]
    assert sign_up(writing, child, activity, head, reason="很成熟").state is PLACED
    row = registration_of(writing, child, activity)
    assert (row.waived, row.reason) == (["age"], "很成熟")
    with pytest.raises(InvalidInputError):
        sign_up(writing, child, activity, head, reason="长" * 201)


def test_consents_are_nobodys_to_waive(writing: Session) -> None:
    from tests.integration.builders import a_child  # noqa: PLC0415

    fair = a_fair(writing)
    child = a_child(writing, writing.get_one(Station, fair.station)).id
    outcome = sign_up(writing, child, fair.activities[0], reason="家长口头同意")
    assert [one.code for one in outcome.obstacles] == ["no_basis"]


def test_by_wishes_nobody_comes_first(writing: Session) -> None:
    station = writing.get_one(Station, a_fair(writing).station)
    wishes = {"wishes_from": at(date(2026, 11, 20), 8), "wishes_until": at(date(2026, 11, 27), 8)}
    term = an_open_term(writing, station, opens_at=at(SATURDAY, 8), **wishes)
    activity = an_announced(writing, term, 5, intake={"way": Way.WISHES}).id
    child = a_candidate(writing, writing.get_one(Station, station.id)).id
    assert [one.code for one in sign_up(writing, child, activity).obstacles] == ["by_wishes"]


def test_a_walk_in_takes_a_free_place_after_registration_closed_and_never_waits(writing: Session) -> None:
    station = writing.get_one(Station, a_fair(writing).station)
    term = an_open_term(writing, station, closes_at=at(date(2026, 11, 20), 8))
    activity = an_announced(writing, term, 1).id
    children = [a_candidate(writing, writing.get_one(Station, station.id)).id for _ in range(2)]
    outcomes = [
        register(writing, a_desk(), new_id(), [Wanted(child, activity)], channel=Channel.WALK_IN)[0]
        for child in children
    ]
    assert [one.state for one in outcomes] == [PLACED, None]
    assert [one.code for one in outcomes[1].obstacles] == ["full"]


def test_what_is_not_announced_takes_nobody(writing: Session) -> None:
    station = writing.get_one(Station, a_fair(writing).station)
    term = an_open_term(writing, station)
    from tests.integration.builders import an_activity  # noqa: PLC0415

    activity = an_activity(writing, term)
    keep_intake(writing, a_desk(), activity.id, IntakeDraft(3))
    child = a_candidate(writing, writing.get_one(Station, station.id)).id
    assert [one.code for one in sign_up(writing, child, activity.id).obstacles] == ["not_announced"]


def test_a_child_is_shown_all_activities_with_reasons_and_free_places(writing: Session) -> None:
    fair = a_fair(writing, activities=2)
    sign_up(writing, fair.children[0], fair.activities[0])
    mine = {one.activity_id: one for one in prospects(writing, a_desk(), fair.children[0], fair.term)}
    theirs = {one.activity_id: one for one in prospects(writing, a_desk(), fair.children[1], fair.term)}
    taken_one, free_one = fair.activities
    assert (mine[taken_one].state, mine[taken_one].can_join) == (PLACED, False)
    assert (theirs[taken_one].free, theirs[taken_one].can_join) == (0, True)
    assert (theirs[free_one].free, theirs[free_one].taken) == (1, 0)


def test_nobody_registers_what_they_do_not_reach(writing: Session) -> None:
    fair, other = a_fair(writing), a_fair(writing)
    with pytest.raises(NotFoundError):
        sign_up(writing, new_id(), fair.activities[0])
    with pytest.raises(NotFoundError):
        sign_up(writing, fair.children[0], new_id())
    assert writing.scalars(select(Registration)).all() == []
    assert writing.get_one(Term, other.term)
