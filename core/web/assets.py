"""Where the built styles and scripts lie: names with a hash of the content, looked up in the build's manifest."""

import json
from pathlib import Path

from flask import Flask, url_for

_DIST = Path(__file__).parent / "static" / "dist"


def add_assets(app: Flask) -> None:
    """Give the application's templates `asset(name)`, the address of a built file."""
    manifest = _DIST / "manifest.json"
    names: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else {}

    def asset(name: str) -> str:
        return url_for("static", filename=f"dist/{names.get(name, name)}")

    app.jinja_env.globals["asset"] = asset
