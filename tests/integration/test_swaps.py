"""Swaps: offered to all who may take the duty, taken by one of them, approved where the program wants that."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import DutyRequest, DutySwap, OutboxNotice
from core.domain.errors import ConflictError, NotFoundError
from core.domain.notices import NoticeKind
from core.domain.replies import RequestOrigin, RequestState, ServingRules, SwapState
from core.services.replies.answering import give_up
from core.services.replies.fitness import NotFitError
from core.services.replies.keeping import end_swap, swaps_due
from core.services.replies.swapping import decide, offer, take, withdraw_offer
from core.services.serving_rules import decide_rules
from tests.integration.asked import a_weekend, another_session, entry, serving


def told(session: Session, kind: NoticeKind) -> set[str]:
    return set(session.scalars(select(OutboxNotice.recipient).where(OutboxNotice.kind == kind)))


def test_a_duty_that_is_offered_stays_ones_own_until_somebody_takes_it(writing: Session) -> None:
    town = a_weekend(writing)
    first, second, third, *_ = town.people
    swap = offer(writing, town.theirs(1), town.session.id, second.id)
    assert serving(writing, town.session) == {first.id, second.id}
    assert told(writing, NoticeKind.SWAP_OFFERED) == {f"volunteer-{one.id.hex}" for one in town.people[2:]}
    take(writing, town.theirs(2), swap.id, third.id)
    assert serving(writing, town.session) == {first.id, third.id}
    assert (swap.state, swap.taken_by_id) == (SwapState.DONE, third.id)
    assert [entry(writing, one, town.session) for one in (second, third)] == ["cancelled", "confirmed"]
    word = writing.scalars(select(DutyRequest)).one()
    assert (word.volunteer_id, word.origin, word.state) == (third.id, RequestOrigin.SWAP, RequestState.ACCEPTED)
    assert told(writing, NoticeKind.SWAP_TAKEN) == {f"volunteer-{second.id.hex}"}


def test_only_one_takes_it_and_nobody_their_own(writing: Session) -> None:
    town = a_weekend(writing)
    swap = offer(writing, town.theirs(1), town.session.id, town.people[1].id)
    with pytest.raises(ConflictError):
        take(writing, town.theirs(1), swap.id, town.people[1].id)
    take(writing, town.theirs(2), swap.id, town.people[2].id)
    with pytest.raises(ConflictError, match="quicker"):
        take(writing, town.theirs(3), swap.id, town.people[3].id)


def test_who_may_not_serve_clashes_or_would_make_it_unsafe_is_neither_told_nor_taken(writing: Session) -> None:
    town = a_weekend(writing, people=7)
    first, second, busy, minor, wife, uncleared, fine = town.people
    another_session(writing, town, 9, serving=[busy])
    minor.birth_date, minor.guardian_consent_on = date(2010, 1, 1), date(2026, 1, 1)
    first.household = wife.household = "一家"
    uncleared.clearances.clear()
    writing.flush()
    swap = offer(writing, town.theirs(1), town.session.id, second.id)
    assert told(writing, NoticeKind.SWAP_OFFERED) == {f"volunteer-{fine.id.hex}"}
    for number, one in enumerate((busy, minor, wife, uncleared), start=2):
        with pytest.raises(NotFitError):
            take(writing, town.theirs(number), swap.id, one.id)
    assert serving(writing, town.session) == {first.id, second.id}


def test_where_the_program_wants_it_the_organizer_approves_or_refuses(writing: Session) -> None:
    town = a_weekend(writing)
    wanted = replace(ServingRules(), approve_swaps=frozenset({"sst"}))
    decide_rules(writing, town.desk(), town.station.id, wanted)
    swap = offer(writing, town.theirs(1), town.session.id, town.people[1].id)
    take(writing, town.theirs(2), swap.id, town.people[2].id)
    assert swap.state is SwapState.TAKEN
    assert town.people[1].id in serving(writing, town.session)
    decide(writing, town.desk(), swap.id, approved=False)
    assert (swap.state, swap.taken_by_id) == (SwapState.OFFERED, None)
    take(writing, town.theirs(3), swap.id, town.people[3].id)
    decide(writing, town.desk(), swap.id, approved=True)
    assert serving(writing, town.session) == {town.people[0].id, town.people[3].id}
    with pytest.raises(ConflictError):
        decide(writing, town.desk(), swap.id, approved=True)


def test_an_offer_is_withdrawn_by_its_owner_and_ends_when_the_duty_is_given_up_or_begins(writing: Session) -> None:
    town = a_weekend(writing, serving=3)
    swap = offer(writing, town.theirs(0), town.session.id, town.people[0].id)
    with pytest.raises(ConflictError):
        offer(writing, town.theirs(0), town.session.id, town.people[0].id)
    with pytest.raises(NotFoundError):
        withdraw_offer(writing, town.theirs(1), swap.id, town.people[1].id)
    withdraw_offer(writing, town.theirs(0), swap.id, town.people[0].id)
    again = offer(writing, town.theirs(0), town.session.id, town.people[0].id)
    give_up(writing, town.theirs(0), town.session.id, town.people[0].id)
    assert again.state is SwapState.WITHDRAWN
    last = offer(writing, town.theirs(1), town.session.id, town.people[1].id)
    assert swaps_due(writing, town.desk(47)) == []
    assert swaps_due(writing, town.desk(49)) == [last.id]
    assert end_swap(writing, town.desk(49), last.id)
    assert not end_swap(writing, town.desk(49), last.id)
    assert writing.get_one(DutySwap, last.id).state is SwapState.OVER


def test_a_duty_that_is_not_ones_own_or_is_over_cannot_be_offered(writing: Session) -> None:
    town = a_weekend(writing)
    with pytest.raises(NotFoundError):
        offer(writing, town.theirs(2), town.session.id, town.people[2].id)
    with pytest.raises(ConflictError):
        offer(writing, town.theirs(0, hours=49), town.session.id, town.people[0].id)
