"""The waiting lists' own clock in a real server: nobody asks for a page, and an offer ends and goes on."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from pysqlite3 import dbapi2

from tests.functional.demo.conftest import ROOT

PATIENCE = 60.0
OF_LIST = "SELECT state, count(*) FROM registrations WHERE activity_id = ? GROUP BY state"
THE_OFFER = "SELECT activity_id FROM registrations WHERE state = 'offered'"


def states(folder: Path, activity: str) -> dict[str, int]:
    with closing(dbapi2.connect(folder / "weibao.db")) as database:
        return dict(database.execute(OF_LIST, (activity,)))


def run_out(folder: Path) -> str:
    """Let the demo's offer have run out last night, and return its activity."""
    with closing(dbapi2.connect(folder / "weibao.db")) as database:
        ((activity,),) = database.execute(THE_OFFER)
        database.execute("UPDATE registrations SET offered_until = '2026-01-01 02:00:00' WHERE state = 'offered'")
        database.commit()
    return str(activity)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_an_offer_ends_and_goes_on_while_nobody_looks(demo: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(demo, tmp_path / "demo"))
    activity = run_out(folder)
    before = states(folder, activity)
    assert (before["offered"], "expired" in before) == (1, False)
    assert before["waiting"] >= 1
    weibao = Path(sys.executable).with_name("weibao")
    command: list[str | Path] = [weibao, "demo", "--dir", folder, "--bind", f"127.0.0.1:{free_port()}"]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.DEVNULL) as server:
        try:
            until = time.monotonic() + PATIENCE
            while "expired" not in states(folder, activity) and time.monotonic() < until:
                time.sleep(0.5)
        finally:
            server.terminate()
    after = states(folder, activity)
    assert (after["expired"], after["offered"]) == (1, 1)
    assert after["waiting"] == before["waiting"] - 1
