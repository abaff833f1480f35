"""How long the children's files take: `python -m tests.benchmarks.records` prints a table.

5,000 made-up children with two guardians each are imported by the import that the page and the command use, into the
embedded database. Then the list is asked for by its real page, as a signed-in member of the station's staff would: each
row of the table is what somebody does there, asked many times, with the 50th and the 95th percentile.
"""

import random
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from time import perf_counter

from flask.testing import FlaskClient

from core.app import create_app
from core.config import Settings
from core.db.migrate import CORE, upgrade
from core.db.models import Group, Installation, Station
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Role
from core.domain.child_file import Grade
from core.domain.clock import FixedClock
from core.domain.id_numbers import demo_id_number
from core.domain.phones import demo_phone
from core.domain.vocabulary import ChildCategory, Relation, StationKind
from core.hooks.manager import build_hooks
from core.security.keys import Keys
from core.security.vault import Vault
from core.services.accounts import add_user
from core.services.children.digest import readings
from core.services.workbook.children_alone import SHEETS_ALONE, import_children
from core.services.workbook.content import ChildRow, GuardianRow, WorkbookContent
from core.services.workbook.write import write_workbook

CHILDREN = 5_000
ASKED = 40
SECONDS_OF_IMPORT = 30.0
MILLISECONDS_OF_LIST = 200.0
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
PASSWORD = "一句只有我知道的长话 2026"
COMMUNITIES = 14
GROUPS = 12
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "安宁佳晨雨桐梓轩一诺浩然思远子涵欣怡文博若曦语嫣天佑明哲清妍"


def a_workbook() -> tuple[bytes, list[ChildRow]]:
    """Return a workbook with the children, and the children."""
    rng = random.Random(5)  # noqa: S311 (made-up people)
    children = [_a_child(rng, number) for number in range(CHILDREN)]
    guardians = tuple(
        GuardianRow(
            child=child.number,
            name=child.name[0] + rng.choice(_GIVEN) + title,
            relation=relation,
            phone=demo_phone(2 * number + place),
        )
        for number, child in enumerate(children)
        for place, (title, relation) in enumerate((("甲", Relation.MOTHER), ("乙", Relation.GRANDPARENT)))
    )
    content = WorkbookContent(children=tuple(children), guardians=guardians)
    return write_workbook(content, {}, SHEETS_ALONE), children


def _a_child(rng: random.Random, number: int) -> ChildRow:
    born = date(2012, 1, 1) + timedelta(days=rng.randrange(3000))
    return ChildRow(
        station=f"例社区{number % COMMUNITIES}",
        number=f"C{number:05d}",
        name=rng.choice(_SURNAMES) + rng.choice(_GIVEN) + rng.choice(_GIVEN),
        # The order code has three digits, so that the region has to tell apart those born on the same day.
        id_number=demo_id_number(born, number % 1000, region=f"99{number // 1000:04d}"),
        school=f"例第{number % 9}小学",
        grade=Grade(str(number % 9 + 1)),
        address=f"例路{number}号",
        health="花生过敏" if number % 10 == 0 else None,
        emergency_phone=demo_phone(50_000 + number),
        categories=(rng.choice(list(ChildCategory)),) if number % 3 == 0 else (),
        groups=(f"例组{number % GROUPS}",),
    )


@contextmanager
def an_installation() -> Iterator[tuple[Path, Database]]:
    """Lend an embedded database with a station, its communities, groups and an account."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/weibao.db", Vault(Keys.fresh()))
        upgrade(database.engine, CORE)
        with database.writing(EVERYTHING) as session:
            session.add(Installation(timezone="Asia/Shanghai", demo=True, created_at=NOW))
            station = Station(kind=StationKind.STATION, name="例未保站", slug="li", parent_id=None)
            session.add(station)
            session.flush()
            own = {"kind": StationKind.COMMUNITY, "parent_id": station.id}
            session.add_all(Station(name=f"例社区{n}", slug=f"li-{n}", **own) for n in range(COMMUNITIES))
            session.add_all(Group(station_id=station.id, name=f"例组{n}", from_age=6, to_age=14) for n in range(GROUPS))
            add_user(
                session,
                SYSTEM,
                FixedClock(NOW),
                login="staff@li",
                password=PASSWORD,
                role=Role.STATION_STAFF,
                station_id=station.id,
            )
        yield Path(folder), database
        database.dispose()


def imported(database: Database, data: bytes) -> tuple[float, int]:
    """Import the workbook and return the seconds, and how many times it was told how far it is."""
    started = perf_counter()
    with database.writing(EVERYTHING) as session:
        steps = list(import_children(session, SYSTEM, FixedClock(NOW), data, demo=True))
    return perf_counter() - started, len(steps)


class Reader:
    """Somebody of the station's staff, with a browser."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self._token = self._token_on("/account/sign-in")
        self._client.post(
            "/account/sign-in", data={"csrf_token": self._token, "login": "staff@li", "password": PASSWORD}
        )
        self._token = self._token_on("/children/")

    def _token_on(self, path: str) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self._client.get(path).get_data(as_text=True))
        if found is None:
            raise LookupError(f"There is no form on {path}.")
        return found[1]

    def page(self, query: str) -> str:
        """Ask for a page of the list."""
        return self._client.get(f"/children/?{query}").get_data(as_text=True)

    def look_for(self, word: str) -> str:
        """Look for a word."""
        answer = self._client.post("/children/", data={"csrf_token": self._token, "looked_for": word})
        return answer.get_data(as_text=True)


def milliseconds(ask: Callable[[int], str], fits: Callable[[int], str]) -> tuple[float, float]:
    """Return the 50th and the 95th percentile of asking, in milliseconds; each answer has to have what `fits`."""
    taken = []
    for number in range(ASKED):
        started = perf_counter()
        answer = ask(number)
        taken.append(1000 * (perf_counter() - started))
        if fits(number) not in answer:
            raise AssertionError(f"The answer {number} lacks what was looked for.")
    taken.sort()
    return taken[len(taken) // 2], taken[int(len(taken) * 0.95) - 1]


def main() -> None:
    """Print the tables."""
    data, children = a_workbook()
    with an_installation() as (folder, database):
        seconds, told = imported(database, data)
        print("| import | rows | megabytes | seconds | allowed | told how far |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        print(
            f"| {CHILDREN} children | {3 * CHILDREN} | {len(data) / 1e6:.1f} | {seconds:.1f} |"
            f" {SECONDS_OF_IMPORT:.0f} | {told} times |\n"
        )
        settings = Settings.in_directory(folder, second_factor_forced=False)
        # Its log has a line for each request.
        with redirect_stderr(StringIO()):
            app = create_app(settings, build_hooks([]), database=database, clock=FixedClock(NOW))
            slowest = _lists(Reader(app.test_client()), children)
    if seconds > SECONDS_OF_IMPORT or slowest > MILLISECONDS_OF_LIST:
        raise SystemExit("Too slow.")


def _lists(reader: Reader, children: list[ChildRow]) -> float:
    def of(number: int) -> ChildRow:
        return children[number * 97 % CHILDREN]

    def initials(number: int) -> str:
        return readings(of(number).name)[0]

    asked: list[tuple[str, Callable[[int], str], Callable[[int], str]]] = [
        ("the first page", lambda _n: reader.page(""), lambda _n: "C00000"),
        ("page 50", lambda _n: reader.page("page=50"), lambda _n: "C02450"),
        ("a grade, page 3", lambda n: reader.page(f"grade={n % 9 + 1}&page=3"), lambda _n: "<table"),
        ("a name", lambda n: reader.look_for(of(n).name), lambda n: of(n).name),
        ("pinyin initials", lambda n: reader.look_for(initials(n)), lambda n: of(n).name),
        ("an ID number", lambda n: reader.look_for(of(n).id_number or ""), lambda n: of(n).number),
        ("a phone", lambda n: reader.look_for(of(n).emergency_phone or ""), lambda n: of(n).number),
    ]
    print(f"| list of {CHILDREN} files, {ASKED} times | p50 ms | p95 ms | allowed |")
    print("| --- | ---: | ---: | ---: |")
    slowest = 0.0
    for name, ask, fits in asked:
        middle, high = milliseconds(ask, fits)
        slowest = max(slowest, high)
        print(f"| {name} | {middle:.0f} | {high:.0f} | {MILLISECONDS_OF_LIST:.0f} |")
    return slowest


if __name__ == "__main__":
    main()
