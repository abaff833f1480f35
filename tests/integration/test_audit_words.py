"""The audit log in plain words: every action that the product notes has some, and every kind of subject."""

import ast
import re
from pathlib import Path

from core.domain.errors import Message
from core.hooks.manager import load_hooks
from core.services.audit_details import DETAILS, detail_words
from core.services.audit_words import ACTIONS, SUBJECTS, action_words, subject_words

ROOT = Path(__file__).parents[2]
_ACTION = re.compile(r'"([a-z_]+\.[a-z_]+)"')
_KIND = re.compile(r'subject_kind="([a-z_]+)"')
#: What looks like an action and is none.
_OTHERS = {"children.id_number", "guardians.phone", "volunteers.phone", "planning_runs.term_id", "erasures.ledger"}


def noting(folder: str) -> dict[str, str]:
    """Return the sources below a folder that write to the audit log."""
    return {
        str(path): source
        for path in (ROOT / folder).rglob("*.py")
        if "record" in (source := path.read_text(encoding="utf-8")) and path.name != "audit_words.py"
    }


def test_every_action_of_core_has_words() -> None:
    noted = {action for source in noting("core/services").values() for action in _ACTION.findall(source)} - _OTHERS
    assert noted - ACTIONS.keys() == set()
    assert len(noted) > 40


def test_every_subject_of_core_has_words() -> None:
    kinds = {kind for source in noting("core/services").values() for kind in _KIND.findall(source)}
    assert kinds - SUBJECTS.keys() == set()
    assert len(kinds) > 10


def test_every_action_of_the_programs_has_words() -> None:
    deeds = {action for part in load_hooks().web_parts() for action in part.deeds}
    noted = {
        action
        for key in ("sst", "school_link", "parent_school", "character_ed")
        for path, source in noting(f"plugins/{key}").items()
        if path.endswith("services.py")
        for action in _ACTION.findall(source)
    }
    assert noted - deeds == set()
    assert {action for action in deeds if action.startswith("parent_school.appointment_")}


def test_the_back_offices_actions_are_put_together() -> None:
    said = action_words("room.changed")
    assert isinstance(said, Message)
    assert str(said) == "Changed: Room"
    assert str(action_words("sst_question.deleted")) == "Deleted: sst_question"
    assert str(action_words("term.created")) == "Added: Term"


def test_what_is_unknown_stays_as_it_was_written() -> None:
    assert action_words("gone.happened") == "gone.happened"
    assert action_words("gone") == "gone"
    assert action_words("toy.played", {"toy.played": Message("Played")}) == Message("Played")
    assert subject_words("gone") == "gone"
    assert subject_words("child") == Message("Child")


def test_what_an_entry_says_beside_is_said_in_words() -> None:
    detail = {"channel": "walk_in", "waived": ["age", "clash"], "position": None, "passed": True, "odd": {"a": 1}}
    said = [(str(name), [str(value) for value in values]) for name, values in detail_words(detail)]
    assert said == [
        ("Way", ["at the door"]),
        ("odd", ["a: 1"]),
        ("Passed", ["it is so"]),
        ("Waived rules", ["age", "clash"]),
    ]


def test_every_key_of_what_core_notes_has_a_name() -> None:
    keys = {
        key.value
        for source in noting("core/services").values()
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        for word in call.keywords
        if word.arg == "detail" and isinstance(word.value, ast.Dict)
        for key in word.value.keys
        if isinstance(key, ast.Constant)
    }
    assert keys - DETAILS.keys() == set()
    assert len(keys) > 30
