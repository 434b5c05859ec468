"""Where we go to fetch a file: the vendor's own hosts, and those the owner named.

A link comes from outside. Followed blindly, it could point into the network that the
bot runs in. So may the name of a vendor's host, if somebody else answers for it: what
keeps that one out is https, for nobody inside has the vendor's certificate. Looking the
name up first, we do not even knock.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Collection


class Hosts:
    """Two lists of hosts.

    ``vendor``: exact names, or endings that begin with a dot; https on its usual port only.
    ``named``: from settings; may carry a port, and may be plain http.
    """

    def __init__(self, vendor: Collection[str], named: Collection[str] = ()) -> None:
        self._exact = frozenset(vendor)
        self._endings = tuple(host for host in vendor if host.startswith("."))
        self._named = frozenset(named)

    def allow(self, scheme: str, host: str, port: int | None) -> bool:
        """Whether a file may be fetched from there; ``port`` is ``None`` for the scheme's usual one."""
        ours = scheme == "https" and port is None and (host in self._exact or host.endswith(self._endings))
        return ours or self.is_named(scheme, host, port)

    def is_named(self, scheme: str, host: str, port: int | None) -> bool:
        """Whether the owner named exactly this host and port."""
        name = host if port is None else f"{host}:{port}"
        return scheme in {"http", "https"} and name in self._named


async def leads_inside(host: str) -> bool:
    """Whether any address of a host is of a private network, or of this machine.

    False for a name that cannot be looked up here: there may be a proxy that can.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return not all(ipaddress.ip_address(address[0]).is_global for *_, address in found)
