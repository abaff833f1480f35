"""The demo, set up once for all test processes by its own command."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def weibao(*args: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the product's command, in English."""
    return subprocess.run(
        [Path(sys.executable).with_name("weibao"), *map(str, args)],
        cwd=cwd,
        env={**os.environ, "WEIBAO_LANG": "en", **environment},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that `weibao demo --no-serve` leaves; tests only read it."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = shared / "demo"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "summary.json").exists():
            done = weibao("demo", "--no-serve", "--dir", folder, "--seconds", "3")
            assert done.returncode == 0, done.stdout + done.stderr
            (shared / "demo.log").write_text(done.stdout + done.stderr)
    return folder
