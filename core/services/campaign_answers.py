"""Answers to campaigns: saving one's times is one, and so is saying that they are as before."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import CampaignReply
from core.db.queries import campaigns as queries
from core.domain.clock import Clock
from core.domain.replies import CampaignAnswer


def note_availability_answer(
    session: Session, clock: Clock, volunteer_id: UUID, *, answer: CampaignAnswer = CampaignAnswer.CHANGED
) -> int:
    """Note that somebody said when they can serve; return how many open campaigns that answers.

    Saying that nothing has changed doesn't undo that somebody entered new times before.
    """
    answered = 0
    for row in session.scalars(queries.open_replies_of_volunteer(volunteer_id)):
        if row.answer is not CampaignAnswer.CHANGED:
            row.answer = answer
        row.answered_at = clock.now()
        answered += 1
    session.flush()
    return answered


def open_questions(session: Session, volunteer_id: UUID) -> list[CampaignReply]:
    """Return what somebody is asked by campaigns that are not closed, answered or not."""
    return list(session.scalars(queries.open_replies_of_volunteer(volunteer_id)))
