"""A list as somebody has it on the page: read from the form, changed by one button, put together with another."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar
from uuid import UUID

from werkzeug.datastructures import MultiDict

from core.services.wishes.lists import WishDraft

#: More than any list has, so that nobody can send a page that takes long to read.
_MOST_READ: Final = 60
SAVE: Final = "save"
_Part = TypeVar("_Part", bound=Hashable)


@dataclass(frozen=True)
class Sent:
    """What a page sent: the list on it, the revision that it had been shown, and the button that was pressed."""

    draft: WishDraft
    seen: int
    deed: str = SAVE

    @property
    def saves(self) -> bool:
        """Tell whether the list is to be saved; any other button only changes it on the page."""
        return self.deed == SAVE


def read(form: MultiDict[str, str]) -> Sent:
    """Return what a page sent; what no page of ours would send is left out."""
    ranked = [key for text in form.getlist("ranked")[:_MOST_READ] if (key := _key(text))]
    friends = [text.strip()[:20] for text in form.getlist("friend")[:_MOST_READ] if text.strip()]
    draft = WishDraft(tuple(dict.fromkeys(ranked)), _number(form.get("most", "")), tuple(friends))
    return Sent(draft, _number(form.get("seen", "")) or 0, form.get("deed", SAVE))


def changed(draft: WishDraft, deed: str) -> WishDraft:
    """Return the list after a button such as `up:ID`; unchanged for what the button can't do there."""
    what, _colon, text = deed.partition(":")
    ranked, key = list(draft.ranked), _key(text)
    if key is None:
        return draft
    if what == "add" and key not in ranked:
        ranked.append(key)
    elif key in ranked:
        place = ranked.index(key)
        if what == "remove":
            ranked.remove(key)
        elif what in {"up", "down"}:
            other = min(max(place + (1 if what == "down" else -1), 0), len(ranked) - 1)
            ranked[place], ranked[other] = ranked[other], ranked[place]
    return replace(draft, ranked=tuple(ranked))


def both(mine: WishDraft, theirs: WishDraft) -> WishDraft:
    """Return the list on the page with what only the other one has after it; the page's own number counts."""
    return WishDraft(
        ranked=_together(mine.ranked, theirs.ranked),
        most=mine.most or theirs.most,
        friends=_together(mine.friends, theirs.friends),
    )


def _together(some: Sequence[_Part], others: Iterable[_Part]) -> tuple[_Part, ...]:
    return tuple(dict.fromkeys([*some, *others]))


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 (any number of ours)
