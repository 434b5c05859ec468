import pytest

from providers.links import extension


@pytest.mark.parametrize(
    ("url", "ending"),
    [
        ("https://vendor.example/xezq/a/tmpabc.GLB?x=1", ".glb"),
        ("https://vendor.example/xezq/a/out", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_a_links_ending_is_that_of_its_path(url: str, ending: str) -> None:
    assert extension(url) == ending
