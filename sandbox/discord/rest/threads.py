"""Threads by the bot's own token: beginning, joining, and asking which there are."""

from sandbox.discord.forms import Field
from sandbox.discord.interactions import file_limit
from sandbox.discord.messages import Rules
from sandbox.discord.nouns import Channel, ChannelType, Message
from sandbox.discord.payloads import Payloads
from sandbox.discord.permissions import Permission, may
from sandbox.discord.postbox import Postbox, demand
from sandbox.discord.ratelimits import WRITES
from sandbox.discord.refusals import Json, Refused
from sandbox.discord.rest.door import NOTHING, Call, Reply, Route, ok
from sandbox.discord.threads import Threads
from sandbox.discord.world import World

_PRIVATE = 12


class ThreadRoutes:
    """The routes of threads."""

    def __init__(self, world: World, payloads: Payloads, postbox: Postbox, threads: Threads) -> None:
        self._world = world
        self._payloads = payloads
        self._postbox = postbox
        self._threads = threads

    def routes(self) -> list[Route]:
        """Where they are."""
        base = "/channels/{channel}"
        on_message = base + "/messages/{message}/threads"
        member = base + "/thread-members/@me"
        return [
            Route(method="POST", path=base + "/threads", handler=self._begin, limit=WRITES),
            Route(method="POST", path=on_message, handler=self._begin, limit=WRITES),
            Route(method="PUT", path=member, handler=self._join, limit=WRITES),
            Route(method="GET", path="/guilds/{guild}/threads/active", handler=self._active),
        ]

    async def _begin(self, call: Call) -> Reply:
        parent, form = self._world.channel(call.id("channel")), call.body.form.record()
        name = form["name"].text(1, 100)
        kind = form["type"].integer(10, 12, default=_PRIVATE if "message" not in call.params else 11)
        form.check()
        bot, is_post = self._world.bot.id, parent.type == ChannelType.FORUM
        demand(self._world, parent, bot)
        if is_post and not form["message"].record().given:
            form.check()
        message_id = call.id("message") if "message" in call.params else None
        private = kind == _PRIVATE and message_id is None and not is_post
        thread = self._threads.begin(bot, parent, name, message_id=message_id, private=private)
        shown: Json = self._payloads.channel(thread)
        if is_post:
            shown["message"] = self._payloads.message(self._first(thread, form["message"], call))
        return Reply(status=201, body=shown)

    def _first(self, thread: Channel, form: Field, call: Call) -> Message:
        bot = self._world.bot.id
        everyone = may(self._world, thread, bot, Permission.MENTION_EVERYONE)
        rules = Rules(file_limit=file_limit(self._world, thread, bot), may_mention_everyone=everyone)
        blank = Message(id=thread.id, channel_id=thread.id, author_id=bot)
        return self._postbox.create(blank, form, call.body.files, rules)

    async def _join(self, call: Call) -> Reply:
        thread = self._world.channel(call.id("channel"))
        demand(self._world, thread, self._world.bot.id)
        if not thread.is_thread:
            raise Refused(50024)
        self._threads.join(thread, self._world.bot.id)
        return NOTHING

    async def _active(self, call: Call) -> Reply:
        guild = self._world.guild(call.id("guild"))
        bot = self._world.bot.id
        if bot not in guild.members:
            raise Refused(50001)
        seen = [one for one in self._world.threads_of(guild.id) if may(self._world, one, bot, 1 << 10)]
        return ok({"threads": [self._payloads.channel(one) for one in seen], "members": []})
