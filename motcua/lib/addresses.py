"""Network addresses as limits count them. Pure."""

import ipaddress

#: A household or a phone gets a whole /64 and may take any of its 2^64 addresses (RFC 6177, BCP 157).
_ONE_VISITOR = 64


def counted(address: str) -> str:
    """Return what tries are counted under: an IPv4 address itself, the /64 of an IPv6 one; other text as it is."""
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), _ONE_VISITOR), strict=False))
    return str(found)
