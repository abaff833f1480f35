"""Libraries that are imported when something of them is first asked for.

Some bring so much with them that a command which needs none of it would take seconds to say its help. A type checker
reads the plain import that stands beside.
"""

from importlib import import_module


class Late:
    """Stands for a module that isn't imported yet: whatever is asked of it imports it."""

    def __init__(self, name: str) -> None:
        self.__dict__["_name"] = name

    def __getattr__(self, attribute: str) -> object:
        """Return what the module has of that name, and keep it at hand; AttributeError where it has nothing."""
        found = getattr(import_module(self.__dict__["_name"]), attribute)
        self.__dict__[attribute] = found
        return found
