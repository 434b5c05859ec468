"""Which schema a database has, and bringing it up to ours.

Migrations go forward only. Each runs in one transaction with the line that records
it, so that the file and what it says of itself cannot disagree.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine, String, column, create_engine, inspect, select, table
from sqlalchemy.exc import DBAPIError

from storage import sqlite
from storage.errors import DatabaseAhead, DatabaseBehind, DatabaseUnavailable

MIGRATIONS = Path(__file__).with_name("migrations")
VERSION = table("alembic_version", column("version_num", String))
"""Where Alembic writes down which version a database has."""


def migrate(path: Path) -> None:
    """Bring the database in ``path`` up to this program's schema; makes it where there is none.

    Raises ``DatabaseAhead`` or ``DatabaseUnavailable``. Does its work before it returns: call it in a thread.
    """
    with _translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if _refuse_newer(path) == versions()[-1]:
            return
        from storage.migrating import upgrade

        with _engine(path) as engine, engine.begin() as connection:
            upgrade(connection, MIGRATIONS)


def schema_is_current(path: Path) -> bool:
    """Whether the database in ``path`` has exactly this program's schema."""
    try:
        require_current(path)
    except (DatabaseBehind, DatabaseAhead):
        return False
    return True


def require_current(path: Path) -> None:
    """Raises ``DatabaseBehind`` or ``DatabaseAhead`` unless the schema is this program's."""
    with _translated(path):
        found, wanted = _refuse_newer(path), versions()[-1]
        if found != wanted:
            raise DatabaseBehind(path, found, wanted)


def versions() -> list[str]:
    """Every version there has been, the oldest first: with it begins the name of its migration's file."""
    return sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def _refuse_newer(path: Path) -> str | None:
    """The version found; ``None`` where there is no database yet."""
    found = _found(path)
    if found and found not in versions():
        raise DatabaseAhead(path, found, versions()[-1])
    return found


def _found(path: Path) -> str | None:
    if not path.exists():  # asking SQLite would make the file
        return None
    with _engine(path) as engine, engine.connect() as connection:
        if not inspect(connection).has_table(VERSION.name):
            return None
        return connection.scalar(select(VERSION.c.version_num))


@contextmanager
def _engine(path: Path) -> Iterator[Engine]:
    engine = create_engine(URL.create("sqlite", database=str(path)), hide_parameters=True)
    sqlite.for_migrating(engine)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise DatabaseUnavailable(f"{path}: {error.orig}") from error
    except OSError as error:
        raise DatabaseUnavailable(f"{path}: {error.strerror}") from error
