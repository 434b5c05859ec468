"""What a value may look like that is more than a word or a number.

A type each; what does not fit it is a ``ValueError`` that says what should be there.
"""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from providers.registry import FACTORIES
from providers.replicate.models import GENERATORS

_AUTO = "auto"
_STAGES = ("generate", "rig", "animate", "retexture", "remesh", "convert")
_SECRET_KEY_LENGTH = 32
_HIGHEST_PORT = 65_535


def _hosts(value: object) -> object:
    if isinstance(value, str):
        return tuple(host.strip().lower() for host in value.split(",") if host.strip())
    return value


def _prices(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(_special_price(part.strip()) for part in value.split(",") if part.strip())


def _special_price(text: str) -> tuple[str, str, int]:
    what, _, price = text.partition("=")
    vendor, _, stage = what.strip().lower().partition(".")
    if vendor not in FACTORIES or stage not in _STAGES or not price.strip().isdecimal():
        vendors, stages = ", ".join(FACTORIES), ", ".join(_STAGES)
        raise ValueError(f"should be like comfyui.generate=1; vendors are {vendors}; stages are {stages}")
    return vendor, stage, int(price)


def _vendor(value: str) -> str:
    return _one_of((_AUTO, *FACTORIES), value) if value else value


def _generator(value: str) -> str:
    return _one_of(tuple(GENERATORS), value)


def _one_of(known: tuple[str, ...], value: str) -> str:
    if value.lower() not in known:
        raise ValueError(f"should be one of {', '.join(known)}")
    return value.lower()


def _web(value: str) -> str:
    return _address(value, ("https", "http"))


def _socket(value: str) -> str:
    return _address(value, ("wss", "ws"))


def _address(value: str, schemes: tuple[str, ...]) -> str:
    """The address without a slash at its end, so that paths can be put behind it."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    else:
        usable = usable and not (parts.username or parts.password or parts.query or parts.fragment)
    if not usable:
        raise ValueError(
            f"should be an address like {schemes[0]}://example.org, without a password, ? or # in it"
        )
    return value.rstrip("/")


def _scanner(value: str) -> str:
    """A path has a slash in it; a host and its port have none."""
    host, _, port = value.rpartition(":")
    if "/" not in value and not (host and port.isdecimal() and 0 < int(port) <= _HIGHEST_PORT):
        raise ValueError("should be like clamav:3310, or the path of a socket like /run/clamav/clamd.ctl")
    return value


def _long_enough(value: SecretStr | None) -> SecretStr | None:
    if value is not None and len(value.get_secret_value()) < _SECRET_KEY_LENGTH:
        raise ValueError(f"should have {_SECRET_KEY_LENGTH} characters or more")
    return value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


Hosts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_hosts)]
"""Host names, separated by commas; a port belongs to the name where it is not the usual one."""

Prices = Annotated[tuple[tuple[str, str, int], ...], NoDecode, BeforeValidator(_prices)]
"""Vendor, stage and credits."""

VendorOrAuto = Annotated[str, AfterValidator(_vendor)]
"""A vendor's name, ``auto``, or empty."""

ReplicateModel = Annotated[str, AfterValidator(_generator)]
"""A model that we know how to ask."""

WebAddress = Annotated[str, AfterValidator(_web)]
SocketAddress = Annotated[str, AfterValidator(_socket)]

ScannerAddress = Annotated[str, AfterValidator(_scanner)]
"""Host and port, or the path of a socket."""

SecretKey = Annotated[SecretStr | None, AfterValidator(_long_enough)]
"""Long enough that nobody guesses it."""

Checksums = Annotated[Literal["when_required", "when_supported"], BeforeValidator(_lower)]
LogFormat = Annotated[Literal["console", "json"], BeforeValidator(_lower)]
LogLevel = Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)]
