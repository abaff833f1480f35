"""The pages themselves: nothing that the content security policy would refuse, and Chinese throughout."""

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask

import admin
from admin.office import part
from admin.sections import CHAPTERS
from admin.words import HOLDERS, LABELS, WEEKDAYS
from core.db.models import Closure
from core.domain.actor import Role
from core.domain.capabilities import Capability
from core.domain.errors import Message
from core.hooks.types import AdminSection
from tests.functional.browsing import Browser
from tests.functional.county import County

CATALOGUE = Path(admin.__file__).parent / "translations/zh_Hans_CN/LC_MESSAGES/messages.po"


class Page(HTMLParser):
    """Collects what a page says, and what it would execute or style by itself."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.words: list[str] = []
        self._in_main = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note handlers, inline scripts, styles and addresses that are scripts."""
        given = dict(attrs)
        self._in_main = self._in_main or tag == "main"
        self.inline += [f"{tag} {name}" for name in given if name.startswith("on") or name == "style"]
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.inline.append(tag)
        self.inline += [value for value in given.values() if value and value.strip().lower().startswith("javascript:")]

    def handle_endtag(self, tag: str) -> None:
        """Note where the page's own part ends."""
        self._in_main = self._in_main and tag != "main"

    def handle_data(self, data: str) -> None:
        """Note what the page's own part says."""
        if self._in_main and data.strip():
            self.words.append(data.strip())


#: Sections of programs whose rows come about on the program's own pages.
READ_ONLY = {"sst_answers", "sst_grants"}
OF_PROGRAMS = ("admin_school_link", "admin_sst")


def every_page(app: Flask, county: County) -> Iterator[str]:
    """Yield the address of every page of the back office, on a row where it needs one."""
    rows = {
        "stations": county.here.station,
        "rooms": county.here.room,
        "terms": county.here.term,
        "activities": county.here.activity,
        "volunteers": county.here.volunteer,
    }
    for rule in app.url_map.iter_rules():
        section, _, page = rule.rule.removeprefix("/admin/").partition("/")
        if rule.rule.startswith("/admin") and not rule.rule.endswith("<export_type>/"):
            if (section == "activities" and page in {"new/", "edit/"}) or (section in READ_ONLY and page == "new/"):
                continue
            if page in {"", "new/"}:
                yield rule.rule
            elif section in rows:
                yield f"{rule.rule}?id={rows[section]}"


def test_no_page_holds_a_script_a_handler_or_a_style_of_its_own(
    at_county: Callable[[Role], Browser], app: Flask, county: County
) -> None:
    browser = at_county(Role.HEAD)
    seen = 0
    for path in every_page(app, county):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert "'unsafe" not in answer.headers["Content-Security-Policy"]
        assert Page(answer.get_data(as_text=True)).inline == [], path
        seen += 1
    assert seen >= 50


def test_the_parser_sees_what_it_is_there_to_see() -> None:
    assert Page('<a onclick="x()" style="a:b" href=" javascript:x">').inline == [
        "a onclick",
        "a style",
        " javascript:x",
    ]
    assert Page("<script>x</script><style></style>").inline == ["script", "style"]


def test_every_page_speaks_chinese(at_county: Callable[[Role], Browser], app: Flask, county: County) -> None:
    with CATALOGUE.open("rb") as file:
        english = {str(message.id) for message in read_po(file) if message.id}
    assert len(english) > 100
    browser = at_county(Role.ADMINISTRATOR)
    for path in every_page(app, county):
        words = Page(browser.get(path).get_data(as_text=True)).words
        assert words
        assert not english & set(words), path


def test_the_catalogue_knows_every_label() -> None:
    with CATALOGUE.open("rb") as file:
        translated = {message.id for message in read_po(file) if message.string}
    sections = [section for _name, listed in CHAPTERS for section in listed]
    labels = [message for section in sections for message in (section.name, *section.labels.values())]
    chapters = [name for name, _sections in CHAPTERS]
    said = {message.text for message in (*labels, *chapters, *LABELS.values(), *HOLDERS.values(), *WEEKDAYS)}
    assert said <= translated


def test_english_is_complete_as_well(sign_in: Callable[[Role], Browser]) -> None:
    browser = sign_in(Role.HEAD)
    browser.send("/language", {"language": "en", "next": "/admin/"}, seen_on="/admin/")
    page = browser.get("/admin/rooms/new/").get_data(as_text=True)
    assert "Add: Rooms" in page
    assert "Minutes between sessions" in page


def test_a_hostile_name_is_text(sign_in: Callable[[Role], Browser]) -> None:
    browser = sign_in(Role.HEAD)
    name = '"><script>alert(1)</script>'
    made = browser.send("/admin/venues/new/", {"name": name, "kind": "centre", "address": ""})
    for path in (made.headers["Location"], "/admin/venues/", made.headers["Location"].replace("details", "delete")):
        page = browser.get(path).get_data(as_text=True)
        assert "&lt;script&gt;" in page
        assert Page(page).inline == []


def test_a_section_that_no_form_can_show_keeps_the_application_from_starting(app: Flask) -> None:
    section = AdminSection(
        key="wrong",
        name=Message("Wrong"),
        model=Closure,
        columns=("reason",),
        form=("created_at",),
        readers=Capability.SEE_PLANS,
        writers=Capability.SEE_PLANS,
    )
    with pytest.raises(TypeError, match="created_at"):
        part((section,)).mount(Flask("other"))


def test_the_part_names_every_endpoint_that_it_mounts(app: Flask) -> None:
    mounted = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("admin")}
    declared = set(part(()).permissions)
    own = {name for name in mounted if not name.startswith(OF_PROGRAMS)}
    assert own == declared
    assert len(declared) == 1 + 6 * sum(len(sections) for _name, sections in CHAPTERS)
