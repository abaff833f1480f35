"""Files that are no workbook, or want to be too large, are refused before they can do harm."""

import io
import struct
import zipfile

import pytest

from core.services.workbook import unpack as unpacking
from core.services.workbook.errors import UnreadableWorkbookError
from core.services.workbook.read import read_sheets
from core.services.workbook.unpack import BLOATED, DAMAGED, ENCRYPTED, NO_WORKBOOK, OLD_WORKBOOK, TOO_LARGE
from core.services.workbook.write import write_template

TEMPLATE = write_template({})


def an_archive(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def with_part(name: str, part: bytes) -> bytes:
    """Return the template with one of its parts in place of its own."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(TEMPLATE)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, part if entry == name else old.read(entry))
    return file.getvalue()


def a_sheet(cells: str) -> bytes:
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{namespace}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def complaint(data: bytes) -> object:
    with pytest.raises(UnreadableWorkbookError) as refused:
        read_sheets(data)
    return refused.value.message


def test_sixty_megabytes_are_refused() -> None:
    assert complaint(b"PK" + bytes(60 * 2**20)) is TOO_LARGE


@pytest.mark.parametrize("data", [b"", b"hello", "姓名,电话\n".encode("gbk"), b"%PDF-1.7", bytes(1000)])
def test_what_is_no_archive_is_no_workbook(data: bytes) -> None:
    assert complaint(data) is NO_WORKBOOK


def test_an_archive_of_something_else_is_no_workbook() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("photo.jpg", b"x")
    assert complaint(file.getvalue()) is NO_WORKBOOK


@pytest.mark.parametrize("keep", [100, 5_000, len(TEMPLATE) - 10])
def test_a_truncated_workbook_is_damaged(keep: int) -> None:
    assert complaint(TEMPLATE[:keep]) is DAMAGED


def test_an_archive_without_sheets_is_damaged() -> None:
    assert complaint(an_archive({"xl/workbook.xml": b"<workbook/>"})) is DAMAGED


def test_a_workbook_with_a_password_is_told_apart_from_an_old_one() -> None:
    compound = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    assert complaint(compound + "EncryptedPackage".encode("utf-16-le")) is ENCRYPTED
    assert complaint(compound) is OLD_WORKBOOK


def test_an_encrypted_archive_is_refused_as_such() -> None:
    data = bytearray(an_archive({"xl/workbook.xml": b"x"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert complaint(bytes(data)) is ENCRYPTED


def test_a_bomb_that_is_honest_is_refused_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> bytes:
        raise AssertionError("It was decompressed.")

    bomb = an_archive({"xl/sharedStrings.xml": bytes(30 * 2**20)})
    assert len(bomb) < 2**16
    monkeypatch.setattr(unpacking, "_read_part", refuse)
    assert complaint(bomb) is BLOATED


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    honest = an_archive({"xl/sharedStrings.xml": bytes(30 * 2**20)})
    real, claimed = struct.pack("<I", 30 * 2**20), struct.pack("<I", 1000)
    assert honest.count(real) >= 1
    assert complaint(honest.replace(real, claimed)) is DAMAGED


def test_what_really_comes_out_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "_refuse_bomb", lambda *_: None)
    monkeypatch.setattr(unpacking, "LARGEST_CONTENT", 2**20)
    assert complaint(an_archive({"xl/a.xml": b" " * 2**19, "xl/b.xml": b" " * 2**20})) is BLOATED


def test_thousands_of_parts_are_refused() -> None:
    assert complaint(an_archive({f"xl/{number}.xml": b"" for number in range(2_001)})) is BLOATED


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="XFD1"><v>1</v></c></row>',
        "<row r='1048576'><c><v>1</v></c></row>",
    ],
)
def test_a_cell_far_away_is_refused_before_all_cells_up_to_it_are_laid_out(cells: str) -> None:
    message = complaint(with_part("xl/worksheets/sheet2.xml", a_sheet(cells)))
    assert "beyond row 20000" in str(message)


def test_many_sheets_that_each_reach_far_are_refused_together() -> None:
    file = io.BytesIO(TEMPLATE)
    with zipfile.ZipFile(file, "a") as archive:
        far = a_sheet('<row r="20000"><c r="IV20000"><v>1</v></c></row>')
        archive.writestr("xl/elsewhere/sheet99.xml", far)
    assert complaint(file.getvalue()) is BLOATED


@pytest.mark.parametrize("cells", ['<row r="1"><c r="&#88;FD1"><v>1</v></c></row>', "<row r='1'>\0</row>"])
def test_addresses_in_disguise_are_refused(cells: str) -> None:
    assert complaint(with_part("xl/worksheets/sheet2.xml", a_sheet(cells))) is DAMAGED


def test_a_broken_sheet_is_damaged_and_nothing_of_it_is_quoted() -> None:
    broken = with_part("xl/worksheets/sheet2.xml", b"<worksheet><sheetData><row><c t='secret'></row>")
    with pytest.raises(UnreadableWorkbookError) as refused:
        read_sheets(broken)
    assert refused.value.message is DAMAGED
    assert refused.value.__cause__ is None
