"""Families' lists: saved once, never lost, closed for everybody at the same moment."""

from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.config import Settings
from core.daily import Work
from core.db.models import AuditEntry, Child, Registration, Station, WishList, WishRound
from core.db.session import Database
from core.db.wish_guard import WISH_GUARD
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.errors import ConflictError, InvalidInputError, NotFoundError
from core.domain.ids import new_id
from core.domain.vocabulary import GuardianAccess
from core.domain.wishing import Draw
from core.services import guardian_links
from core.services.erasing import erase_child
from core.services.registration.intakes import IntakeDraft, keep_intake, keep_term_intake
from core.services.retention import wishes_due
from core.services.wishes.choices import choices
from core.services.wishes.companions import put_apart, put_together
from core.services.wishes.families import family_list, family_rounds, save_family_wishes
from core.services.wishes.keeping import erase_wishes
from core.services.wishes.lists import (
    ListChangedError,
    NotForChildError,
    WishDraft,
    WishesClosedError,
    save_wishes,
    wishes_of,
)
from core.services.wishes.rounds import (
    RoundDraft,
    circles_of,
    close_round,
    enter_draw,
    keep_round,
    round_draft,
    round_of,
    terms_to_close,
)
from core.waiting import lists_are_due, turn_lists_over
from tests.integration.builders import a_community, a_station
from tests.integration.registering import Hands, a_candidate, a_desk
from tests.integration.timetable import NO_PLUGINS
from tests.integration.wishing import (
    DRAW,
    SEED,
    TO_THE_DRAW,
    TO_THE_END,
    UNTIL,
    Wished,
    a_wish_dates,
    a_wish_term,
    draw_lots,
    wish,
)


def ranked(session: Session, wished: Wished, child: int = 0) -> list[int]:
    """Return a stored list as positions."""
    found = wishes_of(session, a_desk(), wished.children[child], wished.term)
    return [wished.activities.index(one) for one in found.ranked]


def test_a_list_is_kept_in_its_order_and_the_family_gets_a_number_and_a_code(writing: Session) -> None:
    wished = a_wish_term(writing)
    saved = wish(writing, wished, 0, 2, 0, most=1)
    assert (saved.revision, saved.most, len(saved.number), len(saved.code)) == (1, 1, 11, 6)
    assert ranked(writing, wished) == [2, 0]
    assert wishes_of(writing, a_desk(), wished.children[1], wished.term).revision == 0


def test_the_same_list_sent_again_changes_nothing(writing: Session) -> None:
    wished = a_wish_term(writing)
    first = wish(writing, wished, 0, 2, 0)
    again = wish(writing, wished, 0, 2, 0)
    assert again == first
    saved = select(AuditEntry).where(AuditEntry.action == "wishes.saved")
    assert len(writing.scalars(saved).all()) == 1


def test_who_saves_over_a_change_they_have_not_seen_is_shown_both(writing: Session) -> None:
    wished = a_wish_term(writing)
    wish(writing, wished, 0, 0)
    wish(writing, wished, 0, 1, seen=1)
    with pytest.raises(ListChangedError) as caught:
        wish(writing, wished, 0, 2, 1, seen=1)
    assert caught.value.theirs.ranked == (wished.activities[1],)
    assert caught.value.mine.ranked == (wished.activities[2], wished.activities[1])
    assert ranked(writing, wished) == [1]
    wish(writing, wished, 0, 2, 1, seen=2)
    assert ranked(writing, wished) == [2, 1]


def test_a_first_list_of_two_parents_at_once_is_the_first_ones(writing: Session) -> None:
    wished = a_wish_term(writing)
    wish(writing, wished, 0, 0)
    with pytest.raises(ListChangedError):
        wish(writing, wished, 0, 1)


@pytest.mark.parametrize(
    "draft",
    [WishDraft(most=0), WishDraft(friends=("O0",)), WishDraft(friends=("AAAAAA", "BBBBBB", "CCCCCC", "DDDDDD"))],
)
def test_what_cannot_be_right_is_refused(writing: Session, draft: WishDraft) -> None:
    wished = a_wish_term(writing)
    with pytest.raises(InvalidInputError):
        wish(writing, wished, 0, most=draft.most, friends=draft.friends)


def test_no_activity_twice_and_no_more_than_a_list_holds(writing: Session) -> None:
    wished = a_wish_term(writing)
    with pytest.raises(InvalidInputError, match="twice"):
        wish(writing, wished, 0, 1, 1)
    keep_round(writing, a_desk(), wished.term, RoundDraft(most_wishes=2))
    with pytest.raises(InvalidInputError, match="at most 2"):
        wish(writing, wished, 0, 0, 1, 2)


def test_what_no_paper_cures_cannot_be_wished_for_and_a_missing_paper_can(writing: Session) -> None:
    wished = a_wish_term(writing, from_age=14)
    offered = choices(writing, a_desk(), wished.children[0], wished.term)
    assert [[one.code for one in choice.barring] for choice in offered] == [["age"]] * 3
    with pytest.raises(NotForChildError) as caught:
        wish(writing, wished, 0, 0)
    assert list(caught.value.obstacles) == [wished.activities[0]]


def test_what_stood_on_the_list_stays_though_the_ages_were_changed(writing: Session) -> None:
    wished = a_wish_term(writing)
    wish(writing, wished, 0, 0, 1)
    way = choices(writing, a_desk(), wished.children[0], wished.term)
    assert all(one.can_wish for one in way)
    keep_intake(writing, a_desk(), wished.activities[0], IntakeDraft(1, way=a_wish_dates().way, from_age=14))
    wish(writing, wished, 0, 1, 0, seen=1)
    assert ranked(writing, wished) == [1, 0]


def test_activities_that_are_first_come_or_unknown_take_no_wishes(writing: Session) -> None:
    wished = a_wish_term(writing)
    keep_intake(writing, a_desk(), wished.activities[0], IntakeDraft(1))
    with pytest.raises(NotFoundError):
        wish(writing, wished, 0, 0)


def test_wishes_are_taken_until_the_minute_and_not_after(writing: Session) -> None:
    wished, clock = a_wish_term(writing), Hands()
    clock.pass_by(TO_THE_END - timedelta(seconds=1))
    wish(writing, wished, 0, 0, clock=clock)
    with pytest.raises(ConflictError):
        close_round(writing, a_desk(clock), wished.term)
    clock.pass_by(timedelta(seconds=1))
    with pytest.raises(WishesClosedError):
        wish(writing, wished, 1, 0, clock=clock)


def test_friends_are_together_once_each_names_the_other(writing: Session) -> None:
    wished = a_wish_term(writing, children=3)
    first, second = (wish(writing, wished, child, 0) for child in (0, 1))
    named = wish(writing, wished, 0, 0, seen=1, friends=[f" {second.code.lower()[:3]}-{second.code.lower()[3:]}"])
    unknown = wish(writing, wished, 2, 0, friends=["AAAAAA"])
    assert [one.mutual for one in (*named.friends, *unknown.friends)] == [False, False]
    assert circles_of(writing, wished.term) == ()
    answered = wish(writing, wished, 1, 0, seen=1, friends=[first.code])
    assert [one.mutual for one in answered.friends] == [True]
    (circle,) = circles_of(writing, wished.term)
    assert set(circle) == set(wished.children[:2])


def test_staff_put_siblings_together_and_apart_again(writing: Session) -> None:
    wished = a_wish_term(writing, children=3)
    wish(writing, wished, 0, 0)
    with pytest.raises(InvalidInputError):
        put_together(writing, a_desk(), wished.term, wished.children[:2])
    for child in (1, 2):
        wish(writing, wished, child, 0)
    put_together(writing, a_desk(), wished.term, wished.children)
    (circle,) = circles_of(writing, wished.term)
    assert set(circle) == set(wished.children)
    found = wishes_of(writing, a_desk(), wished.children[0], wished.term)
    assert (found.revision, [one.mutual for one in found.friends]) == (2, [True, True])
    put_apart(writing, a_desk(), wished.term, wished.children[:2])
    put_apart(writing, a_desk(), wished.term, wished.children[1:])
    (circle,) = circles_of(writing, wished.term)
    assert set(circle) == {wished.children[0], wished.children[2]}


def test_closed_lists_have_a_digest_and_change_no_more_whoever_asks_the_database(writing: Session) -> None:
    wished, clock = a_wish_term(writing), Hands()
    saved = wish(writing, wished, 0, 2, 0)
    clock.pass_by(TO_THE_END)
    assert terms_to_close(writing, a_desk(clock)) == [wished.term]
    digest = close_round(writing, a_desk(clock), wished.term)
    line = f"{saved.number} - {wished.activities[2]},{wished.activities[0]} -\n"
    assert digest == sha256(line.encode()).hexdigest()
    assert close_round(writing, a_desk(clock), wished.term) == digest
    assert terms_to_close(writing, a_desk(clock)) == []
    with pytest.raises(IntegrityError, match=WISH_GUARD), writing.begin_nested():
        writing.execute(update(WishList).values(ranked=[]))
    row = WishList(station_id=wished.station, child_id=wished.children[1], term_id=wished.term, number="W", code="C")
    row.revision, row.entered_at, row.changed_at = 1, clock.now(), clock.now()
    writing.add(row)
    with pytest.raises(IntegrityError, match=WISH_GUARD):
        writing.flush()
    writing.rollback()


def test_an_erased_child_takes_its_list_along_after_the_closing_too(writing: Session) -> None:
    wished, clock = a_wish_term(writing), Hands()
    wish(writing, wished, 0, 0)
    clock.pass_by(TO_THE_END)
    close_round(writing, a_desk(clock), wished.term)
    erase_child(writing, SYSTEM, clock, wished.children[0])
    assert writing.scalars(select(WishList)).all() == []


def test_the_draw_that_counts_is_known_beforehand_and_makes_the_seed(writing: Session) -> None:
    wished, clock = a_wish_term(writing), Hands()
    known = round_of(writing, wished.term)
    assert known is not None
    assert (known.draw_day, known.seed) == (date(2026, 11, 29), "")
    assert draw_lots(writing, wished, clock) == SEED
    drawn = round_of(writing, wished.term)
    assert drawn is not None
    assert (drawn.seed, drawn.draw_issue, drawn.drawn_on) == (SEED, "2026137", DRAW.day)
    assert drawn.closed_at is not None


def test_no_draw_counts_that_was_known_while_wishes_were_taken_or_is_still_to_come(writing: Session) -> None:
    wished, clock = a_wish_term(writing), Hands()
    with pytest.raises(ConflictError):
        enter_draw(writing, a_desk(), wished.term, DRAW, "cwl")
    clock.pass_by(timedelta(days=1))
    with pytest.raises(ConflictError, match="held yet"):
        enter_draw(writing, a_desk(clock), wished.term, DRAW, "cwl")
    clock.pass_by(TO_THE_DRAW)
    early = Draw("2026136", UNTIL.date(), DRAW.reds, DRAW.blue)
    with pytest.raises(ConflictError, match="later day"):
        enter_draw(writing, a_desk(clock), wished.term, early, "cwl")
    with pytest.raises(InvalidInputError, match="where"):
        enter_draw(writing, a_desk(clock), wished.term, DRAW, " ")


def test_wishes_open_again_until_the_lots_are_drawn(writing: Session) -> None:
    wished, clock = a_wish_term(writing), Hands()
    wish(writing, wished, 0, 0)
    clock.pass_by(TO_THE_END)
    close_round(writing, a_desk(clock), wished.term)
    with pytest.raises(InvalidInputError, match="later than now"):
        keep_term_intake(writing, a_desk(clock), wished.term, a_wish_dates(wishes_until=UNTIL - timedelta(hours=1)))
    keep_term_intake(writing, a_desk(clock), wished.term, a_wish_dates(wishes_until=UNTIL + timedelta(hours=1)))
    wish(writing, wished, 1, 1, clock=clock)
    assert writing.scalars(select(WishRound)).one().digest == ""
    draw_lots(writing, wished, clock)
    with pytest.raises(ConflictError, match="drawn"):
        keep_term_intake(writing, a_desk(clock), wished.term, a_wish_dates(wishes_until=UNTIL + timedelta(days=30)))
    with pytest.raises(ConflictError, match="drawn"):
        keep_round(writing, a_desk(clock), wished.term, RoundDraft(held_back_percent=50))


def test_what_is_kept_back_is_decided_for_a_term(writing: Session) -> None:
    wished = a_wish_term(writing)
    keep_round(writing, a_desk(), wished.term, RoundDraft(held_back_percent=10, fewest_wishes=3))
    assert round_draft(writing, wished.term) == RoundDraft(10, 10, 3)
    with pytest.raises(InvalidInputError):
        keep_round(writing, a_desk(), wished.term, RoundDraft(held_back_percent=101))


def visit_of(session: Session, child: Child, clock: Hands) -> guardian_links.Visit:
    guardian = child.guardians[0].id
    guardian_links.decide_access(session, SYSTEM, clock, guardian, GuardianAccess.FULL)
    made = guardian_links.make_link(session, SYSTEM, clock, guardian)
    return guardian_links.visit(session, clock, made.token)


def test_a_family_gives_its_wishes_at_its_address_also_from_a_community_below(writing: Session) -> None:
    wished, clock = a_wish_term(writing), Hands()
    station = writing.get_one(Station, wished.station)
    child = a_candidate(writing, a_community(writing, station)).id
    at_home = visit_of(writing, writing.get_one(Child, child), clock)
    assert [one.term_id for one in family_rounds(writing, a_desk(clock), at_home)] == [wished.term]
    shown = family_list(writing, a_desk(clock), at_home, wished.term)
    assert ({one.activity_id for one in shown.choices}, shown.wishes.revision) == (set(wished.activities), 0)
    draft = WishDraft((wished.activities[1],))
    saved = save_family_wishes(writing, a_desk(clock), at_home, wished.term, draft, seen=0)
    assert (saved.ranked, saved.by_family, saved.child_id) == (draft.ranked, True, child)


def test_a_family_of_another_station_finds_nothing(writing: Session) -> None:
    wished, clock = a_wish_term(writing), Hands()
    stranger = visit_of(writing, a_candidate(writing, a_station(writing)), clock)
    assert family_rounds(writing, a_desk(clock), stranger) == ()
    with pytest.raises(NotFoundError):
        save_family_wishes(writing, a_desk(clock), stranger, wished.term, WishDraft(), seen=0)


def test_no_place_comes_of_a_wish_alone(writing: Session) -> None:
    wished = a_wish_term(writing)
    wish(writing, wished, 0, 0)
    assert writing.scalars(select(Registration)).all() == []
    with pytest.raises(NotFoundError):
        wishes_of(writing, a_desk(), new_id(), wished.term)


def test_two_years_after_its_term_nothing_of_the_wishes_is_left(writing: Session) -> None:
    wished, clock = a_wish_term(writing), Hands()
    wish(writing, wished, 0, 0)
    draw_lots(writing, wished, clock)
    assert wishes_due(writing, date(2028, 12, 31)) == []
    assert [one.subject_id for one in wishes_due(writing, date(2029, 1, 1))] == [wished.term]
    assert erase_wishes(writing, SYSTEM, clock, wished.term)
    assert not erase_wishes(writing, SYSTEM, clock, wished.term)
    assert writing.scalars(select(WishList)).all() == []
    found = writing.scalars(select(WishRound)).one()
    assert (found.lists, found.seed) == (None, SEED)


def test_the_clock_of_lists_closes_wishes_at_their_minute(database: Database, tmp_path: Path) -> None:
    clock = Hands()
    with database.writing(EVERYTHING) as session:
        wish(session, a_wish_term(session), 0, 0)
    work = Work(database, clock, Settings.in_directory(tmp_path))
    assert not lists_are_due(work)
    clock.pass_by(TO_THE_END)
    assert lists_are_due(work)
    assert turn_lists_over(work, NO_PLUGINS) == 1
    assert not lists_are_due(work)


def test_a_child_has_wishes_in_the_terms_of_its_own_station_alone(writing: Session) -> None:
    wished = a_wish_term(writing)
    stranger = a_candidate(writing, a_station(writing)).id
    with pytest.raises(NotFoundError):
        save_wishes(writing, a_desk(), stranger, wished.term, WishDraft((wished.activities[0],)), seen=0)


def test_a_child_of_the_county_has_none_in_the_term_of_a_station_below(writing: Session) -> None:
    county, clock = a_station(writing), Hands()
    below = a_wish_term(writing, station=a_community(writing, county))
    child = a_candidate(writing, writing.get_one(Station, county.id))
    with pytest.raises(NotFoundError):
        save_wishes(writing, a_desk(), child.id, below.term, WishDraft((below.activities[0],)), seen=0)
    at_home = visit_of(writing, writing.get_one(Child, child.id), clock)
    assert family_rounds(writing, a_desk(clock), at_home) == ()
