"""The page of a volunteer's own duties, as it is shown and as it is shown again with a refusal."""

from uuid import UUID

from flask import render_template
from werkzeug.wrappers import Response

from core.db.models import DutySwap, Volunteer
from core.db.queries import replies as reply_queries
from core.db.queries import subscriptions as feed_queries
from core.db.queries import week as queries
from core.domain.errors import DomainError, Message, NotFoundError
from core.domain.replies import OPEN_SWAPS, SwapState
from core.extensions import actor, db, wiring
from core.services import subscriptions as service
from core.services.desk import Desk
from core.services.feed_ledger import is_private
from core.services.replies.fitness import Diary
from core.services.replies.occasions import find_session, published
from core.services.replies.swapping import why_not_take
from core.services.volunteering import find_person
from core.web.feeds.views import offers
from core.web.feeds.ways import NewAddress
from core.web.replying.answers import campaigns, desk_of, questions
from core.web.text import say

Page = str | Response | tuple[str, int]


def own() -> Volunteer:
    """Return the file of whoever is signed in; NotFoundError for an account without one."""
    key = actor().volunteer_id
    if key is None:
        raise NotFoundError(Message("There is no such volunteer."))
    return find_person(db.session, key)


def own_page(made: NewAddress | None = None, refusal: DomainError | None = None) -> Page:
    """Show what somebody is asked, their coming duties, and what others offer."""
    subject, volunteer, desk = service.own_address(actor()).subject, own(), desk_of(actor())
    coming = db.session.scalars(queries.duties(volunteer.id, wiring().wall_clock())).all()
    tokens = db.session.scalars(feed_queries.live_tokens_of(subject)).all()
    asked = questions(desk, volunteer.id)
    swaps = list(db.session.scalars(reply_queries.open_swaps(desk.now)))
    content = render_template(
        "duties/mine.html",
        now=desk.now,
        coming=coming,
        tokens=tokens,
        made=made,
        said_when=bool(volunteer.availabilities),
        asked=[one for one in asked if one.row.state == "asked"],
        words={one.row.session_id: one for one in asked},
        said_no=[one for one in asked if one.row.state in {"declined", "proposed"}],
        campaigns=campaigns(volunteer.id),
        own_swaps={one.session_id: one for one in swaps if one.volunteer_id == volunteer.id},
        taken=[one for one in swaps if one.taken_by_id == volunteer.id and one.state in OPEN_SWAPS],
        offered=_offered_to(desk, volunteer, swaps),
        is_private=is_private,
        refusal=say(refusal.message) if refusal else "",
        **offers(),
    )
    return (content, 409) if refusal else content


def _offered_to(desk: Desk, volunteer: Volunteer, swaps: list[DutySwap]) -> list[DutySwap]:
    """Return the duties that others offer and that somebody may take."""
    return [
        swap
        for swap in swaps
        if swap.state is SwapState.OFFERED
        and swap.volunteer_id != volunteer.id
        and _may_take(desk, volunteer, swap, swap.session_id)
    ]


def _may_take(desk: Desk, volunteer: Volunteer, swap: DutySwap, session_id: UUID) -> bool:
    occasion = published(find_session(db.session, session_id))
    diary = Diary.around(db.session, occasion, [volunteer.id])
    return why_not_take(db.session, desk, occasion, swap, volunteer, diary) is None
