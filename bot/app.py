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
from pydantic import SecretStr

from bot.client import MaquetteClient, point_discord_at
from bot.connection import stay_connected
from bot.health import Health
from bot.jobs.clock import Clock, Ids
from bot.jobs.core import Core, assemble
from bot.jobs.rules import Rules
from bot.jobs.sweep import report_orphans
from bot.locales.catalogue import Catalogue
from bot.settings import Settings
from bot.ui.desk import Desk
from bot.ui.messenger import Messenger
from bot.ui.presenter import Presenter
from bot.web import serving, site
from providers.base import Provider
from providers.registry import FACTORIES
from storage import Database, SecretBox, StorageError, lock_engine, migrate
from storage.objects import LocalStore, ObjectStore, S3Store

log = structlog.get_logger()

MEGABYTE = 1024 * 1024


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
        sweep = asyncio.create_task(report_orphans(self.db, self.store))
        token = _text(self.settings.discord_token)
        connection = asyncio.create_task(stay_connected(self.client, token, self.clock))
        parts = [
            connection,
            asyncio.create_task(self.core.engine.run(stop)),
            asyncio.create_task(self._present(stop)),
        ]
        stopped = asyncio.create_task(stop.wait())
        asked = False
        try:
            await asyncio.wait([*parts, stopped], return_when=asyncio.FIRST_COMPLETED)
            asked = stop.is_set()
        finally:
            stop.set()
            sweep.cancel()
            await self.client.close()
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
        return ", ".join(self.core.jobs.proposals.providers)

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
        database = settings.data_dir / "maquette.db"
        await asyncio.to_thread(_prepare, settings)
        stack.enter_context(lock_engine(database))
        await asyncio.to_thread(migrate, database)
        box = secrets_of(settings)
        db = await stack.enter_async_context(Database.open(database, box))
        store = await open_store(settings, box, clock)
        stack.push_async_callback(store.aclose)
        providers = vendors_of(settings, clock)
        for provider in providers.values():
            stack.push_async_callback(provider.aclose)
        yield _join(settings, clock, ids, db, store, providers)


def _join(
    settings: Settings,
    clock: Clock,
    ids: Ids,
    db: Database,
    store: ObjectStore,
    providers: Mapping[str, Provider],
) -> App:
    point_discord_at(settings.discord_api_url, settings.discord_gateway_url)
    client, catalogue, bell = MaquetteClient(), Catalogue.load(), _Bell()
    core = assemble(
        db=db,
        store=store,
        providers=providers,
        clock=clock,
        ids=ids,
        rules=rules_of(settings),
        scratch=settings.data_dir / "scratch",
        changed=bell.ring,
        public_url=settings.public_url,
    )
    presenter = Presenter(
        shelf=core.shelf, cards=core.cards, catalogue=catalogue, messenger=Messenger(client), clock=clock
    )
    bell.presenter = presenter
    client.desk = Desk(
        jobs=core.jobs,
        shelf=core.shelf,
        quotas=core.quotas,
        catalogue=catalogue,
        cdn_hosts=frozenset(settings.discord_cdn_hosts),
    )
    pages = site(
        library=core.shelf,
        health=Health(
            clock=clock, db=db, store=store, engine=core.engine, gateway=lambda: client.listening
        ).look,
        now=clock.now,
        local=store if isinstance(store, LocalStore) else None,
    )
    return App(
        settings=settings,
        clock=clock,
        db=db,
        store=store,
        core=core,
        client=client,
        presenter=presenter,
        site=pages,
    )


class _Bell:
    """Joins the core, which is made first, with the presenter, which needs the core."""

    presenter: Presenter

    def ring(self, job_id: str) -> None:
        self.presenter.changed(job_id)


def _prepare(settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)


def secrets_of(settings: Settings) -> SecretBox:
    """The key that protects what is stored, from settings or from its file."""
    if settings.secret_key:
        return SecretBox(settings.secret_key.get_secret_value())
    return SecretBox.from_file(settings.data_dir / "secret.key")


async def open_store(settings: Settings, box: SecretBox, clock: Clock) -> ObjectStore:
    """S3 where a bucket is named, else a folder whose files the site serves."""
    if settings.s3_bucket:
        return await S3Store.connect(
            bucket=settings.s3_bucket,
            endpoint_url=settings.s3_endpoint_url,
            region=settings.s3_region,
            key_id=_text(settings.s3_access_key_id) or None,
            secret=_text(settings.s3_secret_access_key) or None,
            checksums=settings.s3_checksums,
        )
    return LocalStore(
        settings.data_dir / "files",
        signing_key=box.derive("file links"),
        now=clock.now,
        public_url=settings.public_url,
    )


def vendors_of(settings: Settings, clock: Clock) -> dict[str, Provider]:
    """The vendors that have a key."""
    if not settings.tripo_api_key:
        return {}
    tripo = FACTORIES["tripo"](
        api_key=_text(settings.tripo_api_key),
        api_url=settings.tripo_api_url,
        model=settings.tripo_model,
        file_hosts=settings.download_hosts,
        now=clock.now,
        sleep=clock.sleep,
    )
    return {tripo.name: tripo}


def rules_of(settings: Settings) -> Rules:
    """The owner's numbers."""
    return Rules(
        allowance=settings.quota_allowance,
        generate=settings.price_generate,
        rig=settings.price_rig,
        clip=settings.price_clip,
        member_cap=settings.member_daily_cap,
        bot_cap=settings.bot_daily_cap,
        running=settings.member_running,
        waiting=settings.member_waiting,
        model_bytes=settings.model_max_mb * MEGABYTE,
    )


def _text(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
