"""The guide for writing a program: whoever follows it block by block has a plugin that keeps the contract."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from click.testing import CliRunner

from core.cli.plugins import plugin

ROOT: Final = Path(__file__).parents[2]
GUIDE: Final = ROOT / "core/docs/writing-a-program.md"
_BLOCK = re.compile(r"^```(\w+) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_guide_leads_to_a_plugin_that_keeps_the_contract(tmp_path: Path) -> None:
    assert CliRunner().invoke(plugin, ["new", "reading_pals", "--in", str(tmp_path)]).exit_code == 0
    folder = tmp_path / "weibao-reading_pals"
    blocks = _BLOCK.findall(GUIDE.read_text(encoding="utf-8"))
    assert len(blocks) == len({name for _, name, _ in blocks}) > len(("activities", "texts", "models"))
    for _, name, text in blocks:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    # A process of its own: the guide's table would stay in this one. Its tests make all checks of the contract.
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder)]
    environment = {"PYTHONPATH": f"{folder}:{ROOT}", "PATH": ""}
    done = subprocess.run(tests, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert "2 passed" in done.stdout, done.stdout
