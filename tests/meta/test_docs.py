import re
from pathlib import Path

import pytest

from bot.jobs.failures import Failure
from bot.jobs.machine import ARROWS
from providers.registry import FACTORIES
from storage.models import RUN_ENDED, JobState, ModelState, RunState
from tests.meta.command_table import README, written
from tests.meta.sources import PACKAGES, ROOT

PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
JOBS = ROOT / "docs" / "jobs.md"
PROVIDERS = ROOT / "docs" / "providers.md"
ARROW = re.compile(r"^ *(\[\*\]|\w+) --> (\[\*\]|\w+)", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#]+)(#[^)]*)?\)")
NAMED_FILE = re.compile(rf"`((?:{'|'.join((*PACKAGES, 'tests', 'docs'))})/[\w/.]*)`")


def name(path: Path) -> str:
    return path.name


def drawn() -> set[tuple[str, str]]:
    """The arrows of the state diagram, as (from, to); ``[*]`` is the world outside."""
    diagram = re.search(r"```mermaid\nstateDiagram-v2\n(.*?)```", JOBS.read_text("utf-8"), re.DOTALL)
    assert diagram is not None
    return set(ARROW.findall(diagram[1]))


def first_column(heading: str) -> list[str]:
    """The codes that open the rows of the first table under a heading."""
    _, found, section = JOBS.read_text("utf-8").partition(f"\n## {heading}\n")
    assert found
    return re.findall(r"^\| `(\w+)` \|", section.partition("\n## ")[0], re.MULTILINE)


def test_the_readme_has_the_commands_as_they_are() -> None:
    readme = README.read_text("utf-8")

    assert readme == written(readme), "run `make fix`"


def test_a_readme_without_its_markers_is_not_overwritten() -> None:
    with pytest.raises(ValueError, match="markers"):
        written("# Maquette\n")


def test_the_diagram_has_the_arrows_of_the_machine() -> None:
    inside = {(start, end) for start, end in drawn() if "[*]" not in (start, end)}

    assert inside == {(start.value, end.value) for start, ends in ARROWS.items() for end in ends}


def test_the_diagram_says_where_a_run_ends() -> None:
    assert {start for start, end in drawn() if end == "[*]"} == {state.value for state in RUN_ENDED}


def test_every_state_of_a_run_is_explained_once() -> None:
    assert first_column("What each state means") == [state.value for state in RunState]


def test_every_state_of_jobs_and_models_is_explained_once() -> None:
    assert first_column("Jobs") == [state.value for state in JobState]
    assert sorted(first_column("Models")) == sorted(state.value for state in ModelState)


def test_every_failure_is_explained_once() -> None:
    assert sorted(first_column("Why a run failed")) == sorted(failure.value for failure in Failure)


def test_every_vendor_has_a_section() -> None:
    sections = re.findall(
        r"^## .+\n\n\*Package `providers/(\w+)/`", PROVIDERS.read_text("utf-8"), re.MULTILINE
    )

    assert sections == list(FACTORIES)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_a_page_links_to_is_there(page: Path) -> None:
    targets = [target for target, _ in LINK.findall(page.read_text("utf-8")) if "://" not in target]

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_the_files_that_a_page_names_are_there(page: Path) -> None:
    named = set(NAMED_FILE.findall(page.read_text("utf-8")))

    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_the_readme_is_short() -> None:
    assert len(README.read_text("utf-8").splitlines()) < 150
