"""Made-up records of children at a county's stations, for tests of the pages; none of them is added yet."""

from datetime import date, timedelta
from uuid import UUID

from core.db.models import (
    AccessGrant,
    Child,
    ChildCategoryMark,
    Consent,
    Guardian,
    HarmReport,
    PickUpPerson,
    RightsRequest,
    Station,
)
from core.domain.clock import Clock
from core.domain.rights import ReceivedHow, RequestKind
from core.domain.vocabulary import (
    ChildCategory,
    ConsentPurpose,
    GrantState,
    HarmAuthority,
    Relation,
    SensitiveField,
)
from core.services.feeds import token_hash


def a_child(clock: Clock, station: Station) -> Child:
    """Return a child of the station."""
    return Child(
        station_id=station.id,
        number=f"{station.slug}-001",
        name="例童〇〇〇",
        id_number=station.slug,
        id_number_index=token_hash(station.slug),
        birth_date="2016-05-01",
        created_at=clock.now(),
    )


def a_guardian(child: Child) -> Guardian:
    """Return the child's mother."""
    own = {"station_id": child.station_id, "child_id": child.id, "relation": Relation.MOTHER}
    return Guardian(name="样亲〇〇〇", phone="13900000000", phone_index=bytes(32), **own)


def a_pick_up(child: Child) -> PickUpPerson:
    """Return somebody who may pick the child up."""
    return PickUpPerson(station_id=child.station_id, child_id=child.id, allowed=True, name="样姑〇〇〇")


def a_mark(child: Child) -> ChildCategoryMark:
    """Return a category of the child."""
    return ChildCategoryMark(station_id=child.station_id, child_id=child.id, category=ChildCategory.LEFT_BEHIND)


def a_grant(clock: Clock, station: Station, user_id: UUID) -> AccessGrant:
    """Return a grant that waits for the head."""
    return AccessGrant(
        station_id=station.id,
        user_id=user_id,
        purpose="接送",
        fields=[SensitiveField.CONTACTS.value],
        all_children=True,
        starts_at=clock.now(),
        ends_at=clock.now() + timedelta(days=30),
        state=GrantState.ASKED,
        asked_at=clock.now(),
    )


def a_report(clock: Clock, station: Station, user_id: UUID) -> HarmReport:
    """Return a report of harm."""
    return HarmReport(
        station_id=station.id,
        reporter_id=user_id,
        reported_at=clock.now(),
        noted_at=clock.now(),
        authority=HarmAuthority.POLICE,
        authority_name="",
        reference="",
    )


def a_consent(child: Child) -> Consent:
    """Return a consent for the child."""
    return Consent(
        station_id=child.station_id,
        child_id=child.id,
        purpose=ConsentPurpose.PHOTO,
        given_on=date(2026, 9, 1),
    )


def a_request(clock: Clock, child: Child) -> RightsRequest:
    """Return a guardian's request for deletion that waits."""
    return RightsRequest(
        station_id=child.station_id,
        child_id=child.id,
        kind=RequestKind.DELETION,
        how=ReceivedHow.DESK,
        received_on=date(2026, 11, 2),
        due_on=date(2026, 11, 23),
        entered_at=clock.now(),
    )
