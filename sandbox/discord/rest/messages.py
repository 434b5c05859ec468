"""Messages by the bot's own token: it may do in a channel what its roles let it do there."""

import math

from sandbox.clock import Clock
from sandbox.discord.broadcast import Broadcast
from sandbox.discord.forms import Field
from sandbox.discord.interactions import file_limit
from sandbox.discord.messages import Rules
from sandbox.discord.nouns import Channel, ChannelType, Message, MessageType
from sandbox.discord.payloads import Payloads
from sandbox.discord.permissions import Permission, in_guild, may
from sandbox.discord.postbox import Postbox, demand, public
from sandbox.discord.ratelimits import WRITES, Limit, RateLimits
from sandbox.discord.refusals import Refused
from sandbox.discord.rest.door import NOTHING, Call, Reply, Route, ok
from sandbox.discord.uploads import Body
from sandbox.discord.world import World, created

_NONCE_LIMIT = 25
_OLD_MS = 60 * 60 * 1_000
_OLD_LIMIT = Limit(3, 20)


class OldEdits:
    """Edits of messages older than an hour: three in twenty seconds per channel, as clients see it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._limits = RateLimits(clock)

    def wait(self, message: Message) -> Reply | None:
        """The refusal of an edit that comes too soon."""
        if self._clock.now() - created(message.id) <= _OLD_MS:
            return None
        channel = str(message.channel_id)
        allowed = self._limits.take("old edits", channel, _OLD_LIMIT, counts_globally=False)
        if allowed.retry_after is None:
            return None
        body = Refused(30046).body() | {"retry_after": allowed.retry_after, "global": False}
        headers = {"Retry-After": str(math.ceil(allowed.retry_after)), "X-RateLimit-Scope": "user"}
        return Reply(status=429, body=body, headers=headers)


class Messages:
    """The routes of messages."""

    def __init__(self, world: World, payloads: Payloads, postbox: Postbox, broadcast: Broadcast) -> None:
        self._world = world
        self._payloads = payloads
        self._postbox = postbox
        self._broadcast = broadcast
        self._old_edits = OldEdits(world.clock)

    def routes(self) -> list[Route]:
        """Where they are."""
        base = "/channels/{channel}/messages"
        one = base + "/{message}"
        return [
            Route(method="GET", path=base, handler=self._list),
            Route(method="POST", path=base, handler=self._create, limit=WRITES),
            Route(method="GET", path=one, handler=self._get),
            Route(method="PATCH", path=one, handler=self._edit, limit=WRITES),
            Route(method="DELETE", path=one, handler=self._delete, limit=Limit(5, 1)),
            Route(method="POST", path="/channels/{channel}/typing", handler=self._typing, limit=WRITES),
        ]

    async def _list(self, call: Call) -> Reply:
        channel = self._readable(call)
        found = public(self._world.messages(channel.id))
        before, after = call.query.get("before", ""), call.query.get("after", "")
        if before.isdecimal():
            found = [message for message in found if message.id < int(before)]
        if after.isdecimal():
            found = [message for message in found if message.id > int(after)]
        limit = int(call.query.get("limit", "50")) if call.query.get("limit", "50").isdecimal() else 50
        found = found[: min(limit, 100)] if after else found[-min(limit, 100) :]
        return ok([self._payloads.message(message) for message in reversed(found)])

    async def _create(self, call: Call) -> Reply:
        channel, form = self._channel(call), call.body.form
        self._refuse_unless_may_write(channel, call.body, form)
        nonce, reference = _nonce(form), self._reference(channel, form["message_reference"])
        form.check()
        written = self._written(channel, nonce) if form["enforce_nonce"].given else None
        if written is not None:
            return ok(self._payloads.message(written))
        blank = Message(
            id=self._world.ids.new(),
            channel_id=channel.id,
            author_id=self._world.bot.id,
            type=MessageType.REPLY if reference is not None else MessageType.DEFAULT,
            reference=reference,
            nonce=nonce,
        )
        return ok(
            self._payloads.message(self._postbox.create(blank, form, call.body.files, self._rules(channel)))
        )

    async def _get(self, call: Call) -> Reply:
        self._readable(call)
        return ok(self._payloads.message(self._message(call)))

    async def _edit(self, call: Call) -> Reply:
        channel = self._channel(call)
        demand(self._world, channel, self._world.bot.id)
        message = self._message(call)
        if message.author_id != self._world.bot.id:
            raise Refused(50005)
        waits = self._old_edits.wait(message)
        if waits is not None:
            return waits
        if call.body.files:
            demand(self._world, channel, self._world.bot.id, Permission.ATTACH_FILES)
        edited = self._postbox.edit(message, call.body.form, call.body.files, self._rules(channel))
        return ok(self._payloads.message(edited))

    async def _delete(self, call: Call) -> Reply:
        channel = self._channel(call)
        demand(self._world, channel, self._world.bot.id)
        message = self._message(call)
        if message.author_id != self._world.bot.id:
            if channel.type == ChannelType.DM:
                raise Refused(50003)
            demand(self._world, channel, self._world.bot.id, Permission.MANAGE_MESSAGES)
        self._postbox.delete(message)
        return NOTHING

    async def _typing(self, call: Call) -> Reply:
        channel = self._channel(call)
        demand(self._world, channel, self._world.bot.id, Permission.SEND_MESSAGES)
        self._broadcast.typing(channel, self._world.bot.id)
        return NOTHING

    def _channel(self, call: Call) -> Channel:
        return self._world.channel(call.id("channel"))

    def _readable(self, call: Call) -> Channel:
        channel = self._channel(call)
        demand(self._world, channel, self._world.bot.id, Permission.READ_MESSAGE_HISTORY)
        return channel

    def _message(self, call: Call) -> Message:
        """A message that the bot's token can reach; private replies it cannot."""
        message = self._world.message(call.id("channel"), call.id("message"))
        if message.seen_by is not None:
            raise Refused(10008)
        return message

    def _refuse_unless_may_write(self, channel: Channel, body: Body, form: Field) -> None:
        bot = self._world.bot.id
        demand(self._world, channel, bot, Permission.SEND_MESSAGES)
        if channel.type == ChannelType.FORUM:
            raise Refused(50008)
        if body.files:
            demand(self._world, channel, bot, Permission.ATTACH_FILES)
        if form["embeds"].given and form["embeds"].value:
            demand(self._world, channel, bot, Permission.EMBED_LINKS)
        if channel.guild_id is None and not self._shares_a_server(channel):
            raise Refused(50007)

    def _written(self, channel: Channel, nonce: str | int | None) -> Message | None:
        """The message that an enforced nonce has made already."""
        for message in self._world.messages(channel.id):
            if nonce is not None and message.nonce == nonce and message.author_id == self._world.bot.id:
                return message
        return None

    def _shares_a_server(self, channel: Channel) -> bool:
        return any(
            all(in_guild(guild, one) for one in channel.recipients) for guild in self._world.guilds.values()
        )

    def _rules(self, channel: Channel) -> Rules:
        bot = self._world.bot.id
        everyone = may(self._world, channel, bot, Permission.MENTION_EVERYONE)
        return Rules(file_limit=file_limit(self._world, channel, bot), may_mention_everyone=everyone)

    def _reference(self, channel: Channel, form: Field) -> int | None:
        if not form.given:
            return None
        number = form.record()["message_id"].snowflake()
        if self._world.find_message(channel.id, number):
            return number
        if form["fail_if_not_exists"].truth(default=True):
            form.wrong("REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        return None


def _nonce(form: Field) -> str | int | None:
    nonce = form["nonce"]
    if not nonce.given or isinstance(nonce.value, int):
        return nonce.value if nonce.given else None
    return nonce.text(0, _NONCE_LIMIT)
