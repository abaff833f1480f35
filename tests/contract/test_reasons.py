"""Why a child can't join something: each reason has a code, a text in both languages, and a cure or none on purpose."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pytest
from babel.messages.pofile import read_po

from core.domain.errors import RestrictedUseError

ROOT: Final = Path(__file__).parents[2]
#: What has no cure, and why: nothing that somebody does changes it, or whoever may waives the rule.
NO_CURE: Final = MappingProxyType(
    {
        "age": "a rule of the activity: it is waived, or the file is wrong, to which a way leads",
        "attends": "the child has what is wanted; it is waived for a place of its own",
        "children_only": "the program takes no grown-ups",
        "closed": "the day is past: it is waived",
        "community": "a rule of the activity: it is waived, or the child has moved, to which a way leads",
        "given_up": "it doesn't come back; others of the kind are named",
        "grade": "a rule of the activity: it is waived, or the file is wrong, to which a way leads",
        "not_open": "the day comes by itself",
        "over": "it doesn't come back; others of the kind are named",
        "registered": "the child has what was wanted",
        "restricted_file": "the head registers the child",
        "took_part": "a rule of the activity: it is waived, or the sheet is wrong, to which a way leads",
    }
)


@dataclass(frozen=True)
class Reason:
    """An obstacle as the source says it: all of it that may be said of one code."""

    package: str
    code: str
    texts: tuple[str, ...]
    has_cure: bool
    place: str


def reasons() -> list[Reason]:
    """Return all obstacles that core and the programs name, by reading their source."""
    found = [
        reason
        for package in (Path("core"), *sorted(path.parent for path in ROOT.glob("plugins/*/plugin.py")))
        for path in sorted((ROOT / package).rglob("*.py"))
        if "core/planning" not in path.as_posix()
        for reason in _in_file(path)
    ]
    assert len({reason.code for reason in found}) > 30
    return found


def _in_file(path: Path) -> Iterator[Reason]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    words = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(node.value, ast.Constant)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    for function in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))]:
        for call in _own_calls(function):
            yield _reason(path, call, words, function)


def _own_calls(function: ast.AST) -> Iterator[ast.Call]:
    """Yield the obstacles that are made right in a module or a function, not in a function within it."""
    for node in ast.iter_child_nodes(function):
        if isinstance(node, ast.FunctionDef):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Obstacle":
            yield node
        yield from _own_calls(node)


def _reason(path: Path, call: ast.Call, words: Mapping[str, object], function: ast.AST) -> Reason:
    first, reason = call.args[0], call.args[1]
    code = first.value if isinstance(first, ast.Constant) else words[ast.unparse(first)]
    cures = [*call.args[2:3], *(word.value for word in call.keywords if word.arg == "cure")]
    cured = [one for one in cures if not (isinstance(one, ast.Constant) and one.value is None)]
    texts = [text for part in (reason, *cured) for text in _texts(part, function)]
    return Reason(path.relative_to(ROOT).parts[0], str(code), tuple(texts), bool(cured), f"{path}:{call.lineno}")


def _texts(part: ast.expr, function: ast.AST) -> list[str]:
    """Return the sentences that an expression is: a message made there, or the ones that a name was given before."""
    if isinstance(part, ast.Name):
        given = [
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and any(ast.unparse(target) == part.id for target in node.targets)
        ]
        return [text for value in given for text in _texts(value, function)]
    if isinstance(part, ast.Call) and part.args and isinstance(part.args[0], ast.Constant):
        return [str(part.args[0].value)]
    # Said by an error of the same name, which has its sentence.
    return [RestrictedUseError().message.text] if ast.unparse(part) == "RestrictedUseError().message" else []


def _catalogue(package: str, place: str) -> dict[str, str]:
    folder = Path(place).relative_to(ROOT).parts[: 2 if package == "plugins" else 1]
    path = ROOT.joinpath(*folder, "translations/zh_Hans_CN/LC_MESSAGES/messages.po")
    with path.open(encoding="utf-8") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}


@pytest.mark.parametrize("reason", reasons(), ids=lambda one: f"{one.code}-{Path(one.place).parent.name}")
def test_a_reason_has_its_text_in_both_languages_and_a_cure_or_none_on_purpose(reason: Reason) -> None:
    said = _catalogue(reason.package, reason.place.rpartition(":")[0])
    assert reason.texts, reason.place
    assert [text for text in reason.texts if not said.get(text)] == []
    assert reason.has_cure or reason.code in NO_CURE, f"{reason.place}: say the cure, or here why there is none"


def test_what_has_no_cure_on_purpose_is_a_reason_that_there_is() -> None:
    without = {reason.code for reason in reasons() if not reason.has_cure}
    assert set(NO_CURE) - without == set()
