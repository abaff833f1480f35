"""What every plugin must keep: the installed ones keep all of it, and each check names what is planted against it."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, Final

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from core.cli.console import wording
from core.cli.plugins import plugin
from core.conformance.subject import Check, Subject, subject_of
from core.conformance.suite import CHECKS, findings, looked
from core.domain.capabilities import ANYONE, Asked, Capability
from core.domain.errors import Message
from core.domain.vocabulary import Zone
from core.hooks.calling import Plugin
from core.hooks.manager import load_hooks
from core.hooks.specs import hookimpl
from core.hooks.types import (
    ActivityLine,
    ActivityType,
    FieldKind,
    MenuEntry,
    RoleNeed,
    SessionOutline,
    SessionText,
    SettingField,
    WebPart,
)
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.testing import plugin_findings

ROOT: Final = Path(__file__).parents[2]
ALL = load_hooks()
SUBJECTS = tuple(subject_of(plugin, ALL.plugins) for plugin in ALL.plugins)
CHECK = MappingProxyType({check.name: check for check in CHECKS})
Planted = Callable[..., tuple[str, ...]]


@pytest.mark.parametrize("check", CHECKS, ids=list(CHECK))
@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.plugin.key)
def test_an_installed_plugin_keeps_all_that_a_plugin_must_keep(subject: Subject, check: Check) -> None:
    assert looked(check, subject) == ()


# --- What is planted, and named -----------------------------------------------


def a_kind(**changes: Any) -> ActivityType:
    """Return a sound kind of activity with something else about it."""
    sound: dict[str, Any] = {
        "key": "toy.game",
        "name": Message("Game"),
        "line": ActivityLine.INCLUSION,
        "description": Message("A game for all."),
        "form": (),
        "zones": (Zone.ACTIVITY,),
        "roles": (RoleNeed("lead", Message("Leader"), None, 2, 2),),
    }
    return ActivityType(**{**sound, **changes})


@pytest.fixture
def planted(tmp_path: Path) -> Planted:
    """Return what makes one check of a plugin of these hooks and files, and returns what it finds."""
    (tmp_path / "plugin.py").write_text("")

    def find(check: str, files: Mapping[str, str] | None = None, **hooks: Any) -> tuple[str, ...]:
        module = ModuleType("toy_package.plugin")
        module.__file__ = str(tmp_path / "plugin.py")
        for name, hook in hooks.items():
            setattr(module, name, hookimpl(hook))
        for name, text in (files or {}).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return looked(CHECK[check], subject_of(Plugin("toy", module), ALL.plugins))

    return find


class Demanding(Rule):
    """There must be a game."""

    name = "toy.demanding"

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield a breach unless there is one."""
        del problem
        if not plan.sessions:
            yield Breach(self.name, (), Message("There is no game."))


class Credulous(Rule):
    """It believes that files are as they should be."""

    name = "toy.credulous"

    def breaches(self, problem: Problem, plan: Plan) -> Sequence[Breach]:
        """Return nothing, if it comes so far."""
        del plan
        return [Breach(self.name, (), Message(name)) for name in dict(problem.extensions["toy"]) if name == "breach"]


class Nameless(Demanding):
    """Its name is not the plugin's."""

    name = "nameless"

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield nothing."""
        del problem, plan
        yield from ()


def a_question(kind: FieldKind, **details: Any) -> SettingField:
    return SettingField("question", Message("Question"), kind, **details)


@pytest.mark.parametrize(
    ("check", "kinds", "named"),
    [
        ("loads", "a game", "activity_types returned str where the contract asks for a list"),
        ("loads", [a_kind(key="sst.game")], "must begin with 'toy.'"),
        ("forms", [a_kind(form=(a_question(FieldKind.CHOICE),))], "choices are for fields of the kind CHOICE"),
        ("forms", [a_kind(form=(a_question(FieldKind.TEXT),) * 2)], "is asked twice"),
        ("forms", [a_kind(form=(a_question(FieldKind.TEXT, required=True, default="x"),))], "need not be required"),
        ("forms", [a_kind(form=(a_question(FieldKind.INTEGER, required=True, minimum=3, maximum=2),))], "refuses"),
        ("safety", [a_kind(roles=(RoleNeed("lead", Message("Leader"), None, 1, 1),))], "two adults"),
        ("safety", [a_kind(roles=(RoleNeed("lead", Message("Leader"), None, 3, 2),))], "more people than it wants"),
        ("safety", [a_kind(zones=(Zone.PRIVATE,))], "must be closed"),
        ("safety", [a_kind(duration=0)], "more than 0"),
    ],
)
def test_what_is_wrong_with_a_kind_of_activity_is_named(planted: Planted, check: str, kinds: Any, named: str) -> None:
    assert planted(check, activity_types=lambda: [a_kind()]) == ()
    found = planted(check, activity_types=lambda: kinds)
    assert any(named in complaint for complaint in found), found


@pytest.mark.parametrize(("closed", "said"), [(True, "Come and play."), (False, "None comes."), (False, " ")])
def test_what_calendars_must_not_say_is_named(planted: Planted, said: str, *, closed: bool) -> None:
    def text(session: SessionOutline) -> SessionText | None:
        return SessionText(Message(said)) if session.type_key == "toy.game" else None

    found = planted("calendars", activity_types=lambda: [a_kind(closed=closed)], session_text=text)
    assert "closed activity" in found[0] if closed else "calendars would say" in found[0]


@pytest.mark.parametrize(
    ("check", "rule", "named"),
    [
        ("rules", Demanding(), "a plan in which nothing is held breaks it: There is no game."),
        ("rules", Credulous(), "toy.credulous: TypeError for the extension 7"),
        ("names", Nameless(), "must begin with “toy.”"),
    ],
)
def test_what_is_wrong_with_a_rule_is_named(planted: Planted, check: str, rule: Rule, named: str) -> None:
    found = planted(check, planning_rules=lambda: [rule])
    assert any(named in complaint for complaint in found), found


def a_part(*names: str, asked: Asked = ANYONE) -> list[WebPart]:
    """Return a part with a page that falls over, under these endpoints."""

    def page() -> str:
        message = "the page fell over"
        raise LookupError(message)

    def mount(app: Flask) -> None:
        app.add_url_rule("/toy", "toy_page", page)

    return [WebPart("toy", mount, dict.fromkeys(names, asked), (MenuEntry(Message("Toys"), "toy_page"),))]


def test_pages_that_fall_over_are_named_with_the_place(planted: Planted) -> None:
    found = planted("pages", web_parts=lambda: a_part("toy_page", asked=Capability.SEE_PLANS))
    assert "alone: /toy answers the role administrator with 500: builtins.LookupError at" in found[0]
    assert not any("a visitor" in complaint for complaint in found)


def test_a_page_without_permission_is_named(planted: Planted) -> None:
    assert "toy_page" in planted("pages", web_parts=lambda: a_part("another"))[0]
    assert any("names no permission" in found for found in planted("names", web_parts=lambda: a_part("another")))


def test_templates_of_others_are_named(planted: Planted) -> None:
    assert planted("templates", {"templates/toy/page.html": ""}) == ()
    assert planted("templates", {"templates/sst/page.html": ""}) == (
        "templates/sst/page.html must lie in templates/toy/",
    )


HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
PO = "translations/zh_Hans_CN/LC_MESSAGES/messages.po"


def test_what_is_not_said_in_both_languages_is_named(planted: Planted, tmp_path: Path) -> None:
    source = 'Message("Play.")\nMessage("Rest.")\n'
    catalogue = f'{HEAD}msgid "Play."\nmsgstr "玩。"\n\nmsgid "Sleep."\nmsgstr "Sleep."\n'
    found = planted("languages", {"words.py": source, PO: catalogue})
    assert [complaint.split("”")[0] for complaint in found] == ["“Rest.", "“Sleep.", "“Sleep."]
    assert planted("compiled") == ()
    assert (tmp_path / PO).with_suffix(".mo").exists()


def test_what_others_translate_otherwise_is_named(planted: Planted) -> None:
    (found,) = planted("same words", {PO: f'{HEAD}msgid "SST Plan"\nmsgstr "另一个名字"\n'})
    assert "in “sst”" in found


def test_a_plugin_that_does_not_load_is_checked_no_further() -> None:
    module = ModuleType("toy_package.plugin")
    module.__dict__["program"] = hookimpl(lambda: "no program")
    found = list(findings(subject_of(Plugin("toy", module), ())))
    assert [check.name for check, complaints in found if complaints] == ["loads"] == [check.name for check, _ in found]


@pytest.mark.verify
def test_authors_ask_by_key_for_what_is_wrong() -> None:
    assert plugin_findings("sst") == {}


# --- A new plugin ---------------------------------------------------------------

#: Tables stay in a process for good, so that these run in their own.
_TABLE: Final = '''
from uuid import UUID
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column
from core.plugin_api import Base, Key, Text80


class Thing(Base):
    """Something that belongs to no station."""

    __tablename__ = "things"

    id: Mapped[Key]
    name: Mapped[Text80]
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
'''


def weibao(*words: str | Path) -> Result:
    return CliRunner().invoke(plugin, [str(word) for word in words], env={"WEIBAO_LANG": "en"})


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the command speak English."""
    monkeypatch.setenv("WEIBAO_LANG", "en")
    wording.cache_clear()
    yield
    wording.cache_clear()


@pytest.fixture
def games(tmp_path: Path) -> Path:
    """Return the folder of a new plugin."""
    assert weibao("new", "games", "--in", tmp_path).exit_code == 0
    return tmp_path / "weibao-games"


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": f"{folder}:{ROOT}", "MYPYPATH": str(folder), "WEIBAO_LANG": "en", "PATH": ""}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_a_new_plugin_passes_its_own_tests_untouched(games: Path) -> None:
    done = run(games, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(games), str(games))
    assert done.returncode == 0, done.stdout


def test_a_new_plugin_is_well_typed(games: Path) -> None:
    done = run(games, "-m", "mypy", "--strict", "-p", "weibao_games")
    assert done.returncode == 0, done.stdout


_UNTOLD: Final = """
from datetime import date
from enum import StrEnum
from sqlalchemy.orm import Mapped, mapped_column
from core.plugin_api import Base, Key, Message, OfAChild, Text80, Told, word


class Side(StrEnum):
    WHITE = "white"


class Player(OfAChild, Base):
    __tablename__ = "games_players"
    told = Told(Message("Players"), {"since": Message(" "), "town": Message("Town")})
    id: Mapped[Key]
    since: Mapped[date]
    won: Mapped[int]
    town: Mapped[Text80]
    side: Mapped[Side] = mapped_column(word(Side))


class Watcher(OfAChild, Base):
    __tablename__ = "games_watchers"
    id: Mapped[Key]
"""


def test_what_a_copy_could_not_tell_in_words_is_named(games: Path) -> None:
    (games / "weibao_games/models.py").write_text(_UNTOLD)
    with (games / "weibao_games/plugin.py").open("a") as source:
        source.write("\nfrom weibao_games import models\n")
    checked = run(games, "-c", "from core.cli.main import main; main()", "plugin", "check", str(games))
    assert checked.returncode == 1
    for named in (
        "Player.won has no label in Player.told",
        "Player.side has no label in Player.told",
        "a label for “town”, which no copy tells",
        "“since” says nothing",
        "the words of Side need a property `label`",
        "let Watcher.told be Told(title, labels)",
    ):
        assert named in checked.stdout, named


def test_tables_that_are_nobodys_are_named(games: Path) -> None:
    package = games / "weibao_games"
    (package / "models.py").write_text(_TABLE)
    with (package / "plugin.py").open("a") as source:
        source.write("\nfrom weibao_games import models\n")
    checked = run(games, "-c", "from core.cli.main import main; main()", "plugin", "check", str(games))
    assert checked.returncode == 1
    for named in ("must begin with “games_”", "belongs to no station", "be OfAChild", "tables without migrations"):
        assert named in checked.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("new", "Games"), "can't be a plugin's key"),
        (("new", "sst"), "There is a plugin sst already"),
        (("check", "nobody"), "neither an installed plugin nor a folder"),
        (("check", "tests"), "its pyproject.toml is missing"),
    ],
)
@pytest.mark.usefixtures("english")
def test_what_cannot_be_done_is_said(words: tuple[str, ...], said: str) -> None:
    done = weibao(*words)
    assert done.exit_code == 1
    assert said in done.stderr


@pytest.mark.usefixtures("english")
def test_the_list_says_which_plugins_there_are() -> None:
    assert "SST Plan, 4 kinds of activity" in weibao("list").stdout


@pytest.mark.verify
@pytest.mark.usefixtures("english")
def test_the_check_of_an_installed_plugin_ticks_what_it_keeps() -> None:
    assert weibao("check", "parent_school").stdout.count("✓") == len(CHECKS)
