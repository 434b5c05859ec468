"""Threads and forum posts: who may begin one, and who hears of it."""

from dataclasses import replace

from sandbox.discord.broadcast import Broadcast
from sandbox.discord.nouns import Channel, ChannelType, Message, MessageType
from sandbox.discord.permissions import Permission
from sandbox.discord.postbox import Postbox, demand
from sandbox.discord.refusals import Refused
from sandbox.discord.world import World

_LONGEST_NAME = 100
_HOSTS = (ChannelType.TEXT, ChannelType.FORUM)


class Threads:
    """The one way that threads come to be."""

    def __init__(self, world: World, broadcast: Broadcast, postbox: Postbox) -> None:
        self._world = world
        self._broadcast = broadcast
        self._postbox = postbox

    def begin(
        self,
        user_id: int,
        parent: Channel,
        name: str,
        *,
        message_id: int | None = None,
        private: bool = False,
    ) -> Channel:
        """Begin a thread or a post; one on a message has the message's own id.

        Raises:
            Refused: 50024 where there are no threads, 50013 without the right, 160004 if the message has one.
        """
        if parent.type not in _HOSTS or (private and parent.type == ChannelType.FORUM):
            raise Refused(50024)
        demand(self._world, parent, user_id, _right(parent, private=private))
        if not 1 <= len(name) <= _LONGEST_NAME:
            error = {"code": "BASE_TYPE_BAD_LENGTH", "message": "Must be between 1 and 100 in length."}
            raise Refused(50035, errors={"name": {"_errors": [error]}})
        if message_id is not None:
            self._world.message(parent.id, message_id)
            if message_id in self._world.channels:
                raise Refused(160004)
        thread = self._made(user_id, parent, name, message_id, private=private)
        self._broadcast.thread_begun(thread)
        if message_id is None and parent.type != ChannelType.FORUM and not private:
            self._announce(user_id, parent, thread)
        return thread

    def join(self, thread: Channel, user_id: int) -> Channel:
        """Put somebody into a thread, which shows them a private one."""
        if user_id in thread.recipients:
            return thread
        joined = replace(thread, recipients=(*thread.recipients, user_id))
        self._world.channels[thread.id] = joined
        self._broadcast.channel("THREAD_UPDATE", joined)
        return joined

    def _made(
        self, user_id: int, parent: Channel, name: str, message_id: int | None, *, private: bool
    ) -> Channel:
        thread = Channel(
            id=message_id or self._world.ids.new(),
            type=ChannelType.PRIVATE_THREAD if private else ChannelType.PUBLIC_THREAD,
            guild_id=parent.guild_id,
            name=name,
            parent_id=parent.id,
            owner_id=user_id,
            recipients=(user_id,),
        )
        self._world.channels[thread.id] = thread
        return thread

    def _announce(self, user_id: int, parent: Channel, thread: Channel) -> None:
        self._postbox.keep(
            Message(
                id=self._world.ids.new(),
                channel_id=parent.id,
                author_id=user_id,
                type=MessageType.THREAD_CREATED,
                content=thread.name,
            )
        )


def _right(parent: Channel, *, private: bool) -> Permission:
    if parent.type == ChannelType.FORUM:
        return Permission.SEND_MESSAGES
    return Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS
