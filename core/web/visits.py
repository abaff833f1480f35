"""From where a request came, as far as its person needs it to know a session again."""

from ipaddress import ip_address, ip_network
from typing import Final

from flask import Request

from core.services.web_sessions import Visit

#: What a browser's User-Agent must contain, the more special first, and the browser's name.
_BROWSERS: Final = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)
_NETWORK_BITS: Final = {4: 24, 6: 48}


def visit_of(request: Request) -> Visit:
    """Return the browser's and its system's name, and the network of the address: 203.0.113.0/24."""
    agent = request.user_agent.string
    names = [next((name for mark, name in known if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return Visit(browser=" · ".join(filter(None, names)), network=_network(request.remote_addr))


def _network(address: str | None) -> str:
    try:
        found = ip_address(address or "")
    except ValueError:
        return ""
    return str(ip_network((found, _NETWORK_BITS[found.version]), strict=False))
