"""Hooks are documented, typed and used by two at least; a plugin that breaks the contract is named and left out."""

import ast
import inspect
import re
from collections.abc import Callable, Sequence
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy.orm import Session

from core.domain.errors import Message
from core.hooks import installed as finding
from core.hooks import specs
from core.hooks.calling import Failure, Hooks, Plugin
from core.hooks.manager import build_hooks, load_hooks
from core.hooks.types import SessionText
from core.hooks.validation import NO_TERM

README = Path(specs.__file__).with_name("README.md")
MOST_ARGUMENTS = 3
ENOUGH_USERS = 2


def declared() -> dict[str, ast.FunctionDef]:
    """Return the hooks by name, as they are written."""
    tree = ast.parse(Path(specs.__file__).read_text())
    found = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    return {name: node for name, node in found.items() if hasattr(getattr(specs, name), f"{specs.NAMESPACE}_spec")}


HOOKS = declared()
MARK = f"{specs.NAMESPACE}_impl"
EACH = pytest.mark.parametrize("name", HOOKS)


def signature(hook: ast.FunctionDef) -> str:
    """Return the hook as the README's heading has it: a name in quotes is written without them."""
    assert hook.returns is not None
    return f"{hook.name}({ast.unparse(hook.args)}) -> {ast.unparse(hook.returns)}".replace("'", "")


def sections() -> dict[str, str]:
    """Return the README's text by the heading above it."""
    parts = re.split(r"^#{1,3} (.+)$", README.read_text(), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_there_are_hooks() -> None:
    assert {"program", "activity_types", "session_text"} <= HOOKS.keys()


@EACH
def test_a_hook_says_what_it_is_for(name: str) -> None:
    assert len(inspect.getdoc(getattr(specs, name)) or "") > len("Return it.")


@EACH
def test_a_hook_is_typed_and_takes_few_arguments(name: str) -> None:
    arguments = HOOKS[name].args
    assert HOOKS[name].returns is not None
    assert all(argument.annotation is not None for argument in arguments.args)
    assert len(arguments.args) <= MOST_ARGUMENTS
    assert ast.unparse(arguments).count(":") == len(arguments.args)
    assert not arguments.defaults


@EACH
def test_a_hook_has_no_body(name: str) -> None:
    assert len(HOOKS[name].body) == 1


@EACH
def test_the_readme_describes_a_hook_under_its_signature(name: str) -> None:
    assert sections().get(signature(HOOKS[name]), "").strip()


def test_the_readme_describes_no_hook_that_is_not_there() -> None:
    headings = [heading for heading in sections() if "->" in heading]
    assert headings == [signature(hook) for hook in HOOKS.values()]


@EACH
def test_a_hook_has_two_real_users(name: str) -> None:
    users = [plugin.key for plugin in load_hooks().plugins if hasattr(getattr(plugin.module, name, None), MARK)]
    assert len(users) >= ENOUGH_USERS, users


def test_every_declared_plugin_loads_and_none_misspells_a_hook() -> None:
    # `Hooks` has asked pluggy for hooks that nobody knows; whoever has one would be among the broken.
    loaded = load_hooks()
    assert loaded.broken == ()
    assert {"sst", "character_ed", "school_link", "parent_school"} <= {plugin.key for plugin in loaded.plugins}


def test_core_loads_without_any_plugin() -> None:
    empty = load_hooks(only=())
    assert (empty.plugins, empty.broken, empty.histories, empty.translation_folders) == ((), (), (), ())
    assert (dict(empty.programs), dict(empty.activity_types)) == ({}, {})
    assert empty.planning_contributions((), NO_TERM, Session()) == empty.planning_rules() == ()
    assert empty.admin_sections() == empty.web_parts() == ()


# --- Plugins that break the contract ------------------------------------------

_HEAD = """
from core.plugin_api import *
from core.plugin_api import hookimpl

def kind(key):
    return ActivityType(key, Message("Game"), ActivityLine.LEARNING, Message("A game."), (), (), ())
"""
SOUND = """
@hookimpl
def activity_types():
    return (kind("toy.game"),)
"""
BROKEN = {
    "misspelt hook": ("@hookimpl\ndef activity_typs():\n    return ()", "activity_typs"),
    "unknown argument": ("@hookimpl\ndef planning_contribution(banana):\n    return None", "banana"),
    "wrong type": (
        '@hookimpl\ndef activity_types():\n    return (Program("toy.game", Message(""), Message("")),)',
        "returned Program where the contract asks for ActivityType",
    ),
    "a text for a list": ('@hookimpl\ndef activity_types():\n    return "toy.game"', "str"),
    "a number for a list": ("@hookimpl\ndef web_parts():\n    return 7", "int"),
    "foreign activity type": ('@hookimpl\ndef activity_types():\n    return (kind("sst.game"),)', "'toy.': sst.game"),
    "one type twice": (
        '@hookimpl\ndef activity_types():\n    return (kind("toy.game"), kind("toy.game"))',
        "defined twice: toy.game",
    ),
    "foreign program": (
        '@hookimpl\ndef program():\n    return Program("sst", Message("Toy"), Message("Play."))',
        "must be 'toy', not sst",
    ),
    "no colour": (
        '@hookimpl\ndef program():\n    return Program("toy", Message("Toy"), Message("Play."), "#00ff00")',
        "names of CSS, not '#00ff00'",
    ),
    "no rule": ("@hookimpl\ndef planning_rules():\n    return (object(),)", "object is no subclass of Rule"),
    "raising": ('@hookimpl\ndef admin_sections():\n    raise LookupError("out of toys")', "LookupError: out of toys"),
}


def a_plugin(key: str, source: str) -> Plugin:
    module = ModuleType(f"plugin_{key}")
    exec(compile(_HEAD + source, f"<{key}>", "exec"), module.__dict__)  # noqa: S102 - the source stands above
    return Plugin(key, module)


def keys(hooks: Hooks) -> list[str]:
    return [plugin.key for plugin in hooks.plugins]


def test_a_sound_plugin_is_loaded() -> None:
    hooks = build_hooks([a_plugin("toy", SOUND)])
    assert (keys(hooks), hooks.broken) == (["toy"], ())
    assert list(hooks.activity_types) == ["toy.game"]


@pytest.mark.parametrize("fault", BROKEN)
def test_a_plugin_that_breaks_the_contract_is_named_and_the_others_run_on(fault: str) -> None:
    source, reason = BROKEN[fault]
    other = a_plugin("other", SOUND.replace("toy.", "other."))
    hooks = build_hooks([a_plugin("toy", source), other])
    assert keys(hooks) == ["other"]
    (left_out,) = hooks.broken
    assert left_out.key == "toy"
    assert reason in left_out.reason


def test_of_two_plugins_with_one_key_the_first_counts() -> None:
    first, second = a_plugin("toy", SOUND), a_plugin("toy", SOUND)
    hooks = build_hooks([first, second])
    assert hooks.plugins == (first,)
    assert [(broken.key, broken.reason) for broken in hooks.broken] == [("toy", "another plugin has the same key")]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[EntryPoint]], None]:
    """Return what says which plugins are installed."""

    def install(points: Sequence[EntryPoint]) -> None:
        monkeypatch.setattr(
            finding, "entry_points", lambda *, group: [point for point in points if point.group == group]
        )

    return install


def an_entry_point(key: str, module: str) -> EntryPoint:
    return EntryPoint(key, module, finding.ENTRY_POINTS)


def test_a_plugin_that_can_not_be_imported_is_named(installed: Callable[[Sequence[EntryPoint]], None]) -> None:
    installed([an_entry_point("sst", "plugins.sst.plugin"), an_entry_point("gone", "plugins.gone.plugin")])
    hooks = load_hooks()
    assert keys(hooks) == ["sst"]
    assert [(broken.key, broken.reason) for broken in hooks.broken] == [
        ("gone", "ModuleNotFoundError: No module named 'plugins.gone'")
    ]


def test_plugins_that_are_not_chosen_are_not_even_imported(
    installed: Callable[[Sequence[EntryPoint]], None],
) -> None:
    installed([an_entry_point("sst", "plugins.sst.plugin"), an_entry_point("gone", "plugins.gone.plugin")])
    hooks = load_hooks(only=["sst"])
    assert (keys(hooks), hooks.broken) == (["sst"], ())


def test_the_first_plugin_that_has_something_to_say_of_a_session_says_it() -> None:
    silent = "@hookimpl\ndef session_text(session):\n    return None"
    saying = '@hookimpl\ndef session_text(session):\n    return SessionText(Message("From %s"))'
    hooks = build_hooks(
        [a_plugin(key, source) for key, source in (("a", silent), ("b", saying % "b"), ("c", saying % "c"))]
    )
    session = specs.SessionOutline(type_key="b.game", title="Game", index=0, sessions=1, settings={})
    text = hooks.session_text(session)
    assert text is not None
    assert str(text.description) == "From b"


@pytest.mark.parametrize(
    ("answer", "kind"), [('raise LookupError("of a child")', "LookupError"), ('return "a text"', "TypeError")]
)
def test_a_plugin_that_fails_over_a_session_is_fenced_off_and_the_next_one_is_asked(
    answer: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    failing = f"@hookimpl\ndef session_text(session):\n    {answer}"
    saying = '@hookimpl\ndef session_text(session):\n    return SessionText(Message("From b"))'
    hooks = build_hooks([a_plugin("a", failing), a_plugin("b", saying)])
    session = specs.SessionOutline(type_key="b.game", title="Game", index=0, sessions=1, settings={})
    for _ in range(2):
        assert str(hooks.session_text(session)) == str(SessionText(Message("From b")))
    assert hooks.failures == (Failure("a", "session_text", kind),)
    assert "of a child" not in capsys.readouterr().err
