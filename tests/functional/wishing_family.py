"""A family that gives its wishes at its guardian's address, as pages and browsers are tested with it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Activity, Child, Guardian, Station
from core.domain.actor import SYSTEM
from core.domain.clock import Clock
from core.domain.vocabulary import GuardianAccess, Relation, Zone
from core.services import guardian_links as links
from tests.integration.wishing import Wished, a_wish_term

TITLES = ("绘画课", "篮球", "围棋", "合唱", "编程", "书法", "舞蹈", "手工")


def a_told_term(session: Session, station: Station, **values: int) -> Wished:
    """Store a term that takes wishes for activities that families are told of, by names of their own."""
    found = a_wish_term(session, station=station, **values)
    for title, key in zip(TITLES, found.activities, strict=False):
        activity = session.get_one(Activity, key)
        activity.title, activity.zones = title, [Zone.ACTIVITY.value]
    session.flush()
    return found


@dataclass(frozen=True)
class Address:
    """A guardian's address and its code."""

    guardian: UUID
    path: str
    code: str


def an_address(
    session: Session,
    clock: Clock,
    child_id: UUID,
    access: GuardianAccess = GuardianAccess.FULL,
    relation: Relation = Relation.MOTHER,
) -> Address:
    """Store a guardian of a child, and hand out an address with what it may do."""
    child = session.get_one(Child, child_id)
    own = {"station_id": child.station_id, "child_id": child.id}
    guardian = Guardian(relation=relation, name="例家长", phone="13800000001", phone_index=bytes(32), **own)
    session.add(guardian)
    session.flush()
    links.decide_access(session, SYSTEM, clock, guardian.id, access)
    made = links.make_link(session, SYSTEM, clock, guardian.id)
    return Address(guardian.id, f"/guardians/by-link/{made.token}", made.code)
