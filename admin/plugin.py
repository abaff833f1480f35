"""The hooks that the back office implements: it is a plugin like the programs, and core runs without it."""

from collections.abc import Sequence

from admin import office
from core.hooks.specs import hookimpl
from core.hooks.types import AdminSection, WebPart


@hookimpl
def web_parts(sections: Sequence[AdminSection]) -> Sequence[WebPart]:
    """Return the pages of the back office over core's sections and those of all plugins."""
    return (office.part(sections),)
