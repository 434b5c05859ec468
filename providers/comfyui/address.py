"""What follows from the server's address. Pure."""

from urllib.parse import urlsplit, urlunsplit

_USUAL = {"http": 80, "https": 443}


def host_of(url: str) -> str:
    """The host, with its port where that is not the scheme's usual one."""
    address = urlsplit(url)
    name = address.hostname or ""
    return name if address.port in {None, _USUAL.get(address.scheme)} else f"{name}:{address.port}"


def socket_of(url: str, client_id: str) -> str:
    """Where the websocket is; events come only to the client that asked for the job."""
    address = urlsplit(url)
    scheme = "wss" if address.scheme == "https" else "ws"
    return urlunsplit((scheme, address.netloc, f"{address.path}/ws", f"clientId={client_id}", ""))
