"""What a planning problem is read with: JSON values that also know moments, windows and sessions."""

from core.domain.errors import Message
from core.exchange.node import JsonNode
from core.planning.errors import MalformedProblemError
from core.planning.moments import Window, moment

__all__ = ["MOST_MINUTES", "MOST_PLACES", "MOST_POINTS", "Node"]

#: Likes and priorities, which are multiplied with weights, are no farther from 0, …
MOST_POINTS = 10**4
#: … minutes, …
MOST_MINUTES = 10**6
#: … and staff places of one role.
MOST_PLACES = 1000

_END = moment("2200-01-01T00:00")


class Node(JsonNode):
    """A JSON value of a problem or a plan. Readers raise MalformedProblemError if it isn't what they say."""

    def fail(self, reason: Message) -> MalformedProblemError:
        """Return the error that names this place; the caller raises it."""
        return MalformedProblemError(self.path, reason)

    def moment(self) -> int:
        """Return a time written to the minute, from 2000 to 2199."""
        try:
            found = moment(self.text())
        except ValueError:
            raise self.fail(Message("A time such as 2027-01-25T09:00 is expected.")) from None
        if not 0 <= found < _END:
            raise self.fail(Message("A time from 2000 to 2199 is expected."))
        return found

    def window(self) -> Window:
        """Return a pair of times, the first not after the second."""
        start, end = self.pair()
        if start.moment() > end.moment():
            raise self.fail(Message("It ends before it begins."))
        return start.moment(), end.moment()

    def session(self) -> tuple[str, int]:
        """Return the pair of an activity and the index of one of its sessions."""
        activity, index = self.pair()
        return activity.text(), index.whole(0)
