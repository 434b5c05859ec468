"""Models: what members keep. A deleted one stays as a row, so that the books and its children add up."""

from typing import Any

from sqlalchemy import Select, or_, select, tuple_

from storage import tables
from storage.models import Model, Visibility
from storage.stores.store import Store


class Models(Store[Model]):
    """``get`` finds deleted ones too; all other looks do not."""

    _table = tables.models
    _record = Model

    async def by_label(self, label: str) -> Model | None:
        """The one that people call so."""
        return await self._one(self._present().where(self._table.c.label == label))

    async def by_link(self, link_id: str) -> Model | None:
        """The one behind this lasting address."""
        return await self._one(self._present().where(self._table.c.link_id == link_id))

    async def label_is_taken(self, label: str) -> bool:
        """Whether any model, deleted or not, has this label."""
        query = select(self._table.c.id).where(self._table.c.label == label)
        return (await self._connection.execute(query)).first() is not None

    async def of_account(self, account_id: str, *, limit: int, before: str | None = None) -> list[Model]:
        """A member's models, newest first; those older than the model ``before``, for the next page."""
        query = self._newest_of(account_id).limit(limit)
        last = await self.get(before) if before else None
        if last:
            place = tuple_(self._table.c.created_at, self._table.c.id)
            query = query.where(place < tuple_(last.created_at, last.id))
        return await self._all(query)

    async def search(self, account_id: str, text: str, limit: int) -> list[Model]:
        """A member's models with this text in label, name or prompt, newest first; case does not matter."""
        columns = (self._table.c.label, self._table.c.name, self._table.c.prompt)
        matches = or_(*(column.icontains(text, autoescape=True) for column in columns))
        return await self._all(self._newest_of(account_id).where(matches).limit(limit))

    async def set_visibility(self, model_id: str, visibility: Visibility, link_id: str) -> None:
        """Who may see it from now on, and under which lasting address."""
        await self._change(model_id, visibility=visibility, link_id=link_id)

    async def rename(self, model_id: str, name: str) -> None:
        """Call it something else."""
        await self._change(model_id, name=name)

    async def delete(self, model_id: str, *, now: int, link_id: str) -> None:
        """Gone for everybody. The new ``link_id`` kills its old address."""
        await self._change(model_id, deleted_at=now, link_id=link_id)

    def _present(self) -> Select[Any]:
        return self._table.select().where(self._table.c.deleted_at.is_(None))

    def _newest_of(self, account_id: str) -> Select[Any]:
        order = (self._table.c.created_at.desc(), self._table.c.id.desc())
        return self._present().where(self._table.c.account_id == account_id).order_by(*order)
