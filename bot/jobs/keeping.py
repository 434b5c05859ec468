"""What a member does with a model that is there: name it, tag it, sort it, show it or hide it, like it.

Each verb checks rights anew and writes in one transaction. A model's owner may, and a
moderator of its server; projects are the owner's alone; whoever may see it may star it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.jobs import rights
from bot.jobs.clock import Clock, Ids
from bot.jobs.errors import (
    NameEmpty,
    NameTooLong,
    NoServer,
    NoSuchProject,
    NotYours,
    TooManyProjects,
    TooManyTags,
)
from bot.jobs.orders import Asker
from bot.jobs.proposing import visible
from bot.jobs.text import clean
from storage.database import Database, Transaction
from storage.lists import INBOX
from storage.models import Account, Model, Project, Visibility

NAME_MAX = 48
PROJECT_MAX = 40
TAG_MAX = 24
MAX_TAGS = 10
MAX_PROJECTS = 100
NOWHERE = "inbox"
"""What a person types, or is offered, for no project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Changes models that stay."""

    db: Database
    clock: Clock
    ids: Ids
    changed: Callable[[str], None]
    """Tells the presenter that a job looks different."""

    async def rename(self, asker: Asker, model_id: str, name: str) -> None:
        """Call it something else.

        Raises:
            NoSuchModel, NotYours, NameEmpty, NameTooLong.
        """
        named = _named(name, NAME_MAX)
        async with self.db.begin() as tx:
            model = await self._changeable(tx, asker, model_id)
            await tx.models.rename(model.id, named)
            job_id = await _cards_behind(tx, model)
        self._tell(job_id)

    async def tag(self, asker: Asker, model_id: str, text: str) -> None:
        """Hang these words on it, with commas between, and no others.

        Raises:
            NoSuchModel, NotYours, NameTooLong, TooManyTags.
        """
        names = tag_list(text)
        async with self.db.begin() as tx:
            model = await self._changeable(tx, asker, model_id)
            await tx.tags.set(model.id, names)

    async def star(self, asker: Asker, model_id: str) -> bool:
        """Give a star, or take one's own back; answers whether it has one now.

        Raises:
            NoSuchModel.
        """
        async with self.db.begin() as tx:
            now = self.clock.now()
            account = await tx.accounts.ensure(asker.user_id, id=self.ids.new(), now=now)
            model = await visible(tx, asker, account, model_id)
            if await tx.stars.given(account.id, [model.id]):
                await tx.stars.remove(model.id, account.id)
                return False
            await tx.stars.add(model, account.id, now=now)
            return True

    async def publish(self, asker: Asker, model_id: str) -> None:
        """Everybody in its server may see it.

        Raises:
            NoSuchModel, NotYours.
            NoServer: it was made in direct messages.
        """
        async with self.db.begin() as tx:
            model = await self._changeable(tx, asker, model_id)
            if model.guild_id is None:
                raise NoServer
            await tx.models.set_visibility(model.id, Visibility.SERVER, model.link_id)
            job_id = await _cards_behind(tx, model)
        self._tell(job_id)

    async def hide(self, asker: Asker, model_id: str) -> None:
        """Only its owner may see it; addresses that others have lead nowhere from now on.

        Raises:
            NoSuchModel, NotYours.
        """
        async with self.db.begin() as tx:
            model = await self._changeable(tx, asker, model_id)
            if model.visibility is Visibility.PRIVATE:
                return
            await tx.models.set_visibility(model.id, Visibility.PRIVATE, self.ids.link())
            job_id = await _cards_behind(tx, model)
        self._tell(job_id)

    async def move(self, asker: Asker, model_id: str, project: str) -> None:
        """Into a project of its owner's by this name, new or not; empty: into the inbox.

        Raises:
            NoSuchModel, NotYours, NameTooLong, TooManyProjects.
        """
        async with self.db.begin() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            model = await visible(tx, asker, account, model_id)
            if account is None or not rights.owns(account, model):
                raise NotYours
            await self.put(tx, account, model.id, project)

    async def put(self, tx: Transaction, account: Account, model_id: str, project: str) -> None:
        """Within a transaction: into this account's project of that name; a project left empty goes.

        Raises:
            NameTooLong, TooManyProjects.
        """
        model = await tx.models.get(model_id)
        name = project_name(project)
        found = await self._project(tx, account, name) if name else None
        await tx.models.move(model_id, found.id if found else None)
        if model and model.project_id and (found is None or found.id != model.project_id):
            await tx.projects.delete_empty(model.project_id)

    async def projects(self, asker: Asker, text: str = "") -> list[Project]:
        """The asker's whose names have this in them, by name."""
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            found = await tx.projects.of_account(account.id) if account else []
        wanted = clean(text).casefold()
        return [one for one in found if wanted in one.name.casefold() or wanted in one.folded]

    async def find_project(self, asker: Asker, text: str) -> str:
        """The id of the asker's of this name; ``INBOX`` for ``inbox``.

        Raises:
            NoSuchProject.
        """
        name = project_name(text)
        if not name:
            return INBOX
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            found = await tx.projects.by_name(account.id, name) if account else None
        if found is None:
            raise NoSuchProject(name)
        return found.id

    async def _project(self, tx: Transaction, account: Account, name: str) -> Project:
        found = await tx.projects.by_name(account.id, name)
        if found:
            return found
        if len(await tx.projects.of_account(account.id)) >= MAX_PROJECTS:
            raise TooManyProjects(MAX_PROJECTS)
        return await tx.projects.ensure(account.id, name, id=self.ids.new(), now=self.clock.now())

    async def _changeable(self, tx: Transaction, asker: Asker, model_id: str) -> Model:
        account = await tx.accounts.by_user(asker.user_id)
        model = await visible(tx, asker, account, model_id)
        if not rights.may_act(asker, account, model):
            raise NotYours
        return model

    def _tell(self, job_id: str | None) -> None:
        if job_id:
            self.changed(job_id)


def project_name(text: str) -> str:
    """As it is kept; empty for none, and for ``inbox``, which is none.

    Raises:
        NameTooLong: more than 40 characters.
    """
    cleaned = clean(text)
    if len(cleaned) > PROJECT_MAX:
        raise NameTooLong(PROJECT_MAX)
    return "" if cleaned.casefold() == NOWHERE else cleaned


def tag_list(text: str) -> tuple[str, ...]:
    """``Brass, OWL`` as tags: in small letters, each once, in order.

    Raises:
        NameTooLong, TooManyTags.
    """
    words = (clean(part).removeprefix("#").strip().lower() for part in text.split(","))
    names = tuple(dict.fromkeys(word for word in words if word))
    if any(len(name) > TAG_MAX for name in names):
        raise NameTooLong(TAG_MAX)
    if len(names) > MAX_TAGS:
        raise TooManyTags(MAX_TAGS)
    return names


def _named(text: str, maximum: int) -> str:
    cleaned = clean(text)
    if not cleaned:
        raise NameEmpty
    if len(cleaned) > maximum:
        raise NameTooLong(maximum)
    return cleaned


async def _cards_behind(tx: Transaction, model: Model) -> str | None:
    """The card that shows the model is to be drawn anew: whose, if there is one."""
    job = await tx.jobs.latest_of_model(model.id)
    if job:
        await tx.jobs.bump(job.id)
    return job.id if job else None
