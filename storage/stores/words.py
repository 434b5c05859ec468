"""What a search looks through: a model's words without capitals and accents, in one column.

A member's models, or a server's, are found by an index and then read through from the newest.
That keeps a page below a tenth of a second with 100,000 of them, and needs no second copy of
every text that would have to be kept in step.
"""

import unicodedata
from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import tables


def fold(text: str) -> str:
    """``Águila`` as ``aguila``: how people type what they look for."""
    parts = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(p for p in parts if not unicodedata.combining(p))).casefold()


def words_of(*texts: str, tags: Iterable[str] = ()) -> str:
    """Everything that a model can be found by."""
    return fold("\n".join((*texts, *tags)))


def matches(text: str) -> ColumnElement[bool]:
    """Every word of the text is somewhere in a model's words; ``#`` before a label is only its sign."""
    wanted = (part.removeprefix("#") for part in fold(text).split())
    return and_(True, *(tables.models.c.words.contains(part, autoescape=True) for part in wanted))


async def renew_words(connection: AsyncConnection, model_id: str) -> None:
    """After a change of name or tags."""
    models, tags = tables.models.c, tables.tags.c
    names = (await connection.execute(select(tags.name).where(tags.model_id == model_id))).scalars().all()
    query = select(models.name, models.prompt, models.label).where(models.id == model_id)
    row = (await connection.execute(query)).first()
    if row:
        change = update(tables.models).where(models.id == model_id)
        await connection.execute(change.values(words=words_of(*row, tags=names)))
