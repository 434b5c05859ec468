import subprocess
import sys
from pathlib import Path

import pytest

from bot.files.errors import BrokenGlb
from bot.files.glb import check_glb
from tests.fuzz import trial
from tests.fuzz.corpus import corpus
from tests.fuzz.trial import Trial
from tests.meta.sources import ROOT

SAMPLE = 2_000


@pytest.mark.process
def test_a_sample_of_spoilt_files_breaks_nothing() -> None:
    command = [sys.executable, "-m", "tests.fuzz", "--rounds", str(SAMPLE), "--seed", "2026"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    told = dict(part.split("=") for part in ran.stdout.split())
    assert int(told["accepted"]) + int(told["refused"]) == SAMPLE
    assert min(int(told["accepted"]), int(told["refused"])) > SAMPLE / 20  # both ways are tried


@pytest.mark.parametrize(("name", "data"), corpus().items(), ids=corpus())
def test_what_is_spoilt_was_sound(tmp_path: Path, name: str, data: bytes) -> None:
    path, sound = tmp_path / "one.glb", tmp_path / "sound.glb"
    path.write_bytes(data)
    sound.write_bytes(corpus()["clips"])

    assert Trial(folder=tmp_path, sound=sound, clips=check_glb(sound).clips).run(path)


def test_a_rewriting_that_loses_something_does_not_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.glb"
    path.write_bytes(corpus()["talkative"])
    monkeypatch.setattr(trial, "strip_extras", lambda *_, **__: _other(tmp_path))

    with pytest.raises((AssertionError, BrokenGlb)):
        Trial(folder=tmp_path, sound=path, clips=("walk",)).run(path)


def _other(folder: Path) -> Path:
    other = folder / "other.glb"
    other.write_bytes(corpus()["triangle"])
    return other
