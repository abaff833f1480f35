"""`weibao compliance`, as an operator uses it."""

import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from core.cli.compliance import compliance
from core.cli.data import init

pytestmark = pytest.mark.usefixtures("own_environment")


def test_the_years_tables_are_written_to_one_file(tmp_path: Path) -> None:
    assert CliRunner().invoke(init).exit_code == 0
    file = tmp_path / "2026.zip"
    done = CliRunner().invoke(compliance, ["2026", str(file)])
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(file) as archive:
        assert set(archive.namelist()) == {
            "inventory.xlsx",
            "retention.xlsx",
            "children.xlsx",
            "consents.xlsx",
            "access.xlsx",
            "incidents.xlsx",
            "requests.xlsx",
            "audit.pdf",
        }
        printed = " ".join(page.extract_text() for page in PdfReader(BytesIO(archive.read("audit.pdf"))).pages)
        assert "Yearly audit of minors' data, 2026" in printed
        assert "Guardians' requests" in printed
        assert "child_categories" in printed
        sheet = openpyxl.load_workbook(BytesIO(archive.read("inventory.xlsx"))).active
        assert sheet is not None
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["Table", "Field", "Purpose", "Basis", "Protection", "Kept"]
    assert any(row[:2] == ["children", "health"] and "grant" in str(row[4]) for row in rows)
    assert any(row[0] == "audit_entries" and str(row[5]).startswith("Kept for good") for row in rows)
    assert any(row[0] == "guardians" and str(row[5]).startswith("3 years after") for row in rows)
    assert any(row[0] == "clearances" and str(row[5]).startswith("5 years after") for row in rows)


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    assert CliRunner().invoke(init).exit_code == 0
    file = tmp_path / "2026.zip"
    file.write_bytes(b"kept")
    assert CliRunner().invoke(compliance, ["2026", str(file)]).exit_code == 1
    assert file.read_bytes() == b"kept"
