"""Tells what a file is by its content, and refuses what could hurt whoever opens it.

Scans and proofs are photographs and PDF documents; anything else is better brought as one of these.
"""

import re
import struct
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from core.domain.errors import InvalidInputError, Message

LARGEST_FILE: Final = 5 * 2**20
#: A picture of more pixels than a scan needs takes more memory to open than many machines have.
MOST_PIXELS: Final = 40_000_000

_PDF: Final = b"%PDF-"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
#: How far into a file a PDF reader looks for its beginning would invite files that are two things at once.
_PDF_END: Final = b"%%EOF"
#: What a document does besides being read (ISO 32000-2, 12.6 and 7.11.4), and what hides that it does.
_ACTIVE: Final = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFile|EmbeddedFiles|RichMedia|XFA|OpenAction|AA|SubmitForm|GoToE|ImportData)\b"
)
_ENCRYPTED: Final = re.compile(rb"/Encrypt\b")
_ESCAPED_NAME: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
#: Start of frame: all but the markers of tables and of arithmetic coding conditioning (ITU-T T.81, table B.1).
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class MediaType(StrEnum):
    """What a stored file may be."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"

    @property
    def ending(self) -> str:
        """What the name of such a file ends with."""
        return {MediaType.PDF: ".pdf", MediaType.PNG: ".png", MediaType.JPEG: ".jpg"}[self]


UNKNOWN: Final = Message("Only PDF documents and pictures (JPEG, PNG) can be kept: save it as one of these.")
EMPTY: Final = Message("The file is empty: choose it again.")
TOO_LARGE: Final = Message(
    "The file is larger than %(megabytes)s MB: photograph it with less detail, or save it smaller.",
    {"megabytes": LARGEST_FILE // 2**20},
)
TOO_MANY_PIXELS: Final = Message("The picture has more than 40 million pixels: save it smaller.")
DAMAGED: Final = Message("The file is damaged: open it, save it anew, and choose it again.")
ACTIVE: Final = Message("The document holds programs or other files: print it to a new PDF, and choose that.")
LOCKED: Final = Message("The document is locked with a password: save it without one, and choose it again.")


def media_type_of(content: bytes) -> MediaType:
    """Return what the file is; raise InvalidInputError, which says what to do, for what can't be kept."""
    if not content:
        raise InvalidInputError(EMPTY)
    if len(content) > LARGEST_FILE:
        raise InvalidInputError(TOO_LARGE)
    if content.startswith(_PDF):
        _require_harmless(content)
        return MediaType.PDF
    if content.startswith(_PNG):
        _require_pixels(*_png_size(content))
        return MediaType.PNG
    if content.startswith(_JPEG):
        _require_pixels(*_jpeg_size(content))
        return MediaType.JPEG
    raise InvalidInputError(UNKNOWN)


def _require_harmless(content: bytes) -> None:
    if _PDF_END not in content[-1024:]:
        raise InvalidInputError(DAMAGED)
    # A name may be written with its letters escaped, so that a search doesn't find it.
    plain = _ESCAPED_NAME.sub(lambda found: bytes([int(found[1], 16)]), content)
    if _ENCRYPTED.search(plain):
        raise InvalidInputError(LOCKED)
    if _ACTIVE.search(plain):
        raise InvalidInputError(ACTIVE)


def _require_pixels(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise InvalidInputError(DAMAGED)
    if width * height > MOST_PIXELS:
        raise InvalidInputError(TOO_MANY_PIXELS)


def _png_size(content: bytes) -> tuple[int, int]:
    """Return width and height of the first chunk, which is always the header (ISO/IEC 15948, 11.2.2)."""
    if content[12:16] != b"IHDR" or len(content) < 24:  # noqa: PLR2004 (where the height ends)
        raise InvalidInputError(DAMAGED)
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Return width and height of the frame."""
    for marker, segment in _jpeg_segments(content):
        if marker in _FRAMES and len(segment) >= 5:  # noqa: PLR2004 (precision, height, width)
            height, width = struct.unpack(">HH", segment[1:5])
            return width, height
    raise InvalidInputError(DAMAGED)


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the segments before the picture's data: the marker, and what follows its length."""
    place = 2
    while place + 4 <= len(content) and content[place] == 0xFF:  # noqa: PLR2004 (every marker begins so)
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4])
        if length < 2:  # noqa: PLR2004 (the length counts itself)
            return
        yield marker, content[place + 4 : place + 2 + length]
        place += 2 + length
