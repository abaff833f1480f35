"""Signing up for open places: what is open to whom, limits, rest, and the hours of those under age."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from core.db.models import Clearance
from core.domain.errors import ConflictError
from core.domain.replies import RequestState, ServingRules
from core.domain.vocabulary import Skill
from core.services.adults import Homes
from core.services.replies.answering import decline, give_up
from core.services.replies.asking import ask
from core.services.replies.fitness import NotFitError
from core.services.replies.occasions import find_session
from core.services.replies.safety import is_unsafe, safety_of
from core.services.replies.signing_up import open_places, other_places, sign_up
from core.services.serving_rules import decide_rules
from tests.integration.asked import LEAD, Weekend, a_weekend, another_session, entry, serving, states
from tests.integration.builders import BEFORE


def offered(session: Session, town: Weekend, number: int) -> set[object]:
    return {one.row.id for one in open_places(session, town.theirs(number), town.people[number])}


def test_who_signs_up_serves_at_once_and_their_calendar_says_so(writing: Session) -> None:
    town = a_weekend(writing)
    assert offered(writing, town, 2) == {town.session.id}
    assert offered(writing, town, 0) == set()
    sign_up(writing, town.theirs(2), town.session.id, LEAD, town.people[2].id)
    assert town.people[2].id in serving(writing, town.session)
    assert entry(writing, town.people[2], town.session) == "confirmed"
    assert offered(writing, town, 3) == set()
    with pytest.raises(NotFitError, match="taken"):
        sign_up(writing, town.theirs(3), town.session.id, LEAD, town.people[3].id)


def test_a_place_for_which_somebody_is_asked_is_kept_for_them(writing: Session) -> None:
    town = a_weekend(writing)
    ask(writing, town.desk(), town.session.id, LEAD, town.people[2].id)
    assert offered(writing, town, 3) == set()
    with pytest.raises(ConflictError, match="asked"):
        sign_up(writing, town.theirs(3), town.session.id, LEAD, town.people[3].id)
    sign_up(writing, town.theirs(2), town.session.id, LEAD, town.people[2].id)
    assert states(writing) == [RequestState.ACCEPTED]


def test_whoever_can_at_another_time_is_asked_for_what_is_open_near_it(writing: Session) -> None:
    town = a_weekend(writing)
    far, near = (another_session(writing, town, hour, title=str(hour), serving=[]) for hour in (13, 16))
    question = ask(writing, town.desk(), town.session.id, LEAD, town.people[2].id)
    assert near.starts_at is not None
    decline(writing, town.theirs(2), question.id, town.people[2].id, proposed_at=near.starts_at + timedelta(minutes=30))
    assert [one.row.id for one in other_places(writing, town.desk(), question)] == [near.id, far.id]
    ask(writing, town.desk(), near.id, LEAD, town.people[2].id)
    assert near.id not in {one.row.id for one in other_places(writing, town.desk(), question)}


def test_a_station_may_want_no_signing_up_and_private_sessions_never_do(writing: Session) -> None:
    town = a_weekend(writing)
    hidden = another_session(writing, town, 14, closed=True)
    assert offered(writing, town, 2) == {town.session.id}
    with pytest.raises(ConflictError):
        sign_up(writing, town.theirs(2), hidden.id, LEAD, town.people[2].id)
    decide_rules(writing, town.desk(), town.station.id, replace(ServingRules(), sign_up=False))
    assert offered(writing, town, 2) == set()
    with pytest.raises(ConflictError):
        sign_up(writing, town.theirs(2), town.session.id, LEAD, town.people[2].id)


def test_limits_of_day_week_and_term_and_rest_hold(writing: Session) -> None:
    town = a_weekend(writing, people=7)
    _first, _second, daily, weekly, termly, tired, fine = town.people
    daily.max_per_day = termly.max_sessions = 1
    same_day = another_session(writing, town, 15, serving=[daily, weekly])
    another_session(writing, town, 9, day=7, serving=[termly])
    straight_after = another_session(writing, town, 10, serving=[tired])
    decide_rules(writing, town.desk(), town.station.id, replace(ServingRules(), per_week=1, rest=30))
    assert same_day.id != straight_after.id
    reasons = []
    for number in range(2, 6):
        with pytest.raises(NotFitError) as refused:
            sign_up(writing, town.theirs(number), town.session.id, LEAD, town.people[number].id)
        reasons.append(str(refused.value.why))
    assert ["day" in reasons[0], "week" in reasons[1], "term" in reasons[2]] == [True] * 3
    assert "rest" in reasons[3] or "on the way" in reasons[3]
    sign_up(writing, town.theirs(6), town.session.id, LEAD, fine.id)


def test_the_way_between_two_venues_is_minded(writing: Session) -> None:
    town = a_weekend(writing)
    another_session(writing, town, 10, serving=[town.people[2]])
    decide_rules(writing, town.desk(), town.station.id, replace(ServingRules(), rest=0))
    with pytest.raises(NotFitError, match="on the way"):
        sign_up(writing, town.theirs(2), town.session.id, LEAD, town.people[2].id)


def test_skill_and_check_are_asked_of_the_day_itself(writing: Session) -> None:
    town = a_weekend(writing)
    town.activity.roles[0].skill = Skill.LAW
    writing.flush()
    with pytest.raises(NotFitError, match="skill"):
        sign_up(writing, town.theirs(2), town.session.id, LEAD, town.people[2].id)
    town.activity.roles[0].skill = None
    third = town.people[2]
    third.clearances[:] = [
        Clearance(station_id=third.station_id, checked_on=date(2026, 6, 1), valid_until=date(2026, 11, 27), passed=True)
    ]
    writing.flush()
    with pytest.raises(NotFitError, match="background check"):
        sign_up(writing, town.theirs(2), town.session.id, LEAD, third.id)


def test_a_minor_serves_with_consent_within_hours_and_never_counts_as_an_adult(writing: Session) -> None:
    town = a_weekend(writing)
    minor = town.people[2]
    minor.birth_date = date(2009, 5, 1)
    late = another_session(writing, town, 17)
    late_and_longer = another_session(writing, town, 17, day=1, duration=90)
    writing.flush()
    with pytest.raises(NotFitError, match="guardian"):
        sign_up(writing, town.theirs(2), town.session.id, LEAD, minor.id)
    minor.guardian_consent_on = date(2026, 9, 1)
    writing.flush()
    with pytest.raises(NotFitError, match="under age"):
        sign_up(writing, town.theirs(2), late_and_longer.id, LEAD, minor.id)
    sign_up(writing, town.theirs(2), late.id, LEAD, minor.id)
    sign_up(writing, town.theirs(2), town.session.id, LEAD, minor.id)
    give_up(writing, town.theirs(1), town.session.id, town.people[1].id)
    row = find_session(writing, town.session.id)
    assert len(row.assignments) == 2
    homes = Homes(writing)
    assert safety_of(row, homes, today=BEFORE.date()).adults == 1
    assert is_unsafe(row, homes, today=BEFORE.date())


def test_what_has_begun_is_not_open(writing: Session) -> None:
    town = a_weekend(writing)
    late = town.theirs(2, hours=48 + 1)
    assert open_places(writing, late, town.people[2]) == []
    with pytest.raises(NotFitError, match="begun"):
        sign_up(writing, late, town.session.id, LEAD, town.people[2].id)
    assert late.now - BEFORE == timedelta(hours=49)
