"""Builds the plugin outside the tree as a wheel, installs it apart, and runs commands with it or without it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = Path(__file__).parent / "weibao-home-visits"
_LEFT_OUT: Final = ("*.mo", "*.egg-info", "build", "dist", "__pycache__", ".*")


@dataclass(frozen=True)
class Installed:
    """The plugin's wheel, the folder into which it was installed, and a copy of its sources to run its tests in."""

    wheel: Path
    folder: Path
    source: Path


def install_apart(folder: Path) -> Installed:
    """Build the wheel from a clean copy of the sources and install it below `folder`; nothing is fetched for it."""
    source = folder / "source"
    shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    # The product's own way of writing is checked where the sources lie; a copy has nothing to extend.
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(source))
    (wheel,) = folder.glob("*.whl")
    target = folder / "installed"
    _pip("install", "--no-deps", "--target", str(target), str(wheel))
    return Installed(wheel, target, source)


def run(
    *command: str, beside: Path | None = None, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run Python with the product, and with what was installed `beside` it."""
    paths = [str(ROOT), *([str(beside)] if beside else [])]
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**_bare(), "PYTHONPATH": os.pathsep.join(paths), "WEIBAO_LANG": "en", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def _pip(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", *arguments, "--no-index", "--quiet", "--disable-pip-version-check"],
        env={**_bare(), "PIP_NO_CACHE_DIR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)


def _bare() -> Mapping[str, str]:
    """Return the environment without what a person, or another test, has set for the product."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("WEIBAO_", "PYTHON", "PIP_"))}
