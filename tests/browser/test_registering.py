"""Registering at the desk by keyboard alone, on a phone's width and on a desk's, with the network cut in the middle."""

import re
from collections.abc import Iterator
from contextlib import closing
from itertools import combinations

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pysqlite3 import dbapi2

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

PHONE, DESK = {"width": 400, "height": 800}, {"width": 1440, "height": 900}
CUT = "网络断了"
#: Nobody needs more keys than this, Tab and typing together, between a family's coming and its receipt.
MOST_KEYS = 200
SESSIONS = "SELECT starts_at, ends_at FROM sessions WHERE activity_id = ? AND status = 'held'"


class Hands:
    """Somebody at the keyboard who counts the keys and never touches the mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0

    def press(self, key: str) -> None:
        """Press a key."""
        self.keys += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type into whatever has the keyboard."""
        self.keys += len(text)
        self.page.keyboard.type(text)

    def reach(self, selector: str) -> None:
        """Go on with Tab until something that fits has the keyboard; more than 60 steps are a trap."""
        for _ in range(60):
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
            self.press("Tab")
        pytest.fail(f"the keyboard never comes to {selector}")


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """Open a page of one of the two widths."""
    context = chromium.new_context(viewport=request.param, locale="zh-CN")
    yield context.new_page()
    context.close()


def asked(site: Site, question: str, *values: str) -> list[tuple[str, ...]]:
    """Return what the served database says."""
    # By the library that serves it: two of them in one process undo each other's locks.
    with closing(dbapi2.connect(site.folder / "weibao.db")) as database:
        return list(database.execute(question, values))


def registered(site: Site) -> int:
    return int(asked(site, "SELECT count(*) FROM registrations")[0][0])


def new_child(page: Page, site: Site, name: str, phone: str) -> Hands:
    """Make a file with a guardian in the short form, by keyboard; the page is then the desk with the child."""
    hands = Hands(page)
    page.goto(f"{site.address}/registration/")
    expect(page.locator("#looked_for")).to_be_focused()
    hands.reach("a[href*='/children/new']")
    hands.press("Enter")
    page.wait_for_url("**/children/new**")
    expect(page.locator("#name")).to_be_focused()
    hands.type(name)
    hands.reach("#birth_date")
    hands.type("05042017")
    hands.reach("#sex")
    hands.press("ArrowDown")
    hands.reach("#guardian_name")
    hands.type("样亲")
    hands.reach("#guardian_phones")
    hands.type(phone)
    hands.press("Enter")
    page.wait_for_url(re.compile(r"/registration/\?.*child="))
    return hands


def apart(page: Page, site: Site) -> list[str]:
    """Return three activities that the desk offers to all of its children and that aren't held at the same time."""
    picks = [box.get_attribute("value") or "" for box in page.locator("input[name=pick]").all()]
    sets = [{pick.partition(":")[2] for pick in picks if pick.startswith(child)} for child in children_of(picks)]
    lessons: dict[str, str] = {}
    for activity in sorted(set.intersection(*sets)):
        ((title,),) = asked(site, "SELECT title FROM activities WHERE id = ?", activity.replace("-", ""))
        lessons[activity] = title.partition("·")[0]
    held = {activity: asked(site, SESSIONS, activity.replace("-", "")) for activity in lessons}
    for three in combinations(lessons, 3):
        # A lesson that is given in two places is joined once.
        of_their_own = len({lessons[activity] for activity in three}) == len(three)
        if of_their_own and not any(meet(held[one], held[other]) for one, other in combinations(three, 2)):
            return list(three)
    pytest.fail(f"the demo offers no three apart among {len(lessons)}")


def meet(some: list[tuple[str, ...]], others: list[tuple[str, ...]]) -> bool:
    """Tell whether any two of the sessions are held at the same time."""
    return any(begins < end and start < ends for begins, ends in some for start, end in others)


def children_of(picks: list[str]) -> list[str]:
    return list(dict.fromkeys(pick.partition(":")[0] for pick in picks))


def boxes(page: Page) -> list[str]:
    return [box.get_attribute("value") or "" for box in page.locator("input[name=pick]:checked").all()]


def lose_the_answer(route: Route) -> None:
    """Let the request through, and lose what the server answers."""
    route.fetch(max_redirects=0)
    route.abort("connectionreset")


def send_over_a_broken_line(hands: Hands, site: Site, ticked: list[str]) -> None:
    """Send first without a network, then over one that loses the answer: each time the page stays and says so."""
    page, before = hands.page, registered(site)
    page.context.set_offline(True)
    hands.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(CUT)
    assert (boxes(page), registered(site)) == (ticked, before)
    page.context.set_offline(False)
    with page.expect_event("requestfailed"):
        page.route("**/registration/register", lose_the_answer)
        hands.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(CUT)
    assert (boxes(page), registered(site)) == (ticked, before + len(ticked))
    page.unroute("**/registration/register")


def test_two_siblings_get_three_activities_by_keyboard_while_the_network_breaks(site: Site, page: Page) -> None:
    """What was ticked for one child survives the coming of the other, a cut line, and an answer that was lost."""
    site.sign_in(page, "staff")
    width = page.viewport_size["width"] if page.viewport_size else 0
    phone = f"1990000{width:04}"
    new_child(page, site, f"例童大{width}", phone)
    hands = new_child(page, site, f"例童小{width}", phone)
    assert hands.keys < MOST_KEYS
    sibling = page.get_by_role("button", name=f"例童大{width}").first
    expect(sibling).to_be_focused()
    hands.reach("input[name=pick]")
    hands.press("Space")
    first = boxes(page)
    while not sibling.evaluate("button => button === document.activeElement"):
        hands.press("Shift+Tab")
    hands.press("Enter")
    expect(page.get_by_role("heading", level=2)).to_have_count(2)
    assert boxes(page) == first
    hands.reach("input[name=pick]:checked")
    hands.press("Space")
    wanted = apart(page, site)
    picks = [box.get_attribute("value") or "" for box in page.locator("fieldset input[name=pick]").all()]
    ticked = [pick for pick in picks if pick.partition(":")[2] in wanted]
    page.locator("#looked_for").focus()
    for pick in ticked:
        hands.reach(f"input[value='{pick}']")
        hands.press("Space")
    before = registered(site)
    send_over_a_broken_line(hands, site, ticked)
    hands.press("Enter")
    page.wait_for_url("**/registration/receipts/*")
    expect(page.locator("main tbody tr")).to_have_count(6)
    assert registered(site) == before + 6
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_a_search_at_the_desk_keeps_what_is_ticked(site: Site, page: Page) -> None:
    site.sign_in(page, "staff")
    width = page.viewport_size["width"] if page.viewport_size else 0
    hands = new_child(page, site, f"例童甲{width}", f"1990001{width:04}")
    hands.reach("input[name=pick]")
    hands.press("Space")
    ticked = boxes(page)
    page.locator("#looked_for").focus()
    hands.type("例童〇一〇")
    hands.press("Enter")
    found = page.get_by_role("button", name=re.compile("例童〇一〇"))
    expect(found).to_be_focused()
    assert boxes(page) == ticked
    hands.press("Enter")
    expect(page.get_by_role("heading", level=2)).to_have_count(2)
    assert boxes(page) == ticked


def test_a_new_childs_form_survives_a_lost_answer_and_makes_one_file(site: Site, page: Page) -> None:
    site.sign_in(page, "staff")
    width = page.viewport_size["width"] if page.viewport_size else 0
    count = "SELECT count(*) FROM children"
    before = int(asked(site, count)[0][0])
    page.goto(f"{site.address}/registration/children/new")
    page.fill("#name", f"例童乙{width}")
    page.fill("#birth_date", "2017-05-04")
    page.select_option("#sex", label="女")
    page.fill("#guardian_name", "样亲")
    page.fill("#guardian_phones", f"1990002{width:04}")
    page.route("**/children/new", lose_the_answer)
    page.press("#guardian_phones", "Enter")
    expect(page.get_by_role("alert")).to_contain_text(CUT)
    expect(page.locator("#name")).to_have_value(f"例童乙{width}")
    page.unroute("**/children/new")
    page.press("#guardian_phones", "Enter")
    expect(page.get_by_role("alert").first).to_contain_text("档案")
    assert int(asked(site, count)[0][0]) == before + 1
