"""A canary in the place of every secret, and a look at everything that a run wrote or sent.

What Discord and the vendors were told, the log with all there is, the database, the files and the
site: a canary may be seen in the Authorization header to the host that it belongs to, and nowhere else.
"""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot import log
from bot.settings.fields import Fields, is_secret
from sandbox.object_server import BUCKET, KEY_ID, SECRET, s3_server
from tests.stories.faults import pictures
from tests.stories.house import House, open_house

VENDORS = ("tripo", "meshy", "replicate", "comfyui")
MEMBERS = "tsk_canary_of_a_member_0123456789abcdef"
CANARIES = {
    "tripo_api_key": "tsk_canary_of_the_owner_0123456789abcdef",
    "tripo_webhook_secret": "whsec_canary-tripo-0123456789",
    "meshy_api_key": "msy_canary_of_the_owner_0123456789abcdef",
    "replicate_api_key": "r8_CanaryOfTheOwner0123456789abcdefghijkl",
    "comfyui_api_key": "Bearer canary-comfyui-0123456789",
    "secret_key": "canary-secret-key-0123456789-0123456789",
    "secret_key_previous": "canary-earlier-key-0123456789-0123456789",
    "s3_secret_access_key": SECRET,
}
OF_DISCORD = "discord_token"
"""The sandbox has one for everybody; it is a canary as it is."""
SIGNED_WITH = "s3_access_key_id"
"""Part of every signed link, as S3 has it; the secret beside it is what counts."""


@dataclass(slots=True)
class Overheard:
    """Every request to a vendor, as its host saw it."""

    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def middleware(self) -> Any:
        @web.middleware
        async def listen(request: web.Request, handler: Handler) -> web.StreamResponse:
            upload = request.content_type.startswith("multipart/")  # is read by its handler, and once
            body = b"" if upload else await request.read()
            self.requests.append((f"{request.host}{request.path_qs}", dict(request.headers), body))
            return await handler(request)

        return listen


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    """The log with every line there is, and without knowing what to hide."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    out = io.StringIO()
    log.set_up(form="json", level="debug", stream=out)
    yield out
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_there_is_a_canary_for_every_secret() -> None:
    secrets = {name for name, setting in Fields.model_fields.items() if is_secret(setting)}

    assert secrets == {*CANARIES, OF_DISCORD, SIGNED_WITH}


@pytest.mark.usefixtures("_discord_as_before")
async def test_no_secret_is_anywhere_but_with_whom_it_belongs(tmp_path: Path, told: io.StringIO) -> None:
    overheard, record = Overheard(), tmp_path / "discord.jsonl"
    with s3_server(tmp_path / "s3") as store:
        settings = {
            **CANARIES,
            "s3_bucket": BUCKET,
            "s3_endpoint_url": store.url,
            SIGNED_WITH: KEY_ID,
        }
        async with open_house(
            tmp_path / "data", vendors=VENDORS, record=record, overheard=overheard.middleware(), **settings
        ) as house:
            site = await _live_through_much(house)
            hosts, token = house.hosts, house.discord.token
    canaries = {**CANARIES, OF_DISCORD: token, "member": MEMBERS}
    written = {
        "log": told.getvalue().encode(),
        "discord": _said_by_the_bot(record),
        "data": _everything(tmp_path / "data"),
        "store": _everything(tmp_path / "s3"),
        "site": site.encode(),
    }

    for name, canary in canaries.items():
        seen = [place for place, content in written.items() if canary.encode() in content]
        assert (name, seen) == (name, [])
        assert (name, _misplaced(name, canary, overheard, hosts)) == (name, [])
    assert all(_shown(canaries[f"{name}_api_key"], overheard) for name in VENDORS)
    assert _shown(MEMBERS, overheard)
    assert b"a wooden cube" in written["discord"]
    assert b"a wooden cube" in written["data"]
    assert b'"event": "submit"' in written["log"]


@pytest.mark.usefixtures("_discord_as_before")
async def test_nobody_is_ever_called(tmp_path: Path) -> None:
    record = tmp_path / "discord.jsonl"
    async with open_house(tmp_path / "data", record=record) as house:
        ada = house.person("ada")
        card = await ada.type("generate", prompt="@everyone <@1> an owl for @here", rig=True)
        await house.reads(card, "Download GLB", "joints")
        await ada.type("rig", model="@everyone")
        await ada.type("models")
        await ada.press(await ada.press(card, "More"), "Delete")
    said = [json.loads(line) for line in record.read_text("utf-8").splitlines()]
    messages = [message for line in said for message in _messages(line)]

    assert len(messages) >= 5
    for message in messages:
        allowed = message["allowed_mentions"]
        assert allowed["parse"] == []
        assert not allowed.get("users")
        assert not allowed.get("roles")


async def _live_through_much(house: House) -> str:
    """A life with every vendor, with failures, and with a restart; gives what the site said to a stranger."""
    for name in VENDORS[:3]:
        house.vendors[name].keys.add(CANARIES[f"{name}_api_key"])
    house.tripo.keys.add(MEMBERS, account="ada")
    ada, ben = house.person("ada"), house.person("ben")
    for vendor in VENDORS[:3]:  # the last is looked over at the start, with its key
        card = await ada.type("generate", prompt="a wooden cube", provider=vendor)
        await house.reads(card, "Download GLB")
    await ada.fill("key set", MEMBERS, provider="tripo")
    picture = await ada.attach("front.png", pictures.drawn())
    await house.reads(await ada.type("generate", image=picture, provider="tripo"), "Download GLB")
    house.arm("unauthorised")
    await house.reads(await ben.type("generate", prompt="a tin owl", provider="tripo"), "failed")
    house.arm("html_502", at="meshy", times=3)
    await house.reads(await ben.type("generate", prompt="a tin owl", provider="meshy"), "making sure")
    await house.restart()
    return await _asked_by_strangers(house)


async def _asked_by_strangers(house: House) -> str:
    base = house.settings.public_url
    said = []
    async with aiohttp.ClientSession() as http:
        for path in ("/health", "/", "/m/" + "A" * 22, "/files/x.y/z"):
            async with http.get(f"{base}{path}", allow_redirects=False) as answer:
                said.append(f"{answer.headers} {await answer.text()}")
        async with http.post(house.hook("tripo"), data=b'{"task_id": "x"}') as answer:
            said.append(f"{answer.headers} {await answer.text()}")
    return "\n".join(said)


def _misplaced(name: str, canary: str, overheard: Overheard, hosts: dict[str, str] | Any) -> list[str]:
    """Requests that show a canary elsewhere than in the Authorization header to its own host."""
    vendor = "tripo" if name == "member" else name.removesuffix("_api_key")
    wrong = []
    for address, headers, body in overheard.requests:
        own = address.partition("/")[0] == hosts.get(vendor)
        shown = {key: value for key, value in headers.items() if not (own and key.lower() == "authorization")}
        if canary.encode() in body or canary in f"{address} {shown}":
            wrong.append(address)
    return wrong


def _shown(canary: str, overheard: Overheard) -> bool:
    """Whether it was used at all; a canary that nobody needs proves nothing."""
    return any(canary in headers.get("Authorization", "") for _, headers, _ in overheard.requests)


def _everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def _said_by_the_bot(record: Path) -> bytes:
    """Without what it was told: a member's key comes in a form."""
    lines = record.read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if json.loads(line)["direction"] == "from_bot").encode()


def _messages(line: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What of an exchange with Discord people would read."""
    body = line["body"]
    if line["kind"] != "rest" or not isinstance(body, dict):
        return
    for part in (body, body.get("data"), body.get("payload_json")):
        if isinstance(part, dict) and ("components" in part or "content" in part) and "custom_id" not in part:
            yield part
