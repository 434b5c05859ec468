"""From settings to the parts that they name: keys, a store, vendors, rules, and who looks at files.

Beside ``bot.app``, which joins them, the only place that reads settings and names concrete classes.
"""

from collections.abc import Mapping, Sequence

from pydantic import SecretStr

from bot.clamd import Clamd
from bot.files.previews.rendering import Renderer
from bot.jobs.clock import Clock
from bot.jobs.rules import Rules
from bot.settings import Settings
from bot.vendor_check import VendorSubject
from providers.base import Provider
from providers.registry import FACTORIES, KEY_SHAPES
from storage import SecretBox
from storage.models import Stage
from storage.objects import LocalStore, ObjectStore

MEGABYTE = 1024 * 1024
TOLD_IN_CONSOLE = frozenset({"tripo", "meshy"})
"""Vendors whose webhooks are set up by hand; others are told the address with each request, or have none."""
DATABASE_FILE = "maquette.db"
KEY_FILE = "secret.key"


def secrets_of(settings: Settings) -> SecretBox:
    """The key that protects what is stored, from settings or from its file, and perhaps the one before."""
    earlier = [text_of(settings.secret_key_previous)] if settings.secret_key_previous else []
    if settings.secret_key:
        return SecretBox(text_of(settings.secret_key), *earlier)
    return SecretBox.from_file(settings.data_dir / KEY_FILE, *earlier)


async def open_store(settings: Settings, box: SecretBox, clock: Clock) -> ObjectStore:
    """S3 where a bucket is named, else a folder whose files the site serves."""
    if settings.s3_bucket:
        from storage.objects.s3 import S3Store

        return await S3Store.connect(
            bucket=settings.s3_bucket,
            endpoint_url=settings.s3_endpoint_url,
            region=settings.s3_region,
            key_id=text_of(settings.s3_access_key_id) or None,
            secret=text_of(settings.s3_secret_access_key) or None,
            checksums=settings.s3_checksums,
        )
    return LocalStore(
        settings.data_dir / "files",
        signing_key=box.derive("file links"),
        now=clock.now,
        public_url=settings.public_url,
    )


def scanner_of(settings: Settings) -> Clamd | None:
    """The owner's virus scanner, if there is one."""
    return Clamd(address=settings.clamd_address) if settings.clamd_address else None


def filmer_of(settings: Settings) -> Renderer | None:
    """Who films models, if the owner wants that and f3d is installed."""
    return Renderer.here(settings.data_dir / "lights") if settings.previews else None


def vendors_of(
    settings: Settings, clock: Clock, words: Mapping[str, str]
) -> tuple[dict[str, Provider], frozenset[str]]:
    """Every vendor that can be used by somebody, and the names of those that the owner set up.

    Where members may bring a key of their own, the owner needs none.
    """
    kinds, owned = {}, set()
    for name, factory in FACTORIES.items():
        given = settings.of_vendor(name)
        if ("api_key" if name in KEY_SHAPES else "api_url") in given:
            owned.add(name)
        elif name not in KEY_SHAPES:
            continue
        kinds[name] = factory(
            **{"api_key": "", **given},
            file_hosts=settings.download_hosts,
            webhook_url=hook_address(settings, words, name),
            now=clock.now,
            sleep=clock.sleep,
        )
    return kinds, frozenset(owned)


def hook_words(box: SecretBox) -> dict[str, str]:
    """The part of each vendor's webhook address that nobody can guess."""
    return {name: box.derive(f"webhook of {name}").hex()[:32] for name in FACTORIES}


def hook_address(settings: Settings, words: Mapping[str, str], name: str) -> str | None:
    """Where a vendor tells us of news; ``None`` without a public address."""
    return f"{settings.public_url}/hooks/{name}/{words[name]}" if settings.public_url else None


def vendor_subjects(
    settings: Settings, providers: Sequence[Provider], words: Mapping[str, str]
) -> tuple[VendorSubject, ...]:
    """The vendors that the owner set up, for ``check``."""
    return tuple(
        VendorSubject(
            provider=one,
            variable=f"{one.name}_{'api_key' if one.name in KEY_SHAPES else 'api_url'}".upper(),
            fault=KEY_SHAPES[one.name](settings.of_vendor(one.name)["api_key"])
            if one.name in KEY_SHAPES
            else None,
            webhook=hook_address(settings, words, one.name) if one.name in TOLD_IN_CONSOLE else None,
        )
        for one in providers
    )


def rules_of(settings: Settings) -> Rules:
    """The owner's numbers."""
    return Rules(
        allowance=settings.quota_allowance,
        generate=settings.price_generate,
        rig=settings.price_rig,
        clip=settings.price_clip,
        retexture=settings.price_retexture,
        remesh=settings.price_remesh,
        convert=settings.price_convert,
        special={(vendor, Stage(stage)): price for vendor, stage, price in settings.vendor_prices},
        member_cap=settings.member_daily_cap,
        bot_cap=settings.bot_daily_cap,
        running=settings.member_running,
        waiting=settings.member_waiting,
        model_bytes=settings.model_max_mb * MEGABYTE,
    )


def text_of(secret: SecretStr | None) -> str:
    """A secret in the open, for whoever needs it; empty where there is none."""
    return secret.get_secret_value() if secret else ""
