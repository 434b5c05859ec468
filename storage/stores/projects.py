"""Projects: how a member sorts models. A model without one is in the inbox, which has no row."""

from sqlalchemy import select

from storage import tables
from storage.models import Project
from storage.stores.store import Store
from storage.stores.words import fold


class Projects(Store[Project]):
    """A member has each name once, however it is written."""

    _table = tables.projects
    _record = Project

    async def of_account(self, account_id: str) -> list[Project]:
        """A member's, by name."""
        query = self._table.select().where(self._table.c.account_id == account_id)
        return await self._all(query.order_by(self._table.c.folded))

    async def by_name(self, account_id: str, name: str) -> Project | None:
        """A member's of this name; neither case nor accents matter."""
        columns = self._table.c
        query = self._table.select().where(columns.account_id == account_id, columns.folded == fold(name))
        return await self._one(query)

    async def ensure(self, account_id: str, name: str, *, id: str, now: int) -> Project:  # noqa: A002 -- the field's own name
        """A member's of this name; a new one with this ``id`` where there is none."""
        found = await self.by_name(account_id, name)
        if found:
            return found
        project = Project(id=id, account_id=account_id, name=name, folded=fold(name), created_at=now)
        await self.insert(project)
        return project

    async def delete_empty(self, project_id: str) -> None:
        """Forget it if no model is left in it; deleted models let go of it."""
        models = tables.models.c
        held = select(models.id).where(models.project_id == project_id)
        await self._connection.execute(
            self._table.delete().where(self._table.c.id == project_id, ~held.exists())
        )
