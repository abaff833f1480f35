"""Real calendar programs subscribe over HTTP and follow what happens: vdirsyncer with khal, and Radicale's import."""

import base64
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from werkzeug.serving import make_server

from core.db.models import ActivitySession, Assignment
from core.db.models.activity import SessionStatus
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.hooks.manager import build_hooks
from core.services.feed_ledger import update_ledger
from tests.functional.county import County, MovingClock

pytestmark = pytest.mark.verify
FEED = "/feeds/qingshi-token.ics"
_VDIRSYNCER = """
[general]
status_path = "{folder}/status/"
[pair feed]
a = "here"
b = "there"
collections = null
conflict_resolution = "b wins"
[storage here]
type = "filesystem"
path = "{folder}/calendar/"
fileext = ".ics"
[storage there]
type = "http"
url = "{address}"
"""
_KHAL = """
[calendars]
[[feed]]
path = {folder}/calendar/
readonly = True
[locale]
local_timezone = Asia/Shanghai
default_timezone = Asia/Shanghai
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""


@pytest.fixture
def address(app: Flask, database: Database, county: County, clock: MovingClock) -> Iterator[str]:
    """Publish what the station's feeds say, serve the installation, and return the address of the station's feed."""
    publish(database, county, clock)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{FEED}"
    server.shutdown()


def publish(database: Database, county: County, clock: MovingClock) -> None:
    """Bring the feeds up to date."""
    clock.advance(timedelta(minutes=5))
    with database.writing(EVERYTHING) as session:
        update_ledger(session, clock, build_hooks([]), station_id=county.here.station)


def require(*programs: str) -> None:
    """Fail in a sentence where a program isn't installed."""
    missing = [program for program in programs if shutil.which(program) is None]
    assert not missing, f"{', '.join(missing)} isn't there: run .ci/calendars, or install what it names"


def uids_in(content: bytes) -> list[bytes]:
    """Return the UID of each entry of a calendar."""
    return re.findall(rb"\r?\nUID:(\S+)", re.sub(rb"\r?\n ", b"", content))


class Phone:
    """Somebody's vdirsyncer and khal, with a folder of their own."""

    def __init__(self, folder: Path, address: str) -> None:
        self._env = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config"), "LC_ALL": "C.UTF-8"}
        self._env |= {
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "TZ": "Asia/Shanghai",
        }
        for name, content in (
            ("vdirsyncer/config", _VDIRSYNCER.format(folder=folder, address=address)),
            ("khal/config", _KHAL.format(folder=folder)),
        ):
            file = folder / "config" / name
            file.parent.mkdir(parents=True)
            file.write_text(content, encoding="utf-8")
        (folder / "calendar").mkdir()
        self._folder = folder / "calendar"
        self._run("vdirsyncer", "discover")

    def sync(self) -> None:
        """Fetch the feed and take what changed."""
        self._run("vdirsyncer", "sync")

    def count(self) -> int:
        """Return how many entries it has; vdirsyncer gives those of a feed UIDs of its own."""
        return len(list(self._folder.iterdir()))

    def shows(self) -> list[str]:
        """Return what khal lists for the county's weeks: start, end, status and title."""
        found = self._run(
            "khal", "list", "--day-format", "", "--format", "{start} {end} {status}{title}", "2026-11-01", "120d"
        )
        return sorted({line for line in found.splitlines() if line.strip()})

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command, env=self._env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "warning" not in done.stderr.lower(), done.stderr
        return done.stdout


def test_vdirsyncer_and_khal_follow_a_move_and_a_cancellation(
    address: str, database: Database, county: County, clock: MovingClock, tmp_path: Path
) -> None:
    require("vdirsyncer", "khal")
    phone = Phone(tmp_path, address)
    phone.sync()
    before, count = phone.shows(), phone.count()
    with database.reading(EVERYTHING) as session:
        row = session.get_one(ActivitySession, county.here.session)
        title, starts_at = row.activity.title, row.starts_at
    assert starts_at is not None
    assert any(f"{starts_at:%Y-%m-%d %H:%M}" in line and title in line for line in before)

    later = timedelta(days=40, hours=3)
    with database.writing(EVERYTHING) as session:
        row = session.get_one(ActivitySession, county.here.session)
        assert row.ends_at is not None
        assert row.room_free_at is not None
        session.query(Assignment).where(Assignment.session_id == row.id).delete()
        row.starts_at, row.ends_at, row.room_free_at = starts_at + later, row.ends_at + later, row.room_free_at + later
    publish(database, county, clock)
    phone.sync()
    moved = phone.shows()
    assert phone.count() == count
    assert len(moved) == len(before)
    assert any(f"{starts_at + later:%Y-%m-%d %H:%M}" in line and title in line for line in moved)
    assert not any(f"{starts_at:%Y-%m-%d %H:%M}" in line and title in line for line in moved)

    with database.writing(EVERYTHING) as session:
        session.get_one(ActivitySession, county.here.session).status = SessionStatus.CANCELLED
    publish(database, county, clock)
    phone.sync()
    assert phone.count() == count
    assert any("CANCELLED" in line.upper() and title in line for line in phone.shows())


def test_radicale_imports_a_feed_whole(address: str, tmp_path: Path) -> None:
    require("radicale")
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - the server of this test
        content = answer.read()
    assert uids_in(content)
    with radicale(tmp_path) as site:
        assert asked("PUT", f"{site}/somebody/feed/", content) == (201, b"")
        status, imported = asked("GET", f"{site}/somebody/feed/")
    assert status == 200
    assert sorted(uids_in(imported)) == sorted(uids_in(content))


@contextmanager
def radicale(folder: Path) -> Iterator[str]:
    """Serve an empty Radicale that lets everybody in."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = folder / "radicale.ini"
    config.write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = none\n[storage]\nfilesystem_folder = {folder}/kept\n",
        encoding="utf-8",
    )
    process = subprocess.Popen(["radicale", "--config", str(config)], stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def asked(method: str, address: str, content: bytes | None = None) -> tuple[int, bytes]:
    """Ask Radicale as somebody, and return the status and the body."""
    somebody = base64.b64encode(b"somebody:secret").decode()
    headers = {"Authorization": f"Basic {somebody}", "Content-Type": "text/calendar; charset=utf-8"}
    request = urllib.request.Request(address, content, headers, method=method)  # noqa: S310 - the server of this test
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()
