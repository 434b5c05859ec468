"""The owner's secret key in a file: made when it is first needed, and changed without a moment of loss.

While it is being changed, the key so far lies beside the new one, as ``<name>.previous``.
Every step is one atomic act on the folder, so a crash between any two leaves each key
that something is still sealed with where ``read`` finds it.

Whatever goes wrong with the file is raised as ``SecretKeyUnusable``, without the key.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import Fernet

from storage.errors import SecretKeyUnusable


def read(path: Path) -> tuple[bytes, ...]:
    """The key, and after it the one before where it is being changed; a first key where there is none."""
    with _translated(path):
        if not path.exists():
            _make(path)
        previous = _previous(path)
        files = (path, previous) if previous.exists() else (path,)
        return tuple(file.read_bytes().strip() for file in files)


def renew(path: Path) -> None:
    """Put a new key in the place of the one so far, which stays beside it until ``forget_previous``.

    A change that was begun and not ended is not begun again.
    """
    with _translated(path):
        previous = _previous(path)
        if not previous.exists():
            previous.hardlink_to(path)
            _sync(path.parent)
        if previous.read_bytes() == path.read_bytes():
            with _draft(path) as draft:
                draft.replace(path)
                _sync(path.parent)


def forget_previous(path: Path) -> None:
    """Remove the key before: nothing is sealed with it any more."""
    with _translated(path):
        _previous(path).unlink(missing_ok=True)
        _sync(path.parent)


def _previous(path: Path) -> Path:
    return path.with_name(f"{path.name}.previous")


def _make(path: Path) -> None:
    """All of the key or no file at all; of two processes that try, the first one's key stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _draft(path) as draft, contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)


@contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """A file with a new key, that only this user may read; gone afterwards, unless it was renamed."""
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".draft", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Have the folder's entries on the disk before the next step relies on them."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SecretKeyUnusable(f"{path}: {error.strerror}") from error
