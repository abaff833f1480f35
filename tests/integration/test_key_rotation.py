"""Another key: every field is sealed anew while others write, whatever is killed meanwhile."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core.db.models import Child
from core.db.sealed import Sealed
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.security.keys import read_keys, write_keys
from core.security.vault import SealBrokenError, Vault
from core.services.key_rotation import fields_by_key, rotate
from tests.integration.builders import a_child, a_station, unlocked
from tests.integration.test_writing import lines_of, program
from tests.translated import in_chinese

ROTATE = """
from core.services.key_rotation import rotate
database = Database(url, Vault.of_file(Path(keys)))
print("done", rotate(database, Path(keys), lambda done, total: print(done, total, flush=True), at_once=int(argument)))
"""

RENAME = """
import random
from sqlalchemy import select
from core.db.models import Child
from core.domain.actor import EVERYTHING
database = Database(url, Vault.of_file(Path(keys)))
chance = random.Random(1)
with database.reading(EVERYTHING) as session:
    children = list(session.scalars(select(Child.id)))
while True:
    with database.writing(EVERYTHING) as session:
        child = session.get(Child, chance.choice(children))
        child.name = child.name + "."
    print("renamed", flush=True)
"""


def ignore(_done: int, _total: int) -> None:
    """Show nothing."""


@pytest.fixture
def key_file(database: Database, tmp_path: Path) -> Path:
    """Return the file with the keys of the test's database."""
    write_keys(tmp_path / "keys.json", database.vault._keys)
    return tmp_path / "keys.json"


@pytest.fixture
def kept(database: Database, key_file: Path) -> Iterator[Database]:
    """Yield the test's database as an installation opens it: with a vault that follows the key file."""
    opened = Database(database.engine.url.render_as_string(hide_password=False), Vault.of_file(key_file))
    yield opened
    opened.dispose()


def found_children(database: Database, count: int) -> None:
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        for number in range(count):
            a_child(session, station, name=f"测童{number}")


def names(database: Database) -> list[str]:
    with database.reading(EVERYTHING) as session, unlocked(session):
        children = session.scalars(select(Child))
        return sorted(child.name for child in children if child.id_number and child.birth_date)


def counts(database: Database) -> dict[str, int]:
    return dict(fields_by_key(database))


def test_every_field_is_sealed_anew_and_reads_as_before(kept: Database, key_file: Path) -> None:
    found_children(kept, 5)
    before, fields = names(kept), counts(kept)["k1"]
    shown = list[tuple[int, int]]()
    assert rotate(kept, key_file, lambda done, total: shown.append((done, total)), at_once=2) == fields
    assert [total for _, total in shown] == [fields] * len(shown)
    assert [done for done, _ in shown] == sorted({done for done, _ in shown})
    assert shown[-1] == (fields, fields)
    assert counts(kept) == {"k1": 0, "k2": fields}
    assert names(kept) == before
    assert rotate(kept, key_file, ignore) == fields
    assert counts(kept) == {"k1": 0, "k2": 0, "k3": fields}
    assert read_keys(key_file).current == "k3"


def test_a_process_that_runs_on_reads_and_writes_with_the_new_key(
    kept: Database, database: Database, key_file: Path
) -> None:
    found_children(kept, 3)
    other = Database(kept.engine.url.render_as_string(hide_password=False), Vault.of_file(key_file))
    assert len(names(other)) == 3
    rotate(kept, key_file, ignore)
    assert names(other) == names(kept)
    with other.writing(EVERYTHING) as session:
        session.scalars(select(Child)).first().name = "测童九"  # type: ignore[union-attr]
    other.dispose()
    assert counts(kept)["k1"] == 0
    assert "测童九" in names(kept)
    with pytest.raises(SealBrokenError):
        names(database)


@pytest.mark.parametrize(("children", "kills"), [(60, 1), pytest.param(10_000, 4, marks=pytest.mark.verify)])
def test_killed_again_and_again_while_others_write_it_leaves_nothing_under_the_old_key(
    kept: Database, key_file: Path, tmp_path: Path, children: int, kills: int
) -> None:
    found_children(kept, children)
    fields, chance = counts(kept)["k1"], random.Random(children)  # noqa: S311 - no secret
    at_once, killed_within = max(5, children // 40), 0
    with program(kept, tmp_path, RENAME, 0) as writer:
        assert lines_of(writer).readline() == "renamed\n"
        for _ in range(kills):
            with program(kept, tmp_path, ROTATE, at_once) as rotation:
                for _ in range(chance.randrange(1, 6)):
                    lines_of(rotation).readline()
                time.sleep(chance.random() / 50)
            killed_within += bool(counts(kept)["k1"])
        rotate(kept, key_file, ignore, at_once)
        for _ in range(20):
            assert lines_of(writer).readline() == "renamed\n"
    assert killed_within == kills
    assert counts(kept) == {"k1": 0, "k2": fields}, "A rotation that was cut off was gone on with."
    assert len(names(kept)) == children


def test_a_field_that_does_not_open_is_named_and_stays(kept: Database, key_file: Path) -> None:
    found_children(kept, 2)
    with kept.writing(EVERYTHING) as session:
        broken = session.scalars(select(Child)).first()
        assert broken is not None
        other = next(child for child in session.scalars(select(Child)) if child is not broken)
        token = other.sealed_name.token
        session.execute(update(Child.__table__).where(Child.id == broken.id).values(name=Sealed(token=token)))
    with pytest.raises(SealBrokenError, match=f"name of row {broken.id} in children") as caught:
        rotate(kept, key_file, ignore)
    assert str(broken.id) in in_chinese(caught.value.message)
    with kept.reading(EVERYTHING) as session:
        assert session.get_one(Child, other.id).name
