"""Writing, changing and deleting messages, whoever does it, and telling everyone concerned."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sandbox.discord.broadcast import Broadcast
from sandbox.discord.forms import Field
from sandbox.discord.messages import Rules, compose
from sandbox.discord.nouns import Channel, Message, MessageFlag
from sandbox.discord.permissions import Permission, may
from sandbox.discord.refusals import Refused
from sandbox.discord.uploads import File
from sandbox.discord.world import World


class Postbox:
    """The one way that messages come to be and pass away."""

    def __init__(self, world: World, broadcast: Broadcast) -> None:
        self._world = world
        self._broadcast = broadcast

    def create(self, blank: Message, form: Field, files: Mapping[int, File], rules: Rules) -> Message:
        """Write a message over a blank one that says where and by whom."""
        message = compose(blank, form, files, rules, self._world.ids)
        self._world.keep(message)
        self._broadcast.message_created(message)
        return message

    def keep(self, message: Message) -> Message:
        """Put a ready message into its channel."""
        self._world.keep(message)
        self._broadcast.message_created(message)
        return message

    def edit(self, message: Message, form: Field, files: Mapping[int, File], rules: Rules) -> Message:
        """Lay a body over a message; one that was being thought about is ready then."""
        ready = replace(message, flags=message.flags & ~MessageFlag.LOADING)
        changed = replace(compose(ready, form, files, rules, self._world.ids), edited=self._world.clock.now())
        self._world.keep(changed)
        self._broadcast.message_updated(changed)
        return changed

    def delete(self, message: Message) -> None:
        """Delete a message."""
        self._world.forget(message)
        self._broadcast.message_deleted(message)


def demand(world: World, channel: Channel, user_id: int, *wanted: Permission) -> None:
    """Refuse who may not do this here: 50001 without sight of the channel, else 50013."""
    if not may(world, channel, user_id, Permission.VIEW_CHANNEL):
        raise Refused(50001)
    if not all(may(world, channel, user_id, one) for one in wanted):
        raise Refused(50013)


def public(messages: Iterable[Message]) -> list[Message]:
    """Those that everybody in the channel sees."""
    return [message for message in messages if message.seen_by is None]
