import asyncio
import socket

import pytest

from providers.errors import HostRefused
from providers.http import PATIENT, Files, Hosts
from providers.http.hosts import leads_inside
from tests.providers.uploads import upload_of

HOSTS = Hosts((".tripo3d.com", "cdn.tripo3d.ai"), ("127.0.0.1:8123", "models.example.org"))


@pytest.mark.parametrize(
    ("scheme", "host", "port"),
    [
        ("https", "cdn.tripo3d.ai", None),
        ("https", "tripo-data.rg1.data.tripo3d.com", None),
        ("http", "127.0.0.1", 8123),
        ("https", "127.0.0.1", 8123),
        ("https", "models.example.org", None),
    ],
)
def test_goes_to_the_vendor_and_to_what_the_owner_named(scheme: str, host: str, port: int | None) -> None:
    assert HOSTS.allow(scheme, host, port)


@pytest.mark.parametrize(
    ("scheme", "host", "port"),
    [
        ("http", "cdn.tripo3d.ai", None),
        ("https", "cdn.tripo3d.ai", 8443),
        ("https", "tripo3d.com", None),
        ("https", "eviltripo3d.com", None),
        ("https", "cdn.tripo3d.ai.example.org", None),
        ("https", "x.cdn.tripo3d.ai", None),
        ("http", "127.0.0.1", None),
        ("http", "127.0.0.1", 8124),
        ("ftp", "models.example.org", None),
        ("https", "169.254.169.254", None),
        ("https", "", None),
    ],
)
def test_goes_nowhere_else(scheme: str, host: str, port: int | None) -> None:
    assert not HOSTS.allow(scheme, host, port)


def names_lead_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """All names of the world stand for these addresses now."""

    async def looked_up(*_: object, **__: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, 0)) for address in addresses]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", looked_up)


INSIDE = [
    "127.0.0.1",
    "0.0.0.0",  # noqa: S104 - to be refused
    "10.0.0.7",
    "172.16.0.1",
    "192.168.1.20",
    "169.254.169.254",
    "100.64.0.1",
    "::1",
    "fd00::1",
    "fe80::1%eth0",
    "::ffff:10.0.0.7",
]


@pytest.mark.parametrize("address", INSIDE)
async def test_a_vendors_name_that_leads_inside_is_not_followed(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    names_lead_to(monkeypatch, "1.1.1.1", address)
    files = Files("tripo", hosts=HOSTS, timing=PATIENT)

    with pytest.raises(HostRefused, match="private network"):
        async with files.download("https://cdn.tripo3d.ai/a.glb", limit=10):
            pass
    await files.aclose()


async def test_a_file_is_not_sent_inside_either(monkeypatch: pytest.MonkeyPatch) -> None:
    names_lead_to(monkeypatch, "10.0.0.7")
    files = Files("tripo", hosts=HOSTS, timing=PATIENT)

    with pytest.raises(HostRefused, match="private network"):
        await files.put("https://anywhere.test/upload?Signature=x", upload_of(b"glTF"))
    await files.aclose()


async def test_names_of_the_open_world_and_names_nobody_knows_are_not_held_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not await leads_inside("nobody-knows.invalid")
    names_lead_to(monkeypatch, "1.1.1.1", "2606:4700:4700::1111")

    assert not await leads_inside("cdn.tripo3d.ai")
