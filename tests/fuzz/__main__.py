"""``python -m tests.fuzz --rounds 100000 --seed 1``: spoils GLBs, and ends at the first that breaks us.

The same seed spoils the same way. What broke us is kept as ``spoilt.glb`` in the folder it was started in.
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.fuzz.corpus import corpus
from tests.fuzz.mutations import spoilt


def main() -> int:
    """Spoil, try and count."""
    said = argparse.ArgumentParser(prog="python -m tests.fuzz")
    said.add_argument("--rounds", type=int, default=100_000)
    said.add_argument("--seed", type=int, default=1)
    given = said.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return _fuzz(Path(folder), given.rounds, given.seed)


def _fuzz(folder: Path, rounds: int, seed: int) -> int:
    made = corpus()
    (folder / "clips.glb").write_bytes(made["clips"])
    sound, path = list(made.values()), folder / "spoilt.glb"
    seen: Counter[str] = Counter()
    slowest = 0.0
    with _trial(folder) as trial:
        for number in range(rounds):
            chance = random.Random(f"{seed} {number}")
            path.write_bytes(spoilt(chance.choice(sound), sound, chance))
            answer = _asked(trial)
            if not answer:
                shutil.copy(path, "spoilt.glb")
                print(f"broken by --seed {seed}, number {number}; kept as spoilt.glb")
                return 1
            accepted, seconds = answer.split()
            seen[accepted] += 1
            slowest = max(slowest, float(seconds))
        assert trial.stdin
        trial.stdin.close()
    print(f"files={rounds} accepted={seen['1']} refused={seen['0']} broken=0 slowest={slowest * 1000:.0f}ms")
    return 0


def _trial(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.fuzz.trial", str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _asked(trial: subprocess.Popen[str]) -> str:
    """What became of the file; nothing where its process did not survive it."""
    assert trial.stdin
    assert trial.stdout
    trial.stdin.write("\n")
    trial.stdin.flush()
    return trial.stdout.readline()


if __name__ == "__main__":
    sys.exit(main())
