"""Where we go to fetch a file: the vendor's own hosts, and those the owner named.

A link comes from outside. Followed blindly, it could point into the network that the
bot runs in.
"""

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
