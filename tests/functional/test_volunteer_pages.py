"""Applying on the public page, the way in, checks and the door, as people walk through them."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.db.models import ActivitySession, Assignment, User, Volunteer, VolunteerPresence
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.serving import Stage
from tests import files
from tests.functional.browsing import Browser, fields_of
from tests.functional.county import SATURDAY, County, MovingClock

APPLICATION = {
    "name": "新来测试",
    "birth_date": "1995-05-05",
    "phone": "138 0013 8000",
    "kind": "student",
    "skills": ["art", "sport"],
    "free_times": "周六上午",
    "motivation": "喜欢孩子",
    "consent": "y",
}
APPLY = "/p/qingshi/volunteer"
CHECK = {"checked_on": "2026-11-25", "outcome": "passed", "authority": "青石派出所", "reference": "测2026-9"}


def people(database: Database) -> list[Volunteer]:
    with database.reading(EVERYTHING) as session:
        return list(session.scalars(select(Volunteer).where(Volunteer.name == APPLICATION["name"])))


# --- Applying ---


def test_anybody_applies_from_the_public_timetable(app: Flask, county: County, database: Database) -> None:
    visitor = Browser(app.test_client())
    assert APPLY in visitor.get("/p/qingshi").get_data(as_text=True)
    page = visitor.get(APPLY).get_data(as_text=True)
    assert "第六十二条" in page
    sent = visitor.send(APPLY, APPLICATION)
    assert sent.headers["Location"].endswith(f"{APPLY}/thanks")
    assert "申请已收到" in visitor.get(f"{APPLY}/thanks").get_data(as_text=True)
    (row,) = people(database)
    assert (row.station_id, row.stage) == (county.here.station, Stage.APPLICANT)
    with database.reading(EVERYTHING) as session:
        accounts = session.scalar(select(func.count()).select_from(User).where(User.volunteer_id == row.id))
    assert accounts == 0


def test_whoever_is_known_gets_the_very_same_answer(app: Flask, county: County, database: Database) -> None:
    first, second = (Browser(app.test_client()).send(APPLY, APPLICATION) for _ in range(2))
    assert (first.status, first.headers["Location"]) == (second.status, second.headers["Location"])
    assert first.get_data() == second.get_data()
    assert len(people(database)) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("phone", "123"), ("name", ""), ("birth_date", "2020-01-01"), ("consent", ""), ("kind", "staff")],
)
def test_an_application_that_can_not_be_right_comes_back_as_it_was(
    app: Flask, county: County, database: Database, name: str, value: str
) -> None:
    answers = {key: text for key, text in {**APPLICATION, name: value}.items() if text}
    sent = Browser(app.test_client()).send(APPLY, answers)
    assert sent.status_code == 422
    assert "喜欢孩子" in sent.get_data(as_text=True)
    assert people(database) == []


def test_an_application_needs_the_pages_token_and_not_too_many_come_from_one_place(app: Flask, county: County) -> None:
    visitor = Browser(app.test_client())
    assert visitor.client.post(APPLY, data=APPLICATION).status_code == 400
    answers = [visitor.send(APPLY, {**APPLICATION, "phone": f"1380013800{n}"}).status_code for n in range(10)]
    assert 302 in answers
    assert visitor.send(APPLY, APPLICATION).status_code == 429


def test_a_station_that_is_none_has_no_page(app: Flask, county: County) -> None:
    visitor = Browser(app.test_client())
    assert visitor.get("/p/nowhere/volunteer").status_code == 404
    assert visitor.get("/p/nowhere/volunteer/thanks").status_code == 404


# --- The way in ---


def applied(app: Flask, database: Database) -> str:
    Browser(app.test_client()).send(APPLY, APPLICATION)
    return f"/volunteers/{people(database)[0].id}"


def test_staff_walk_an_applicant_to_being_accepted(
    app: Flask, county: County, database: Database, sign_in: Callable[[Role], Browser]
) -> None:
    path, staff = applied(app, database), sign_in(Role.STATION_STAFF)
    page = staff.get(path).get_data(as_text=True)
    told = ("还缺", "面谈", "13800138000", "周六上午", "自述技能：", "艺术", "记录面谈")
    assert [word for word in told if word not in page] == []
    refused = staff.send(f"{path}/accept", {"happened_on": "2026-11-26"})
    assert refused.status_code == 422
    assert "录用前还缺" in refused.get_data(as_text=True)
    for step in ("interviewed", "trained"):
        sent = staff.send(f"{path}/steps/{step}", {"happened_on": "2026-11-25", "note": "聊得很好"})
        assert sent.status_code == 302, step
    assert staff.send(f"{path}/check", CHECK).status_code == 302
    assert "手续齐全" in staff.get(path).get_data(as_text=True)
    assert staff.send(f"{path}/accept", {"happened_on": "2026-11-26"}).status_code == 302
    page = staff.get(path).get_data(as_text=True)
    assert "已录用" in page
    assert "有效期至2027年11月25日" in page
    assert people(database)[0].stage is Stage.ACCEPTED


def test_who_only_sees_volunteers_sees_no_phone_and_no_note(
    app: Flask, county: County, database: Database, sign_in: Callable[[Role], Browser]
) -> None:
    path = applied(app, database)
    sign_in(Role.HEAD).send(f"{path}/steps/interviewed", {"happened_on": "2026-11-25", "note": "只给站里看"})
    page = sign_in(Role.SOCIAL_WORKER).get(path).get_data(as_text=True)
    assert "新来测试" in page
    assert not any(word in page for word in ("13800138000", "只给站里看", "喜欢孩子", "周六上午", "录入查询结果"))


def test_refusing_asks_for_a_reason(
    app: Flask, county: County, database: Database, sign_in: Callable[[Role], Browser]
) -> None:
    path, head = applied(app, database), sign_in(Role.HEAD)
    assert head.send(f"{path}/steps/refused", {"happened_on": "2026-11-26", "note": ""}).status_code == 422
    assert head.send(f"{path}/steps/refused", {"happened_on": "2026-11-26", "note": "不合适"}).status_code == 302
    assert "重新加入" in head.get(path).get_data(as_text=True)
    assert head.get(f"{path}/steps/nonsense").status_code == 404
    assert head.get(f"{path}/steps/accepted").status_code == 404


def test_a_failed_check_takes_somebody_off_and_names_their_sessions(
    county: County, database: Database, sign_in: Callable[[Role], Browser]
) -> None:
    head, path = sign_in(Role.HEAD), f"/volunteers/{county.here.volunteer}"
    sent = head.send(f"{path}/check", {**CHECK, "outcome": "failed"})
    page = sent.get_data(as_text=True)
    assert sent.status_code == 200
    assert "不能再安排青石陶测试" in page
    assert f"/sessions/{county.here.session}" in page
    assert "从业查询未通过" in head.get(f"/sessions/{county.here.session}").get_data(as_text=True)
    assert "不能安排此人" in head.get(path).get_data(as_text=True)


@pytest.mark.parametrize("changes", [{"checked_on": "2026-11-27"}, {"reference": ""}, {"outcome": ""}], ids=str)
def test_a_check_that_can_not_be_right_is_refused(
    county: County, sign_in: Callable[[Role], Browser], changes: dict[str, str]
) -> None:
    answers = {key: text for key, text in {**CHECK, **changes}.items() if text}
    assert sign_in(Role.HEAD).send(f"/volunteers/{county.here.volunteer}/check", answers).status_code == 422


def test_leaving_shows_first_what_it_does(county: County, sign_in: Callable[[Role], Browser]) -> None:
    head = sign_in(Role.HEAD)
    page = head.get(f"/volunteers/{county.here.volunteer}/steps/left").get_data(as_text=True)
    assert f"/sessions/{county.here.session}" in page
    assert "以后可以回来" in page


def test_the_list_is_narrowed_and_empty_lists_say_so(county: County, sign_in: Callable[[Role], Browser]) -> None:
    head = sign_in(Role.HEAD)
    assert "青石陶测试" in head.get("/volunteers/?stage=accepted&kind=teacher&check=holds").get_data(as_text=True)
    assert "青石陶测试" in head.get("/volunteers/?stage=nonsense").get_data(as_text=True)
    for narrowing in ("stage=left", "kind=lawyer", "check=none", "check=runs_out", "skill=art"):
        page = head.get(f"/volunteers/?{narrowing}").get_data(as_text=True)
        assert "没有符合条件的人" in page, narrowing
        assert "青石陶测试" not in page


def test_the_call_list_names_whose_check_is_due_and_accounts_without_a_file(
    county: County, database: Database, sign_in: Callable[[Role], Browser]
) -> None:
    head = sign_in(Role.HEAD)
    page = head.get("/volunteers/checks").get_data(as_text=True)
    assert "有效期都在30天以上" in page
    assert "qingshi-organizer" in page
    with database.writing(EVERYTHING) as session:
        row = session.get_one(Volunteer, county.here.volunteer)
        row.clearances[0].valid_until = date(2026, 12, 20)
    assert "青石陶测试" in head.get("/volunteers/checks").get_data(as_text=True)


def test_a_file_is_opened_for_an_account_that_has_none(
    county: County, database: Database, sign_in: Callable[[Role], Browser]
) -> None:
    head, organizer = sign_in(Role.HEAD), county.here.users[Role.ORGANIZER]
    path = f"/volunteers/new?account={organizer}"
    fields = fields_of(head.get(path).get_data(as_text=True))
    assert (fields["name"], fields["kind"]) == (["qingshi-organizer"], ["staff"])
    sent = head.send(path, {**fields, "birth_date": "1988-08-08"})
    assert sent.status_code == 302
    with database.reading(EVERYTHING) as session:
        opened = session.get_one(User, organizer).volunteer_id
    assert sent.headers["Location"].endswith(f"/volunteers/{opened}")
    assert "qingshi-organizer" not in head.get("/volunteers/checks").get_data(as_text=True)


def test_a_file_is_changed_and_its_id_number_never_shown(
    county: County, database: Database, sign_in: Callable[[Role], Browser]
) -> None:
    head, path = sign_in(Role.HEAD), f"/volunteers/{county.here.volunteer}/edit"
    fields = fields_of(head.get(path).get_data(as_text=True))
    number = "11010519491231002X"
    assert fields["document"] == [""]
    for document in ("", "resident_id", "residence_permit"):
        wrong = head.send(path, {**fields, "document": document, "id_number": number})
        assert wrong.status_code == 422
        assert number not in wrong.get_data(as_text=True)
    answers = {**fields, "birth_date": "1949-12-31", "emergency_contact": "亲属", "document": "resident_id"}
    assert head.send(path, {**answers, "id_number": ""}).status_code == 422, "No number is stored."
    sent = head.send(path, {**answers, "id_number": number})
    assert sent.status_code == 302
    assert number not in head.get(path).get_data(as_text=True)
    assert number not in head.get(f"/volunteers/{county.here.volunteer}").get_data(as_text=True)
    again = fields_of(head.get(path).get_data(as_text=True))
    assert again["document"] == ["resident_id"]
    assert head.send(path, again).status_code == 302
    passport = head.send(path, {**again, "document": "passport"})
    assert passport.status_code == 422
    assert "请同时填写证件号码" in passport.get_data(as_text=True)
    with database.reading(EVERYTHING) as session:
        row = session.get_one(Volunteer, county.here.volunteer)
        assert (row.id_number, row.emergency_contact) == (number, "亲属")


def test_skills_are_noted_and_taken_away_and_trainings_give_them(
    county: County, database: Database, sign_in: Callable[[Role], Browser], clock: MovingClock
) -> None:
    head, path = sign_in(Role.HEAD), f"/volunteers/{county.here.volunteer}"
    proved = {"skill": "law", "granted_on": "2026-11-01", "valid_until": ""}
    assert head.send(f"{path}/skills", proved, seen_on=path).status_code == 302
    assert head.send(f"{path}/skills", {**proved, "valid_until": "2026-10-01"}, seen_on=path).status_code == 422
    copied = {**proved, "proof": (BytesIO(files.a_pdf()), "证书.pdf")}
    assert head.send(f"{path}/skills", copied, seen_on=path).status_code == 302
    proof = head.send(f"{path}/skills/proof", {"skill": "law"}, seen_on=path)
    assert (proof.get_data(), proof.mimetype) == (files.a_pdf(), "application/pdf")
    bad = {**proved, "proof": (BytesIO(b"MZ"), "证书.pdf")}
    assert head.send(f"{path}/skills", bad, seen_on=path).status_code == 422
    assert head.send(f"{path}/skills/drop", {"skill": "law"}, seen_on=path).status_code == 302
    assert head.send(f"{path}/skills/proof", {"skill": "law"}, seen_on=path).status_code == 404
    training = f"/volunteers/trainings/{county.here.activity}"
    assert head.send(training, {"skill": "first_aid"}).status_code == 302
    assert "急救" in head.get("/volunteers/trainings").get_data(as_text=True)
    done = {"completed_on": "2026-11-28", "people": [str(county.here.volunteer)]}
    assert head.send(f"{training}/completed", done, seen_on=training).status_code == 422
    clock.advance(timedelta(days=2))
    head = sign_in(Role.HEAD)
    assert head.send(f"{training}/completed", done, seen_on=training).status_code == 302
    with database.reading(EVERYTHING) as session:
        row = session.get_one(Volunteer, county.here.volunteer)
        assert [(one.skill, one.training_id) for one in row.skills] == [("first_aid", county.here.activity)]


# --- The door ---


@pytest.fixture
def second(county: County, database: Database) -> UUID:
    """Store a second volunteer who may serve and is not assigned."""
    with database.writing(EVERYTHING) as session:
        first = session.get_one(Volunteer, county.here.volunteer)
        own = {"station_id": first.station_id}
        row = Volunteer(
            number="V002",
            name="青石第二人",
            kind=first.kind,
            birth_date=first.birth_date,
            max_sessions=9,
            stage=Stage.ACCEPTED,
            **own,
        )
        check = first.clearances[0]
        kind = type(check)
        row.clearances.append(
            kind(checked_on=check.checked_on, valid_until=check.valid_until, passed=True, authority="测试", **own)
        )
        session.add(row)
    return row.id


def test_the_children_come_in_once_two_adults_are_here(
    county: County, database: Database, sign_in: Callable[[Role], Browser], clock: MovingClock, second: UUID
) -> None:
    path, staff = f"/sessions/{county.here.session}/door", sign_in(Role.SOCIAL_WORKER)
    assert "活动当天才能登记到岗" in staff.get(path).get_data(as_text=True)
    early = staff.send(path, {"person": county.here.volunteer})
    assert early.status_code == 422
    clock.advance(timedelta(days=2))
    staff = sign_in(Role.SOCIAL_WORKER)
    assert staff.send(path, {"person": county.here.volunteer}).status_code == 302
    page = staff.get(path).get_data(as_text=True)
    assert "成人已到1人，需要2人。" in page
    assert "青石第二人" in page
    refused = staff.send(f"{path}/begin", {}, seen_on=path)
    assert refused.status_code == 422
    assert "活动不能开始" in refused.get_data(as_text=True)
    assert staff.send(path, {"person": second}).status_code == 302
    assert staff.send(f"{path}/begin", {}, seen_on=path).status_code == 302
    assert "活动于2026年11月28日" in staff.get(path).get_data(as_text=True)
    assert staff.send(f"{path}/back", {"person": second}, seen_on=path).status_code == 422
    with database.reading(EVERYTHING) as session:
        assert session.get_one(ActivitySession, county.here.session).begun_at is not None
        noted = session.scalars(select(VolunteerPresence.served_on)).all()
    assert noted == [SATURDAY, SATURDAY]


def test_whoever_may_not_serve_is_turned_away_with_the_reason(
    county: County, database: Database, sign_in: Callable[[Role], Browser], clock: MovingClock, second: UUID
) -> None:
    with database.writing(EVERYTHING) as session:
        session.get_one(Volunteer, second).stage = Stage.APPLICANT
    clock.advance(timedelta(days=2))
    path, staff = f"/sessions/{county.here.session}/door", sign_in(Role.STATION_STAFF)
    assert "青石第二人" not in staff.get(path).get_data(as_text=True)
    refused = staff.send(path, {"person": second})
    assert refused.status_code == 422
    assert "2026年11月28日不能安排青石第二人：尚未录用" in refused.get_data(as_text=True)
    for nobody in (county.elsewhere.volunteer, county.here.session, "nonsense"):
        assert staff.send(path, {"person": nobody}).status_code == 404
    with database.reading(EVERYTHING) as session:
        assert session.scalar(select(func.count()).select_from(VolunteerPresence)) == 0
        assert session.scalar(select(func.count()).select_from(Assignment)) == 4
