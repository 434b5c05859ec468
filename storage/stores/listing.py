"""Lists of models in pages: a member's, or what is public in a server.

A page goes by the key of its neighbour and not by a number: nothing is skipped or shown
twice when models come and go, and the thousandth page costs what the first does.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, func, literal, select, tuple_

from storage import tables
from storage.lists import Listed, ModelFilter, Standing, Turn
from storage.models import ArtifactKind, JobState, Model, RunState, Stage, Visibility
from storage.stores.store import Reader
from storage.stores.words import matches

_models, _stars = tables.models.c, tables.stars.c


class Listing(Reader[Model]):
    """Reads pages of models."""

    _table = tables.models
    _record = Model

    async def newest(self, chosen: ModelFilter, *, limit: int, turn: Turn | None = None) -> list[Listed]:
        """One page, newest first."""
        query = _with_stars(literal(0)).where(*_conditions(chosen))
        at = (turn.model.created_at, turn.model.id) if turn else None
        return await self._page(query, _BY_TIME, at, limit, back=turn is not None and turn.back)

    async def most_starred(
        self, chosen: ModelFilter, *, since: int, limit: int, turn: Turn | None = None
    ) -> list[Listed]:
        """One page of a server's: those with the most stars since then first, of equals the newest.

        The few with stars come by way of the stars; the many without go by their own index.
        """
        week = _since(chosen, since)
        starred = _with_stars(week.c.stars).join(week, week.c.model_id == _models.id)
        starred, others = (query.where(*_conditions(chosen)) for query in (starred, _with_stars(literal(0))))
        others = others.where(~exists().where(_stars.model_id == _models.id, _stars.created_at >= since))
        parts = {True: (starred, (week.c.stars, *_BY_TIME)), False: (others, _BY_TIME)}
        back = turn is not None and turn.back
        found: list[Listed] = []
        for has_stars, at in _walk(turn):
            query, key = parts[has_stars]
            room = limit - len(found)
            page = await self._page(query, key, at, room, back=back)
            found = page + found if back else found + page
        return found

    async def _page(
        self,
        query: Select[Any],
        key: Sequence[ColumnElement[Any]],
        at: tuple[Any, ...] | None,
        limit: int,
        *,
        back: bool,
    ) -> list[Listed]:
        if at:
            place, neighbour = tuple_(*key), tuple_(*at)
            query = query.where(place > neighbour if back else place < neighbour)
        query = query.order_by(*(part.asc() if back else part.desc() for part in key)).limit(limit)
        rows = (await self._connection.execute(query)).mappings().all()
        found = [Listed(model=self._from_row(row), stars=row["stars"]) for row in rows]
        return found[::-1] if back else found


_BY_TIME = (_models.created_at, _models.id)


def _walk(turn: Turn | None) -> list[tuple[bool, tuple[Any, ...] | None]]:
    """The parts that a page may reach into, those with stars or those without, and from where."""
    if turn is None:
        return [(True, None), (False, None)]
    place = (turn.model.created_at, turn.model.id)
    if turn.stars:
        here, beyond = (True, (turn.stars, *place)), [(False, None)]
        return [here] if turn.back else [here, *beyond]
    return [(False, place), (True, None)] if turn.back else [(False, place)]


def _with_stars(stars: ColumnElement[int]) -> Select[Any]:
    return select(tables.models, stars.label("stars"))


def _since(chosen: ModelFilter, since: int) -> Subquery:
    """How many stars each model of the server got."""
    query = select(_stars.model_id, func.count().label("stars"))
    query = query.where(_stars.guild_id == chosen.guild_id, _stars.created_at >= since)
    return query.group_by(_stars.model_id).subquery()


def _conditions(chosen: ModelFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_models.deleted_at.is_(None)]
    if chosen.account_id is not None:
        conditions.append(_models.account_id == chosen.account_id)
    if chosen.guild_id is not None:
        conditions.append(_models.guild_id == chosen.guild_id)
    if chosen.public:
        conditions.append(_models.visibility == Visibility.SERVER)
    if chosen.project_id is not None:
        conditions.append(_models.project_id.is_not_distinct_from(chosen.project_id or None))
    if chosen.batch_id is not None:
        of_batch = tables.jobs.c.batch_id == chosen.batch_id
        conditions.append(exists().where(tables.jobs.c.model_id == _models.id, of_batch))
    if chosen.has_file:
        conditions.append(_HAS_FILE)
    if chosen.standing:
        conditions.append(_STANDINGS[chosen.standing])
    if chosen.rigged is not None:
        conditions.append(_RIGGED if chosen.rigged else ~_RIGGED)
    if chosen.text:
        conditions.append(matches(chosen.text))
    return conditions


_LIVE = exists().where(tables.jobs.c.model_id == _models.id, tables.jobs.c.state == JobState.LIVE)
_HAS_FILE = exists().where(
    tables.artifacts.c.model_id == _models.id, tables.artifacts.c.kind == ArtifactKind.MODEL
)
_RIGGED = exists().where(
    tables.runs.c.model_id == _models.id,
    tables.runs.c.stage == Stage.RIG,
    tables.runs.c.state == RunState.DONE,
)
_STANDINGS = {
    Standing.WORKING: _LIVE,
    Standing.READY: and_(_HAS_FILE, ~_LIVE),
    Standing.FAILED: and_(~_HAS_FILE, ~_LIVE),
}
