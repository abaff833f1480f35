"""What the program adds to the planning problem of a term."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from core.plugin_api import ActivityOutline, Contribution, TermOutline
from plugins.character_ed import mix
from plugins.character_ed.activities import PROGRAM
from plugins.character_ed.rules import before_the_festival, time_to_practise
from plugins.character_ed.services import mix_of_term


def contribution(activities: Sequence[ActivityOutline], term: TermOutline, session: Session) -> Contribution | None:
    """Return the extension that the program's rules and preferences read, None without activities of its own."""
    if not mix.own(activities):
        return None
    return Contribution(
        PROGRAM.key,
        extension={
            **time_to_practise.asked(activities),
            **before_the_festival.asked(activities, term),
            **mix.asked(activities, mix_of_term(session, term)),
        },
    )
