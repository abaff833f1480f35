"""All checks, in the order in which a plugin's author would want to mend what they find."""

from collections.abc import Iterator
from typing import Final

from core.conformance import activities, copies, joining, naming, pages, planning, reports, storage, words
from core.conformance.subject import Check, Subject
from core.domain.errors import Message

LOADS: Final = Check("loads", Message("It loads, alone and beside the others"), naming.loads)

CHECKS: Final = (
    LOADS,
    Check("names", Message("Its names carry its key and are nobody else's"), naming.names),
    Check("forms", Message("The forms of its activities can be filled in"), activities.forms),
    Check("templates of kinds", Message("Its templates fit their forms"), activities.templates),
    Check("safety", Message("Its sessions start out safe"), activities.safety),
    Check("calendars", Message("Calendars tell of its sessions in whole sentences"), activities.calendars),
    Check("rules", Message("Its planning rules are explained, and ask for no session to be held"), planning.rules),
    Check("preferences", Message("What it prefers is explained, and costs nothing unasked"), planning.preferences),
    Check("joining", Message("Whoever can't take part is told why"), joining.joining),
    Check("reports", Message("Its reports count, also where there is nothing yet"), reports.reports),
    Check("tables", Message("Its tables carry its key and belong to stations"), naming.tables),
    Check("copies", Message("Guardians are told in words what it keeps of a child"), copies.copies),
    Check("migrations", Message("Its tables come and go by migrations, and core misses none"), storage.migrations),
    Check("templates", Message("Its templates lie under its key"), naming.templates),
    Check("pages", Message("Its pages answer those who may call them, and nobody else"), pages.pages),
    Check("languages", Message("All that it says is said in both languages"), words.languages),
    Check("compiled", Message("Its catalogue is compiled"), words.compiled),
    Check("same words", Message("It translates the same words as others do"), words.the_same_words),
)


def findings(subject: Subject) -> Iterator[tuple[Check, tuple[str, ...]]]:
    """Yield each check with what it found; the rest are skipped where the plugin doesn't load."""
    for check in CHECKS:
        found = looked(check, subject)
        yield check, found
        if check is LOADS and found:
            return


def looked(check: Check, subject: Subject) -> tuple[str, ...]:
    """Return what a check found; whatever the plugin raises meanwhile is a finding too."""
    found = list[str]()
    try:
        found.extend(check.look(subject))
    except Exception as error:  # noqa: BLE001 - of whatever kind, it is the plugin's
        found.append(f"{type(error).__name__}: {error}")
    return tuple(found)
