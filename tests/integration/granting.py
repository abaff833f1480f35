"""A town with two children, and people who ask to read what is sensitive of them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AccessGrant, AuditEntry, Child
from core.domain.actor import Role
from core.domain.clock import FixedClock
from core.domain.vocabulary import ConsentPurpose, SensitiveField
from core.services import grants
from core.services.grants import Wish
from core.testing import TEST_MOMENT
from tests.integration.builders import a_child, a_consent
from tests.integration.people import Town, a_town

HEALTH, ADDRESS = SensitiveField.HEALTH, SensitiveField.ADDRESS
NOW = TEST_MOMENT
TICK = timedelta(microseconds=1)
PURPOSE = "陪同就诊"


@dataclass(frozen=True)
class Scene(Town):
    """A town with two children of the station."""

    child: Child
    sibling: Child


def a_scene(writing: Session) -> Scene:
    """Found the town, with nothing of the children loaded."""
    town = a_town(writing)
    child, sibling = (a_child(writing, town.station, health="花生过敏", address="虚构路1号") for _ in range(2))
    for one in (child, sibling):
        a_consent(writing, one, ConsentPurpose.HEALTH)
    writing.flush()
    writing.expire_all()
    return Scene(town.county, town.station, town.people, child, sibling)


def a_wish(**values: Any) -> Wish:
    made = Wish(
        purpose=PURPOSE,
        fields=frozenset({HEALTH}),
        children=None,
        starts_at=NOW,
        ends_at=NOW + timedelta(days=7),
    )
    return replace(made, **values)


def asked(session: Session, town: Scene, role: Role = Role.STATION_STAFF, **values: Any) -> AccessGrant:
    return grants.ask(session, town[role], FixedClock(NOW), a_wish(**values))


def given(session: Session, town: Scene, role: Role = Role.STATION_STAFF, **values: Any) -> AccessGrant:
    grant = asked(session, town, role, **values)
    decider = Role.ADMINISTRATOR if role is Role.HEAD else Role.HEAD
    return grants.approve(session, town[decider], FixedClock(NOW), grant.id)


def readable(session: Session, town: Scene, role: Role = Role.STATION_STAFF, at: datetime = NOW) -> set[SensitiveField]:
    return set(grants.readable_fields(session, town[role], town.child, at))


def entries(session: Session, action: str) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))
