"""What people and the weather do to the Discord in a box, as JSON over HTTP under ``/sandbox/``.

A browser, a test or ``curl`` can do all of it. Ids are strings of digits (snowflakes). Bodies are
``application/json``. Everything that a person does names the acting ``user``: nobody signs in here.
Messages, users, channels and commands have the shape of Discord's own REST API v10, so that a page
draws what a real client would be given. A refusal is ``{"message": "...", "code": 0}`` with 400
(the request makes no sense), 403 (that person may not), 404 (no such thing) or 413 (too large).

The same verbs are methods of ``DiscordSandbox.people`` and ``DiscordSandbox.weather`` in Python.

Looking around
    GET /sandbox/help                           this text
    GET /sandbox/world?user=U                   what U's client shows on start:
        {"bot": {user, "online": bool}, "user": {user, "locale"}, "users": [{user, "locale", "bot"}],
         "guilds": [{"id", "name", "owner_id", "premium_tier", "preferred_locale",
                     "roles": [role], "members": [{"user_id", "nick", "roles": [id]}],
                     "channels": [{channel, "can_send": bool}]}],
         "dms": [{channel, "recipients": [user], "can_send": true}]}
        Only servers U is a member of, channels U may view, and U's own direct messages.
    GET /sandbox/commands?user=U&channel=C      commands U may use there: [command], as synced, with all
        localizations ("name_localizations", "description_localizations"); U's language is in world.user.locale
    GET /sandbox/messages?user=U&channel=C[&before=M][&limit=50]
        {"messages": [message, ...]} oldest first, as U sees them: a private reply only if it is U's.
        message.flags: 64 private ("only you can see this"), 128 thinking, 32768 Components V2.
        message.interaction: {"id", "type", "name", "user"} when it answers a command.
    GET /sandbox/stats                          {"online", "sessions", "identifies", "resumes", "requests",
        "invalid_requests", "rate_limited", "registered_commands"}: what the bot did to us so far

Doing things as a person
    POST /sandbox/messages                      {"user", "channel", "content"} -> message
    DELETE /sandbox/messages/C/M?user=U         U deletes an own message, a moderator anybody's; a private
        reply of U's is dismissed -> 204
    POST /sandbox/uploads?user=U&channel=C      multipart, one part "file" -> {"id", "filename", "size",
        "content_type", "url", "width"?, "height"?}; its id is the value of an attachment option. 413 past the
        limit of that person in that channel
    POST /sandbox/invoke                        {"user", "channel", "command": "admin quota show",
        "options": {"member": "U2", "amount": 3}, "wait": true} -> outcome. Options by name, values as the type
        says: text, integer, number, true/false, or the id of a user, role, channel or upload
    POST /sandbox/autocomplete                  {"user", "channel", "command", "options": {...so far},
        "focused": "model"} -> outcome with "choices": [{"name", "name_localizations"?, "value"}]
    POST /sandbox/click                         {"user", "channel", "message", "custom_id", "wait": true} -> outcome
    POST /sandbox/select                        {"user", "channel", "message", "custom_id", "values": [...],
        "wait": true} -> outcome

    outcome: {"interaction": id,
              "outcome": "answered" | "deferred" | "updated" | "deferred_update" | "choices" | "failed" | "pending",
              "message": message or null, "choices": [...] or null,
              "error": null or "The application did not respond"}
    With "wait" (the default) the answer comes when the bot has answered or its three seconds are over
    ("failed"); without, at once ("pending"), and the rest arrives as events. What a person cannot do in a
    real client is refused and never reaches the bot: a command they do not see (403), a missing or
    impossible option (400), a disabled or vanished button (400/404), a channel they do not see (404).

Watching
    GET /sandbox/events?user=U                  websocket; one JSON object per text frame, only what U may see:
        {"type": "hello"}                                             first, always
        {"type": "message_create", "channel": C, "message": message}
        {"type": "message_update", "channel": C, "message": message}   whole message, not a difference
        {"type": "message_delete", "channel": C, "message": M}
        {"type": "typing", "channel": C, "user": U2}
        {"type": "interaction", "interaction": I, "channel": C, "message": M or null, "custom_id": "..." or null,
         "state": "pending" | "answered" | "failed"}                   U's own: spin, stop, show the error
        {"type": "commands"}                                           the synced commands changed: fetch again
        {"type": "world"}                                              fetch the world again
        {"type": "bot", "online": bool}
        A slow reader (more than 1000 events behind) is disconnected; reconnect and fetch again.

Changing the world (each sends the bot the gateway events that Discord would)
    POST   /sandbox/users                       {"name", "global_name"?, "locale"?, "upload_limit"?} -> user
    PATCH  /sandbox/users/U                     {"locale"?, "global_name"?, "upload_limit"?} -> user
    POST   /sandbox/guilds                      {"name", "owner", "locale"?, "premium_tier"?} -> guild (bot inside)
    PATCH  /sandbox/guilds/G                    {"name"?, "locale"?, "premium_tier"?: 0-3} -> guild
    PUT    /sandbox/guilds/G/members/U          {"roles"?: [R], "nick"?} -> member; U may be the bot
    DELETE /sandbox/guilds/G/members/U          leaves or is removed -> 204
    POST   /sandbox/guilds/G/roles              {"name", "permissions": "32"} -> role
    PATCH  /sandbox/guilds/G/roles/R            {"name"?, "permissions"?} -> role (R = G is @everyone)
    POST   /sandbox/guilds/G/channels           {"name", "overwrites"?: [{"id", "type", "allow", "deny"}]} -> channel
    PATCH  /sandbox/channels/C                  {"name"?, "overwrites"?} -> channel
    DELETE /sandbox/channels/C                  -> 204

The weather
    POST   /sandbox/gateway                     {"action": "cut"}                     the socket dies without a goodbye
                                                {"action": "reconnect"}               op 7, then closed
                                                {"action": "invalidate", "resumable": false}   op 9
                                                {"action": "close", "code": 4000}     closed with that code
                                                {"action": "mute", "muted": true}     heartbeats are no longer acknowledged
    POST   /sandbox/faults                      {"method": "*", "path": "/channels/*", "kind": "status", "status": 503,
        "times": 1, "seconds": 1.0} -> {"id", ...}. path: a shell pattern over the path below /api/v10.
        kind: "status" answer with that status (500-599) | "user" | "global" | "shared" a 429 of that scope,
        retry after `seconds` | "cloudflare" a 429 without Via, not JSON | "latency" wait `seconds` first, then do it
        | "cut" do it, then break the connection before the answer. times: how many requests, null for ever
    GET    /sandbox/faults                      [fault]
    DELETE /sandbox/faults                      clear skies -> 204
    POST   /sandbox/advance                     {"seconds": 900} -> {"now": ms}: the sandbox's clock jumps ahead
"""

import json
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import BodyPartReader, web
from pydantic import ValidationError

from sandbox.discord import control_forms as forms
from sandbox.discord.faults import Fault
from sandbox.discord.look import Look
from sandbox.discord.payloads import Payloads, role, user
from sandbox.discord.refusals import Json, Refused
from sandbox.discord.world import MIB

if TYPE_CHECKING:
    from sandbox.discord.server import DiscordSandbox

_UPLOAD_LIMIT = 100 * MIB
_NOTHING = object()

_Form = TypeVar("_Form", bound=forms.Form)
_Act = Callable[[web.Request], Awaitable[Any]]


class Control:
    """Serves all of the above but the websocket."""

    def __init__(self, sandbox: "DiscordSandbox", payloads: Payloads) -> None:
        self._sandbox = sandbox
        self._payloads = payloads
        self._look = Look(sandbox, payloads)

    def routes(self) -> list[web.RouteDef]:
        """Where it is served."""
        return [
            web.get("/sandbox/help", _help),
            *self._looking(),
            *self._acting(),
            *self._changing(),
            *self._weather(),
        ]

    def _looking(self) -> Iterable[web.RouteDef]:
        yield _route("GET", "world", self._world)
        yield _route("GET", "commands", self._commands)
        yield _route("GET", "messages", self._messages)
        yield _route("GET", "stats", self._stats)

    def _acting(self) -> Iterable[web.RouteDef]:
        yield _route("POST", "messages", self._write)
        yield _route("DELETE", "messages/{channel}/{message}", self._delete_message)
        yield _route("POST", "uploads", self._upload)
        yield _route("POST", "invoke", self._invoke)
        yield _route("POST", "autocomplete", self._autocomplete)
        yield _route("POST", "click", self._click)
        yield _route("POST", "select", self._select)

    def _changing(self) -> Iterable[web.RouteDef]:
        yield _route("POST", "users", self._add_user)
        yield _route("PATCH", "users/{user}", self._change_user)
        yield _route("POST", "guilds", self._add_guild)
        yield _route("PATCH", "guilds/{guild}", self._change_guild)
        yield _route("PUT", "guilds/{guild}/members/{user}", self._put_member)
        yield _route("DELETE", "guilds/{guild}/members/{user}", self._remove_member)
        yield _route("POST", "guilds/{guild}/roles", self._add_role)
        yield _route("PATCH", "guilds/{guild}/roles/{role}", self._change_role)
        yield _route("POST", "guilds/{guild}/channels", self._add_channel)
        yield _route("PATCH", "channels/{channel}", self._change_channel)
        yield _route("DELETE", "channels/{channel}", self._delete_channel)

    def _weather(self) -> Iterable[web.RouteDef]:
        yield _route("POST", "gateway", self._gateway)
        yield _route("GET", "faults", self._faults)
        yield _route("POST", "faults", self._add_fault)
        yield _route("DELETE", "faults", self._clear_faults)
        yield _route("POST", "advance", self._advance)

    async def _world(self, request: web.Request) -> Json:
        return self._look.world(_number(request.query, "user"))

    async def _commands(self, request: web.Request) -> list[Json]:
        query = request.query
        return self._sandbox.people.commands(_number(query, "user"), _number(query, "channel"))

    async def _messages(self, request: web.Request) -> Json:
        query = request.query
        before = _number(query, "before") if "before" in query else None
        limit = _number(query, "limit") if "limit" in query else 50
        user_id, channel_id = _number(query, "user"), _number(query, "channel")
        return {"messages": self._sandbox.people.messages(user_id, channel_id, before=before, limit=limit)}

    async def _stats(self, _request: web.Request) -> Json:
        return self._look.stats()

    async def _write(self, request: web.Request) -> Json:
        form = await _read(request, forms.Write)
        return self._sandbox.people.write(form.user, form.channel, form.content)

    async def _delete_message(self, request: web.Request) -> object:
        place = request.match_info
        self._sandbox.people.delete(
            _number(request.query, "user"), _number(place, "channel"), _number(place, "message")
        )
        return _NOTHING

    async def _upload(self, request: web.Request) -> Json:
        user_id, channel_id = _number(request.query, "user"), _number(request.query, "channel")
        if request.content_type != "multipart/form-data":
            raise Refused(0, "Send a form with one part, file", status=400)
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "file":
                content = await _content(part)
                return await self._sandbox.people.upload(
                    user_id, channel_id, part.filename or "file", content
                )
        raise Refused(0, "There is no part called file", status=400)

    async def _invoke(self, request: web.Request) -> Json:
        form = await _read(request, forms.Invoke)
        people = self._sandbox.people
        return (
            await people.invoke(form.user, form.channel, form.command, form.options, wait=form.wait)
        ).shown()

    async def _autocomplete(self, request: web.Request) -> Json:
        form = await _read(request, forms.Autocomplete)
        people = self._sandbox.people
        outcome = await people.autocomplete(form.user, form.channel, form.command, form.options, form.focused)
        return outcome.shown()

    async def _click(self, request: web.Request) -> Json:
        form = await _read(request, forms.Click)
        people = self._sandbox.people
        return (
            await people.click(form.user, form.channel, form.message, form.custom_id, wait=form.wait)
        ).shown()

    async def _select(self, request: web.Request) -> Json:
        form = await _read(request, forms.Select)
        outcome = await self._sandbox.people.select(
            form.user, form.channel, form.message, form.custom_id, form.values, wait=form.wait
        )
        return outcome.shown()

    async def _add_user(self, request: web.Request) -> Json:
        form = await _read(request, forms.NewUser)
        return user(self._sandbox.changes.add_user(**form.model_dump()))

    async def _change_user(self, request: web.Request) -> Json:
        form = await _read(request, forms.UserChange)
        return user(
            self._sandbox.changes.change_user(_number(request.match_info, "user"), **form.model_dump())
        )

    async def _add_guild(self, request: web.Request) -> Json:
        form = await _read(request, forms.NewGuild)
        guild = self._sandbox.changes.add_guild(
            form.name, form.owner, locale=form.locale, premium_tier=form.premium_tier
        )
        return self._payloads.guild(guild)

    async def _change_guild(self, request: web.Request) -> Json:
        form = await _read(request, forms.GuildChange)
        guild_id = _number(request.match_info, "guild")
        return self._payloads.guild(self._sandbox.changes.change_guild(guild_id, **form.model_dump()))

    async def _put_member(self, request: web.Request) -> Json:
        form = await _read(request, forms.Membership)
        place = request.match_info
        member = self._sandbox.changes.put_member(
            _number(place, "guild"), _number(place, "user"), roles=form.roles, nick=form.nick
        )
        return self._payloads.member(member)

    async def _remove_member(self, request: web.Request) -> object:
        place = request.match_info
        self._sandbox.changes.remove_member(_number(place, "guild"), _number(place, "user"))
        return _NOTHING

    async def _add_role(self, request: web.Request) -> Json:
        form = await _read(request, forms.NewRole)
        guild_id = _number(request.match_info, "guild")
        return role(self._sandbox.changes.add_role(guild_id, form.name, form.permissions))

    async def _change_role(self, request: web.Request) -> Json:
        form = await _read(request, forms.RoleChange)
        place = request.match_info
        changed = self._sandbox.changes.change_role(
            _number(place, "guild"), _number(place, "role"), name=form.name, permissions=form.permissions
        )
        return role(changed)

    async def _add_channel(self, request: web.Request) -> Json:
        form = await _read(request, forms.NewChannel)
        guild_id = _number(request.match_info, "guild")
        overwrites = [one.real() for one in form.overwrites]
        return self._payloads.channel(self._sandbox.changes.add_channel(guild_id, form.name, overwrites))

    async def _change_channel(self, request: web.Request) -> Json:
        form = await _read(request, forms.ChannelChange)
        channel = self._sandbox.changes.change_channel(
            _number(request.match_info, "channel"),
            name=form.name,
            overwrites=None if form.overwrites is None else [one.real() for one in form.overwrites],
        )
        return self._payloads.channel(channel)

    async def _delete_channel(self, request: web.Request) -> object:
        self._sandbox.changes.delete_channel(_number(request.match_info, "channel"))
        return _NOTHING

    async def _gateway(self, request: web.Request) -> object:
        form = await _read(request, forms.GatewayAct)
        gateway = self._sandbox.gateway
        match form.action:
            case "cut":
                gateway.cut()
            case "reconnect":
                gateway.reconnect()
            case "invalidate":
                gateway.invalidate(resumable=form.resumable)
            case "close":
                gateway.close(form.code)
            case "mute":
                gateway.muted = form.muted
        return _NOTHING

    async def _faults(self, _request: web.Request) -> list[Json]:
        return [fault.shown() for fault in self._sandbox.faults.all()]

    async def _add_fault(self, request: web.Request) -> Json:
        form = await _read(request, forms.NewFault)
        return self._sandbox.faults.add(Fault(**form.model_dump())).shown()

    async def _clear_faults(self, _request: web.Request) -> object:
        self._sandbox.faults.clear()
        return _NOTHING

    async def _advance(self, request: web.Request) -> Json:
        form = await _read(request, forms.Advance)
        return {"now": self._sandbox.advance(form.seconds)}


async def _help(_request: web.Request) -> web.Response:
    return web.Response(text=__doc__)


def _route(method: str, path: str, act: _Act) -> web.RouteDef:
    """A route that answers with what its act gives, or with why it was refused."""

    async def handle(request: web.Request) -> web.Response:
        try:
            result = await act(request)
        except Refused as refused:
            return web.json_response(refused.body(), status=refused.status)
        except ValidationError as error:
            words = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            return web.json_response({"message": words, "code": 0}, status=400)
        return web.Response(status=204) if result is _NOTHING else web.json_response(result)

    return web.route(method, f"/sandbox/{path}", handle)


async def _read(request: web.Request, form: type[_Form]) -> _Form:
    """A JSON body. The type is demanded because another site's page could send any other without asking."""
    if request.content_type != "application/json":
        raise Refused(0, "Send application/json", status=400)
    try:
        return form.model_validate(await request.json())
    except json.JSONDecodeError as error:
        raise Refused(0, "That is no JSON", status=400) from error


def _number(values: Any, name: str) -> int:
    value = str(values.get(name, ""))
    if not value.isdecimal():
        raise Refused(0, f"{name} has to be an id", status=400)
    return int(value)


async def _content(part: BodyPartReader) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(64 * 1024):
        content += chunk
        if len(content) > _UPLOAD_LIMIT:
            raise Refused(40005)
    return bytes(content)
