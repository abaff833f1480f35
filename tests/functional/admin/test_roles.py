"""Who may see and who may change what; no form without its token, no change by looking at a page."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select

from admin.sections import CHAPTERS
from core.db.base import Base
from core.db.models import AuditEntry, Venue
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.capabilities import Capability
from core.hooks.types import AdminSection
from core.security.permissions import may
from tests.functional.browsing import Browser
from tests.functional.county import County, deed

SECTIONS = [section for _name, sections in CHAPTERS for section in sections]


def pages(section: AdminSection) -> Iterator[tuple[str, bool]]:
    """Yield the pages of a section that need no row, and whether they are for writers alone."""
    yield f"/admin/{section.key}/", False
    yield f"/admin/{section.key}/new/", True


@pytest.mark.parametrize("role", list(Role))
def test_every_page_opens_for_the_roles_that_its_section_names_and_for_no_other(
    role: Role, sign_in: Callable[[Role], Browser]
) -> None:
    browser = sign_in(role)
    for section in SECTIONS:
        for path, writing in pages(section):
            asked = section.writers if writing else section.readers
            allowed = asked is not None and may(role, asked)
            # The year's arrangement is the topmost station's, and nobody here is of that.
            if section.key == "arranged_years" and writing:
                allowed = False
            opened = {302} if section.key == "activities" and writing else {200}
            assert browser.get(path).status_code in (opened if allowed else {403}), path
    assert browser.get("/admin/").status_code == (200 if may(role, Capability.SEE_PLANS) else 403)


def test_whoever_is_not_signed_in_is_asked_to(browser: Browser) -> None:
    for path in ("/admin/", "/admin/volunteers/", "/admin/rooms/export/csv/"):
        answer = browser.get(path)
        assert answer.status_code == 302
        assert "/account/sign-in" in answer.headers["Location"]
    assert browser.client.post("/admin/rooms/new/").status_code in {302, 400}


def test_a_reader_sees_no_way_to_change(sign_in: Callable[[Role], Browser], county: County) -> None:
    browser = sign_in(Role.STATION_STAFF)
    assert "/new/" not in browser.get("/admin/rooms/").get_data(as_text=True)
    details = browser.get(f"/admin/rooms/details/?id={county.here.room}").get_data(as_text=True)
    assert "/edit/" not in details
    assert "/delete/" not in details
    for page in ("edit", "delete"):
        path = f"/admin/rooms/{page}/?id={county.here.room}"
        assert browser.send(path, {}, seen_on="/admin/volunteers/new/").status_code == 403


@pytest.mark.parametrize("page", ["new/", "edit/?id={row}", "delete/?id={row}"])
def test_a_form_without_its_token_changes_nothing(
    page: str, sign_in: Callable[[Role], Browser], county: County, database: Database, app: Flask
) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    path = f"/admin/rooms/{page.format(row=county.here.room)}"
    for token in ({}, {"csrf_token": "guessed"}):
        assert browser.client.post(path, data={"name": "x", **token}).status_code == 400
    with database.reading(EVERYTHING) as session:
        assert session.scalar(select(func.count(AuditEntry.id)).where(deed())) == 0


def test_looking_at_pages_writes_nothing(
    sign_in: Callable[[Role], Browser], county: County, database: Database, app: Flask, tmp_path: Path
) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    browser.get("/admin/")
    before = _content(database)
    rows = {"rooms": county.here.room, "volunteers": county.here.volunteer, "activities": county.here.activity}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/admin") and "GET" in (rule.methods or ()):
            path = rule.rule.replace("<export_type>", "csv")
            section = path.split("/")[2]
            assert browser.get(f"{path}?id={rows.get(section, '')}&delete=1").status_code in {200, 302, 403, 404}
    assert _content(database) == before


def test_no_more_than_one_transaction_holds_a_change_and_its_entry(
    sign_in: Callable[[Role], Browser], county: County, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("admin.changes.record", broken)
    browser = sign_in(Role.ADMINISTRATOR)
    sent = browser.send("/admin/venues/new/", {"name": "无迹可寻", "kind": "centre", "address": ""})
    assert sent.status_code == 500
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(Venue).where(Venue.name == "无迹可寻")).all() == []


def _content(database: Database) -> dict[str, list[str]]:
    """Return all rows but those that signing in and being there write."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in {"web_sessions", "rate_counters"}]
    known = set(inspect(database.engine).get_table_names())
    with database.engine.connect() as connection:
        return {
            table.name: sorted(str(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table.name}"))  # noqa: S608
            for table in tables
            if table.name in known
        }
