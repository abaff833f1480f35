"""Opens the file that holds a workbook, within bounds and in memory, and refuses what is none.

A workbook is a ZIP file, and a ZIP file can claim anything of itself: only what was unpacked and counted here goes on
to the reader, in an archive packed anew, so that no two programs can see two different things in it.
"""

import io
import re
import zipfile
import zlib
from typing import Final

from core.domain.errors import Message
from core.services.workbook.errors import UnreadableWorkbookError

LARGEST_FILE: Final = 50 * 2**20
LARGEST_CONTENT: Final = 256 * 2**20
MOST_ENTRIES: Final = 2_000
#: Sheets of numbers shrink to a twentieth; repeated rows to a hundredth.
LARGEST_RATIO: Final = 250
#: Below it, a ratio says nothing.
_SMALL: Final = 2**20
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 256
#: Of all sheets together, blank ones before the last counted.
MOST_CELLS: Final = 4_000_000

_CHUNK: Final = 2**18
_ENCRYPTED_FLAG: Final = 0x1
_COMPOUND_FILE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")
_PARTS: Final = (".xml", ".rels")
#: Whatever its part is called, a sheet with cells has this element.
_SHEET: Final = b"sheetData"
_ADDRESS: Final = re.compile(rb"""(?<![\w:])r\s*=\s*["']([^"']*)["']""")
_CELL: Final = re.compile(rb"([A-Z]{0,3})(\d{1,7})")

TOO_LARGE = Message(
    "The file is too large: a workbook has %(megabytes)s MB at most. Take out pictures and sheets that aren't needed.",
    {"megabytes": LARGEST_FILE // 2**20},
)
NO_WORKBOOK = Message("This file is no Excel workbook: choose a file that ends in .xlsx.")
OLD_WORKBOOK = Message("This is a workbook of an old Excel: open it and save it as .xlsx.")
ENCRYPTED = Message("The workbook is protected by a password: open it, take the password off, and save it.")
DAMAGED = Message("The workbook is damaged: open it in Excel, save it anew, and try again.")
BLOATED = Message(
    "The file unpacks to far more than a workbook holds: it was refused. Copy the data to a new template."
)


def unpack(data: bytes) -> io.BytesIO:
    """Return the workbook in `data` as an archive of the parts that hold cells, none of them compressed.

    Raises UnreadableWorkbookError, which says what to do, before anything grows beyond its bounds.
    """
    if len(data) > LARGEST_FILE:
        raise UnreadableWorkbookError(TOO_LARGE)
    if data.startswith(_COMPOUND_FILE):
        raise UnreadableWorkbookError(ENCRYPTED if _ENCRYPTED_PACKAGE in data else OLD_WORKBOOK)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bomb(archive.infolist(), len(data))
            return _repack(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise UnreadableWorkbookError(DAMAGED if data.startswith(b"PK") else NO_WORKBOOK) from error


def _refuse_bomb(entries: list[zipfile.ZipInfo], packed: int) -> None:
    """Judge by what the archive says of itself, before anything is decompressed."""
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise UnreadableWorkbookError(ENCRYPTED)
    content = sum(entry.file_size for entry in entries)
    swollen = content > _SMALL and content > LARGEST_RATIO * packed
    if len(entries) > MOST_ENTRIES or content > LARGEST_CONTENT or swollen:
        raise UnreadableWorkbookError(BLOATED)
    if "[Content_Types].xml" not in {entry.filename for entry in entries}:
        raise UnreadableWorkbookError(NO_WORKBOOK)


def _repack(archive: zipfile.ZipFile) -> io.BytesIO:
    packed = io.BytesIO()
    bytes_left, cells_left = LARGEST_CONTENT, MOST_CELLS
    with zipfile.ZipFile(packed, "w") as clean:
        for name in dict.fromkeys(archive.namelist()):
            if name.lower().endswith(_PARTS):
                part = _read_part(archive, name, bytes_left)
                bytes_left -= len(part)
                cells_left -= _extent(part)
                if cells_left < 0:
                    raise UnreadableWorkbookError(BLOATED)
                clean.writestr(name, part)
    packed.seek(0)
    return packed


def _read_part(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Decompress one part, counting what really comes out."""
    part = bytearray()
    with archive.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            part += chunk
            if len(part) > most:
                raise UnreadableWorkbookError(BLOATED)
    return bytes(part)


def _extent(part: bytes) -> int:
    """Return how many cells the reader will lay out for a part: every one before the last cell of a sheet.

    Raises UnreadableWorkbookError for a sheet that reaches too far.
    """
    if b"\0" in part:
        raise UnreadableWorkbookError(DAMAGED)
    if _SHEET not in part:
        return 0
    rows = columns = 0
    for found in _ADDRESS.finditer(part):
        cell = _CELL.fullmatch(found[1])
        if cell is None:
            raise UnreadableWorkbookError(DAMAGED)
        rows, columns = max(rows, int(cell[2])), max(columns, _column_number(cell[1]))
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        values = {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
        raise UnreadableWorkbookError(
            Message("A sheet reaches beyond row %(rows)s or column %(columns)s: delete what lies there.", values)
        )
    return rows * columns


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
