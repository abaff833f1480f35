"""What commands print: sentences in the person's language, and progress that suits a terminal or a log."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from itertools import repeat
from typing import Any, ParamSpec, TypeVar

import click
from sqlalchemy.exc import SQLAlchemyError

from core.config import plugins_in
from core.domain.errors import DomainError, Message
from core.hooks.installed import translation_folders
from core.services.wording import CHINESE, ENGLISH, Wording

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

#: Plain lines of progress come at least this many seconds apart.
LINE_SECONDS = 2.0


@cache
def wording() -> Wording:
    """Return the person's language: `WEIBAO_LANG`, English if it begins with en, otherwise Chinese."""
    english = os.environ.get("WEIBAO_LANG", "").lower().startswith("en")
    return Wording(ENGLISH if english else CHINESE, translation_folders(plugins_in(os.environ)))


def say(message: Message) -> None:
    """Print a sentence."""
    click.echo(wording().say(message))


def complain(message: Message) -> None:
    """Print a sentence to standard error."""
    click.echo(wording().say(message), err=True)


def reports_errors(command: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Let a command end with exit code 1 and the message when its work fails."""

    @wraps(command)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        try:
            return command(*args, **kwargs)
        except DomainError as error:
            complain(error.message)
            raise SystemExit(1) from error
        except OSError as error:
            complain(Message("The machine refused it: %(reason)s", {"reason": error}))
            raise SystemExit(1) from error
        except SQLAlchemyError as error:
            # By its kind alone: the database's own message may quote a row.
            complain(Message("The database refused it: %(kind)s", {"kind": type(error).__name__}))
            raise SystemExit(1) from None

    return guarded


@contextmanager
def progress(label: Message, seconds: float | None) -> Iterator[Callable[[float, str], None]]:
    """Show work that takes up to `seconds`, None if nobody knows: a bar on a terminal, plain lines elsewhere.

    The block calls what it is given with the seconds so far and a few words about the state.
    """
    text = wording().say(label)
    if sys.stderr.isatty():
        with _bar(text, seconds) as show:
            yield show
        return
    last = -LINE_SECONDS

    def line(_done: float, words: str) -> None:
        nonlocal last
        if time.monotonic() - last >= LINE_SECONDS:
            last = time.monotonic()
            click.echo(f"{text}: {words}", err=True)

    click.echo(f"{text} …", err=True)
    yield line


@contextmanager
def _bar(text: str, seconds: float | None) -> Iterator[Callable[[float, str], None]]:
    # The words say how much time has passed; what click would guess of the rest is known already, or can't be.
    looks: dict[str, Any] = {
        "label": text,
        "file": sys.stderr,
        "item_show_func": lambda words: words or "",
        "show_eta": False,
        "width": 20,
    }
    if seconds is None:
        with click.progressbar(repeat(""), **looks) as moving:
            yield lambda _done, words: moving.update(1, words)
        return
    with click.progressbar(length=100, **looks) as bar:
        yield lambda done, words: bar.update(max(0, int(100 * done / seconds) - bar.pos), words)
        bar.update(100 - bar.pos)
