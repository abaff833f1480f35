"""Requests for duties: asked, answered, taken back, ended by the clock, and passed on to the next best person."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, DutyRequest, FeedItem, OutboxNotice
from core.db.models import Plan as StoredPlan
from core.db.models.activity import SessionStatus
from core.db.models.plan import PlanStatus
from core.domain.errors import ConflictError, InvalidInputError, Message, NotAllowedError, NotFoundError
from core.domain.notices import NoticeKind
from core.domain.replies import RequestState
from core.feeds.itip import Partstat
from core.hooks.calling import Hooks
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.services.feed_ledger import update_ledger
from core.services.replies.answering import accept, decline, give_up, note_cancellation, take_back
from core.services.replies.asking import Terms, ask, ask_for_plan, withdraw
from core.services.replies.by_mail import take_by_mail
from core.services.replies.fitness import NotFitError
from core.services.replies.keeping import GRACE, requests_due, turn_request
from core.services.replies.occasions import find_session, published
from core.services.replies.ranking import planner_for, ranked
from core.services.replies.safety import unsafe_between
from core.services.replies.signing_up import sign_up
from tests.integration.asked import LEAD, a_weekend, another_session, entry, serving, states
from tests.integration.builders import BEFORE, SATURDAY, at


def told(session: Session, kind: NoticeKind) -> int:
    return len(session.scalars(select(OutboxNotice).where(OutboxNotice.kind == kind)).all())


def test_who_is_asked_sees_it_as_tentative_and_who_agrees_serves(writing: Session) -> None:
    town = a_weekend(writing)
    third = town.people[2]
    request = ask(writing, town.desk(), town.session.id, LEAD, third.id)
    assert (entry(writing, third, town.session), third.id in serving(writing, town.session)) == ("tentative", False)
    assert told(writing, NoticeKind.DUTY_ASKED) == 1
    accept(writing, town.theirs(2), request.id, third.id)
    assert (entry(writing, third, town.session), third.id in serving(writing, town.session)) == ("confirmed", True)
    accept(writing, town.theirs(2), request.id, third.id)
    assert states(writing) == [RequestState.ACCEPTED]


def test_who_declines_says_why_and_their_calendar_lets_the_time_go(writing: Session) -> None:
    town = a_weekend(writing)
    request = ask(writing, town.desk(), town.session.id, LEAD, town.people[2].id)
    decline(writing, town.theirs(2), request.id, town.people[2].id, reason=" 要考试 ")
    assert (request.state, request.reason) == (RequestState.DECLINED, "要考试")
    assert entry(writing, town.people[2], town.session) == "cancelled"
    with pytest.raises(ConflictError):
        accept(writing, town.theirs(2), request.id, town.people[2].id)


def test_another_time_can_be_proposed_but_not_one_that_is_over(writing: Session) -> None:
    town = a_weekend(writing)
    request = ask(writing, town.desk(), town.session.id, LEAD, town.people[2].id)
    with pytest.raises(InvalidInputError):
        decline(writing, town.theirs(2), request.id, town.people[2].id, proposed_at=BEFORE - timedelta(hours=1))
    decline(writing, town.theirs(2), request.id, town.people[2].id, proposed_at=at(SATURDAY, 14))
    assert (request.state, request.proposed_at) == (RequestState.PROPOSED, at(SATURDAY, 14))


def test_nobody_answers_for_somebody_else(writing: Session) -> None:
    town = a_weekend(writing)
    request = ask(writing, town.desk(), town.session.id, LEAD, town.people[2].id)
    for deed in (accept, decline, take_back):
        with pytest.raises(NotFoundError):
            deed(writing, town.theirs(3), request.id, town.people[3].id)


def test_an_answer_is_taken_back_until_the_deadline(writing: Session) -> None:
    town = a_weekend(writing)
    third = town.people[2]
    request = ask(writing, town.desk(), town.session.id, LEAD, third.id, Terms(hours=4))
    accept(writing, town.theirs(2), request.id, third.id)
    take_back(writing, town.theirs(2, hours=3), request.id, third.id)
    assert (request.state, entry(writing, third, town.session)) == (RequestState.ASKED, "tentative")
    assert third.id not in serving(writing, town.session)
    decline(writing, town.theirs(2, hours=3), request.id, third.id, reason="x")
    take_back(writing, town.theirs(2, hours=3.5), request.id, third.id)
    assert (request.state, request.reason) == (RequestState.ASKED, None)
    accept(writing, town.theirs(2, hours=3.6), request.id, third.id)
    with pytest.raises(ConflictError, match="too late"):
        take_back(writing, town.theirs(2, hours=5), request.id, third.id)


def test_whoever_a_plan_has_serve_is_asked_and_keeps_the_place_until_the_answer(writing: Session) -> None:
    town = a_weekend(writing)
    plan = StoredPlan(
        station_id=town.station.id,
        term_id=town.term.id,
        version=1,
        status=PlanStatus.PUBLISHED,
        problem={},
        document={"format": "weibao.plan/1", "problem": "p", "sessions": []},
        summary={},
        shortfalls=[],
        created_at=town.desk().clock.now(),
    )
    writing.add(plan)
    writing.flush()
    assert ask_for_plan(writing, town.desk(), plan.id) == 2
    assert ask_for_plan(writing, town.desk(), plan.id) == 0
    first, second = town.people[:2]
    assert [entry(writing, one, town.session) for one in (first, second)] == ["tentative"] * 2
    one, other = sorted(writing.scalars(select(DutyRequest)), key=lambda row: row.volunteer_id != first.id)
    accept(writing, town.theirs(0), one.id, first.id)
    assert entry(writing, first, town.session) == "confirmed"
    decline(writing, town.theirs(1), other.id, second.id)
    assert serving(writing, town.session) == {first.id}
    assert told(writing, NoticeKind.SESSION_UNSAFE) == 1
    take_back(writing, town.theirs(1, hours=0.1), other.id, second.id)
    assert serving(writing, town.session) == {first.id, second.id}
    assert entry(writing, second, town.session) == "tentative"


def test_of_two_who_are_asked_for_one_place_the_first_has_it_and_the_other_is_told(writing: Session) -> None:
    town = a_weekend(writing)
    requests = [ask(writing, town.desk(), town.session.id, LEAD, town.people[one].id) for one in (2, 3)]
    accept(writing, town.theirs(3), requests[1].id, town.people[3].id)
    assert states(writing) == [RequestState.WITHDRAWN, RequestState.ACCEPTED]
    assert told(writing, NoticeKind.DUTY_WITHDRAWN) == 1
    assert entry(writing, town.people[2], town.session) == "cancelled"


def test_a_question_can_be_taken_back_until_it_is_answered(writing: Session) -> None:
    town = a_weekend(writing)
    request = ask(writing, town.desk(), town.session.id, LEAD, town.people[2].id)
    withdraw(writing, town.desk(), request.id)
    assert request.state is RequestState.WITHDRAWN
    with pytest.raises(ConflictError):
        withdraw(writing, town.desk(), request.id)


def test_the_clock_reminds_once_and_ends_the_question(writing: Session) -> None:
    town = a_weekend(writing)
    request = ask(writing, town.desk(), town.session.id, LEAD, town.people[2].id, Terms(hours=10))
    assert requests_due(writing, town.desk(4)) == []
    assert requests_due(writing, town.desk(6)) == [request.id]
    assert turn_request(writing, town.desk(6), request.id)
    assert not turn_request(writing, town.desk(6), request.id)
    assert told(writing, NoticeKind.DUTY_ASKED) == 2
    assert requests_due(writing, town.desk(11)) == [request.id]
    assert turn_request(writing, town.desk(11), request.id)
    assert states(writing) == [RequestState.EXPIRED]
    assert requests_due(writing, town.desk(11)) == []


def test_the_next_best_person_is_asked_after_a_no_but_not_before_it_may_be_taken_back(writing: Session) -> None:
    town = a_weekend(writing)
    request = ask(writing, town.desk(), town.session.id, LEAD, town.people[2].id, Terms(go_on=True))
    decline(writing, town.theirs(2), request.id, town.people[2].id)
    soon, later = 0.1, GRACE / timedelta(hours=1) + 0.01
    assert requests_due(writing, town.desk(soon)) == []
    assert requests_due(writing, town.desk(later)) == [request.id]
    assert turn_request(writing, town.desk(later), request.id)
    assert states(writing) == [RequestState.DECLINED, RequestState.ASKED]
    newest = writing.scalars(select(DutyRequest).order_by(DutyRequest.id.desc())).first()
    assert newest is not None
    assert newest.volunteer_id in {town.people[3].id, town.people[4].id}
    with pytest.raises(ConflictError):
        take_back(writing, town.theirs(2, later), request.id, town.people[2].id)


def test_silence_passes_the_question_on_until_nobody_is_left(writing: Session) -> None:
    town = a_weekend(writing)
    ask(writing, town.desk(), town.session.id, LEAD, town.people[2].id, Terms(go_on=True, hours=1))
    hours, asked = 0.0, []
    for _turn in range(8):
        hours += 5
        for key in requests_due(writing, town.desk(hours)):
            turn_request(writing, town.desk(hours), key)
        asked.append(len(states(writing)))
    assert asked[-1] == 3
    assert len({one.volunteer_id for one in writing.scalars(select(DutyRequest))}) == 3
    assert RequestState.ACCEPTED not in states(writing)


def test_somebody_who_cannot_do_it_is_not_asked(writing: Session) -> None:
    town = a_weekend(writing)
    busy, minor, unfit = town.people[2:5]
    another_session(writing, town, 9, serving=[busy])
    minor.birth_date = date(2010, 5, 1)
    unfit.active = False
    writing.flush()
    for one in (busy, minor, unfit, town.people[0]):
        with pytest.raises(NotFitError):
            ask(writing, town.desk(), town.session.id, LEAD, one.id)
    assert states(writing) == []


def test_a_session_that_loses_its_second_adult_is_unsafe_until_somebody_mends_it(writing: Session) -> None:
    town = a_weekend(writing)
    horizon = at(SATURDAY, 23)
    assert unsafe_between(writing, BEFORE, horizon) == ()
    give_up(writing, town.theirs(1), town.session.id, town.people[1].id, reason="发烧")
    found = unsafe_between(writing, BEFORE, horizon)
    assert [(row.id, safety.adults, safety.least) for row, safety in found] == [(town.session.id, 1, 2)]
    assert (told(writing, NoticeKind.SESSION_UNSAFE), told(writing, NoticeKind.LATE_CANCELLATION)) == (1, 0)
    assert entry(writing, town.people[1], town.session) == "cancelled"
    occasion = published(find_session(writing, town.session.id))
    planner = planner_for(writing, town.desk(), occasion)
    assert planner is not None
    best = ranked(writing, town.desk(), occasion, LEAD, planner)
    assert all(one.cost is not None for one in best)
    assert {one.volunteer.id for one in best} == {one.id for one in town.people[2:]}
    assert all(one.mends for one in best)
    request = ask(writing, town.desk(), town.session.id, LEAD, best[0].volunteer.id)
    accept(writing, town.desk(), request.id, best[0].volunteer.id)
    assert unsafe_between(writing, BEFORE, horizon) == ()


def test_giving_a_duty_up_late_raises_an_alarm(writing: Session) -> None:
    town = a_weekend(writing, serving=3)
    give_up(writing, town.theirs(1, hours=1), town.session.id, town.people[1].id)
    assert (told(writing, NoticeKind.SESSION_UNSAFE), told(writing, NoticeKind.LATE_CANCELLATION)) == (0, 1)


def test_who_called_the_station_is_out_as_if_they_had_said_so_themselves(writing: Session) -> None:
    town = a_weekend(writing, serving=3)
    with pytest.raises(NotAllowedError):
        note_cancellation(writing, town.theirs(0), town.session.id, town.people[1].id)
    note_cancellation(writing, town.desk(hours=1), town.session.id, town.people[1].id, reason="孩子发烧")
    assert town.people[1].id not in serving(writing, town.session)
    assert told(writing, NoticeKind.LATE_CANCELLATION) == 1
    (said,) = writing.scalars(select(DutyRequest))
    assert (said.state, said.reason) == (RequestState.DECLINED, "孩子发烧")
    assert entry(writing, town.people[1], town.session) == "cancelled"
    noted = writing.scalars(select(AuditEntry).where(AuditEntry.action == "duty.declined")).one()
    assert noted.actor_id == town.organizer.id


def test_the_best_replacement_makes_it_safe_and_has_the_fewest_duties(writing: Session) -> None:
    town = a_weekend(writing, people=6)
    first, second, wife, busy, idle, away = town.people
    first.household = wife.household = "一家"
    away.availabilities.clear()
    another_session(writing, town, 14, serving=[busy, second], day=1)
    writing.flush()
    give_up(writing, town.theirs(1), town.session.id, second.id)
    found = ranked(writing, town.desk(), published(find_session(writing, town.session.id)), LEAD, None)
    assert [one.volunteer.id for one in found] == [idle.id, busy.id, wife.id]
    assert [one.mends for one in found] == [True, True, False]


@pytest.mark.parametrize(
    ("partstat", "state"),
    [
        (Partstat.ACCEPTED, RequestState.ACCEPTED),
        (Partstat.DECLINED, RequestState.DECLINED),
        (Partstat.TENTATIVE, RequestState.ASKED),
    ],
)
def test_a_calendar_programs_answer_counts_for_an_open_question(
    writing: Session, partstat: Partstat, state: RequestState
) -> None:
    town = a_weekend(writing)
    third = town.people[2]
    ask(writing, town.desk(), town.session.id, LEAD, third.id)
    duty = writing.scalars(select(FeedItem).where(FeedItem.subject == third.id.hex)).one()
    assert take_by_mail(town.desk(), writing, duty, third.id, partstat) is (state is not RequestState.ASKED)
    assert states(writing) == [state]


def test_a_mail_gives_up_no_duty_to_which_somebody_has_agreed(writing: Session) -> None:
    town = a_weekend(writing)
    third = town.people[2]
    request = ask(writing, town.desk(), town.session.id, LEAD, third.id)
    accept(writing, town.theirs(2), request.id, third.id)
    duty = writing.scalars(select(FeedItem).where(FeedItem.subject == third.id.hex)).one()
    assert not take_by_mail(town.desk(), writing, duty, third.id, Partstat.DECLINED)
    assert third.id in serving(writing, town.session)


def test_a_mail_that_comes_when_the_place_is_filled_changes_nothing(writing: Session) -> None:
    town = a_weekend(writing, places=2, serving=1)
    third = town.people[2]
    ask(writing, town.desk(), town.session.id, LEAD, third.id)
    duty = writing.scalars(select(FeedItem).where(FeedItem.subject == third.id.hex)).one()
    third.clearances.clear()
    writing.flush()
    assert not take_by_mail(town.desk(), writing, duty, third.id, Partstat.ACCEPTED)
    assert states(writing) == [RequestState.ASKED]


class NobodyNew(Rule):
    """A program's rule: no more than two people."""

    name = "strict.nobody_new"

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:  # noqa: ARG002 (the rule needs no more)
        """Yield each session with a third."""
        for row in plan.sessions:
            if len(row.people()) > 2:
                yield Breach(self.name, (row.key,), Message("The plan breaks %(count)s rules.", {"count": 1}))


def test_a_programs_own_rule_keeps_somebody_out_unless_it_is_broken_already(
    writing: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_weekend(writing, places=4)
    monkeypatch.setattr(Hooks, "planning_rules", lambda _self: (NobodyNew(),))
    with pytest.raises(NotFitError, match="breaks 1 rules"):
        sign_up(writing, town.theirs(2), town.session.id, LEAD, town.people[2].id)
    monkeypatch.setattr(Hooks, "planning_rules", lambda _self: ())
    sign_up(writing, town.theirs(2), town.session.id, LEAD, town.people[2].id)
    monkeypatch.setattr(Hooks, "planning_rules", lambda _self: (NobodyNew(),))
    sign_up(writing, town.theirs(3), town.session.id, LEAD, town.people[3].id)


def test_a_session_that_is_cancelled_asks_nobody_any_more(writing: Session) -> None:
    town = a_weekend(writing)
    third = town.people[2]
    request = ask(writing, town.desk(), town.session.id, LEAD, third.id)
    row = find_session(writing, town.session.id)
    row.assignments.clear()
    row.status = SessionStatus.CANCELLED
    update_ledger(writing, town.desk().clock, town.desk().hooks, station_id=town.station.id)
    assert entry(writing, third, town.session) == "cancelled"
    with pytest.raises(ConflictError, match="not held"):
        accept(writing, town.theirs(2), request.id, third.id)
