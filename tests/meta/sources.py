"""The project's own files, as a clone has them."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "providers", "storage", "sandbox")


def tracked() -> list[Path]:
    """Every file that git keeps and that is there."""
    if not (ROOT / ".git").exists():
        pytest.skip("no clone, so there is no list of files")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def modules() -> list[Path]:
    """Every Python file of the packages and the tests."""
    return [path for folder in (*PACKAGES, "tests") for path in sorted((ROOT / folder).rglob("*.py"))]
