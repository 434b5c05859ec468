import pytest

from providers.http import Hosts

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
