"""What notices say: sentences of the catalogues, filled with the times and the published wording of sessions.

Of a session a letter says what its reader's own calendar says of it, so a closed group stays neutral here too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from babel.dates import format_skeleton
from sqlalchemy.orm import Session

from core.couriers.letter import Letter
from core.db.models import OutboxNotice, Station
from core.db.queries import notices as queries
from core.domain.errors import Message
from core.domain.notices import Channel, NoticeKind
from core.services import volunteer_links as links
from core.services.notices.invites import invitation_of
from core.services.notices.leasing import Taken, is_invitation
from core.services.notices.post import Post
from core.services.notices.words import ADDED, CANCELLED, MOVED, Said, said_of
from core.services.wording import ENGLISH, Wording

#: What a message is about that carries several notices.
SEVERAL: Final = "several"
#: The one sentence that is also the subject of a mail.
SENTENCES: Final[Mapping[NoticeKind, Message]] = MappingProxyType(
    {
        NoticeKind.DUTY_ASKED: Message("Can you serve? %(title)s, %(when)s"),
        NoticeKind.DUTY_REMINDER: Message("You serve soon: %(title)s, %(when)s"),
        NoticeKind.DUTY_WITHDRAWN: Message("You are no longer asked to serve: %(title)s, %(when)s"),
        NoticeKind.DUTY_CHANGED: Message("Your duty has changed: %(title)s, now %(when)s"),
        NoticeKind.DUTY_CANCELLED: Message("Your duty is cancelled: %(title)s, %(when)s"),
        NoticeKind.SWAP_OFFERED: Message("Can you take over? %(title)s, %(when)s"),
        NoticeKind.SWAP_TAKEN: Message("Somebody takes over: %(title)s, %(when)s"),
        NoticeKind.SWAP_DECIDED: Message("Your swap is decided: %(title)s, %(when)s"),
        NoticeKind.CAMPAIGN_ASKED: Message("When can you serve? Please say so by %(until)s"),
        NoticeKind.CAMPAIGN_REMINDER: Message("We don't know yet when you can serve: please say so by %(until)s"),
        NoticeKind.LATE_CANCELLATION: Message("Somebody can't come: %(title)s, %(when)s"),
        NoticeKind.SESSION_UNSAFE: Message("Too few adults: %(title)s, %(when)s"),
        NoticeKind.PICKUP_ALARM: Message("Somebody who may not came to pick up: %(title)s, %(when)s. Please look now."),
        NoticeKind.HOURS_PUBLISHED: Message("Hours of service are published: please check yours"),
        NoticeKind.CERTIFICATE_READY: Message("Your certificate of service is ready"),
        NoticeKind.THANKS: Message("Thank you for serving: %(title)s, %(when)s"),
        NoticeKind.TIMETABLE_CHANGED: Message("The timetable has changed"),
    }
)
#: Of a change of the timetable, as it says itself what it is.
_CHANGES: Final[Mapping[str, Message]] = MappingProxyType(
    {
        ADDED: Message("You serve: %(title)s, %(when)s"),
        MOVED: Message("Moved: %(title)s, now %(when)s"),
        CANCELLED: Message("You don't serve: %(title)s, %(when)s is cancelled for you"),
    }
)
#: What is answered at a volunteer's secret address, without signing in.
ANSWERED: Final = frozenset({NoticeKind.DUTY_ASKED, NoticeKind.CAMPAIGN_ASKED, NoticeKind.CAMPAIGN_REMINDER})
#: What an organizer mends.
_TO_MEND: Final = frozenset({NoticeKind.LATE_CANCELLATION, NoticeKind.SESSION_UNSAFE})
#: What is only read, and what is to be answered.
_PAGES: Final[Mapping[NoticeKind, str]] = MappingProxyType(
    {
        NoticeKind.CAMPAIGN_ASKED: "/duties/",
        NoticeKind.CAMPAIGN_REMINDER: "/duties/",
        NoticeKind.SWAP_OFFERED: "/duties/",
        NoticeKind.HOURS_PUBLISHED: "/duties/",
        NoticeKind.CERTIFICATE_READY: "/duties/",
    }
)


@dataclass(frozen=True)
class Pages:
    """Where a letter leads: the site, none if empty, and the path there at which its reader answers."""

    site: str
    answers: str = field(default="", repr=False)


def letter_of(session: Session, post: Post, taken: Taken) -> Letter:
    """Return the letter that a message is, in its reader's language."""
    found = {row.id: row for row in session.scalars(queries.notices(taken.notices))}
    rows = [found[one] for one in taken.notices if one in found]
    wording = Wording(taken.reach.language, post.hooks.translation_folders)
    saids = [said_of(session, row, english=taken.reach.language == ENGLISH) for row in rows]
    pages = Pages(post.site, _address(session, post, rows))
    subject, text = written(pages, wording, list(zip(rows, saids, strict=True)), _signature(session, rows[0]))
    invited = is_invitation(rows[0], taken.reach)
    return Letter(
        id=taken.message_id.hex,
        at=post.clock.now(),
        to=taken.reach.to,
        kind=rows[0].kind if len(rows) == 1 else SEVERAL,
        subject=subject,
        text=text,
        values=_values(wording, rows, saids, taken.reach.channel),
        invitation=invitation_of(session, post, rows[0], taken.reach) if invited else None,
    )


def _address(session: Session, post: Post, rows: Sequence[OutboxNotice]) -> str:
    """Return the path of the secret address at which a volunteer answers, empty where they have none."""
    volunteer_id = rows[0].volunteer_id
    if volunteer_id is None or not any(row.kind in ANSWERED for row in rows):
        return ""
    token = links.known(session, post.clock, volunteer_id)
    return "" if token is None else f"/duties/by-link/{token}"


def written(
    pages: Pages, wording: Wording, notices: Sequence[tuple[OutboxNotice, Said]], signature: str
) -> tuple[str, str]:
    """Return the subject and the text of a letter with some notices, one at least."""
    paragraphs = ["\n".join(_paragraph(pages, wording, row, said)) for row, said in notices]
    subject = sentence(wording, *notices[0])
    if len(notices) > 1:
        subject = wording.say(Message("%(count)s notices for you", {"count": len(notices)}))
    return subject, "\n\n".join([*paragraphs, f"-- \n{signature}"])


def sentence(wording: Wording, row: OutboxNotice, said: Said) -> str:
    """Return the sentence of a notice."""
    template = _CHANGES.get(said.text("change")) if row.kind is NoticeKind.TIMETABLE_CHANGED else None
    template = template or SENTENCES[row.kind]
    values = {
        "title": said.text("title") or "–",
        "when": when(wording, said.moment("starts_at"), said.moment("ends_at")) or "–",
        "until": when(wording, said.moment("until")) or "–",
    }
    used = {name: value for name, value in values.items() if f"%({name})" in template.text}
    return wording.say(Message(template.text, used))


def _paragraph(pages: Pages, wording: Wording, row: OutboxNotice, said: Said) -> Iterator[str]:
    yield sentence(wording, row, said)
    before = when(wording, said.moment("before_starts_at"), said.moment("before_ends_at"))
    place, former = said.text("location"), said.text("before_location")
    if before:
        yield wording.say(Message("Before: %(when)s", {"when": " ".join(part for part in (before, former) if part)}))
    if place and said.text("change") != CANCELLED:
        yield wording.say(Message("Where: %(place)s", {"place": place}))
    if (until := said.moment("until")) and "%(until)" not in SENTENCES[row.kind].text:
        yield wording.say(Message("Please answer by %(when)s.", {"when": when(wording, until)}))
    if minutes := said.facts.get("minutes"):
        yield wording.say(Message("Minutes of service: %(minutes)s", {"minutes": minutes}))
    if pages.site and (page := _page(row, pages.answers)):
        yield f"{pages.site}{page}"


def _page(row: OutboxNotice, answers: str) -> str:
    if row.kind in ANSWERED and answers:
        return answers
    if row.kind in _TO_MEND and row.session_id:
        return f"/asking/sessions/{row.session_id}"
    own = _PAGES.get(row.kind, "")
    return own or (f"/sessions/{row.session_id}" if row.session_id else "")


def when(wording: Wording, starts: datetime | None, ends: datetime | None = None) -> str:
    """Return a wall-clock time, or from when until when, with its weekday; empty for None."""
    if starts is None:
        return ""
    day = format_skeleton("MMMdE", starts, locale=wording.language)
    return f"{day} {starts:%H:%M}" + (f"–{ends:%H:%M}" if ends else "")


def _signature(session: Session, row: OutboxNotice) -> str:
    station = session.get_one(Station, row.station_id)
    return " ".join(part for part in (station.name, station.phone) if part)


def _values(
    wording: Wording, rows: Sequence[OutboxNotice], saids: Sequence[Said], channel: Channel
) -> Mapping[str, str | int]:
    """Return what an approved text is filled with, or what a program is told: the facts, and ids as text."""
    row, said = rows[0], saids[0]
    if channel is Channel.WEBHOOK:
        return {"station_id": row.station_id.hex, **_id("session_id", row.session_id), **row.facts}
    return {
        "what": wording.say(row.kind.label),
        "title": said.text("title"),
        "when": when(wording, said.moment("starts_at")),
        "count": len(rows),
    }


def _id(name: str, value: UUID | None) -> Mapping[str, str]:
    return {} if value is None else {name: value.hex}
