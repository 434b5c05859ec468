"""The other end of discord.py's wire, just large enough to record what is sent and to answer it.

What Discord would make of it is the sandbox's business; here it is about what our
commands and buttons say, and in which order.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import discord
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.client import MaquetteClient, point_discord_at
from bot.ui.desk import Desk

APP, BOT, GUILD, CHANNEL, MEMBER = 100, 100, 700, 500, 42
FIRST_MESSAGE = 9000
_EPOCH = 1_420_070_400_000
_USER = {"username": "x", "discriminator": "0", "avatar": None, "global_name": None}
_SECONDS = 10
_OURS = ("CommandTree-invoker", "discord-ui-dynamic-item", "discord-ui-modal-dispatch")
"""What discord.py calls the tasks in which it answers."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request of discord.py's."""

    method: str
    path: str
    body: Any
    files: tuple[str, ...] = ()
    bot: bool = False
    """Whether it was made with the bot's own token."""

    @property
    def what(self) -> str:
        """The request without its ids."""
        return f"{self.method} {'/'.join(part for part in self.path.split('/') if not part.isdigit())}"

    @property
    def answer(self) -> dict[str, Any]:
        """The message of a callback, or the body itself."""
        data = self.body.get("data", self.body) if isinstance(self.body, dict) else {}
        return data or {}

    @property
    def private(self) -> bool:
        return bool(self.answer.get("flags", 0) & 64)

    @property
    def text(self) -> str:
        """All words of a message, of either kind."""
        texts = [self.answer.get("content") or ""]
        texts += [part["content"] for part in self.parts if part["type"] == 10]
        return "\n".join(filter(None, texts))

    @property
    def parts(self) -> list[dict[str, Any]]:
        """All components, the nested ones too."""
        return list(_walk(self.answer.get("components") or []))

    @property
    def buttons(self) -> dict[str, str]:
        """Custom ids by label."""
        return {
            part["label"]: part["custom_id"]
            for part in self.parts
            if part.get("custom_id", "").startswith("m:") and "label" in part
        }


def _walk(parts: list[dict[str, Any]]) -> Any:
    for part in parts:
        yield part
        yield from _walk(part.get("components", []))
        if "accessory" in part:
            yield part["accessory"]


@dataclass
class Wire:
    """What was sent, and what to answer where it is not the usual."""

    calls: "asyncio.Queue[Call]" = field(default_factory=asyncio.Queue)
    callback: dict[str, Any] = field(default_factory=dict)
    """What Discord adds to its answer to an answer."""
    failures: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    """By ``METHOD path`` beginning: status and body, each used once."""
    files: dict[str, bytes] = field(default_factory=dict)
    """What the picture host has."""
    address: str = ""
    ids: Any = field(default_factory=lambda: count(1))

    async def next(self) -> Call:
        """The next request."""
        return await asyncio.wait_for(self.calls.get(), _SECONDS)

    async def settled(self) -> None:
        """Let every command and click that is under way come to its end."""
        while tasks := [task for task in asyncio.all_tasks() if task.get_name().startswith(_OURS)]:
            await asyncio.wait(tasks, timeout=_SECONDS)

    async def handle(self, request: web.Request) -> web.Response:
        if request.path.startswith("/cdn/"):
            data = self.files.get(request.path)
            return web.Response(body=data) if data is not None else web.Response(status=404)
        call = await _call(request)
        for start, answers in self.failures.items():
            if f"{call.method} {call.path}".startswith(start) and answers:
                status, body = answers.pop(0)
                self.calls.put_nowait(call)
                return _json(body, status)
        if not call.path.startswith(("/users", "/oauth2")):
            self.calls.put_nowait(call)
        return _usual(call, self.callback)


async def _call(request: web.Request) -> Call:
    files: list[str] = []
    if request.content_type == "multipart/form-data":
        form = await request.post()
        body = json.loads(str(form["payload_json"]))
        files = [part.filename for part in form.values() if isinstance(part, web.FileField)]
    else:
        raw = await request.text()
        body = json.loads(raw) if raw else None
    return Call(
        method=request.method,
        path=request.path.removeprefix("/api"),
        body=body,
        files=tuple(files),
        bot="Authorization" in request.headers,
    )


def _usual(call: Call, callback: dict[str, Any]) -> web.Response:
    if call.path == "/users/@me":
        return _json({"id": str(BOT), "bot": True, **_USER})
    if call.path == "/oauth2/applications/@me":
        return _json(
            {
                "id": str(APP),
                "name": "Maquette",
                "icon": None,
                "description": "",
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "",
                "owner": {"id": "1", **_USER},
            }
        )
    if call.path.endswith("/callback"):
        made = {"response_message_id": str(FIRST_MESSAGE), **callback}
        interaction = {"id": call.path.split("/")[2], "type": 2, **made}
        return _json({"interaction": interaction, "resource": {"type": call.body["type"]}})
    if call.method == "DELETE":
        return web.Response(status=204)
    if call.path.endswith("/commands"):
        return _json([])
    return _json(_message())


def _message(**fields: Any) -> dict[str, Any]:
    return {
        "id": str(FIRST_MESSAGE),
        "channel_id": str(CHANNEL),
        "author": {"id": str(BOT), "bot": True, **_USER},
        "content": "",
        "timestamp": "2026-11-21T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
        "flags": 1 << 15,
        **fields,
    }


def _json(body: Any, status: int = 200) -> web.Response:
    headers = {"Content-Type": "application/json", "Via": "1.1 here"}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=headers)


@dataclass
class Member:
    """Somebody who types and clicks."""

    client: discord.Client
    wire: Wire
    locale: str = "en-US"
    moderator: bool = False
    where: dict[str, Any] = field(default_factory=dict)
    """What Discord says of the place, where it is not a server that the bot is in."""

    def types(self, command: str, resolved: dict[str, Any] | None = None, **options: Any) -> None:
        """Give a command; ``admin quota set`` is written with spaces."""
        name, *subs = command.split()
        inner = [_option(name, value) for name, value in options.items()]
        for depth, sub in enumerate(reversed(subs)):
            inner = [{"type": 1 if depth == 0 else 2, "name": sub, "options": inner}]
        data = {"id": "1", "name": name, "type": 1, "options": inner, "resolved": resolved or {}}
        self._interact(2, data)

    def points(self, menu: str, user_id: str, resolved: dict[str, Any]) -> None:
        """Use a menu on a person."""
        self._interact(2, {"id": "1", "name": menu, "type": 2, "target_id": user_id, "resolved": resolved})

    def completes(self, command: str, focused: str, **options: Any) -> None:
        """Type in one option, and look at what is offered."""
        given = [_option(name, value) for name, value in options.items()]
        for option in given:
            if option["name"] == focused:
                option["focused"] = True
        self._interact(4, {"id": "1", "name": command, "type": 1, "options": given})

    def clicks(self, custom_id: str) -> None:
        """Press a button."""
        button = {"type": 2, "style": 2, "label": "x", "custom_id": custom_id}
        self._component(button, {"component_type": 2, "custom_id": custom_id})

    def chooses(self, custom_id: str, *values: str) -> None:
        """Pick from a list."""
        options = [{"label": value, "value": value} for value in values]
        select = {"type": 3, "custom_id": custom_id, "options": options, "max_values": len(values)}
        self._component(select, {"component_type": 3, "custom_id": custom_id, "values": list(values)})

    def sends(self, form: Call, *texts: str) -> None:
        """Fill the fields of a form that the bot opened, in order, and send it."""
        fields = [part["component"] for part in form.parts if part["type"] == 18]
        labels = []
        for number, (part, text) in enumerate(zip(fields, texts, strict=True)):
            given = {"values": [text]} if part["type"] == 3 else {"value": text}
            filled = {"type": part["type"], "id": 2 * number + 2, "custom_id": part["custom_id"], **given}
            labels.append({"type": 18, "id": 2 * number + 1, "component": filled})
        self._interact(5, {"custom_id": form.answer["custom_id"], "components": labels})

    def _component(self, component: dict[str, Any], data: dict[str, Any]) -> None:
        rows = [{"type": 1, "components": [component]}]
        self._interact(3, data, message=_message(components=rows))

    def _interact(self, kind: int, data: dict[str, Any], **more: Any) -> None:
        now = int(discord.utils.utcnow().timestamp() * 1000)
        user = {"id": str(MEMBER), **_USER}
        payload = {
            "id": str((now - _EPOCH << 22) + next(self.wire.ids)),
            "type": kind,
            "token": f"token{next(self.wire.ids)}",
            "version": 1,
            "application_id": str(APP),
            "attachment_size_limit": 10_485_760,
            "guild_id": str(GUILD),
            "channel_id": str(CHANNEL),
            "channel": {"id": str(CHANNEL), "type": 0, "name": "here", "position": 0},
            "context": 0,
            "authorizing_integration_owners": {"0": str(GUILD)},
            "app_permissions": str(discord.Permissions.all().value),
            "locale": self.locale,
            "user": user,
            "member": {
                "user": user,
                "roles": [],
                "joined_at": "2026-01-01T00:00:00+00:00",
                "deaf": False,
                "mute": False,
                "flags": 0,
                "permissions": str(discord.Permissions(manage_guild=self.moderator).value),
            },
            "data": data,
            **more,
            **self.where,
        }
        self.client._connection.parse_interaction_create(payload)


def _option(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, tuple):  # of resolved things: the type's number, and the id
        return {"name": name, "type": value[0], "value": str(value[1])}
    kind = {bool: 5, int: 4, str: 3}[type(value)]
    return {"name": name, "type": kind, "value": value}


@asynccontextmanager
async def connected(furnish: Callable[[str], Desk]) -> AsyncIterator[tuple[MaquetteClient, Wire]]:
    """A client that is logged in at the other end of the wire; its commands were sent there.

    ``furnish`` makes its desk, from the address at which pictures are.
    """
    wire = Wire()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", wire.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    wire.address = f"127.0.0.1:{runner.addresses[0][1]}"
    usual = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    point_discord_at(f"http://{wire.address}/api", f"ws://{wire.address}")
    client = MaquetteClient()
    client.desk = furnish(wire.address)
    try:
        await client.login("a-made-up-token")
        yield client, wire
    finally:
        await client.close()
        await runner.cleanup()
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = usual
