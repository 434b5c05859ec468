"""One family of errors for the database, the object stores and the secrets.

They carry facts, never sentences for members, and never a key, a signed link or a
row's contents:

    StorageError
    |-- DatabaseError
    |   |-- DatabaseBehind       the schema is older than this program, or not there
    |   |-- DatabaseAhead        the schema is newer than this program
    |   |-- EngineRunning        another engine works on this database
    |   |-- DatabaseConflict     a constraint of the schema refused the change
    |   `-- DatabaseUnavailable  locked for too long, full, broken, not to be read
    |-- StoreError
    |   |-- StoreUnavailable     the object store did not answer, or not in time
    |   |-- StoreForbidden       it knows us not, or does not let us
    |   |-- StoreMissing         the bucket or folder is not there
    |   |-- StoreFull            no room left
    |   |-- ObjectNotFound       nothing under this key
    |   |-- ObjectTooLarge       more bytes than the caller's limit
    |   `-- KeyRefused           a key that could leave the store
    `-- SecretKeyUnusable        too short, or its file cannot be read
"""

from pathlib import Path


class StorageError(Exception):
    """Root of the family."""


class DatabaseError(StorageError):
    """Something about the database; the transaction, if there was one, changed nothing."""


class DatabaseBehind(DatabaseError):
    """The schema in ``path`` is ``found``; this program needs ``wanted``. To be migrated."""

    def __init__(self, path: Path, found: str | None, wanted: str) -> None:
        super().__init__(f"{path}: schema {found or 'empty'}, wanted {wanted}")
        self.path = path
        self.found = found
        self.wanted = wanted


class DatabaseAhead(DatabaseError):
    """The schema in ``path`` is ``found``, which this program does not know; it needs ``wanted``."""

    def __init__(self, path: Path, found: str, wanted: str) -> None:
        super().__init__(f"{path}: schema {found} is newer than {wanted}")
        self.path = path
        self.found = found
        self.wanted = wanted


class EngineRunning(DatabaseError):
    """The process ``pid`` (``None``: unknown) is the engine of the database in ``path``."""

    def __init__(self, path: Path, pid: int | None) -> None:
        super().__init__(f"{path}: in use by process {pid or 'unknown'}")
        self.path = path
        self.pid = pid


class DatabaseConflict(DatabaseError):
    """``detail`` names the constraint, not the values."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class DatabaseUnavailable(DatabaseError):
    """``detail`` is what SQLite said."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class StoreError(StorageError):
    """Something about the object store. ``store`` is its bucket or folder."""

    def __init__(self, store: str, detail: str = "") -> None:
        super().__init__(f"{store}: {type(self).__name__} {detail}".strip())
        self.store = store
        self.detail = detail


class StoreUnavailable(StoreError):
    """It did not answer, not in time, or with an error of its own; worth trying again."""


class StoreForbidden(StoreError):
    """Wrong keys, or keys that may not do this; trying again does not help."""


class StoreMissing(StoreError):
    """The bucket or folder is not there."""


class StoreFull(StoreError):
    """No room left."""


class ObjectNotFound(StoreError):
    """There is nothing under ``key``."""

    def __init__(self, store: str, key: str) -> None:
        super().__init__(store, key)
        self.key = key


class ObjectTooLarge(StoreError):
    """The stream for ``key`` has more than ``limit`` bytes; nothing of it was kept."""

    def __init__(self, store: str, key: str, limit: int) -> None:
        super().__init__(store, f"{key} is over {limit} bytes")
        self.key = key
        self.limit = limit


class KeyRefused(StoreError):
    """``key`` is not a relative path of plain names."""

    def __init__(self, store: str, key: str) -> None:
        super().__init__(store, repr(key))
        self.key = key


class SecretKeyUnusable(StorageError):
    """The key under which secrets are sealed cannot be used; ``detail`` says why, without the key."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
