"""Kills a rotation at every act on the disk that it makes, each time in a fresh copy of a folder.

``python -m tests.storage.killed_rotations FOLDER`` rotates copies of ``FOLDER/data``, which become
``FOLDER/1``, ``FOLDER/2`` and so on. The last copy is one in which nothing more was left to be
killed at. A process of its own, because the system has to be the one that ends it.
"""

import asyncio
import os
import shutil
import sys
from pathlib import Path

from sqlalchemy import Engine, event

from storage import SecretBox, rotation

ACTS = {"open", "os.link", "os.rename", "os.remove", "sqlite3.connect"}


def die_at(number: int) -> None:
    """End this process, as ``kill -9`` does, before that act."""
    left = number

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os._exit(9)

    def on_audit(name: str, arguments: tuple[object, ...]) -> None:
        flags = arguments[2] if name == "open" else os.O_WRONLY
        if name in ACTS and isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR):
            count()

    sys.addaudithook(on_audit)
    event.listen(Engine, "commit", count)


def rotated(data: Path, number: int) -> bool:
    """Rotate, until killed; says whether it came to its end."""
    process = os.fork()
    if process == 0:
        rotation.BATCH = 2
        key = data / "secret.key"
        die_at(number)
        asyncio.run(rotation.rotate(data / "maquette.db", lambda: SecretBox.from_file(key), key))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0


def main(folder: Path) -> None:
    """Go on until one survives."""
    number, survived = 0, False
    while not survived:
        number += 1
        shutil.copytree(folder / "data", folder / str(number))
        survived = rotated(folder / str(number), number)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
