"""The composition root: settings in, a running bot out. Whatever is concrete is chosen here.

``build`` opens what the settings name, in order, and closes it in reverse. No part knows
where it came from; a test hands in another clock.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog
from aiohttp import web

from bot.client import MaquetteClient, point_discord_at
from bot.connection import stay_connected
from bot.health import Health
from bot.jobs.circuits import Circuits
from bot.jobs.clock import Clock, Ids
from bot.jobs.core import Core, assemble
from bot.jobs.filming import Filming
from bot.jobs.housekeeping import Housekeeping
from bot.jobs.sweep import Sweep, report_leftovers
from bot.jobs.vendors import Vendors
from bot.lag import Lag
from bot.locales.catalogue import Catalogue
from bot.parts import (
    DATABASE_FILE,
    filmer_of,
    hook_words,
    open_store,
    rules_of,
    scanner_of,
    secrets_of,
    text_of,
    vendors_of,
)
from bot.settings import Settings
from bot.ui.announcing import Announcer
from bot.ui.desk import Desk
from bot.ui.mentions import Mentions
from bot.ui.messenger import Messenger
from bot.ui.notices import Notices
from bot.ui.pictures import Pictures
from bot.ui.presenter import Presenter
from bot.web import Hooks, Mine, Viewer, Viewing, serving, site
from providers.errors import ProviderError
from providers.registry import KEY_SHAPES
from storage import Database, StorageError, lock_engine, migrate
from storage.objects import LocalStore, ObjectStore

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Everything, opened and joined."""

    settings: Settings
    clock: Clock
    db: Database
    store: ObjectStore
    core: Core
    client: MaquetteClient
    presenter: Presenter
    notices: Notices
    announcer: Announcer
    lag: Lag
    site: web.Application

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until ``stop`` is set, or until one part cannot go on: then all stop, and it is raised."""
        await self._sweep()
        await self.core.engine.start()
        settings = self.settings
        async with serving(self.site, host=settings.web_host, port=settings.web_port) as port:
            log.info("serving", site=f"http://{settings.web_host}:{port}", vendors=self.vendors or "none")
            await self._serve(stop)
        log.info("stopped")

    async def _sweep(self) -> None:
        """Remove what a killed process left half done; a store that is down now is no reason not to start."""
        await self.core.scratch.clear()
        try:
            await self.store.abort_stale_uploads()
        except StorageError as error:
            log.warning("uploads_not_swept", reason=type(error).__name__)

    async def _serve(self, stop: asyncio.Event) -> None:
        """Until ``stop``, or until a part ends: then the others stop too, and its error is raised."""
        leftovers = Sweep(db=self.db, store=self.store, now=self.clock.now)
        sweep = asyncio.create_task(report_leftovers(leftovers))
        token = text_of(self.settings.discord_token)
        connection = asyncio.create_task(stay_connected(self.client, token, self.clock))
        parts = [
            connection,
            asyncio.create_task(self.core.engine.run(stop)),
            asyncio.create_task(self._present(stop)),
        ]
        alongside = (
            self._tell(),
            self._announce(),
            self._inspect(),
            self.lag.watch(),
            Housekeeping(db=self.db, clock=self.clock).run(),
        )
        beside = [asyncio.create_task(one) for one in alongside]
        if self.core.filming:
            beside.append(asyncio.create_task(self.core.filming.run()))
        stopped = asyncio.create_task(stop.wait())
        asked = False
        try:
            await asyncio.wait([*parts, stopped], return_when=asyncio.FIRST_COMPLETED)
            asked = stop.is_set()
        finally:
            stop.set()
            for task in (sweep, *beside):
                task.cancel()
            await self.client.close()
            await asyncio.gather(sweep, *beside, return_exceptions=True)  # no child of ours outlives us
            connection.cancel()
            ended = await asyncio.gather(*parts, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception) and not asked:
                raise error
            if isinstance(error, Exception):  # we were going anyway
                log.warning("stopped_badly", exc_info=error)

    @property
    def vendors(self) -> str:
        """Names of the vendors that have a key."""
        return ", ".join(sorted(self.core.jobs.proposals.choosing.vendors.owned))

    async def _inspect(self) -> None:
        """Does what vendors say of themselves still fit us? A warning to the owner, where not."""
        vendors = self.core.jobs.proposals.choosing.vendors
        for name in vendors.owned:
            try:
                for finding in await vendors.kinds[name].inspect():
                    log.warning("vendor_drift", provider=name, finding=finding)
            except ProviderError as error:
                log.warning("vendor_not_inspected", provider=name, reason=type(error).__name__)

    async def _tell(self) -> None:
        """Tell people what is noted from the moment that Discord knows us."""
        await self.client.wait_until_ready()
        await self.notices.run()

    async def _announce(self) -> None:
        """Tell members what is done, from the moment that Discord knows us."""
        await self.client.wait_until_ready()
        await self.announcer.run()

    async def _present(self, stop: asyncio.Event) -> None:
        """Draw from the moment that Discord knows us."""
        ready = asyncio.ensure_future(self.client.wait_until_ready())
        stopped = asyncio.ensure_future(stop.wait())
        await asyncio.wait([ready, stopped], return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        await self.presenter.run(stop)


@asynccontextmanager
async def build(settings: Settings, clock: Clock, ids: Ids) -> AsyncIterator[App]:
    """Open everything that the settings name.

    Raises:
        StorageError: the database or the store cannot be used; the leaf says why.
    """
    async with AsyncExitStack() as stack:
        database = settings.data_dir / DATABASE_FILE
        await asyncio.to_thread(_prepare, settings)
        stack.enter_context(lock_engine(database))
        await asyncio.to_thread(migrate, database)
        box = secrets_of(settings)
        db = await stack.enter_async_context(Database.open(database, box))
        store = await open_store(settings, box, clock)
        stack.push_async_callback(store.aclose)
        words = hook_words(box)
        kinds, owned = vendors_of(settings, clock, words)
        for provider in kinds.values():
            stack.push_async_callback(provider.aclose)
        vendors = Vendors(db=db, kinds=kinds, owned=owned, keyed=frozenset(KEY_SHAPES) & kinds.keys())
        yield _join(settings, clock, ids, db, store, vendors, words, box.derive("personal links"))


def _join(
    settings: Settings,
    clock: Clock,
    ids: Ids,
    db: Database,
    store: ObjectStore,
    vendors: Vendors,
    words: Mapping[str, str],
    pass_key: bytes,
) -> App:
    point_discord_at(settings.discord_api_url, settings.discord_gateway_url)
    client, catalogue, bell = MaquetteClient(), Catalogue.load(), _Bell()
    circuits, lag = Circuits(now=clock.now), Lag()
    core = assemble(
        db=db,
        store=store,
        vendors=vendors,
        circuits=circuits,
        default_vendor=settings.default_provider,
        key_shapes=KEY_SHAPES,
        clock=clock,
        ids=ids,
        rules=rules_of(settings),
        scratch=settings.data_dir / "scratch",
        changed=bell.ring,
        progressed=bell.whisper,
        public_url=settings.public_url,
        pass_key=pass_key,
        scanner=scanner_of(settings),
        scan_required=settings.scan_required,
        filmer=filmer_of(settings),
    )
    messenger = Messenger(client)
    presenter = Presenter(
        shelf=core.shelf, cards=core.cards, catalogue=catalogue, messenger=messenger, clock=clock
    )
    notices = Notices(
        keys=core.keys,
        messenger=messenger,
        catalogue=catalogue,
        title=lambda name: vendors.kinds[name].title,
        channel_id=settings.owner_channel_id,
    )
    circuits.opened = notices.note
    announcer = Announcer(
        notifying=core.notifying, shelf=core.shelf, messenger=messenger, catalogue=catalogue, clock=clock
    )
    bell.presenter, bell.announcer, bell.filming = presenter, announcer, core.filming
    client.desk = Desk(
        jobs=core.jobs,
        batches=core.batches,
        sheets=core.sheets,
        shelf=core.shelf,
        browsing=core.browsing,
        keeping=core.keeping,
        passes=core.passes,
        extras=core.extras,
        recipes=core.recipes,
        quotas=core.quotas,
        keys=core.keys,
        catalogue=catalogue,
        pictures=Pictures(core.jobs, frozenset(settings.discord_cdn_hosts)),
        notifying=core.notifying,
        greetings=core.greetings,
        mentions=Mentions(),
    )
    viewer = Viewer.read()
    pages = site(
        library=core.shelf,
        health=Health(
            clock=clock, db=db, store=store, engine=core.engine, gateway=lambda: client.listening
        ).look,
        hooks=Hooks(vendors=vendors.kinds, words=words, look=core.engine.look),
        viewing=Viewing(
            library=core.shelf, viewer=viewer, catalogue=catalogue, public_url=settings.public_url
        ),
        mine=Mine(
            browsing=core.browsing,
            exporting=core.exporting,
            passes=core.passes,
            catalogue=catalogue,
            viewer=viewer,
        ),
        lag=lag.p99,
        now=clock.now,
        local=store if isinstance(store, LocalStore) else None,
        behind_proxy=settings.web_behind_proxy,
    )
    return App(
        settings=settings,
        clock=clock,
        db=db,
        store=store,
        core=core,
        client=client,
        presenter=presenter,
        notices=notices,
        announcer=announcer,
        lag=lag,
        site=pages,
    )


class _Bell:
    """Joins the core, which is made first, with those who speak of it, who need the core."""

    presenter: Presenter
    announcer: Announcer
    filming: Filming | None

    def ring(self, job_id: str) -> None:
        self.presenter.changed(job_id)
        self.announcer.wake()
        if self.filming:
            self.filming.wake()

    def whisper(self, job_id: str) -> None:
        self.presenter.progressed(job_id)


def _prepare(settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
