"""What is left of a story: lines in the ledger, files in the store, messages that others see."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from tests.stories.house import House
from tests.stories.person import Person


def ledger(house: House) -> dict[str, int]:
    """Credits by kind of entry, from the file itself."""
    rows = _rows(house, "SELECT kind, amount FROM ledger")
    sums: Counter[str] = Counter()
    for kind, amount in rows:
        sums[str(kind)] += amount
    return {kind: total for kind, total in sums.items() if kind != "settle"}


def charged(house: House) -> int:
    """Credits that members really paid."""
    return sum(ledger(house).values())


def files(house: House) -> list[str]:
    """Everything that lies in the local store, drafts and scratch included."""
    folder = house.settings.data_dir
    places = (folder / "files", folder / "scratch")
    return sorted(
        str(path.relative_to(folder)) for place in places for path in place.rglob("*") if path.is_file()
    )


def rows(house: House, table: str) -> int:
    """How many rows a table has."""
    ((count, _),) = _rows(house, f"SELECT count(*), 0 FROM {table}")  # noqa: S608 # names of our own
    return int(count)


def untouched(house: House, *people: Person) -> None:
    """Nobody saw anything, nothing was written or kept, and the vendor was not asked for anything."""
    assert house.at_vendor() == []
    assert files(house) == []
    assert [rows(house, table) for table in ("jobs", "models", "ledger", "artifacts")] == [0, 0, 0, 0]
    for person in people:
        assert all(message["flags"] & 64 for message in person.messages()), person.read()


def database(house: House) -> Path:
    """The file."""
    return house.settings.data_dir / "maquette.db"


def _rows(house: House, query: str) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(database(house))) as connection:
        return connection.execute(query).fetchall()
