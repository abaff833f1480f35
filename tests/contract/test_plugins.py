"""The plugins that come with the product, and one that somebody else wrote: what isn't asked of every plugin."""

import ast
import subprocess
import sys
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pytest

from core.conformance.naming import models_of
from core.hooks import specs
from core.hooks.manager import load_hooks

ROOT: Final = Path(__file__).parents[2]
ALL = load_hooks()
PLUGINS = MappingProxyType({plugin.key: plugin for plugin in ALL.plugins})
EACH = pytest.mark.parametrize("key", PLUGINS)


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


def test_some_plugins_have_tables() -> None:
    assert {key for key, plugin in PLUGINS.items() if models_of(plugin)} >= {"character_ed", "school_link"}


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
from core.hooks.calling import Plugin
from core.hooks.manager import build_hooks
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
