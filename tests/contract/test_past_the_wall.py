"""Where the product goes past the wall around its sessions: in named places alone."""

from pathlib import Path


def test_the_product_does_not_go_past_its_sessions() -> None:
    # The wall itself, the door for calendars (who comes to it is no actor), those that ask whether a value is taken
    # or an administrator left anywhere, one that counts children of sealed files without naming them, and one that
    # asks which tables exist.
    allowed = {
        "core/db/scope.py",
        "core/services/subscriptions.py",
        "core/services/accounts.py",
        "core/services/children/duplicates.py",
        "core/services/sealed_files.py",
        "core/services/workbook/store/conflicts.py",
        "admin/tables.py",
    }
    ways = ("session.connection(", ".bulk_save", ".bulk_insert", "beyond_the_wall(", ".glance(")
    root = Path(__file__).parents[2]
    sources = (path for part in ("core", "plugins", "admin") for path in (root / part).rglob("*.py"))
    found = {
        str(path.relative_to(root)) for path in sources if any(way in path.read_text(encoding="utf-8") for way in ways)
    }
    assert found == allowed
