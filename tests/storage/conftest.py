from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import Database, SecretBox, Transaction, migrate

KEY = "a secret key for tests, long enough"


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with our schema and nothing in it; to be copied."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    migrate(path)
    return path


@pytest.fixture
def path(empty_database: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "maquette.db"
    copy.write_bytes(empty_database.read_bytes())
    return copy


@pytest.fixture
async def db(path: Path) -> AsyncIterator[Database]:
    async with Database.open(path, SecretBox(KEY)) as database:
        yield database


@pytest.fixture
async def tx(db: Database) -> AsyncIterator[Transaction]:
    async with db.begin() as transaction:
        yield transaction
