"""JSON in files, `.json` or `.json.gz`, and files that are replaced whole."""

import gzip
import json
import os
import secrets
import zlib
from pathlib import Path

from core.domain.errors import Message
from core.exchange.node import MalformedFileError

#: A county's children with their wishes have 15 MB; more than this is an accident, or an archive made to burst.
MOST_BYTES = 64 * 1024 * 1024


def read_json(path: Path) -> object:
    """Return the JSON in the file; MalformedFileError if it is none or too large, OSError if it can't be opened."""
    with path.open("rb") as file:
        try:
            opened = gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else file
            data = opened.read(MOST_BYTES + 1)
            if len(data) > MOST_BYTES:
                raise MalformedFileError(
                    "$", Message("The file holds more than %(limit)s MiB.", {"limit": MOST_BYTES // 2**20})
                )
            return json.loads(data, parse_constant=_refuse)
        except RecursionError:
            raise MalformedFileError("$", Message("The file is nested too deeply.")) from None
        except (ValueError, EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise MalformedFileError("$", Message("The file is no JSON: %(error)s", {"error": error})) from error


def write_json(path: Path, value: object) -> None:
    """Write a value as JSON, as `write_bytes` does; ValueError or TypeError if it can't be JSON."""
    data = f"{json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)}\n".encode()
    # The same content gives the same bytes: no time of writing inside the archive.
    write_bytes(path, gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file beside and put it in the place of `path`, whole; OSError leaves what was there.

    Whoever is killed meanwhile leaves the old file as it was, and at most a hidden one of another name beside it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two writers of one file don't write into each other's.
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            # Without it, a machine that loses power could have the new name and not yet the content.
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _refuse(constant: str) -> object:
    raise ValueError(constant)
