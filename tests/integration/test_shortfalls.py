"""Shortfalls and contradictions as coordinators read them: names and times instead of ids, in Chinese."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.errors import Message
from core.hooks.calling import Hooks
from core.hooks.manager import load_hooks
from core.planning.moments import day_of, moment
from core.planning.outcome import Shortfall
from core.planning.relaxations import Cure, Takeover
from core.planning.relaxations.people import DutyMoreThatDay
from core.planning.relaxations.series import FaceMore
from core.services.planning.shortfalls import named, told
from core.services.wording import CHINESE, Wording
from tests.integration.timetable import World, a_world

WORDS = Wording(CHINESE)
NINE = moment("2026-11-28T09:00")


@pytest.fixture
def session(lasting_sqlite: Database) -> Iterator[Session]:
    """Yield a session of one database: words don't depend on its kind."""
    with lasting_sqlite.writing(EVERYTHING) as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


@pytest.fixture(scope="module")
def hooks() -> Hooks:
    return load_hooks()


def test_a_cure_is_told_with_names_and_the_date(session: Session, hooks: Hooks, world: World) -> None:
    painting, chess, person = str(world.painting.id), str(world.chess.id), world.people[0]
    cure = Cure((DutyMoreThatDay(str(person.id), day_of(NINE)),), (Takeover(str(person.id), (chess, 0)),))
    short = Shortfall(painting, 0, None, Message("Nobody has the skill %(skill)s.", {"skill": "law"}), (cure,))
    found = told(session, hooks, json.loads(json.dumps(short.to_json())))
    (said,) = (WORDS.say(each) for each in found.cures)
    assert said == (
        f"如果由别人接替{person}在象棋第1场的服务，并且{person}在2026-11-28比原先愿意的多服务一场，其余安排不变，就能解决。"
    )


def test_a_clash_of_pins_is_told_with_names_and_times(session: Session, hooks: Hooks, world: World) -> None:
    pin = Message(
        "%(session)s (%(details)s)",
        {
            "session": Message("%(activity)s #%(number)s", {"activity": str(world.painting.id), "number": 2}),
            "details": (
                Message("on %(start)s", {"start": "2026-11-28T09:00"}),
                Message("in %(room)s", {"room": str(world.rooms[0].id)}),
            ),
        },
    )
    message = Message("This pin can't be kept: %(pins)s. Take it back.", {"pins": (pin,)})
    said = WORDS.say(named(session, hooks, message))
    assert f"绘画第2场（2026-11-28 09:00、在{world.rooms[0]}）" in said


def test_a_role_is_called_what_its_program_calls_it(session: Session, hooks: Hooks, world: World) -> None:
    kind = next(iter(hooks.activity_types.values()))
    world.painting.type_key = kind.key
    session.flush()
    clause = FaceMore(str(world.painting.id), kind.roles[0].role).said()
    assert named(session, hooks, clause).values["role"] == kind.roles[0].label
    nobody_knows = FaceMore(str(world.painting.id), "juggler").said()
    assert named(session, hooks, nobody_knows).values["role"] == "juggler"
