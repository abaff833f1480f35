"""The activity form says at once whether it can work, and the list names what can't."""

import json
import re
from collections.abc import Callable
from datetime import date, time
from html import unescape
from typing import Any

import pytest
from sqlalchemy import event, func, select

from core.db.models import Activity, ActivityRole, Assignment, AuditEntry, Availability, Clearance, Volunteer
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.serving import Stage
from core.domain.vocabulary import VolunteerKind
from tests.functional.browsing import Browser, fields_of
from tests.functional.county import County

SCRIPT = {"HX-Request": "true"}


@pytest.fixture(scope="session")
def plugins() -> tuple[str, ...]:
    """Return the key of one program."""
    return ("sst",)


def ask(browser: Browser, path: str, *, script: bool = True, **changes: object) -> str:
    """Send the form of a page as it stands, with changes, to be asked about; return the answer."""
    page = browser.get(path).get_data(as_text=True)
    address = re.search(r'formaction="([^"]+)"', page)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert address is not None
    assert token is not None
    form = {**fields_of(page), **changes, "csrf_token": unescape(token[1])}
    answer = browser.client.post(unescape(address[1]), data=form, headers=SCRIPT if script else {})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def new(county: County) -> str:
    """Return the path of the form of a new activity."""
    return f"/activities/new/{county.here.term}/sst.companionship"


def test_a_new_form_is_answered_while_it_is_filled_in(sign_in: Callable[[Role], Browser], county: County) -> None:
    browser = sign_in(Role.ORGANIZER)
    answer = ask(browser, new(county), size="12")
    assert answer.startswith('<div id="feasible-answer">')
    assert "可能的开始时间" in answer
    assert "青石大教室" in answer


def test_a_form_that_misses_something_says_what_to_fill_in(sign_in: Callable[[Role], Browser], county: County) -> None:
    answer = ask(sign_in(Role.ORGANIZER), new(county), times="", duration="")
    assert "请先填好：每场分钟数和可开始的时刻" in answer


def test_what_is_wrong_with_title_or_settings_keeps_no_answer_back(
    sign_in: Callable[[Role], Browser], county: County
) -> None:
    answer = ask(sign_in(Role.ORGANIZER), new(county), title="")
    assert "可能的开始时间" in answer


def test_a_relaxation_that_is_a_simple_field_fills_in_the_form(
    sign_in: Callable[[Role], Browser], database: Database, county: County
) -> None:
    with database.writing(EVERYTHING) as session:
        for role in session.scalars(select(ActivityRole)):
            role.skill = None
        session.add_all(_a_cleared_volunteer(county, number) for number in range(2))
    answer = ask(sign_in(Role.ORGANIZER), f"/activities/{county.here.activity}", size="21")
    assert "合适的场地都容不下21名儿童：最大的青石大教室只能容纳20人。" in answer
    assert "减少人数：最多20人，即青石大教室能容纳的人数" in answer
    fills = [json.loads(unescape(text)) for text in re.findall(r"data-fill='([^']+)'", answer)]
    assert {"size": ["20"]} in fills


def _a_cleared_volunteer(county: County, number: int) -> Volunteer:
    own: dict[str, Any] = {"station_id": county.here.station}
    volunteer = Volunteer(
        number=f"V10{number}",
        name=f"白测试{number}",
        kind=VolunteerKind.TEACHER,
        birth_date=date(1990, 1, 1),
        max_sessions=20,
        stage=Stage.ACCEPTED,
        **own,
    )
    volunteer.availabilities.append(Availability(from_time=time(8), to_time=time(18), **own))
    cleared = Clearance(checked_on=date(2026, 6, 1), valid_until=date(2027, 5, 31), passed=True, **own)
    volunteer.clearances.append(cleared)
    return volunteer


def test_without_script_the_form_comes_back_with_the_answer(sign_in: Callable[[Role], Browser], county: County) -> None:
    path = f"/activities/{county.here.activity}"
    page = ask(sign_in(Role.ORGANIZER), path, script=False, title="改了一半", size="21")
    assert "合适的场地都容不下21名儿童" in page
    assert 'value="改了一半"' in page
    assert f'action="{path}"' in page
    assert "error-summary" not in page


def test_asking_writes_nothing(sign_in: Callable[[Role], Browser], database: Database, county: County) -> None:
    browser, writes = sign_in(Role.ORGANIZER), list[str]()
    browser.get("/activities/")

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            writes.append(statement)

    with database.reading(EVERYTHING) as session:
        before = [session.scalar(select(func.count()).select_from(kind)) for kind in (Activity, AuditEntry, Assignment)]
        title = session.get_one(Activity, county.here.activity).title
    event.listen(database.engine, "before_cursor_execute", note)
    ask(browser, f"/activities/{county.here.activity}", title="改名", weekdays=["0"])
    ask(browser, new(county), title="新活动")
    event.remove(database.engine, "before_cursor_execute", note)
    with database.reading(EVERYTHING) as session:
        after = [session.scalar(select(func.count()).select_from(kind)) for kind in (Activity, AuditEntry, Assignment)]
        assert session.get_one(Activity, county.here.activity).title == title
    assert (writes, after) == ([], before)


@pytest.mark.parametrize("role", [Role.STATION_STAFF, Role.VOLUNTEER])
def test_only_planners_ask(sign_in: Callable[[Role], Browser], county: County, role: Role) -> None:
    browser = sign_in(role)
    answer = browser.send(f"/activities/feasible/{county.here.term}/sst.companionship", {}, seen_on="/account/password")
    assert answer.status_code == 403


def test_another_station_s_activity_is_not_asked_about(sign_in: Callable[[Role], Browser], county: County) -> None:
    browser = sign_in(Role.ORGANIZER)
    path = f"/activities/feasible/{county.here.term}/sst.companionship?activity={county.elsewhere.activity}"
    assert browser.send(path, {}, seen_on=new(county)).status_code == 404
    assert browser.send(path[:-4], {}, seen_on=new(county)).status_code == 404


def test_the_list_says_to_planners_what_cannot_work(sign_in: Callable[[Role], Browser], county: County) -> None:
    page = sign_in(Role.ORGANIZER).get(f"/activities/?term={county.here.term}").get_data(as_text=True)
    assert page.count("这样办不成") == 2
    assert "没有人会教学，而" in page
    assert "这样办不成" not in sign_in(Role.STATION_STAFF).get("/activities/").get_data(as_text=True)
