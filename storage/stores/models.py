"""Models: what members keep. A deleted one stays as a row, so that the books and its children add up."""

from typing import Any

from sqlalchemy import Select, delete, select

from storage import tables
from storage.models import Model, Visibility
from storage.stores.store import Store
from storage.stores.words import matches, renew_words, words_of


class Models(Store[Model]):
    """``get`` finds deleted ones too; so does ``of_batch``; all other looks do not."""

    _table = tables.models
    _record = Model

    async def by_label(self, label: str, *, deleted: bool = False) -> Model | None:
        """The one that people call so; one that is deleted only where it is asked for."""
        query = self._table.select() if deleted else self._present()
        return await self._one(query.where(self._table.c.label == label))

    async def by_link(self, link_id: str) -> Model | None:
        """The one behind this lasting address."""
        return await self._one(self._present().where(self._table.c.link_id == link_id))

    async def of_batch(self, batch_id: str) -> list[Model]:
        """What a batch makes, also where it was deleted since, in no order."""
        made = select(tables.jobs.c.model_id).where(tables.jobs.c.batch_id == batch_id)
        return await self._all(self._table.select().where(self._table.c.id.in_(made)))

    async def label_is_taken(self, label: str) -> bool:
        """Whether any model, deleted or not, has this label."""
        query = select(self._table.c.id).where(self._table.c.label == label)
        return (await self._connection.execute(query)).first() is not None

    async def search(self, account_id: str, text: str, limit: int) -> list[Model]:
        """A member's models with these words in label, name, prompt or tags, newest first."""
        order = (self._table.c.created_at.desc(), self._table.c.id.desc())
        query = self._present().where(self._table.c.account_id == account_id, matches(text))
        return await self._all(query.order_by(*order).limit(limit))

    async def of_prompt(self, account_id: str, prompt: str, limit: int) -> list[Model]:
        """A member's models of just these words, newest first."""
        order = (self._table.c.created_at.desc(), self._table.c.id.desc())
        mine = (self._table.c.account_id == account_id, self._table.c.prompt == prompt)
        return await self._all(self._present().where(*mine).order_by(*order).limit(limit))

    async def set_visibility(self, model_id: str, visibility: Visibility, link_id: str) -> None:
        """Who may see it from now on, and under which lasting address."""
        await self._change(model_id, visibility=visibility, link_id=link_id)

    async def rename(self, model_id: str, name: str) -> None:
        """Call it something else."""
        await self._change(model_id, name=name)
        await renew_words(self._connection, model_id)

    async def move(self, model_id: str, project_id: str | None) -> None:
        """Into another project; ``None``: into the inbox."""
        await self._change(model_id, project_id=project_id)

    async def delete(self, model_id: str, *, now: int, link_id: str) -> None:
        """Gone for everybody, its stars too. The new ``link_id`` kills its old address."""
        await self._change(model_id, deleted_at=now, link_id=link_id, project_id=None)
        await self._connection.execute(delete(tables.stars).where(tables.stars.c.model_id == model_id))

    def _present(self) -> Select[Any]:
        return self._table.select().where(self._table.c.deleted_at.is_(None))

    def _to_row(self, record: Model) -> dict[str, Any]:
        words = words_of(record.name, record.prompt, record.label)
        return {**super()._to_row(record), "words": words}
