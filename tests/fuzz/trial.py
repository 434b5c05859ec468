"""One spoilt file through all that we do with files, and what must hold whatever it is.

``python -m tests.fuzz.trial FOLDER`` tries ``spoilt.glb`` in the folder each time a line comes in, and
answers with what became of it. A file has a second of computing; all of them together have 64 MB
beyond what the program starts with. More the system refuses, and that is a crash.
"""

import contextlib
import resource
import signal
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from bot.files.clips import combine_clips, name_clips
from bot.files.errors import BrokenGlb, CannotCombine
from bot.files.glb import GlbFacts, check_glb, strip_extras

LIMIT = 200 * 1024 * 1024
ROOM = 64 * 1024 * 1024
SECONDS = 1.0


class TooSlow(BaseException):
    """A file took more than its second of computing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Tries files in a folder; ``sound`` is a file with clips, to be combined with."""

    folder: Path
    sound: Path
    clips: tuple[str, ...]

    def run(self, path: Path) -> bool:
        """Whether the file is accepted. Anything but that and a refusal in our own words is raised."""
        with contextlib.suppress(BrokenGlb):  # as it is done with a vendor's file, before the check
            strip_extras(path, self.folder / "unchecked.tmp", limit=LIMIT)
        try:
            facts = check_glb(path)
        except BrokenGlb:
            return False
        self._bare(path, facts)
        self._named(path, facts)
        self._combined(path, facts)
        return True

    def _bare(self, path: Path, facts: GlbFacts) -> None:
        bare = check_glb(strip_extras(path, self.folder / "bare.tmp", limit=LIMIT))
        assert replace(bare, size=0) == replace(facts, size=0)

    def _named(self, path: Path, facts: GlbFacts) -> None:
        names = tuple(f"clip {number}" for number in range(len(facts.clips)))
        with contextlib.suppress(CannotCombine):
            named = name_clips(path, self.folder / "named.tmp", names)
            assert replace(named, size=0) == replace(facts, size=0, clips=names)

    def _combined(self, path: Path, facts: GlbFacts) -> None:
        for takes in ((path, self.sound), (self.sound, path)):
            names = [facts.clips if take is path else self.clips for take in takes]
            with contextlib.suppress(CannotCombine):
                combined = combine_clips(takes, names, self.folder / "all.tmp")
                assert combined.clips == (*names[0], *names[1])


def main(folder: Path) -> None:
    """Try what comes, until nothing more does."""
    sound = folder / "clips.glb"
    trial = Trial(folder=folder, sound=sound, clips=check_glb(sound).clips)
    signal.signal(signal.SIGPROF, _too_slow)
    _confine()
    for _ in sys.stdin:
        begun = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        accepted = trial.run(folder / "spoilt.glb")
        signal.setitimer(signal.ITIMER_PROF, 0)
        print(int(accepted), time.process_time() - begun, flush=True)


def _confine() -> None:
    """Let this process have little more memory than it has."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text("utf-8").splitlines())
    most = int(status["VmData"].split()[0]) * 1024 + ROOM
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _too_slow(*_: object) -> None:
    raise TooSlow


if __name__ == "__main__":
    main(Path(sys.argv[1]))
