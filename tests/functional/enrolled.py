"""What the county's activities take in registration, and a child who is registered."""

import json
from datetime import datetime

from sqlalchemy.orm import Session

from core.db.models import (
    Activity,
    ActivityGroup,
    ActivityIntake,
    AllocationRun,
    Child,
    Group,
    GroupMember,
    Registration,
    Term,
    TermIntake,
)
from core.db.models.run import RunState
from core.domain.clock import Clock
from core.domain.ids import new_id
from core.domain.registering import Channel, Place
from core.domain.wishing import Errand
from core.services.allocating.settings import Wanted


def an_intake(session: Session, activity: Activity) -> ActivityIntake:
    """Store that a term gives free places since long ago, and an activity takes three children."""
    own = {"station_id": activity.station_id}
    opens = datetime(2026, 11, 1, 9)  # noqa: DTZ001 (the station's wall clock)
    session.add(TermIntake(term_id=activity.term_id, opens_at=opens, **own))
    group = Group(name=f"{activity.title}报名", from_age=0, to_age=17, **own)
    session.add(group)
    session.flush()
    session.add(ActivityGroup(activity_id=activity.id, group_id=group.id, **own))
    intake = ActivityIntake(activity_id=activity.id, group_id=group.id, capacity=3, **own)
    session.add(intake)
    session.flush()
    return intake


def a_registration(clock: Clock, intake: ActivityIntake, child: Child) -> Registration:
    """Return a child's place, with the child in the activity's group."""
    own = {"station_id": intake.station_id, "child_id": child.id}
    child.memberships.append(GroupMember(group_id=intake.group_id, **own))
    return Registration(
        activity_id=intake.activity_id,
        request_id=new_id(),
        channel=Channel.DESK,
        state=Place.PLACED,
        registered_at=clock.now(),
        changed_at=clock.now(),
        **own,
    )


def an_allocation(clock: Clock, term: Term) -> AllocationRun:
    """Return a run that has given places for the wishes of nobody."""
    asked = {"term": str(term.id), "seed": "1", "settings": {}, "children": [], "activities": []}
    found = {"problem": str(term.id), "seed": "1", "places": {}, "opened": [], "aims": []}
    run = AllocationRun(
        station_id=term.station_id,
        term_id=term.id,
        errand=Errand.SOLVE,
        seconds=60,
        state=RunState.DONE,
        asked_at=clock.now(),
        settings=Wanted().to_json(),
        figures=dict.fromkeys(("with_a_place", "with_nothing", "places", "opened", "activities"), 0)
        | {"satisfaction": 1, "ranks": {}, "aims": [], "proved": True},
    )
    run.problem = json.dumps({"format": "weibao.allocation/1", **asked})
    run.allocation = json.dumps(
        {"format": "weibao.places/1", **found, "status": "optimal", "seconds": 0, "version": "1"}
    )
    return run
