"""A list with all that its page says: what can be wished for, what is saved, what is only on the page, and the rest."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.domain.errors import DomainError
from core.domain.wishing import MOST_FRIENDS
from core.services.wishes.lists import ListChangedError, WishDraft, Wishes
from core.services.wishes.offers import Offer
from core.services.wishes.rounds import Round
from core.web.text import say
from core.web.wishing.drafts import both


@dataclass(frozen=True)
class Sheet:
    """A child's list on a page; `draft` is what stands on it, `problem` why that couldn't be saved."""

    of_term: Round
    now: datetime
    offered: tuple[Offer, ...]
    stored: Wishes
    draft: WishDraft
    problem: str = ""
    #: What somebody else saved meanwhile, where the list on the page couldn't be saved for that.
    theirs: Wishes | None = None
    unsaved: bool = field(default=False)

    @property
    def is_open(self) -> bool:
        """Tell whether the list can be changed."""
        return self.of_term.is_open(self.now)

    @property
    def is_early(self) -> bool:
        """Tell whether wishes are still to be taken."""
        return self.now < self.of_term.wishes_from

    @property
    def listed(self) -> tuple[Offer | UUID, ...]:
        """The activities on the list in their order; bare ids of those that take no wishes any more."""
        return tuple(map(self.find, self.draft.ranked))

    @property
    def rest(self) -> tuple[Offer, ...]:
        """What else the child can wish for."""
        return tuple(one for one in self.offered if one.choice.can_wish and one.activity_id not in self.draft.ranked)

    @property
    def barred(self) -> tuple[Offer, ...]:
        """What the child can't wish for."""
        return tuple(
            one for one in self.offered if not one.choice.can_wish and one.activity_id not in self.draft.ranked
        )

    @property
    def most(self) -> int:
        """The most activities that a family can say it would like."""
        return self.of_term.per_child or self.of_term.most_wishes

    @property
    def friends(self) -> tuple[tuple[str, bool], ...]:
        """The fields for friends' codes, each with whether the other family has named this child too."""
        mutual = {one.code for one in self.stored.friends if one.mutual}
        named = [(code, code in mutual) for code in self.draft.friends]
        return (*named, *[("", False)] * (MOST_FRIENDS - len(named)))

    @property
    def merged(self) -> WishDraft | None:
        """Both lists in one, where there are two."""
        return both(self.draft, self.theirs.draft) if self.theirs else None

    def find(self, activity_id: UUID) -> Offer | UUID:
        """Return what is told of an activity, its bare id where it takes no wishes any more."""
        return next((one for one in self.offered if one.activity_id == activity_id), activity_id)


def refused(sheet: Sheet, draft: WishDraft, error: DomainError) -> Sheet:
    """Return the page with a list that couldn't be saved, and why: what was entered stays on it."""
    theirs = error.theirs if isinstance(error, ListChangedError) else None
    return Sheet(sheet.of_term, sheet.now, sheet.offered, sheet.stored, draft, say(error.message), theirs, unsaved=True)
