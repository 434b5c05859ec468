"""Artifacts: the files that we stored, by the key under which the object store has them."""

from sqlalchemy import delete, func, select

from storage import tables
from storage.models import Artifact
from storage.stores.store import Store


class Artifacts(Store[Artifact]):
    """A row says that the object is there in full: it is inserted after the upload."""

    _table = tables.artifacts
    _record = Artifact

    async def of_model(self, model_id: str) -> list[Artifact]:
        """All files of a model, oldest first."""
        query = self._table.select().where(self._table.c.model_id == model_id)
        return await self._all(query.order_by(self._table.c.created_at, self._table.c.id))

    async def of_batch(self, batch_id: str) -> list[Artifact]:
        """All files of a batch's models, oldest first."""
        made = select(tables.jobs.c.model_id).where(tables.jobs.c.batch_id == batch_id)
        query = self._table.select().where(self._table.c.model_id.in_(made))
        return await self._all(query.order_by(self._table.c.created_at, self._table.c.id))

    async def of_run(self, run_id: str) -> list[Artifact]:
        """What one run made, oldest first."""
        query = self._table.select().where(self._table.c.run_id == run_id)
        return await self._all(query.order_by(self._table.c.created_at, self._table.c.id))

    async def by_key(self, key: str) -> Artifact | None:
        """The one under this key."""
        return await self._one(self._table.select().where(self._table.c.key == key))

    async def next_to_film(self, now: int) -> Artifact | None:
        """The newest that is due: somebody may be looking at it."""
        query = self._table.select().where(self._table.c.film_due_at <= now)
        return await self._one(
            query.order_by(self._table.c.created_at.desc(), self._table.c.id.desc()).limit(1)
        )

    async def film_next_due(self) -> int | None:
        """When the next one is due, or was."""
        query = select(func.min(self._table.c.film_due_at))
        due_at: int | None = (await self._connection.execute(query)).scalar()
        return due_at

    async def set_film(self, artifact_id: str, *, due_at: int | None, attempts: int) -> None:
        """When to film it (again); ``None``: never."""
        await self._change(artifact_id, film_due_at=due_at, film_attempts=attempts)

    async def delete_of_model(self, model_id: str) -> list[str]:
        """Forget all files of a model; answers the keys to delete from the object store after the commit."""
        query = delete(self._table).where(self._table.c.model_id == model_id).returning(self._table.c.key)
        return sorted((await self._connection.execute(query)).scalars())

    async def keys_after(self, key: str, limit: int) -> list[str]:
        """The next keys in order after this one (``""``: from the first), for a sweep in pages."""
        query = select(self._table.c.key).where(self._table.c.key > key).order_by(self._table.c.key)
        return list((await self._connection.execute(query.limit(limit))).scalars())
