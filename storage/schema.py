"""Which schema a database has, and bringing it up to ours.

Migrations go forward only. Each runs in one transaction with the line that records
it, so that the file and what it says of itself cannot disagree.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.exc import DBAPIError

from storage import sqlite
from storage.errors import DatabaseAhead, DatabaseBehind, DatabaseUnavailable

MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(path: Path) -> None:
    """Bring the database in ``path`` up to this program's schema; makes it where there is none.

    Raises ``DatabaseAhead`` or ``DatabaseUnavailable``. Does its work before it returns: call it in a thread.
    """
    with _translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            _refuse_newer(path)
        with _engine(path) as engine, engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


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
        _refuse_newer(path)
        found, wanted = _found(path), _scripts().get_current_head()
        if found != wanted:
            raise DatabaseBehind(path, found, str(wanted))


def _refuse_newer(path: Path) -> None:
    found, scripts = _found(path), _scripts()
    if found and found not in {script.revision for script in scripts.walk_revisions()}:
        raise DatabaseAhead(path, found, str(scripts.get_current_head()))


def _found(path: Path) -> str | None:
    if not path.exists():  # asking SQLite would make the file
        return None
    with _engine(path) as engine, engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


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
