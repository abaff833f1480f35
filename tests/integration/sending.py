"""A server's sender as a process of its own, that a test can kill at any moment."""

from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from time import sleep

from core.config import Encryption, MailServer, NoticeWays, Settings
from core.daily import Work
from core.db.session import Database
from core.domain.clock import SystemClock
from core.hooks.manager import load_hooks
from core.posting import Sender
from core.security.vault import Vault
from core.services.notices.leasing import Lease
from core.web.logs import set_up_logs

#: So that what a killed one was at is taken up again soon.
SHORT = timedelta(seconds=0.5)
_CONTEXT = get_context("forkserver")
# Each begins at once, since what it imports is there already.
_CONTEXT.set_forkserver_preload([__name__])


def send_until_killed(url: str, key_file: Path, port: int, number: int, ready: Event) -> None:
    """Send whatever is due, again and again, from the moment on at which it says that it is `ready`."""
    set_up_logs()
    mail = MailServer("127.0.0.1", "duty@weibao.example", port, Encryption.NONE)
    settings = Settings(Path("/nowhere"), url, key_file, notices=NoticeWays(mail))
    database = Database(url, Vault.of_file(key_file))
    sender = Sender(Work(database, SystemClock(), settings), load_hooks(()), lease=Lease(f"server {number}", SHORT))
    sender.is_due()
    ready.set()
    while True:
        sender.send_due()
        sleep(0.01)


def started(url: str, key_file: Path, port: int, number: int) -> ForkServerProcess:
    """Start one, and wait until it begins to send."""
    ready = _CONTEXT.Event()
    process = _CONTEXT.Process(target=send_until_killed, args=(url, key_file, port, number, ready), daemon=True)
    process.start()
    if not ready.wait(60):
        raise RuntimeError("The server doesn't begin.")
    return process
