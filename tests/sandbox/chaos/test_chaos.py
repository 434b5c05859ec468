"""Chaos as a person starts it: the bot comes through, and a bot without its guard is found out."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.meta.sources import ROOT

pytestmark = pytest.mark.process
PATIENCE = 900
"""Seconds; on a quiet machine a round takes ten."""


def chaos(folder: Path, *words: str) -> tuple[int, str]:
    """Play it; gives the exit code and what was printed."""
    command = [sys.executable, "-m", "sandbox", "chaos", "--folder", str(folder), *words]
    played = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    return played.returncode, played.stdout + played.stderr


def test_whatever_befalls_the_bot_nothing_is_lost_nor_paid_twice(tmp_path: Path) -> None:
    code, told = chaos(tmp_path, "--rounds", "3", "--seed", "2", "--pause", "1.2")

    assert "lost=0 paid_twice=0 overcharged=0 orphans=0 frozen=0" in told.splitlines()[-1], told
    assert code == 0, told


def test_a_bot_without_its_submit_guard_is_found_to_pay_twice(tmp_path: Path) -> None:
    # Whether a kill comes before the answer is chance; it ends with the first round that pays twice.
    code, told = chaos(tmp_path, "--rounds", "9", "--only", "kill-submit", "--without-guard")

    assert "paid_twice=0" not in told, told
    assert "paid_twice=" in told.splitlines()[-1], told
    assert code == 1
