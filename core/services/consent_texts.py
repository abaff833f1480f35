"""The texts with which guardians are asked for consent: one in force for each purpose, the former kept for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ConsentText
from core.db.queries import consents as queries
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import InvalidInputError, Message, NotFoundError
from core.domain.vocabulary import ConsentPurpose
from core.security.permissions import require
from core.services.audit import record

TEXT_LENGTH: Final = 5000


@dataclass(frozen=True)
class NewText:
    """The next version of a purpose's text, in both languages, and the day from which guardians are asked with it."""

    purpose: ConsentPurpose
    chinese: str
    english: str
    valid_from: date


@dataclass(frozen=True)
class Version:
    """A version of a text, and how many consents in reach rest on it today."""

    text: ConsentText
    resting: int
    in_force: bool


def text_in_force(session: Session, purpose: ConsentPurpose, day: date) -> ConsentText:
    """Return the text with which guardians are asked on a day; NotFoundError where there is none yet."""
    found = _text_on(session, purpose, day)
    if found is None:
        raise NotFoundError(Message("There is no text yet with which to ask for this consent."))
    return found


def texts_in_force(session: Session, day: date) -> Mapping[ConsentPurpose, ConsentText]:
    """Return the text of each purpose."""
    return {purpose: text_in_force(session, purpose, day) for purpose in ConsentPurpose}


def text_for_paper(session: Session, purpose: ConsentPurpose, signed_on: date) -> ConsentText:
    """Return the text that was in force when a paper was signed; InvalidInputError for a paper older than any."""
    found = _text_on(session, purpose, signed_on)
    if found is None:
        first = [text.valid_from for text in session.scalars(queries.texts_of(purpose))]
        if not first:
            raise NotFoundError(Message("There is no text yet with which to ask for this consent."))
        raise InvalidInputError(
            Message(
                "The first text for this consent is of %(day)s, and what was signed before doesn't count: have the text"
                " that is in force signed, and enter the day on which that is done.",
                {"day": min(first)},
            )
        )
    return found


def versions_of(session: Session, purpose: ConsentPurpose, today: date) -> tuple[Version, ...]:
    """Return the versions of a purpose's text, the newest first."""
    in_force = _text_on(session, purpose, today)
    resting = dict(session.execute(queries.resting_on_texts(purpose, today)).all())
    texts = session.scalars(queries.texts_of(purpose))
    return tuple(Version(text, resting.get(text.version, 0), in_force is text) for text in texts)


def asked_anew(session: Session, purpose: ConsentPurpose, today: date) -> int:
    """Return how many guardians in reach have agreed and would be asked anew with another text."""
    return len(session.execute(queries.agreeing(purpose, today)).all())


def check_text(session: Session, new: NewText, *, today: date) -> None:
    """Raise InvalidInputError for a text that can't be the next version of its purpose."""
    for text in (new.chinese, new.english):
        if not text.strip():
            raise InvalidInputError(Message("The text is needed in Chinese and in English."))
        if len(text) > TEXT_LENGTH:
            raise InvalidInputError(Message("The text is longer than 5,000 characters: shorten it."))
    newest = session.scalars(queries.texts_of(new.purpose)).first()
    if new.valid_from < today:
        raise InvalidInputError(Message("Nobody can be asked with a new text in the past: choose today or later."))
    if newest is not None and new.valid_from <= newest.valid_from:
        raise InvalidInputError(
            Message(
                "The text before this one holds from %(day)s: choose a later day.",
                {"day": newest.valid_from},
            )
        )


def add_text(
    session: Session, actor: Actor, clock: Clock, station_id: UUID, new: NewText, *, today: date
) -> ConsentText:
    """Add the next version of a text, for all stations, and note it at the station whose head or county did so.

    Whoever agreed to an older one is asked again from its day on. Raises InvalidInputError as `check_text` does.
    """
    require(actor, Capability.KEEP_SETTINGS)
    check_text(session, new, today=today)
    newest = session.scalars(queries.texts_of(new.purpose)).first()
    row = ConsentText(
        purpose=new.purpose,
        version=newest.version + 1 if newest else 1,
        chinese=_lines(new.chinese),
        english=_lines(new.english),
        valid_from=new.valid_from,
    )
    session.add(row)
    session.flush()
    record(
        session,
        actor,
        clock,
        station_id=station_id,
        action="consent_text.added",
        subject_kind="consent_text",
        subject_id=row.id,
        detail={"purpose": row.purpose, "text": row.version, "from": row.valid_from.isoformat()},
    )
    return row


def _text_on(session: Session, purpose: ConsentPurpose, day: date) -> ConsentText | None:
    return next((text for text in session.scalars(queries.texts_of(purpose)) if text.valid_from <= day), None)


def _lines(text: str) -> str:
    """Return the text with the line breaks of this machine; a browser sends those of another."""
    return "\n".join(text.strip().splitlines())
