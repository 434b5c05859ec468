"""Messages by the bot's own token: it may do in a channel what its roles let it do there."""

from sandbox.discord.broadcast import Broadcast
from sandbox.discord.interactions import file_limit
from sandbox.discord.messages import Rules
from sandbox.discord.payloads import Payloads
from sandbox.discord.permissions import Permission, in_guild, may
from sandbox.discord.postbox import Postbox, demand, public
from sandbox.discord.ratelimits import WRITES, Limit
from sandbox.discord.refusals import Json, Refused
from sandbox.discord.rest.door import NOTHING, Call, Reply, Route, ok
from sandbox.discord.world import Channel, ChannelType, Message, World

_NONCE_LIMIT = 25


class Messages:
    """The routes of messages."""

    def __init__(self, world: World, payloads: Payloads, postbox: Postbox, broadcast: Broadcast) -> None:
        self._world = world
        self._payloads = payloads
        self._postbox = postbox
        self._broadcast = broadcast

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
        channel = self._channel(call)
        payload = call.body.payload if isinstance(call.body.payload, dict) else {}
        self._refuse_unless_may_write(channel, call, payload)
        nonce = payload.get("nonce")
        if nonce is not None and len(str(nonce)) > _NONCE_LIMIT:
            raise _wrong("nonce", "BASE_TYPE_MAX_LENGTH", f"Must be {_NONCE_LIMIT} or fewer in length.")
        if nonce is not None and payload.get("enforce_nonce"):
            for message in self._world.messages(channel.id):
                if message.nonce == nonce and message.author_id == self._world.bot.id:
                    return ok(self._payloads.message(message))
        reference = self._reference(channel, payload)
        blank = Message(
            id=self._world.ids.new(),
            channel_id=channel.id,
            author_id=self._world.bot.id,
            type=0 if reference is None else 19,
            reference=reference,
            nonce=nonce,
        )
        return ok(self._payloads.message(self._postbox.create(blank, call.body, self._rules(channel))))

    async def _get(self, call: Call) -> Reply:
        self._readable(call)
        return ok(self._payloads.message(self._message(call)))

    async def _edit(self, call: Call) -> Reply:
        channel = self._channel(call)
        demand(self._world, channel, self._world.bot.id)
        message = self._message(call)
        if message.author_id != self._world.bot.id:
            raise Refused(50005)
        if call.body.files:
            demand(self._world, channel, self._world.bot.id, Permission.ATTACH_FILES)
        return ok(self._payloads.message(self._postbox.edit(message, call.body, self._rules(channel))))

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

    def _refuse_unless_may_write(self, channel: Channel, call: Call, payload: Json) -> None:
        bot = self._world.bot.id
        demand(self._world, channel, bot, Permission.SEND_MESSAGES)
        if call.body.files:
            demand(self._world, channel, bot, Permission.ATTACH_FILES)
        if payload.get("embeds"):
            demand(self._world, channel, bot, Permission.EMBED_LINKS)
        if channel.type == ChannelType.DM and not self._shares_a_server(channel):
            raise Refused(50007)

    def _shares_a_server(self, channel: Channel) -> bool:
        return any(
            all(in_guild(guild, one) for one in channel.recipients) for guild in self._world.guilds.values()
        )

    def _rules(self, channel: Channel) -> Rules:
        bot = self._world.bot.id
        everyone = may(self._world, channel, bot, Permission.MENTION_EVERYONE)
        return Rules(file_limit=file_limit(self._world, channel, bot), may_mention_everyone=everyone)

    def _reference(self, channel: Channel, payload: Json) -> int | None:
        reference = payload.get("message_reference")
        if not isinstance(reference, dict):
            return None
        number = str(reference.get("message_id", ""))
        if any(str(message.id) == number for message in self._world.messages(channel.id)):
            return int(number)
        if reference.get("fail_if_not_exists", True):
            raise _wrong("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        return None


def _wrong(key: str, code: str, message: str) -> Refused:
    return Refused(50035, errors={key: {"_errors": [{"code": code, "message": message}]}})
