import re
import tomllib

import pytest

from bot.settings import example
from tests.meta.sources import ROOT

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)(?: ; (.*?))? \\$", re.MULTILINE)
FILES = ["requirements.txt", "requirements-sandbox.txt", "requirements-dev.txt"]


def pins(file: str) -> set[tuple[str, str, str]]:
    """(name, version, for which Python) of everything that a file installs."""
    return set(PIN.findall((ROOT / file).read_text("utf-8")))


def plain(package: str) -> str:
    """The one spelling of a package's name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", package).lower()


def test_the_example_lists_exactly_the_settings() -> None:
    assert (ROOT / ".env.example").read_text("utf-8") == example(), "run `make fix`"


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [project["dependencies"], extras["sandbox"], extras["dev"]]

    for file, dependencies in zip(FILES, wanted, strict=True):
        pinned = {plain(name) for name, _, _ in pins(file)}
        for dependency in dependencies:
            assert plain(re.split(r"[~=<>\[]", dependency)[0]) in pinned


def test_the_same_versions_are_tried_and_run() -> None:
    bot, sandbox, dev = map(pins, FILES)

    assert bot
    assert bot <= sandbox <= dev


@pytest.mark.parametrize("file", FILES)
def test_every_pin_has_its_hashes(file: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / file).read_text("utf-8").strip())
    bare = [entry for entry in entries if not entry.startswith("#") and "--hash=sha256:" not in entry]

    assert bare == []


def test_each_verb_of_the_project_is_explained() -> None:
    explained = re.findall(r"^([a-z]+):.*## .+$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)

    explained_verbs = {"help", "demo", "tour", "bench", "run", "test", "check", "fix", "requirements"}
    assert explained_verbs <= set(explained)
    assert len(explained) == len(set(explained))
