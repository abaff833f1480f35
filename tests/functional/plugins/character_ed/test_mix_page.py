"""The page of the mix: which lines a group has, which are missing, and which can't alternate."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.vocabulary import ActivityLine
from core.services.program_facts import terms_ahead
from plugins.character_ed.mix import Mix
from plugins.character_ed.models import MixSetting
from plugins.character_ed.services import TermMix, mix_of_term, term_mix
from tests.functional.browsing import Browser
from tests.functional.county import County
from tests.functional.plugins.character_ed.conftest import World
from tests.integration.builders import SATURDAY


def a_setting(station: UUID, least_days: int = 0, times_per_line: int = 1, *, alternate: bool = True) -> MixSetting:
    return MixSetting(station_id=station, least_days=least_days, times_per_line=times_per_line, alternate=alternate)


def the_mix(session: Session, world: World) -> TermMix:
    (term,) = (term for term in terms_ahead(session, SATURDAY) if term.id == world.term)
    return term_mix(session, term)


def test_a_groups_lines_are_counted_and_what_is_missing_is_named(world: World, database: Database) -> None:
    with database.reading(EVERYTHING) as session:
        found = the_mix(session, world)
    (owls,) = found.groups
    counts = {one.line: one for one in owls.lines}
    assert (counts[ActivityLine.VIRTUES].described, counts[ActivityLine.VIRTUES].lacking) == (2, 0)
    assert (counts[ActivityLine.COMFORT].described, counts[ActivityLine.COMFORT].lacking) == (0, 1)
    assert not counts[ActivityLine.VIRTUES].is_too_often
    assert not found.is_planned


def test_the_setting_for_the_longest_terms_that_fit_counts(world: World, database: Database, county: County) -> None:
    # The term has 34 days.
    with database.writing(EVERYTHING) as session:
        session.add_all(
            [a_setting(world.station, 0, 1), a_setting(world.station, 34, 3), a_setting(world.station, 35, 5)]
        )
        session.add(a_setting(county.elsewhere.station, 20, 9, alternate=False))
    with database.reading(EVERYTHING) as session:
        assert the_mix(session, world).mix == Mix(3, alternate=True)
        elsewhere = next(term for term in terms_ahead(session, SATURDAY) if term.station_id == county.elsewhere.station)
        assert mix_of_term(session, elsewhere) == Mix(9, alternate=False)


def test_without_a_setting_each_line_comes_once_and_none_twice_running(world: World, database: Database) -> None:
    with database.reading(EVERYTHING) as session:
        assert the_mix(session, world).mix == Mix(1, alternate=True)


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.STATION_STAFF])
def test_staff_read_it(world: World, sign_in: Callable[[Role], Browser], role: Role) -> None:
    page = sign_in(role).get("/character-ed/mix").get_data(as_text=True)
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "青石中年级" in text
    assert "1 missing" in text or "还缺1场" in text
    assert "远桥" not in text
    assert world.term


@pytest.mark.parametrize(("least_days", "times"), [(-1, 1), (0, -1), (0, 21)])
def test_the_database_refuses_settings_that_mean_nothing(
    world: World, database: Database, least_days: int, times: int
) -> None:
    with pytest.raises(IntegrityError), database.writing(EVERYTHING) as session:
        session.add(a_setting(world.station, least_days, times))


def test_the_database_refuses_two_settings_for_the_same_terms(world: World, database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing(EVERYTHING) as session:
        session.add_all([a_setting(world.station), a_setting(world.station)])
