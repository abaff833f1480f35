"""Which addresses of the internet the product may go to of its own: public ones, and none that leads back inside."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

#: What Python's own lists leave out, or count as global in some of its versions.
_INNER4: Final = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "100.64.0.0/10",  # carriers' NAT, and the metadata of some clouds (100.100.100.200)
        "169.254.0.0/16",  # link-local, and the metadata of most clouds
        "192.0.0.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "168.63.129.16/32",  # a cloud's inside at a public address
        "198.18.0.0/15",  # measurements
    )
)
#: Only these are given out (RFC 4291); of them those that aren't anybody's, or that carry an IPv4 address.
_PUBLIC6: Final = IPv6Network("2000::/3")
_INNER6: Final = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo, ORCHID and other protocols
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)


def is_public(text: str) -> bool:
    """Tell whether an IP address is one of the public internet; what is no address, or one with a zone, isn't."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return _is_public4(address)
    return _is_public6(address)


def _is_public4(address: IPv4Address) -> bool:
    inner = any(address in network for network in _INNER4)
    return address.is_global and not address.is_multicast and not address.is_reserved and not inner


def _is_public6(address: IPv6Address) -> bool:
    """Addresses that carry one of IPv4, mapped, translated (64:ff9b::/96) or tunnelled, lie outside what is public."""
    if address.scope_id is not None or address not in _PUBLIC6:
        return False
    return address.is_global and not any(address in network for network in _INNER6)
