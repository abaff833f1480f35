"""Guardians of the county's children, with what they may do and their addresses; nothing is added to a session."""

from datetime import timedelta

from core.db.models import Child, Guardian, GuardianLeave, GuardianLink
from core.domain.clock import Clock
from core.domain.vocabulary import GuardianAccess, Relation
from core.services.feeds import token_hash


def a_guardian(child: Child) -> Guardian:
    """Return a mother."""
    return Guardian(
        station_id=child.station_id,
        child_id=child.id,
        relation=Relation.MOTHER,
        name="例母〇〇〇",
        phone="13800000000",
        phone_index=bytes(32),
    )


def a_leave(clock: Clock, guardian: Guardian) -> GuardianLeave:
    """Return the decision that the guardian has full access."""
    own = {"station_id": guardian.station_id, "child_id": guardian.child_id, "guardian_id": guardian.id}
    return GuardianLeave(access=GuardianAccess.FULL, decided_at=clock.now(), **own)


def a_link(clock: Clock, guardian: Guardian) -> GuardianLink:
    """Return an address that nobody can open: its code was never made."""
    own = {"station_id": guardian.station_id, "child_id": guardian.child_id, "guardian_id": guardian.id}
    return GuardianLink(
        token_hash=token_hash(f"{guardian.id}-link"),
        code_hash=bytes(32),
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(days=30),
        **own,
    )
