"""What a person can do in their chat client: read, write, upload, delete, begin threads, and use the bot.

What a real client would not let them do is refused here and never reaches the bot.
"""

from collections.abc import Sequence

from sandbox.discord.forms import Field
from sandbox.discord.interactions import Interactions, file_limit
from sandbox.discord.messages import Rules
from sandbox.discord.nouns import Attachment, Channel, ChannelType, Message
from sandbox.discord.payloads import Payloads
from sandbox.discord.permissions import Permission, may
from sandbox.discord.postbox import Postbox, demand
from sandbox.discord.refusals import Json, Refused
from sandbox.discord.registry import Registry
from sandbox.discord.threads import Threads
from sandbox.discord.uploads import File, file_facts, inspect
from sandbox.discord.using import Outcome, Using
from sandbox.discord.world import World

__all__ = ["Outcome", "People"]

_MOST_UPLOADS = 100


class People(Using):
    """Everybody's hands. Each method names the acting user by id."""

    def __init__(
        self,
        world: World,
        payloads: Payloads,
        postbox: Postbox,
        threads: Threads,
        registry: Registry,
        interactions: Interactions,
    ) -> None:
        super().__init__(world, payloads, registry, interactions)
        self._postbox = postbox
        self._threads = threads

    def messages(
        self, user_id: int, channel_id: int, *, before: int | None = None, limit: int = 50
    ) -> list[Json]:
        """The latest messages of a channel as somebody sees them, oldest first."""
        channel = self._seen_channel(user_id, channel_id)
        seen = [
            message
            for message in self._world.messages(channel.id)
            if message.seen_by in (None, user_id) and (before is None or message.id < before)
        ]
        return [self._payloads.message(message) for message in seen[-max(1, min(limit, 100)) :]]

    def write(self, user_id: int, channel_id: int, content: str, uploads: Sequence[int] = ()) -> Json:
        """Write a message, with files that were uploaded before."""
        channel = self._seen_channel(user_id, channel_id)
        needed = (Permission.SEND_MESSAGES, *([Permission.ATTACH_FILES] if uploads else []))
        demand(self._world, channel, user_id, *needed)
        if channel.type == ChannelType.FORUM:
            raise Refused(50008)
        return self._payloads.message(self._written(user_id, channel, content, uploads))

    def begin_thread(
        self,
        user_id: int,
        channel_id: int,
        name: str,
        *,
        content: str = "",
        message_id: int | None = None,
        private: bool = False,
    ) -> Json:
        """Begin a thread, on a message if one is named; in a forum a post, which begins with its content."""
        channel = self._seen_channel(user_id, channel_id)
        is_post = channel.type == ChannelType.FORUM
        if is_post and not content.strip():
            raise Refused(50006)
        thread = self._threads.begin(user_id, channel, name, message_id=message_id, private=private)
        if content.strip():
            self._written(user_id, thread, content)
        return self._payloads.channel(thread)

    def _written(self, user_id: int, channel: Channel, content: str, uploads: Sequence[int] = ()) -> Message:
        blank = Message(id=self._world.ids.new(), channel_id=channel.id, author_id=user_id)
        everyone = may(self._world, channel, user_id, Permission.MENTION_EVERYONE)
        rules = Rules(file_limit=file_limit(self._world, channel, user_id), may_mention_everyone=everyone)
        files = {number: self._uploaded(upload) for number, upload in enumerate(uploads)}
        return self._postbox.create(blank, Field({"content": content}), files, rules)

    def _uploaded(self, upload_id: int) -> File:
        upload = self._world.uploads.get(upload_id)
        if upload is None:
            raise Refused(50035)
        return File(
            name=upload.filename,
            content=upload.content,
            content_type=upload.content_type,
            width=upload.width,
            height=upload.height,
        )

    def delete(self, user_id: int, channel_id: int, message_id: int) -> None:
        """Delete an own message, dismiss a private one, or as a moderator delete anybody's."""
        channel, message = self._seen_message(user_id, channel_id, message_id)
        if user_id not in (message.author_id, message.seen_by):
            demand(self._world, channel, user_id, Permission.MANAGE_MESSAGES)
        self._postbox.delete(message)

    async def upload(self, user_id: int, channel_id: int, filename: str, content: bytes) -> Json:
        """Upload a file for a command's option or a form."""
        channel = self._seen_channel(user_id, channel_id)
        if len(content) > file_limit(self._world, channel, user_id):
            raise Refused(40005)
        file = await inspect(filename, content)
        upload = Attachment(id=self._world.ids.new(), channel_id=channel.id, **file_facts(file))
        uploads = self._world.uploads
        uploads[upload.id] = upload
        if len(uploads) > _MOST_UPLOADS:
            del uploads[next(iter(uploads))]
        return self._payloads.attachment(upload)
