"""Loads plugins from their entry points, and leaves out, with the reason, those that break the contract."""

from collections.abc import Iterable, Sequence

import structlog

from core.hooks.calling import BrokenPlugin, Hooks, Plugin, PluginFailedError
from core.hooks.installed import installed
from core.hooks.validation import require_contract

log = structlog.get_logger()


def load_hooks(only: Iterable[str] | None = None) -> Hooks:
    """Return the hooks of the installed plugins, or of those named in `only`; a broken one is named and left out."""
    found, broken = [], []
    for point in installed(only):
        try:
            found.append(Plugin(point.name, point.load()))
        except Exception as error:  # noqa: BLE001 (whatever a plugin raises, the others shall run)
            broken.append(BrokenPlugin(point.name, f"{type(error).__name__}: {error}"))
    return build_hooks(found, broken)


def build_hooks(plugins: Sequence[Plugin], broken: Sequence[BrokenPlugin] = ()) -> Hooks:
    """Return the hooks of those `plugins` that keep the contract; the others join `broken`."""
    sound: list[Plugin] = []
    failed = list(broken)
    for plugin in plugins:
        reason = _complaint(plugin) or _clash(plugin, sound)
        if reason is None:
            sound.append(plugin)
        else:
            failed.append(BrokenPlugin(plugin.key, reason))
    for left_out in failed:
        log.error("plugin_left_out", plugin=left_out.key, reason=left_out.reason)
    return Hooks(sound, failed)


def _complaint(plugin: Plugin) -> str | None:
    """Return how the plugin breaks the contract, None if it keeps it."""
    try:
        require_contract(Hooks([plugin]), plugin.key)
    except PluginFailedError as error:
        return f"{type(error.__cause__).__name__}: {error.__cause__}"
    except Exception as error:  # noqa: BLE001 (whatever a plugin raises, the others shall run)
        return f"{type(error).__name__}: {error}"
    return None


def _clash(plugin: Plugin, others: Sequence[Plugin]) -> str | None:
    """Return what the plugin has in common with one loaded before it, None if nothing."""
    if plugin.key in {other.key for other in others}:
        return "another plugin has the same key"
    return None
