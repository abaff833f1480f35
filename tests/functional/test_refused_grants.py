"""Whoever refuses a grant says why, and whoever asked reads it."""

from sqlalchemy import select

from core.db.models import AuditEntry
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.vocabulary import GrantState
from tests.functional.county import County
from tests.functional.test_protection_pages import SignIn, ask, newest


def test_whoever_refuses_says_why_and_whoever_asked_reads_it(
    database: Database, sign_in: SignIn, county: County
) -> None:
    staff, head = sign_in(Role.STATION_STAFF), sign_in(Role.HEAD)
    ask(staff, county)
    page = f"/grants/desk/{newest(database).id}/refuse"
    assert page in head.get("/grants/desk").get_data(as_text=True)
    assert "qingshi-001" in head.get(page).get_data(as_text=True)
    for reason in (" ", "长" * 201):
        assert head.send(page, {"reason": reason}).status_code == 422
        assert newest(database).state is GrantState.ASKED
    told = "请先与<b>家长</b>联系"
    assert head.send(page, {"reason": f" {told} "}).status_code == 302
    for reader, place in ((staff, "/grants/"), (head, "/grants/desk")):
        shown = reader.get(place).get_data(as_text=True)
        assert "原因：请先与&lt;b&gt;家长&lt;/b&gt;联系" in shown
    assert head.get(page).status_code == 404, "It is decided."
    with database.reading(EVERYTHING) as session:
        assert told not in str(session.scalars(select(AuditEntry.detail)).all())
    assert newest(database).state is GrantState.REFUSED
