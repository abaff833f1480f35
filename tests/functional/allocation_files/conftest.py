"""The allocation's commands, run in English in a folder with the document's example and without any installation."""

import json
import re
from pathlib import Path

import pytest

from tests.functional.plan_files.conftest import Run, weibao

__all__ = ["Run", "weibao"]

DOCUMENT = Path(__file__).parents[3] / "core/docs/allocation-format.md"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Return the files of the document's problem and allocation."""
    found = []
    for example in re.findall(r"```json\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL):
        found.append(tmp_path / f"{'allocation' if found else 'problem'}.json")
        found[-1].write_text(example, encoding="utf-8")
    problem, allocation = found
    return problem, allocation


def change(path: Path, **members: object) -> None:
    """Change members of the file's object."""
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **members}), encoding="utf-8")
