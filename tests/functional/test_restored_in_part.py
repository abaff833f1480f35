"""`weibao restore` after a guardian's deletion of what rested on consent alone."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from core.cli.backups import backup, restore
from core.db.models import Child, Consent
from core.domain.actor import SYSTEM
from core.domain.vocabulary import ConsentPurpose
from core.services.erasing import erase_child, erase_consented
from tests.functional.test_backup_commands import installed, opened, told

__all__ = ["installed"]
pytestmark = pytest.mark.usefixtures("own_environment", "installed")
GIVEN = date(2020, 1, 1)


def known() -> dict[str, tuple[bool, list[bool]]]:
    """Return of each file whether health is known, and of each consent whether it was withdrawn."""
    machine = opened()
    with machine.reading() as session:
        found = {
            child.number: (
                child.sealed_health is not None,
                [
                    one.withdrawn_on is not None
                    for one in session.scalars(select(Consent).where(Consent.child_id == child.id))
                ],
            )
            for child in session.scalars(select(Child))
        }
    machine.database.dispose()
    return found


def tell_health() -> None:
    machine = opened()
    with machine.writing() as session:
        for child in session.scalars(select(Child)):
            child.health = "花生过敏"
            own = {"station_id": child.station_id, "child_id": child.id}
            session.add(Consent(purpose=ConsentPurpose.HEALTH, given_on=GIVEN, **own))
    machine.database.dispose()


def erase(number: str, *, whole: bool) -> None:
    machine = opened()
    with machine.writing() as session:
        child_id = session.scalars(select(Child.id).where(Child.number == number)).one()
        if whole:
            erase_child(session, SYSTEM, machine.clock, child_id)
        else:
            erase_consented(session, SYSTEM, machine.clock, child_id, today=machine.clock.now().date())
    machine.database.dispose()


def test_what_was_deleted_in_part_stays_deleted_and_the_consents_withdrawn(tmp_path: Path) -> None:
    tell_health()
    assert told(backup, tmp_path / "monday.backup")[0] == 0
    erase("C1", whole=False)
    after = {"C1": (False, [True]), "C2": (True, [False])}
    assert known() == after
    for _ in range(2):
        code, output = told(restore, "--replace", tmp_path / "monday.backup")
        assert code == 0, output
        assert "Erased again: 1." in output
        assert known() == after


def test_a_file_that_went_in_part_and_then_whole_stays_gone(tmp_path: Path) -> None:
    tell_health()
    assert told(backup, tmp_path / "monday.backup")[0] == 0
    erase("C1", whole=False)
    assert told(backup, tmp_path / "tuesday.backup")[0] == 0
    erase("C1", whole=True)
    for name, again in (("monday", 2), ("tuesday", 1)):
        code, output = told(restore, "--replace", tmp_path / f"{name}.backup")
        assert code == 0, output
        assert f"Erased again: {again}." in output
        assert known() == {"C2": (True, [False])}
