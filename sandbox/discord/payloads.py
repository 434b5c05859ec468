"""The world in Discord's own words: the JSON of users, servers, channels and messages."""

import copy

from sandbox.discord import components, layout, places
from sandbox.discord.cdn import Cdn
from sandbox.discord.facets import iso, presence, user
from sandbox.discord.intents import Intent
from sandbox.discord.nouns import Attachment, Channel, Guild, Member, Message, Origin
from sandbox.discord.permissions import in_channel
from sandbox.discord.refusals import Json
from sandbox.discord.world import World, created


class Payloads:
    """JSON for what refers to other things: members to users, messages to authors and to signed links."""

    def __init__(self, world: World, cdn: Cdn) -> None:
        self._world = world
        self._cdn = cdn

    def member(self, member: Member) -> Json:
        """A member of a server, with their user."""
        return {"user": user(self._world.user(member.user_id))} | self.bare_member(member)

    def bare_member(self, member: Member) -> Json:
        """A member without their user, as in messages."""
        return {
            "roles": [str(role_id) for role_id in member.roles],
            "nick": member.nick,
            "avatar": None,
            "joined_at": iso(member.joined),
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
        }

    def channel(self, channel: Channel) -> Json:
        """A channel, a thread or a conversation."""
        return places.channel(self._world, channel)

    def guild(self, guild: Guild) -> Json:
        """A server, without what only its first event carries."""
        return places.guild(guild)

    def guild_create(self, guild: Guild, intents: int) -> Json:
        """A server with all in it; without their intents only one member, the bot, and no presences."""
        bot = self._world.bot.id
        members = [
            self.member(member)
            for member in guild.members.values()
            if intents & Intent.MEMBERS or member.user_id == bot
        ]
        users = [self._world.user(one) for one in guild.members] if intents & Intent.PRESENCES else []
        threads = [one for one in self._world.threads_of(guild.id) if in_channel(self._world, one, bot)]
        return self.guild(guild) | {
            "joined_at": iso(guild.members[self._world.bot.id].joined),
            "large": False,
            "unavailable": False,
            "member_count": len(guild.members),
            "members": members,
            "channels": [self.channel(channel) for channel in self._world.channels_of(guild.id)],
            "threads": [self.channel(thread) for thread in threads],
            "voice_states": [],
            "presences": [presence(one, guild.id) for one in users if one.status != "offline"],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def attachment(self, attachment: Attachment) -> Json:
        """A file with a fresh link."""
        link = self._cdn.link(attachment)
        shown: Json = {
            "id": str(attachment.id),
            "filename": attachment.filename,
            "size": len(attachment.content),
            "url": link,
            "proxy_url": link,
        }
        facts = {
            "content_type": attachment.content_type,
            "width": attachment.width,
            "height": attachment.height,
            "description": attachment.description,
        }
        return shown | {key: value for key, value in facts.items() if value is not None}

    def message(self, message: Message) -> Json:
        """A message with its links fresh and its media resolved."""
        shown: Json = {
            "id": str(message.id),
            "channel_id": str(message.channel_id),
            "type": message.type,
            "content": message.content,
            "flags": message.flags,
            "author": user(self._world.user(message.author_id)),
            "timestamp": iso(created(message.id)),
            "edited_timestamp": iso(message.edited) if message.edited is not None else None,
            "tts": False,
            "pinned": False,
            "mention_everyone": message.mention_everyone,
            "mentions": [
                user(self._world.users[one]) for one in message.mention_users if one in self._world.users
            ],
            "mention_roles": [str(one) for one in message.mention_roles],
            "attachments": [self.attachment(one) for one in message.attachments],
            "embeds": self._embeds(message),
            "components": self._components(message),
        }
        if message.author_id == self._world.bot.id:
            shown["application_id"] = str(self._world.bot.id)
        if message.nonce is not None:
            shown["nonce"] = message.nonce
        return shown | self._origin(message) | self._reference(message)

    def gateway_message(self, message: Message) -> Json:
        """A message as an event carries it: with its server and the author as a member there."""
        shown = self.message(message)
        guild_id = self._world.channel(message.channel_id).guild_id
        if guild_id is None:
            return shown
        shown["guild_id"] = str(guild_id)
        member = self._world.guild(guild_id).members.get(message.author_id)
        return shown if member is None else shown | {"member": self.bare_member(member)}

    def _embeds(self, message: Message) -> list[Json]:
        shown = copy.deepcopy(list(message.embeds))
        for embed in shown:
            for key in ("image", "thumbnail"):
                if key in embed:
                    embed[key] |= self._resolved(message, embed[key]["url"])
        return shown

    def _components(self, message: Message) -> list[Json]:
        shown = copy.deepcopy(list(message.components))
        for component in layout.walk(shown):
            for item in components.media(component):
                item.update(self._resolved(message, item["url"]))
            if component["type"] == components.FILE:
                component["name"] = component["file"].get("name")
                component["size"] = component["file"].get("size")
        return shown

    def _resolved(self, message: Message, url: str) -> Json:
        name = url.removeprefix("attachment://")
        found = [one for one in message.attachments if one.filename == name] if name != url else []
        if not found:
            return {"url": url, "proxy_url": url}
        shown = self.attachment(found[0])
        kept = ("url", "proxy_url", "width", "height", "content_type", "size")
        resolved = {key: shown[key] for key in kept if key in shown}
        return resolved | {"attachment_id": shown["id"], "name": found[0].filename}

    def _origin(self, message: Message) -> Json:
        origin = message.origin
        if origin is None:
            return {}
        shown: Json = {"webhook_id": str(self._world.bot.id), "interaction_metadata": self._metadata(origin)}
        if origin.name:
            shown["interaction"] = {
                "id": str(origin.interaction_id),
                "type": origin.type,
                "name": origin.name,
                "user": user(self._world.user(origin.user_id)),
            }
        return shown

    def _metadata(self, origin: Origin) -> Json:
        metadata: Json = {
            "id": str(origin.interaction_id),
            "type": origin.type,
            "user": user(self._world.user(origin.user_id)),
            "authorizing_integration_owners": origin.owners,
        }
        if origin.opener is not None:
            metadata["triggering_interaction_metadata"] = self._metadata(origin.opener)
        if origin.source_message_id is not None:
            metadata["interacted_message_id"] = str(origin.source_message_id)
        return metadata

    def _reference(self, message: Message) -> Json:
        if message.reference is None:
            return {}
        channel = self._world.channel(message.channel_id)
        reference = {"type": 0, "message_id": str(message.reference), "channel_id": str(channel.id)}
        if channel.guild_id is not None:
            reference["guild_id"] = str(channel.guild_id)
        return {"message_reference": reference}
