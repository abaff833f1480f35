"""Every plugin, alone and with the others: its keys, forms, tables, templates and words keep the contract."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pytest
from babel.messages.catalog import Message as Entry
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from core.db.base import Base, StationScoped
from core.domain.vocabulary import Zone
from core.hooks import specs
from core.hooks.manager import Plugin, load_hooks
from core.hooks.types import ActivityType, FieldKind, SessionOutline, SettingField
from core.services.settings import check_settings

ROOT: Final = Path(__file__).parents[2]
METHODS: Final = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
ALL = load_hooks()
PLUGINS = MappingProxyType({plugin.key: plugin for plugin in ALL.plugins})
EACH = pytest.mark.parametrize("key", PLUGINS)
EACH_TYPE = pytest.mark.parametrize("kind", ALL.activity_types.values(), ids=list(ALL.activity_types))


@EACH
def test_a_plugin_loads_alone(key: str) -> None:
    alone = load_hooks(only=[key])
    assert ([plugin.key for plugin in alone.plugins], alone.broken) == ([key], ())
    assert alone.activity_types == {
        name: kind for name, kind in ALL.activity_types.items() if name.startswith(f"{key}.")
    }


@pytest.mark.parametrize("key", ALL.programs)
def test_a_program_describes_each_of_its_kinds_of_activity_once(key: str) -> None:
    module: Any = PLUGINS[key].module
    names = [kind.key for kind in module.activity_types()]
    assert len(names) == len(set(names)) >= len(("one", "another"))
    assert ALL.programs[key].key == key


def test_together_no_section_and_no_part_has_the_name_of_another() -> None:
    sections = [section.key for section in ALL.admin_sections()]
    assert len(sections) == len(set(sections))
    parts = ALL.web_parts()
    assert len({part.name for part in parts}) == len(parts)
    endpoints = [endpoint for part in parts for endpoint in part.permissions]
    assert len(endpoints) == len(set(endpoints))
    assert all(entry.endpoint in part.permissions for part in parts for entry in part.menu)


@EACH_TYPE
def test_the_questions_of_a_form_are_sound(kind: ActivityType) -> None:
    assert len({field.key for field in kind.form}) == len(kind.form)
    for field in kind.form:
        assert bool(field.choices) is (field.kind is FieldKind.CHOICE)
        assert not (field.required and field.default is not None)


@EACH_TYPE
def test_a_form_takes_its_own_defaults_and_what_it_offers(kind: ActivityType) -> None:
    answers = {field.key: answer(field) for field in kind.form if field.required or field.choices}
    settings = check_settings(kind, answers)
    assert check_settings(kind, settings) == settings
    assert {field.key for field in kind.form if field.default is not None} <= settings.keys()


def answer(field: SettingField) -> object:
    return field.choices[-1][0] if field.choices else {FieldKind.INTEGER: field.minimum or 1}.get(field.kind, "测试")


@EACH_TYPE
def test_sessions_start_out_safe(kind: ActivityType) -> None:
    assert sum(role.wanted for role in kind.roles) >= len(("one adult", "another"))
    assert all(0 <= role.required <= role.wanted for role in kind.roles)
    assert len({role.role for role in kind.roles}) == len(kind.roles)
    assert kind.duration > 0
    # A closed door is never on a public page.
    assert kind.closed or Zone.PRIVATE not in kind.zones


@EACH_TYPE
def test_calendars_tell_of_open_activities_in_whole_sentences(kind: ActivityType) -> None:
    full = check_settings(kind, {field.key: everything(field) for field in kind.form})
    least = check_settings(kind, {field.key: answer(field) for field in kind.form if field.required})
    for settings in (full, least, {}):
        for index in (0, 1):
            text = ALL.session_text(SessionOutline(kind.key, "测试活动", index, 2, settings))
            assert (text is None) is kind.closed
            if text is not None:
                said = str(text.description)
                assert said
                assert "None" not in said
                assert "%(" not in said


def everything(field: SettingField) -> object:
    return True if field.kind is FieldKind.FLAG else answer(field)


def models_of(plugin: Plugin) -> list[type[Base]]:
    package = plugin.module.__name__.rpartition(".")[0]
    return [mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__module__.startswith(f"{package}.")]


@EACH
def test_a_plugins_tables_carry_its_name_and_belong_to_stations(key: str) -> None:
    models = models_of(PLUGINS[key])
    assert all(model.__tablename__.startswith(f"{key}_") for model in models)
    assert all(issubclass(model, StationScoped) for model in models)
    assert bool(models) is (PLUGINS[key].folder / "migrations").is_dir()


def test_some_plugins_have_tables() -> None:
    assert {key for key, plugin in PLUGINS.items() if models_of(plugin)} >= {"character_ed", "school_link"}


def test_no_plugins_name_begins_with_anothers() -> None:
    # Its tables would be taken for the other's.
    assert not [pair for pair in combinations(sorted(PLUGINS), 2) if pair[1].startswith(f"{pair[0]}_")]


@EACH
def test_a_plugins_templates_lie_under_its_own_name(key: str) -> None:
    folder = PLUGINS[key].folder / "templates"
    assert all(path.relative_to(folder).parts[0] == key for path in folder.rglob("*.html"))


def extracted(plugin: Plugin) -> set[str]:
    keywords = {**DEFAULT_KEYWORDS, "Message": None}
    found = (message for _, _, message, _, _ in extract_from_dir(plugin.folder, METHODS, keywords=keywords))
    return {message if isinstance(message, str) else message[0] for message in found}


def chinese(plugin: Plugin) -> Iterator[Entry]:
    path = plugin.folder / "translations/zh_Hans_CN/LC_MESSAGES/messages.po"
    if path.exists():
        with path.open("rb") as file:
            yield from (entry for entry in read_po(file) if entry.id)


@EACH
def test_all_that_a_plugin_says_is_said_in_both_languages(key: str) -> None:
    entries = list(chinese(PLUGINS[key]))
    assert {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in entries} == extracted(PLUGINS[key])
    for entry in entries:
        assert entry.string
        assert not entry.fuzzy
        assert not entry.check()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in str(entry.string))


def test_plugins_translate_the_same_words_alike() -> None:
    # The catalogues are read as one.
    said: dict[str, set[str]] = {}
    for plugin in PLUGINS.values():
        for entry in chinese(plugin):
            said.setdefault(str(entry.id), set()).add(str(entry.string))
    assert {word: ways for word, ways in said.items() if len(ways) > 1} == {}
    assert len(said) > len(PLUGINS)


@EACH
def test_a_plugins_readme_names_the_hooks_that_it_implements(key: str) -> None:
    readme = (PLUGINS[key].folder / "README.md").read_text()
    hooks = [
        node.name for node in ast.parse(Path(specs.__file__).read_text()).body if isinstance(node, ast.FunctionDef)
    ]
    implemented = {name for name in hooks if hasattr(PLUGINS[key].module, name)}
    assert {name for name in hooks if f"`{name}`" in readme} == implemented


# --- A plugin by somebody else ------------------------------------------------

TOY: Final = ROOT / "tests/typing/toy_plugin.py"
#: The toy has a table, which is to stay out of the tests' own process.
_LOAD: Final = """
import importlib.util, sys
from core.hooks.manager import Plugin, build_hooks
spec = importlib.util.spec_from_file_location("toy_plugin", sys.argv[1])
module = importlib.util.module_from_spec(spec)
sys.modules["toy_plugin"] = module
spec.loader.exec_module(module)
hooks = build_hooks([Plugin("toy", module)])
assert hooks.broken == (), hooks.broken
print(*hooks.activity_types, *(rule.name for rule in hooks.planning_rules()), *hooks.web_parts()[0].permissions)
"""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_plugin_by_somebody_else_loads() -> None:
    result = run("-c", _LOAD, str(TOY))
    assert (result.stdout.split(), result.returncode) == (["toy.game", "toy.quiet_day", "toy.toys"], 0), result.stderr


def test_a_plugin_by_somebody_else_is_well_typed_and_a_mistake_in_it_is_seen(tmp_path: Path) -> None:
    mistaken = tmp_path / "mistaken_plugin.py"
    mistaken.write_text(TOY.read_text().replace("return (GAME,)", 'return "a game"'))
    assert run("-m", "mypy", str(TOY)).returncode == 0
    result = run("-m", "mypy", str(mistaken))
    assert "return-value" in result.stdout
    assert "Found 1 error" in result.stdout
