"""Which plugins are installed and where, without importing any: for whoever only needs their names or catalogues."""

from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

ENTRY_POINTS = "weibao.plugins"


def installed(only: Iterable[str] | None = None) -> tuple[EntryPoint, ...]:
    """Return the entry points of the installed plugins, or of those named in `only`, by name."""
    chosen = None if only is None else frozenset(only)
    found = sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name)
    return tuple(point for point in found if chosen is None or point.name in chosen)


def translation_folders(only: Iterable[str] | None = None) -> tuple[Path, ...]:
    """Return the folders of plugins' catalogues, where there are any."""
    folders = (folder / "translations" for folder in _folders(installed(only)))
    return tuple(folder for folder in folders if folder.is_dir())


def _folders(points: Iterable[EntryPoint]) -> Iterator[Path]:
    for point in points:
        try:
            spec = find_spec(point.module)
        except Exception:  # noqa: BLE001, S112 (whatever a plugin's package raises, it is told when the plugin is loaded)
            continue
        if spec is not None and spec.origin is not None:
            yield Path(spec.origin).parent
