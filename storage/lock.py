"""One engine per database: a lock file beside it that the system drops when the process dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from storage.errors import DatabaseUnavailable, EngineRunning


@contextmanager
def lock_engine(path: Path) -> Iterator[None]:
    """Hold the engine's place at the database in ``path``; makes the folder where there is none.

    Raises ``EngineRunning`` where another has it, ``DatabaseUnavailable`` where no lock can be made.
    """
    place = path.with_name(path.name + ".lock")
    with _opened(place) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise EngineRunning(path, _holder(place)) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _opened(place: Path) -> TextIO:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        return place.open("a+")
    except OSError as error:
        raise DatabaseUnavailable(f"{place}: {error.strerror}") from error


def _holder(place: Path) -> int | None:
    with suppress(OSError, ValueError):  # it is writing its number just now
        return int(place.read_text())
    return None
