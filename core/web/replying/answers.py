"""What a page of questions shows, and what becomes of an answer that is sent from it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import flash, request
from flask_babel import gettext as _

from core.db.models import AvailabilityCampaign, CampaignReply, DutyRequest, Volunteer
from core.db.queries import replies as queries
from core.domain.actor import Actor
from core.domain.errors import InvalidInputError, Message
from core.domain.replies import CampaignAnswer
from core.extensions import db, wiring
from core.services.campaign_answers import note_availability_answer, open_questions
from core.services.desk import Desk
from core.services.feed_ledger import is_private
from core.services.replies.answering import accept, can_take_back, decline, find_own, take_back


@dataclass(frozen=True)
class Shown:
    """A request as its person sees it; of a private session `told` is False: no more is said than in the calendar."""

    row: DutyRequest
    told: bool
    may_undo: bool

    @property
    def place(self) -> str:
        """Where it would be, for who may know."""
        room = self.row.room if self.row.plan_id is not None else self.row.session.room
        if not self.told:
            return ""
        if room is not None:
            return f"{room.venue.name} · {room.name}"
        place = self.row.session.activity.place
        return place.name if place else ""


@dataclass(frozen=True)
class Asked:
    """A campaign that asks somebody, and what they said so far."""

    campaign: AvailabilityCampaign
    reply: CampaignReply


def desk_of(actor: Actor) -> Desk:
    """Return the desk of whoever acts in this request."""
    app = wiring()
    return Desk(actor, app.clock, app.hooks, app.settings.timezone)


def questions(desk: Desk, volunteer_id: UUID) -> list[Shown]:
    """Return what somebody is asked and has said about duties ahead, by time."""
    rows = db.session.scalars(queries.requests_of_volunteer(volunteer_id, desk.now))
    newest: dict[tuple[UUID, datetime], DutyRequest] = {}
    for row in (one for one in rows if one.stands):
        newest[row.session_id, row.starts_at] = row
    return [Shown(row, not is_private(row.session), can_take_back(desk, row)) for row in newest.values()]


def campaigns(volunteer_id: UUID) -> list[Asked]:
    """Return the campaigns that ask somebody."""
    return [
        Asked(db.session.get_one(AvailabilityCampaign, reply.campaign_id), reply)
        for reply in open_questions(db.session, volunteer_id)
    ]


def take_answer(desk: Desk, request_id: UUID, volunteer: Volunteer) -> None:
    """Carry out the answer that was sent; InvalidInputError for one that nobody offered."""
    find_own(db.session, request_id, volunteer.id)
    said = request.form.get("deed", "")
    reason = request.form.get("reason", "")
    if said == "accept":
        accept(db.session, desk, request_id, volunteer.id)
        flash(_("You serve. Thank you! It is in your calendar."), "success")
    elif said == "decline":
        decline(db.session, desk, request_id, volunteer.id, reason=reason)
        flash(_("Noted: you can't serve then. Thank you for saying so."), "success")
    elif said == "propose":
        decline(db.session, desk, request_id, volunteer.id, reason=reason, proposed_at=_proposed())
        flash(_("Your proposal is with the station."), "success")
    elif said == "undo":
        take_back(db.session, desk, request_id, volunteer.id)
        flash(_("Your answer is taken back: please answer anew."), "success")
    else:
        raise InvalidInputError(Message("Choose one of the answers."))


def take_unchanged(volunteer: Volunteer) -> None:
    """Note that somebody's times are as before."""
    note_availability_answer(db.session, wiring().clock, volunteer.id, answer=CampaignAnswer.UNCHANGED)
    flash(_("Noted: your times are as before. Thank you!"), "success")


def _proposed() -> datetime:
    try:
        return datetime.fromisoformat(request.form.get("proposed_at", "")).replace(tzinfo=None)
    except ValueError:
        raise InvalidInputError(Message("Enter the day and time that you propose.")) from None
