import dataclasses
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Table, create_engine

from storage import Database, SecretBox, batches, lists, migrate, models, schema, schema_is_current, tables
from storage.errors import DatabaseAhead, DatabaseBehind, DatabaseUnavailable
from tests.storage.conftest import KEY

NOUNS = {
    tables.accounts: models.Account,
    tables.models: models.Model,
    tables.jobs: models.Job,
    tables.runs: models.StageRun,
    tables.cards: models.Card,
    tables.artifacts: models.Artifact,
    tables.ledger: models.LedgerEntry,
    tables.quota_changes: models.QuotaChange,
    tables.vendor_keys: models.VendorKey,
    tables.projects: models.Project,
    tables.tags: lists.Tag,
    tables.stars: lists.Star,
    tables.greetings: models.Greeting,
    tables.batches: batches.Batch,
    tables.sheets: batches.Sheet,
}


def test_migrations_make_exactly_the_tables(path: Path) -> None:
    engine = create_engine(URL.create("sqlite", database=str(path)))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        differences = compare_metadata(context, tables.metadata)

    engine.dispose()
    assert differences == []


@pytest.mark.parametrize("table", tables.metadata.sorted_tables, ids=lambda table: table.name)
def test_every_field_of_a_noun_is_a_column(table: Table) -> None:
    fields = dataclasses.fields(NOUNS[table])

    assert [column.name for column in table.columns] == [field.name for field in fields]


def test_migrating_twice_changes_nothing(path: Path) -> None:
    before = path.read_bytes()

    migrate(path)

    assert path.read_bytes() == before
    assert schema_is_current(path)


def test_migrating_makes_the_folder_too(tmp_path: Path) -> None:
    path = tmp_path / "data" / "maquette.db"

    migrate(path)

    assert schema_is_current(path)


def test_the_files_of_migrations_are_named_by_their_versions() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    chain = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]

    assert schema.versions() == chain[::-1]


def test_nobody_loads_alembic_for_a_database_that_is_current_nor_s3_without_a_bucket(path: Path) -> None:
    program = """
import sys
from pathlib import Path
from bot import app
from storage import migrate
migrate(Path(sys.argv[1]))
print(*{"alembic", "botocore"} & sys.modules.keys())
"""
    run = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)

    assert run.stdout.split() == []


async def test_a_database_that_is_not_there_is_behind_and_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "maquette.db"

    with pytest.raises(DatabaseBehind) as refused:
        async with Database.open(path, SecretBox(KEY)):
            pass

    assert (refused.value.path, refused.value.found) == (path, None)
    assert not path.exists()
    assert not schema_is_current(path)


def set_revision(path: Path, revision: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()


async def test_a_database_of_a_newer_program_is_refused(path: Path) -> None:
    set_revision(path, "9999")

    with pytest.raises(DatabaseAhead) as refused:
        async with Database.open(path, SecretBox(KEY)):
            pass

    assert refused.value.found == "9999"
    assert not schema_is_current(path)
    with pytest.raises(DatabaseAhead):
        migrate(path)


def test_what_is_no_database_is_said_to_be_unusable(tmp_path: Path) -> None:
    path = tmp_path / "maquette.db"
    path.write_bytes(b"a text that somebody left here, long enough to be read as a header" * 10)

    with pytest.raises(DatabaseUnavailable):
        migrate(path)


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "maquette.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE ledger (id TEXT)")  # one that the migration wants to make itself
    connection.close()

    with pytest.raises(DatabaseUnavailable):
        migrate(path)

    connection = sqlite3.connect(path)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert names == {"ledger"}


@pytest.mark.parametrize("table", ["ledger", "quota_changes"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET amount = 0", "DELETE FROM {}"])
def test_the_books_cannot_be_rewritten_even_by_hand(path: Path, table: str, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO accounts VALUES ('account', 1, 1, 'off')")
    connection.execute(
        "INSERT INTO quota_changes VALUES ('change', 'account', NULL, 'set', 7, 5, 10, 5, NULL, 1)"
    )
    connection.execute(
        "INSERT INTO ledger VALUES ('entry', 'key', 'account', NULL, 'grant', 5, NULL, NULL, 1, 9, 1)"
    )

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement.format(table))

    connection.close()


def test_a_folder_that_cannot_be_made_is_said_to_be_unusable(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    with pytest.raises(DatabaseUnavailable, match="data"):
        migrate(tmp_path / "data" / "maquette.db")
