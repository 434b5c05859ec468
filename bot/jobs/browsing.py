"""Looking through models: one's own, another person's, a server's gallery; in pages, with filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.jobs import rights
from bot.jobs.clock import DAY, Clock
from bot.jobs.links import Links
from bot.jobs.orders import Asker
from bot.jobs.proposing import visible
from bot.jobs.shelf import Shelf
from bot.jobs.states import newest_of
from bot.jobs.views import EntryView, ListView
from storage.database import Database, Transaction
from storage.lists import Listed, ModelFilter, Standing, Turn
from storage.models import Account, ArtifactKind

PAGE = 6
WEEK = 7 * DAY
"""How long a star lifts a model in the gallery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a list shows: whose models, and which of them."""

    gallery: bool = False
    """What is public in the server that it is asked in, instead of a person's."""
    person: int | None = None
    """Another's Discord id; ``None``: one's own."""
    project_id: str | None = None
    """Of one's own; ``INBOX`` for those in none."""
    standing: Standing | None = None
    rigged: bool | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page begins: beside this model of the page before, or, ``back``, of the page after."""

    label: str
    stars: int = 0
    back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsing:
    """Reads pages of models as a person may see them."""

    db: Database
    shelf: Shelf
    links: Links
    clock: Clock

    async def page(
        self, asker: Asker, look: Look, place: Place | None = None, *, limit: int = PAGE
    ) -> ListView:
        """One page; the first where there is nothing at its place any more."""
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            chosen = await _filter(tx, asker, account, look)
            if chosen is None:
                return ListView(entries=(), newer=False, older=False)
            turn = await _turn(tx, place) if place else None
            found = await self._read(tx, look, chosen, turn, limit + 1)
            if turn and not found:
                turn, found = None, await self._read(tx, look, chosen, None, limit + 1)
            back, more = turn is not None and turn.back, len(found) > limit
            shown = found[-limit:] if back else found[:limit]
            entries = await self._entries(tx, asker, account, shown)
        return ListView(
            entries=tuple(entries), newer=more if back else turn is not None, older=True if back else more
        )

    async def of_account(self, account_id: str, place: Place | None, *, limit: int) -> ListView | None:
        """One page of all that an account has, for whoever holds its pass; ``None`` where there is none."""
        async with self.db.read() as tx:
            account = await tx.accounts.get(account_id)
        if account is None or account.user_id is None:
            return None
        owner = Asker(user_id=account.user_id, guild_id=None, locale="")
        return await self.page(owner, Look(), place, limit=limit)

    async def these(self, asker: Asker, look: Look, labels: Sequence[str]) -> tuple[EntryView, ...]:
        """Models of a page as they are now, in its order; without those that may no longer be seen."""
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            found = [await tx.models.by_label(label) for label in labels[:PAGE]]
            models = [one for one in found if one and rights.may_see(asker, account, one)]
            week: Mapping[str, int] = {}
            if look.gallery:
                week = await tx.stars.count([one.id for one in models], since=self.clock.now() - WEEK)
            listed = [Listed(model=one, stars=week.get(one.id, 0)) for one in models]
            return tuple(await self._entries(tx, asker, account, listed))

    async def one(self, asker: Asker, model_id: str) -> EntryView:
        """One model with all that a list knows of it.

        Raises:
            NoSuchModel: none that the asker may know of.
        """
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            model = await visible(tx, asker, account, model_id)
            (entry,) = await self._entries(tx, asker, account, [Listed(model=model, stars=0)])
        return entry

    async def _read(
        self, tx: Transaction, look: Look, chosen: ModelFilter, turn: Turn | None, limit: int
    ) -> list[Listed]:
        if not look.gallery:
            return await tx.listing.newest(chosen, limit=limit, turn=turn)
        since = self.clock.now() - WEEK
        return await tx.listing.most_starred(chosen, since=since, limit=limit, turn=turn)

    async def _entries(
        self, tx: Transaction, asker: Asker, account: Account | None, found: Sequence[Listed]
    ) -> list[EntryView]:
        ids = [one.model.id for one in found]
        tags, stars = await tx.tags.of(ids), await tx.stars.count(ids)
        given = await tx.stars.given(account.id, ids) if account else frozenset()
        entries = []
        for one in found:
            model = one.model
            artifacts = await tx.artifacts.of_model(model.id)
            still = newest_of(artifacts, ArtifactKind.PREVIEW)
            listed = await self.shelf.listed(tx, model)
            owns = rights.owns(account, model)
            project = await tx.projects.get(model.project_id) if owns and model.project_id else None
            entries.append(
                EntryView(
                    listed=listed,
                    still=still,
                    picture=self.links.picture(model, still) if still and listed.url else None,
                    page=self.links.page(model) if listed.url else None,
                    tags=tuple(tags.get(model.id, ())),
                    stars=stars.get(model.id, 0),
                    week=one.stars,
                    starred=model.id in given,
                    project=project,
                    owns=owns,
                    may_act=rights.may_act(asker, account, model),
                )
            )
        return entries


async def _filter(tx: Transaction, asker: Asker, account: Account | None, look: Look) -> ModelFilter | None:
    """What of this the asker may see; ``None``: nothing at all."""
    chosen = ModelFilter(
        project_id=look.project_id, standing=look.standing, rigged=look.rigged, text=look.text
    )
    if look.gallery:
        here = replace(chosen, guild_id=asker.guild_id, public=True, has_file=True)
        return here if asker.guild_id is not None else None
    if look.person in {None, asker.user_id}:
        return replace(chosen, account_id=account.id) if account else None
    theirs = await tx.accounts.by_user(look.person or 0)
    if theirs is None or asker.guild_id is None:
        return None
    return replace(
        chosen, account_id=theirs.id, guild_id=asker.guild_id, public=not asker.moderator, project_id=None
    )


async def _turn(tx: Transaction, place: Place) -> Turn | None:
    model = await tx.models.by_label(place.label, deleted=True)
    return Turn(model=model, stars=place.stars, back=place.back) if model else None
