"""The bot's database as anybody with the file can read it; nothing is ever written."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

DATABASE = "maquette.db"
UNDER_WAY = "SELECT count(*) FROM jobs WHERE state = 'live'"
BEHIND = """
    SELECT count(*) FROM cards JOIN jobs ON jobs.id = cards.job_id
    WHERE NOT cards.gone AND cards.rendered_version < jobs.version
"""


@contextmanager
def opened(folder: Path) -> Iterator[sqlite3.Connection]:
    """The database in the bot's folder.

    Raises:
        sqlite3.Error: there is none yet, or it is locked.
    """
    with closing(sqlite3.connect(f"file:{folder / DATABASE}?mode=ro", uri=True, timeout=5)) as books:
        books.row_factory = sqlite3.Row
        yield books


def unfinished(folder: Path) -> int:
    """Jobs that go on, and messages that do not show what became of theirs."""
    with opened(folder) as books:
        return sum(int(books.execute(query).fetchone()[0]) for query in (UNDER_WAY, BEHIND))
