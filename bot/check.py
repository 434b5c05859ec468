"""Looks over everything the bot needs, and says of each part how it stands and how to mend it.

Nothing here changes anything, costs anything, or shows a secret. Every look is
taken even where an earlier one found fault.
"""

import asyncio
import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from bot.clamd import Clamd
from bot.files.previews.rendering import CannotDraw, Renderer
from bot.findings import Finding
from bot.jobs.scanning import NotScanned
from bot.vendor_check import VendorSubject, vendor_findings
from storage import Database, SecretBox
from storage.errors import DatabaseAhead, DatabaseBehind, DatabaseError, StoreError
from storage.objects import Aspect, ObjectStore
from storage.rotation import survey
from storage.secrets import Seal

_PATIENCE = aiohttp.ClientTimeout(total=10)
_TOKEN_PAGE = "the Bot page of your application on discord.com/developers/applications"  # noqa: S105 - a page

_STORE_MENDS = {
    Aspect.EXISTS: "Create the bucket, or correct S3_BUCKET, S3_ENDPOINT_URL and S3_REGION.",
    Aspect.WRITABLE: "Let this user or key read, write and delete there.",
    Aspect.PRIVATE: "Switch public access to the bucket off; the bot signs its own links.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is to be looked over; plain values and objects that are ready to be used."""

    discord_token: str | None
    discord_api_url: str
    vendors: tuple[VendorSubject, ...]
    """Those that the owner set up."""
    database: Path
    secrets: SecretBox
    store: ObjectStore
    public_url: str | None
    files_need_site: bool
    """Whether stored files can be had through the bot's site alone."""
    scanner: Clamd | None = None
    viewer_lacks: Sequence[str] = ()
    """What the page of a model needs, and is not installed."""
    films: bool = True
    """Whether the owner wants them."""
    filmer: Renderer | None = None
    """``None`` where f3d is not installed."""


async def findings(subject: Subject) -> list[Finding]:
    """Everything there is to say, in the order in which it is set up."""
    found = await asyncio.gather(
        probe_token(subject.discord_api_url, subject.discord_token),
        vendor_findings(subject.vendors),
        _database(subject.database, subject.secrets),
        probe_sealed(subject.database, subject.secrets),
        _store(subject.store),
        _public_address(subject.public_url, files_need_site=subject.files_need_site),
        _viewer(subject),
        probe_scanner(subject.scanner),
        probe_films(subject.filmer, wanted=subject.films),
    )
    return [finding for part in found for finding in part]


async def probe_token(api_url: str, token: str | None) -> Sequence[Finding]:
    """Does Discord know the token?"""
    if not token:
        return [
            Finding(ok=False, what="DISCORD_TOKEN is not set", mend=f"Copy the token from {_TOKEN_PAGE}.")
        ]
    headers = {"Authorization": f"Bot {token}"}
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE, headers=headers) as http,
            http.get(f"{api_url}/users/@me", allow_redirects=False) as answer,
        ):
            return [await _token_finding(answer)]
    except ValueError:  # a header cannot hold it: a line break was copied along
        return [_bad_token()]
    except (aiohttp.ClientError, TimeoutError) as error:
        return [
            Finding(
                ok=False,
                what=f"Discord cannot be reached ({type(error).__name__})",
                mend="Look at the network, and at DISCORD_API_URL if you set it.",
            )
        ]


async def _token_finding(answer: aiohttp.ClientResponse) -> Finding:
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return _bad_token()
    if answer.status != HTTPStatus.OK:
        return Finding(ok=False, what=f"Discord answered {answer.status}", mend="Try again in some minutes.")
    name = (await answer.json()).get("username", "?")
    return Finding(ok=True, what=f"Discord knows the bot as {name}")


def _bad_token() -> Finding:
    return Finding(
        ok=False, what="Discord does not know DISCORD_TOKEN", mend=f"Reset and copy it on {_TOKEN_PAGE}."
    )


async def _database(path: Path, secrets: SecretBox) -> Sequence[Finding]:
    """Does it open, is its schema ours, can it be written?"""
    if not await asyncio.to_thread(path.exists):
        return [await asyncio.to_thread(_place_of_new, path)]
    try:
        async with Database.open(path, secrets) as database, database.begin():
            return [Finding(ok=True, what=f"The database in {path} is current and can be written")]
    except DatabaseBehind:
        return [
            Finding(
                ok=False,
                what=f"The database in {path} is of an older version",
                mend="Run: python -m bot migrate",
            )
        ]
    except DatabaseAhead:
        return [
            Finding(
                ok=False,
                what=f"The database in {path} is of a later version",
                mend="Install that version again.",
            )
        ]
    except DatabaseError as error:
        what = f"The database in {path} cannot be used ({error})"
        return [Finding(ok=False, what=what, mend="Look at the disk and at who may write to DATA_DIR.")]


async def probe_sealed(path: Path, secrets: SecretBox) -> Sequence[Finding]:
    """Does everything open that has to? Tokens of cards are dead within minutes; members' keys are not."""
    try:
        async with Database.open(path, secrets) as database:
            found = await survey(database, secrets)
    except DatabaseError:  # that is told by itself
        return []
    lost, earlier = found["vendor_keys"][Seal.UNKNOWN], sum(one[Seal.EARLIER] for one in found.values())
    told = []
    if lost:
        mend = "Put the key used before into SECRET_KEY_PREVIOUS. If it is lost, their members set them anew."
        told.append(Finding(ok=False, what=f"Members' own keys that no secret key opens: {lost}", mend=mend))
    if earlier:
        mend = "Stop the bot, and run: python -m bot keys rotate"
        told.append(Finding(ok=True, what=f"Sealed with the secret key used before: {earlier}", mend=mend))
    return told


def _place_of_new(path: Path) -> Finding:
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        return Finding(ok=True, what=f"The database will be made in {path} at the first start")
    return Finding(
        ok=False, what=f"No database can be made in {path}", mend="Let this user write to DATA_DIR."
    )


async def _store(store: ObjectStore) -> Sequence[Finding]:
    """Is it there, can it be written, is it closed to strangers?"""
    try:
        aspects = await store.probe()
    except StoreError as error:
        what = f"The store for files cannot be used ({type(error).__name__})"
        return [Finding(ok=False, what=what, mend=_STORE_MENDS[Aspect.EXISTS])]
    wrong = [
        Finding(
            ok=False,
            what=f"The store for files is not as it should be: {aspect.aspect} ({aspect.detail or 'no'})",
            mend=_STORE_MENDS[aspect.aspect],
        )
        for aspect in aspects
        if not aspect.ok
    ]
    return wrong or [Finding(ok=True, what="The store for files is there, can be written, and is private")]


async def probe_scanner(scanner: Clamd | None) -> Sequence[Finding]:
    """Does the virus scanner answer, where there is one?"""
    if scanner is None:
        return []
    try:
        version = await scanner.version()
    except NotScanned as error:
        mend = "Start it, and look at CLAMD_ADDRESS. Until then files count as not scanned."
        return [Finding(ok=False, what=f"The virus scanner does not answer: {error.reason}", mend=mend)]
    return [Finding(ok=True, what=f"Files are scanned by {version[:60]}")]


async def probe_films(filmer: Renderer | None, *, wanted: bool) -> Sequence[Finding]:
    """Can models be filmed here, where the owner wants that?"""
    if not wanted:
        return []
    if filmer is None:
        mend = "For films of ours: pip install --require-hashes -r requirements-preview.txt"
        return [Finding(ok=True, what="Pictures are the vendors' own: f3d is not installed", mend=mend)]
    try:
        await filmer.look()
    except CannotDraw as error:
        mend = "On Debian and Ubuntu: apt install libegl1 libgl1. To do without: PREVIEWS=false."
        return [Finding(ok=False, what=f"Models cannot be filmed: {error.reason}", mend=mend)]
    return [Finding(ok=True, what="Models are filmed by f3d")]


async def _public_address(address: str | None, *, files_need_site: bool) -> Sequence[Finding]:
    """Can people follow our links?"""
    if address is None:
        lost = "files come as attachments alone" if files_need_site else "links to files expire"
        mend = "Set PUBLIC_URL to the address under which people reach the bot's site."
        return [Finding(ok=True, what=f"PUBLIC_URL is not set: {lost}", mend=mend)]
    parts = urlsplit(address)
    if parts.scheme != "https" and not _is_loopback(parts.hostname or ""):
        mend = "Put the site behind a proxy that speaks https."
        return [Finding(ok=False, what=f"PUBLIC_URL {address} is not https", mend=mend)]
    return [await _reached(address)]


async def _reached(address: str) -> Finding:
    mend = "Where the bot runs, look at the proxy, WEB_HOST and WEB_PORT; where it does not, start it first."
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE) as http,
            http.get(f"{address}/health", allow_redirects=False) as answer,
        ):
            ours = "ok" in await answer.json(content_type=None)
    except (ValueError, TypeError):  # no JSON, or none of ours
        ours = False
    except (aiohttp.ClientError, TimeoutError) as error:
        what = f"Nobody answers under PUBLIC_URL {address} ({type(error).__name__})"
        return Finding(ok=True, what=what, mend=mend)
    if not ours:
        return Finding(ok=False, what=f"Somebody else answers under PUBLIC_URL {address}", mend=mend)
    return Finding(ok=True, what=f"The site can be reached under {address}")


async def _viewer(subject: Subject) -> Sequence[Finding]:
    """Can models be turned around on their pages, where there are pages?"""
    if subject.public_url is None:
        return []
    if subject.viewer_lacks:
        what = f"Pages of models have no 3D view, only a picture: {subject.viewer_lacks[0]} is not installed"
        mend = "With Node and npm: npm ci --omit=dev --ignore-scripts"
        return [Finding(ok=True, what=what, mend=mend)]
    return [Finding(ok=True, what="Models can be looked at from all sides on their pages")]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
