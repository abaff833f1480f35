"""The stylesheet's colours can be read: WCAG 2.2, success criterion 1.4.3 for text and 1.4.11 for edges."""

import re
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[3] / "core/web/frontend/src"
TEXT, EDGE = 4.5, 3.0

GROUNDS = ("ground", "surface", "surface-sunken")
PAIRS = [
    *[(ink, ground, TEXT) for ink in ("ink", "ink-soft", "accent", "accent-strong") for ground in GROUNDS],
    *[(f"{state}-ink", f"{state}-ground", TEXT) for state in ("good", "warn", "bad", "info", "quiet")],
    ("bad-ink", "surface", TEXT),
    ("quiet-ink", "surface-sunken", TEXT),
    ("ink", "warn-ground", TEXT),
    ("ink", "bad-ground", TEXT),
    ("ink", "quiet-ground", TEXT),
    ("ink-soft", "quiet-ground", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("on-bad-fill", "bad-fill", TEXT),
    ("qr-ink", "qr-ground", TEXT),
    *[(edge, ground, EDGE) for edge in ("field-line", "focus", "bad-fill") for ground in GROUNDS[:2]],
]


def colours(scheme: str) -> dict[str, str]:
    """Return the colour tokens of the scheme, `light` or `dark`, as `#rrggbb`."""
    light, dark = (SOURCES / "tokens.css").read_text(encoding="utf-8").split("prefers-color-scheme: dark", 1)
    found = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", dark))
    return found


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb` as WCAG defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_ink_stands_out_from_its_ground(scheme: str, ink: str, ground: str, least: float) -> None:
    found = colours(scheme)
    assert contrast(found[ink], found[ground]) >= least


def test_black_on_white_has_the_greatest_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_every_colour_token_is_checked() -> None:
    checked = {token for ink, ground, _ in PAIRS for token in (ink, ground)}
    assert set(colours("dark")) - checked == {"line"}, "a decorative line needs no contrast, everything else does"


def test_colours_are_chosen_among_the_tokens_alone() -> None:
    free = [path.name for path in SOURCES.glob("*.css") if re.search(r"#[0-9a-f]{3,8}\b", path.read_text("utf-8"))]
    assert sorted(free) == ["print.css", "tokens.css"]
