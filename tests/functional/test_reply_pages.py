"""The pages of requests: a secret address that opens them and nothing else, a volunteer's own, and the organizer's."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core.db.models import (
    ActivitySession,
    Assignment,
    AuditEntry,
    AvailabilityCampaign,
    Clearance,
    DutyRequest,
    DutySwap,
    Station,
    User,
    Volunteer,
    VolunteerLink,
    VolunteerSkill,
)
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Actor, Role
from core.domain.replies import CampaignAnswer, RequestState, ServingRules, SwapState
from core.domain.vocabulary import Skill
from core.hooks.calling import Hooks
from core.services.desk import Desk
from core.services.replies.asking import ask
from core.services.replies.swapping import offer
from core.services.serving_rules import decide_rules
from core.services.volunteer_links import address_of, revoke
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock
from tests.integration.builders import a_volunteer

BY_LINK = "/duties/by-link"


@pytest.fixture
def desk(county: County, clock: MovingClock, hooks: Hooks) -> Desk:
    """Return the desk of the first station's organizer."""
    users = county.here.users
    return Desk(Actor(Role.ORGANIZER, county.here.station, users[Role.ORGANIZER]), clock, hooks, "Asia/Shanghai")


@pytest.fixture
def friend(database: Database, county: County) -> UUID:
    """Store a second volunteer of the first station who may do what is asked there; return the id."""
    with database.writing(EVERYTHING) as session:
        person = a_volunteer(session, session.get_one(Station, county.here.station), name="青石高测试")
        for one in (person, session.get_one(Volunteer, county.here.volunteer)):
            own = {"station_id": one.station_id, "volunteer_id": one.id}
            session.add(VolunteerSkill(skill=Skill.TEACHING, **own))
            one.max_per_day = 3
    return person.id


@pytest.fixture
def asked(database: Database, county: County, desk: Desk, friend: UUID) -> tuple[UUID, str]:
    """Ask the friend for the open session and return the request's id and the path of their address."""
    with database.writing(EVERYTHING) as session:
        request = ask(session, desk, county.here.session, "lead", friend)
        return request.id, f"{BY_LINK}/{address_of(session, SYSTEM, desk.clock, friend)}"


def stored(database: Database, request_id: UUID) -> DutyRequest:
    with database.reading(EVERYTHING) as session:
        return session.get_one(DutyRequest, request_id)


def deeds(database: Database) -> int:
    with database.reading(EVERYTHING) as session:
        return len(session.scalars(select(AuditEntry)).all())


def test_opening_the_address_changes_nothing_however_often(
    visitor: FlaskClient, database: Database, asked: tuple[UUID, str]
) -> None:
    before = deeds(database)
    for _turn in range(3):
        assert visitor.get(asked[1]).status_code == visitor.head(asked[1]).status_code == 200
    assert deeds(database) == before
    assert stored(database, asked[0]).state is RequestState.ASKED
    with database.reading(EVERYTHING) as session:
        assert [one.last_used_at for one in session.scalars(select(VolunteerLink))] == [None]


def test_an_answer_needs_the_forms_token_and_is_given_with_one_tap(
    browser: Browser, database: Database, asked: tuple[UUID, str]
) -> None:
    request_id, path = asked
    assert browser.client.post(f"{path}/{request_id}", data={"deed": "accept"}).status_code == 400
    assert stored(database, request_id).state is RequestState.ASKED
    assert browser.send(f"{path}/{request_id}", {"deed": "accept"}, seen_on=path).status_code == 302
    assert "就等您来" in browser.get(path).get_data(as_text=True)
    assert stored(database, request_id).state is RequestState.ACCEPTED
    browser.send(f"{path}/{request_id}", {"deed": "undo"}, seen_on=path)
    assert stored(database, request_id).state is RequestState.ASKED
    proposal = {"deed": "propose", "reason": "下午才有空", "proposed_at": "2026-11-28T15:00"}
    browser.send(f"{path}/{request_id}", proposal, seen_on=path)
    assert stored(database, request_id).proposed_at == datetime(2026, 11, 28, 15)  # noqa: DTZ001 (wall clock)
    page = browser.get(path).get_data(as_text=True)
    assert "下午才有空" in page
    assert "您建议11月28日 周六 15:00" in page


@pytest.mark.parametrize("form", [{"deed": "propose"}, {"deed": "propose", "proposed_at": "2020-01-01T09:00"}, {}])
def test_an_answer_that_cannot_be_meant_is_explained_and_kept_out(
    browser: Browser, database: Database, asked: tuple[UUID, str], form: dict[str, str]
) -> None:
    request_id, path = asked
    assert browser.send(f"{path}/{request_id}", form, seen_on=path).status_code == 409
    assert stored(database, request_id).state is RequestState.ASKED


def test_every_address_that_does_not_work_answers_alike(
    visitor: FlaskClient, database: Database, asked: tuple[UUID, str], friend: UUID, clock: MovingClock
) -> None:
    unknown = visitor.get(f"{BY_LINK}/{'x' * 43}")
    clock.advance(timedelta(days=366))
    over = visitor.get(asked[1])
    clock.advance(timedelta(days=-366))
    with database.writing(EVERYTHING) as session:
        session.get_one(Volunteer, friend).active = False
    resting = visitor.get(asked[1])
    with database.writing(EVERYTHING) as session:
        session.get_one(Volunteer, friend).active = True
        revoke(session, SYSTEM, clock, friend)
    revoked = visitor.get(asked[1])
    token = asked[1].rpartition("/")[2]
    told = {plain(one, "x" * 43, token) for one in (unknown, over, resting, revoked)}
    assert [status for status, _page in told] == [404]


def plain(answer: TestResponse, *tokens: str) -> tuple[int, str]:
    """Return an answer without the address that was asked for and without the form's token, which changes by itself."""
    page = re.sub(r'(name="csrf_token" value=")[^"]*', r"\1", answer.get_data(as_text=True))
    for token in tokens:
        page = page.replace(token, "")
    return answer.status_code, page


def test_one_persons_address_does_not_answer_for_another(
    browser: Browser, database: Database, county: County, clock: MovingClock, asked: tuple[UUID, str]
) -> None:
    with database.writing(EVERYTHING) as session:
        other = f"{BY_LINK}/{address_of(session, SYSTEM, clock, county.here.volunteer)}"
    assert browser.client.get(other).status_code == 200
    browser.client.application.config["WTF_CSRF_ENABLED"] = False
    assert browser.client.post(f"{other}/{asked[0]}", data={"deed": "accept"}).status_code == 404
    assert stored(database, asked[0]).state is RequestState.ASKED


def test_the_address_is_stored_as_a_hash_and_tells_nothing_private(
    visitor: FlaskClient, database: Database, county: County, desk: Desk, asked: tuple[UUID, str], friend: UUID
) -> None:
    with database.writing(EVERYTHING) as session:
        ask(session, desk, county.here.closed_session, "lead", friend)
    token, page = asked[1].rpartition("/")[2], visitor.get(asked[1]).get_data(as_text=True)
    assert "静心小组" not in page
    assert "谈心室" not in page
    assert page.count("站内活动") == 1
    with database.reading(EVERYTHING) as session:
        row = session.scalars(select(VolunteerLink)).one()
        kept = [getattr(row, column.key) for column in VolunteerLink.__table__.columns]
    assert token not in map(str, kept)
    assert len(row.token_hash) == 32


def test_a_volunteer_answers_gives_up_swaps_and_takes_places_signed_in(
    sign_in: Callable[[Role], Browser], database: Database, county: County, desk: Desk, friend: UUID
) -> None:
    browser, own = sign_in(Role.VOLUNTEER), county.here.volunteer
    assert browser.send(f"/duties/{county.here.session}/offer", {}, seen_on="/duties/").status_code == 302
    with database.writing(EVERYTHING) as session:
        swap = session.scalars(select(DutySwap).where(DutySwap.state == SwapState.OFFERED)).one().id
    assert browser.send(f"/duties/swaps/{swap}", {"deed": "take"}, seen_on="/duties/").status_code == 409
    assert browser.send(f"/duties/swaps/{swap}", {"deed": "withdraw"}, seen_on="/duties/").status_code == 302
    path = f"/duties/{county.here.session}/give-up"
    assert browser.send(path, {"reason": "出差"}, seen_on="/duties/").status_code == 302
    assert own not in serving(database, county.here.session)
    assert "出差" in browser.get("/duties/").get_data(as_text=True)
    assert "绘画课" in browser.get("/duties/open").get_data(as_text=True)
    joined = browser.send(f"/duties/open/{county.here.session}", {"role": "lead"}, seen_on="/duties/open")
    assert joined.status_code == 302
    assert own in serving(database, county.here.session)
    again = browser.send(f"/duties/open/{county.here.session}", {"role": "lead"}, seen_on="/duties/")
    assert again.status_code == 409


def serving(database: Database, session_id: UUID) -> set[UUID]:
    with database.reading(EVERYTHING) as session:
        return set(session.scalars(select(Assignment.volunteer_id).where(Assignment.session_id == session_id)))


def test_a_duty_that_another_offers_is_taken_and_a_private_one_stays_unnamed(
    sign_in: Callable[[Role], Browser], database: Database, county: County, desk: Desk, friend: UUID
) -> None:
    with database.writing(EVERYTHING) as session:
        hand_over(session, county.here.session, county.here.volunteer, friend)
        hand_over(session, county.here.closed_session, county.here.volunteer, friend)
        swap = offer(session, desk, county.here.session, friend).id
        offer(session, desk, county.here.closed_session, friend)
    browser = sign_in(Role.VOLUNTEER)
    page = browser.get("/duties/").get_data(as_text=True)
    assert "青石绘画课" in page
    assert "静心小组" not in page
    assert browser.send(f"/duties/swaps/{swap}", {"deed": "take"}, seen_on="/duties/").status_code == 302
    assert serving(database, county.here.session) == {county.here.volunteer}


def hand_over(session: Session, session_id: UUID, giver: UUID, taker: UUID) -> None:
    row = session.get_one(ActivitySession, session_id)
    for one in row.assignments:
        one.volunteer_id = taker if one.volunteer_id == giver else one.volunteer_id
    session.flush()


def test_an_organizer_finds_somebody_asks_takes_back_and_sees_the_answer(
    sign_in: Callable[[Role], Browser], database: Database, county: County, friend: UUID
) -> None:
    browser, path = sign_in(Role.ORGANIZER), f"/asking/sessions/{county.here.session}"
    assert "补人前不安全" in browser.get("/overview").get_data(as_text=True)
    assert "补人前不安全" in browser.get("/asking/").get_data(as_text=True)
    assert "补人前不安全" in browser.get(f"/sessions/{county.here.session}").get_data(as_text=True)
    assert "补人前不安全" in browser.get(f"/timetable/{county.here.term}").get_data(as_text=True)
    assert "青石高测试" in browser.get(path).get_data(as_text=True)
    for hours in ("soon", "999"):
        refused = browser.send(path, {"role": "lead", "person": friend, "hours": hours})
        assert refused.status_code == 409
    assert browser.send(path, {"role": "lead", "person": friend, "go_on": "yes", "hours": "5"}).status_code == 302
    with database.reading(EVERYTHING) as session:
        request = session.scalars(select(DutyRequest).where(DutyRequest.state == RequestState.ASKED)).one()
    assert request.go_on
    assert browser.send(path, {"role": "lead", "person": friend}, seen_on="/asking/").status_code == 409
    taken_back = browser.send(f"/asking/requests/{request.id}/withdraw", {}, seen_on="/asking/")
    assert taken_back.status_code == 302
    assert browser.send(f"/asking/requests/{request.id}/withdraw", {}, seen_on="/asking/").status_code == 409


def test_an_organizer_notes_that_somebody_called_who_cannot_come(
    sign_in: Callable[[Role], Browser], database: Database, county: County
) -> None:
    browser, path = sign_in(Role.ORGANIZER), f"/asking/sessions/{county.here.session}"
    before = serving(database, county.here.session)
    assert county.here.volunteer in before
    said = {"person": county.here.volunteer, "reason": "孩子发烧" * 200}
    refused = browser.send(f"{path}/cancellations", said, seen_on=path)
    assert refused.status_code == 409
    assert "孩子发烧" * 200 in refused.get_data(as_text=True)
    assert serving(database, county.here.session) == before
    assert browser.send(f"{path}/cancellations", {**said, "reason": "孩子发烧"}, seen_on=path).status_code == 302
    assert serving(database, county.here.session) == before - {county.here.volunteer}
    for page in (path, "/asking/"):
        assert "孩子发烧" in browser.get(page).get_data(as_text=True)
    gone = browser.send(f"{path}/cancellations", said, seen_on=path)
    assert gone.status_code == 404


def test_the_public_and_volunteers_are_not_told_what_is_unsafe(
    sign_in: Callable[[Role], Browser], visitor: FlaskClient, county: County
) -> None:
    assert "不安全" not in visitor.get(f"/p/{county.here.slug}").get_data(as_text=True)
    browser = sign_in(Role.VOLUNTEER)
    for path in (f"/timetable/{county.here.term}", f"/sessions/{county.here.session}"):
        assert "不安全" not in browser.get(path).get_data(as_text=True)


def test_an_organizer_approves_a_swap_and_decides_the_rules(
    sign_in: Callable[[Role], Browser], database: Database, county: County, desk: Desk, friend: UUID
) -> None:
    browser = sign_in(Role.ORGANIZER)
    rules = {
        "reply_hours": 24, "remind_hours": 6, "late_hours": 24, "rest": 30, "per_week": "",
        "minors_from": "09:00", "minors_until": "17:00",
    }  # fmt: skip
    assert browser.send("/asking/rules", {**rules, "minors_until": "08:00"}, seen_on="/asking/rules").status_code == 422
    assert browser.send("/asking/rules", rules).status_code == 302
    with database.writing(EVERYTHING) as session:
        decide_rules(session, desk, county.here.station, replace(ServingRules(), approve_swaps=frozenset({"sst"})))
        swap = offer(session, desk, county.here.session, county.here.volunteer)
        swap.state, swap.taken_by_id = SwapState.TAKEN, friend
    assert "青石高测试接替" in browser.get("/asking/").get_data(as_text=True)
    assert browser.send(f"/asking/swaps/{swap.id}", {"approved": "yes"}, seen_on="/asking/").status_code == 302
    assert serving(database, county.here.session) == {friend}
    assert browser.send(f"/asking/swaps/{swap.id}", {"approved": "no"}, seen_on="/asking/").status_code == 409


def test_a_campaign_is_asked_answered_by_link_reminded_and_closed(
    sign_in: Callable[[Role], Browser],
    browser: Browser,
    database: Database,
    asked: tuple[UUID, str],
) -> None:
    organizer = sign_in(Role.ORGANIZER)
    wrong = {"title": "寒假", "first": "2026-12-31", "last": "2026-12-01", "by": "2026-11-30", "note": ""}
    assert organizer.send("/campaigns/new", wrong).status_code == 422
    right = {**wrong, "first": "2026-12-01", "last": "2026-12-31"}
    made = organizer.send("/campaigns/new", right)
    assert made.status_code == 302
    page = made.headers["Location"]
    assert "尚未答复 · 2" in organizer.get(page).get_data(as_text=True)
    assert "寒假" in browser.get(asked[1]).get_data(as_text=True)
    assert browser.send(f"{asked[1]}/unchanged", {}, seen_on=asked[1]).status_code == 302
    assert "尚未答复 · 1" in organizer.get(page).get_data(as_text=True)
    assert CampaignAnswer.UNCHANGED.label.text == "Times unchanged"
    assert organizer.send(f"{page}/remind", {}, seen_on=page).status_code == 302
    assert organizer.send(f"{page}/close", {}, seen_on=page).status_code == 302
    assert "寒假" not in browser.get(asked[1]).get_data(as_text=True)
    assert "寒假" in organizer.get("/campaigns/").get_data(as_text=True)
    with database.reading(EVERYTHING) as session:
        rows = session.scalars(select(AvailabilityCampaign).where(AvailabilityCampaign.title == "寒假"))
        assert [one.closed_at is not None for one in rows] == [True]


def test_an_address_is_shown_with_its_picture_renewed_and_revoked(
    sign_in: Callable[[Role], Browser], visitor: FlaskClient, county: County, app: Flask
) -> None:
    browser, path = sign_in(Role.STATION_STAFF), f"/volunteers/{county.here.volunteer}/address"
    assert "data:image/svg" not in browser.get(path).get_data(as_text=True)
    addresses = []
    for _turn in range(2):
        assert browser.send(path, {}).status_code == 302
        page = browser.get(path).get_data(as_text=True)
        assert "data:image/svg" in page
        addresses.append(BY_LINK + page.partition(BY_LINK)[2].partition("<")[0])
    assert addresses[0] != addresses[1]
    assert [visitor.get(one).status_code for one in addresses] == [404, 200]
    assert browser.send(f"{path}/revoke", {}, seen_on=path).status_code == 302
    assert visitor.get(addresses[1]).status_code == 404
    assert app.debug is False


def test_somebody_without_a_check_is_not_asked_even_by_a_forged_form(
    sign_in: Callable[[Role], Browser], database: Database, county: County, friend: UUID
) -> None:
    with database.writing(EVERYTHING) as session:
        for one in session.scalars(select(Clearance).where(Clearance.volunteer_id == friend)):
            session.delete(one)
    browser, path = sign_in(Role.ORGANIZER), f"/asking/sessions/{county.here.session}"
    refused = browser.send(path, {"role": "lead", "person": friend}, seen_on="/asking/rules")
    assert refused.status_code == 409
    assert "从业查询" in refused.get_data(as_text=True)
    for role, person, status in (("nobody", friend, 404), ("lead", "x", 404)):
        assert browser.send(path, {"role": role, "person": person}, seen_on="/asking/rules").status_code == status


def test_a_plan_asks_everybody_in_it_from_its_page(
    sign_in: Callable[[Role], Browser], database: Database, county: County
) -> None:
    browser = sign_in(Role.ORGANIZER)
    page = f"/plans/{county.here.plan}"
    assert "逐一询问" in browser.get(page).get_data(as_text=True)
    assert browser.send(f"/asking/plans/{county.here.plan}", {"go_on": "yes"}, seen_on=page).status_code == 302
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(User).where(User.id == county.here.users[Role.ORGANIZER])).one().active
