"""What people and the weather do to the Discord in a box, as JSON over HTTP under ``/sandbox/``.

A browser, a test or ``curl`` can do all of it. Ids are strings of digits (snowflakes). Bodies are
``application/json``. Everything that a person does names the acting ``user``: nobody signs in here.
Messages, users, channels and commands have the shape of Discord's own REST API v10, so that a page
draws what a real client would be given. A refusal is ``{"message": "...", "code": 0}`` with 400
(the request makes no sense), 403 (that person may not), 404 (no such thing) or 413 (too large).

In Python the same is done by `DiscordSandbox`'s ``people``, ``changes``, ``gateway`` and ``faults``.

Looking around
    GET /sandbox/help                           this text
    GET /sandbox/world[?user=U]                 what U's client shows on start (no U: the first person's)
        {"bot": {user, "online": bool}, "user": {user, "locale"}, "users": [{user, "locale", "bot"}],
         "guilds": [{"id", "name", "owner_id", "premium_tier", "preferred_locale",
                     "roles": [role], "members": [{"user_id", "nick", "roles": [id]}],
                     "channels": [{channel, "can_send": bool}], "threads": [{channel, "can_send": bool}]}],
         "dms": [{channel, "recipients": [user], "can_send": true}]}
        Only servers U is a member of, channels U may view, and U's own conversations, with the bot or
        without. A user here also has "status" and "installed", the bot "presence". Channels are of type 0
        text, 2 voice (with a chat), 15 forum; threads and posts 11 or 12 with "parent_id"; conversations 1
        or 3 (group).
    GET /sandbox/commands?user=U&channel=C      commands U may use there: [command], as synced, with all
        localizations ("name_localizations", "description_localizations"); U's language: world.user.locale
    GET /sandbox/messages?user=U&channel=C[&before=M][&limit=50]
        {"messages": [message, ...]} oldest first, as U sees them: a private reply only if it is U's.
        message.flags: 64 private ("only you can see this"), 128 thinking, 32768 Components V2.
        message.interaction: {"id", "type", "name", "user"} when it answers a command.
    GET /sandbox/suggestions                    [{"title", "text", "copies": [text], "examples": [line]}]:
        what is worth trying;
    PUT /sandbox/suggestions                    {"suggestions": [...]} fills it
    GET /sandbox/stats                          {"online", "sessions", "identifies", "resumes", "requests",
        "invalid_requests", "rate_limited", "registered_commands"}: what the bot did to us so far

Doing things as a person
    POST /sandbox/messages                      {"user", "channel", "content", "uploads"?: [id]} -> message
    DELETE /sandbox/messages/C/M?user=U         U deletes an own message, a moderator anybody's; a private
        reply of U's is dismissed -> 204
    POST /sandbox/uploads?user=U&channel=C      multipart, one part "file" -> {"id", "filename", "size",
        "content_type", "url", "width"?, "height"?}; its id is the value of an attachment option. 413 past the
        limit of that person in that channel
    POST /sandbox/invoke                        {"user", "channel", "command": "admin quota show",
        "options": {"member": "U2", "amount": 3}, "wait": true} -> outcome. Options by name, values as the
        type says: text, integer, number, true/false, or the id of a user, role, channel or upload
    POST /sandbox/autocomplete                  {"user", "channel", "command", "options": {...so far},
        "focused": "model"} -> outcome with "choices": [{"name", "name_localizations"?, "value"}]
    POST /sandbox/click                         {"user", "channel", "message", "custom_id",
        "wait": true} -> outcome
    POST /sandbox/select                        {"user", "channel", "message", "custom_id", "values": [...],
        "wait": true} -> outcome
    POST /sandbox/use                           {"user", "channel", "command": "Make a model",
        "target": U2 or M, "on": "person" | "message", "wait": true} -> outcome: a command of somebody's
        or a message's menu
    POST /sandbox/submit                        {"user", "interaction", "values": {custom_id: value},
        "wait": true} -> outcome. Sends the form that came as "modal" of that interaction's outcome. Values:
        text of a text input; a list of values, ids or uploads for selects, file uploads and checkbox groups;
        one value of a radio group; true or false of a checkbox. What is left out is as the form presets it.
    POST /sandbox/dismiss                       {"user", "interaction"} -> 204: closes the form unsent
    POST /sandbox/threads                       {"user", "channel", "name", "content"?, "message"?,
        "private"?} -> channel: a thread, on a message if one is named; in a forum a post, which needs
        "content"

    outcome: {"interaction": id,
              "outcome": "answered" | "deferred" | "updated" | "deferred_update" | "choices"
                       | "modal" | "failed" | "pending",
              "message": message or null, "choices": [...] or null, "modal": modal or null,
              "error": null or "The application did not respond"}
    With "wait" (the default) the answer comes when the bot has answered or its three seconds are over
    ("failed"); without, at once ("pending"), and the rest arrives as events. What a person cannot do in a
    real client is refused and never reaches the bot: a command they do not see (403), a missing or
    impossible option (400), a disabled or vanished button (400/404), a channel they do not see (404).

Watching
    GET /sandbox/events?user=U                  websocket; a JSON object per text frame, of what U may see:
        {"type": "hello"}                                             first, always
        {"type": "message_create", "channel": C, "message": message}
        {"type": "message_update", "channel": C, "message": message}   whole message, not a difference
        {"type": "message_delete", "channel": C, "message": M}
        {"type": "typing", "channel": C, "user": U2}
        {"type": "interaction", "interaction": I, "channel": C, "message": M or null,
         "custom_id": "..." or null, "state": "pending" | "answered" | "failed"}
                                                                       U's own: spin, stop, show the error
        {"type": "commands"}                                           commands were synced: fetch again
        {"type": "world"}                                              fetch the world again
        {"type": "bot", "online": bool}
        A slow reader (more than 1000 events behind) is disconnected; reconnect and fetch again.

Changing the world (each sends the bot the gateway events that Discord would)
    POST   /sandbox/users                       {"name", "global_name"?, "locale"?, "upload_limit"?} -> user
    PATCH  /sandbox/users/U                     {"locale"?, "global_name"?, "upload_limit"?,
        "status"?: "online" | "idle" | "dnd" | "offline",
        "installed"?: bool (the app is on their account, to use wherever they are)} -> user
    POST   /sandbox/guilds                      {"name", "owner", "locale"?, "premium_tier"?} -> guild
    PATCH  /sandbox/guilds/G                    {"name"?, "locale"?, "premium_tier"?: 0-3} -> guild
    PUT    /sandbox/guilds/G/members/U          {"roles"?: [R], "nick"?} -> member; U may be the bot
    DELETE /sandbox/guilds/G/members/U          leaves or is removed -> 204
    POST   /sandbox/guilds/G/roles              {"name", "permissions": "32"} -> role
    PATCH  /sandbox/guilds/G/roles/R            {"name"?, "permissions"?} -> role (R = G is @everyone)
    DELETE /sandbox/guilds/G/roles/R            -> 204
    POST   /sandbox/conversations               {"users": [U, ...], "name"?} -> channel: a private
        conversation without the bot, of two (type 1) or a group (type 3)
    POST   /sandbox/guilds/G/channels           {"name", "kind"?: "text" | "voice" | "forum",
        "overwrites"?: [{"id", "type": 0 role | 1 member, "allow", "deny"}]} -> channel
    PATCH  /sandbox/channels/C                  {"name"?, "overwrites"?} -> channel
    DELETE /sandbox/channels/C                  -> 204

The weather
    POST   /sandbox/gateway -> 204
        {"action": "cut"}                            the socket dies without a goodbye
        {"action": "reconnect"}                      op 7, then closed
        {"action": "invalidate", "resumable": false} op 9
        {"action": "close", "code": 4000}            closed with that code
        {"action": "mute", "muted": true}            heartbeats are no longer acknowledged
        {"action": "ask_heartbeat"}                  op 1: the bot has to send one at once
    PUT    /sandbox/sharding                    {"shards"?, "max_concurrency"?, "guilds_per_shard"?}
        -> all three: what GET /gateway/bot recommends, and how many servers a shard may hold (4011)
    PUT    /sandbox/intents                     {"privileged": ["members", "presences",
        "message_content"]} -> 204: these and no others may be asked for (4014)
    POST   /sandbox/faults                      {"method": "*", "path": "/channels/*", "kind": "status",
        "status": 503, "times": 1, "seconds": 1.0} -> {"id", ...}. path: a shell pattern, below /api/v10.
        kind: "status" answer with that status (500-599) | "user" | "global" | "shared" a 429 of that scope,
        retry after `seconds` | "cloudflare" a 429 without Via, not JSON
        | "latency" wait `seconds` of real time, then do it
        | "cut" do it, then break the connection before the answer. times: how many requests, null for ever
    GET    /sandbox/faults                      [fault]
    DELETE /sandbox/faults                      clear skies -> 204
    POST   /sandbox/advance                     {"seconds": 900} -> {"now": ms}: the clock jumps ahead
"""

from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.discord.control.acting import Acting
from sandbox.discord.control.changing import Changing
from sandbox.discord.control.look import Look
from sandbox.discord.control.watching import Watching
from sandbox.discord.control.weather import Weather

if TYPE_CHECKING:
    from sandbox.discord.server import DiscordSandbox


def routes(sandbox: "DiscordSandbox") -> list[web.RouteDef]:
    """Where all of it is served."""
    areas = (Look, Acting, Changing, Weather, Watching)
    return [web.get("/sandbox/help", _help), *(route for area in areas for route in area(sandbox).routes())]


async def _help(_request: web.Request) -> web.Response:
    return web.Response(text=__doc__)
