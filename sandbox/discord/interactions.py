"""An interaction's life: three seconds to answer, fifteen minutes in which its token opens its messages."""

import asyncio
import base64
import secrets
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.discord.broadcast import Broadcast
from sandbox.discord.facets import user
from sandbox.discord.gateway import Gateway
from sandbox.discord.installs import context, is_member, must_whisper
from sandbox.discord.nouns import MIB, Channel, Message, Origin
from sandbox.discord.payloads import Payloads
from sandbox.discord.permissions import GUEST, in_channel
from sandbox.discord.refusals import Json, Refused
from sandbox.discord.world import World

DEADLINE_MS = 3_000
LIFETIME_MS = 15 * 60 * 1_000
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
MOST_GUEST_FOLLOW_UPS = 5
NO_RESPONSE = "The application did not respond"
_BOOST_LIMIT = {0: 10 * MIB, 1: 10 * MIB, 2: 50 * MIB, 3: 100 * MIB}


class State(StrEnum):
    """How an interaction stands for the person who began it."""

    PENDING = "pending"
    ANSWERED = "answered"
    DEFERRED = "deferred"
    UPDATED = "updated"
    DEFERRED_UPDATE = "deferred_update"
    CHOICES = "choices"
    MODAL = "modal"
    FAILED = "failed"


@dataclass(slots=True, kw_only=True, eq=False)
class Interaction:
    """One use of a command or a component, or the sending of a form.

    ``original`` is the message that ``@original`` names: the answer, or the message that a component is on.
    ``owners`` are the installations that allow it, ``opener`` what opened the form, ``whispers`` whether
    every answer is private.
    """

    id: int
    token: str
    type: int
    user_id: int
    channel: Channel
    data: Json
    created: int
    file_limit: int
    name: str = ""
    source: Message | None = None
    owners: Json = field(default_factory=dict)
    opener: "Interaction | None" = None
    whispers: bool = False
    follow_ups: int = 0
    modal: Json | None = None
    state: State = State.PENDING
    original: int | None = None
    choices: list[Json] | None = None
    settled: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def custom_id(self) -> str | None:
        """The component that was used, if it was one."""
        custom_id = self.data.get("custom_id")
        return custom_id if isinstance(custom_id, str) else None

    @property
    def origin(self) -> Origin:
        """What a message remembers of the interaction it answers."""
        return Origin(
            interaction_id=self.id,
            type=self.type,
            user_id=self.user_id,
            name=self.name,
            source_message_id=self.source.id if self.source else None,
            owners=self.owners,
            opener=self.opener.origin if self.opener else None,
        )


class Interactions:
    """All that are alive, and the way from a person's act to the bot's gateway."""

    def __init__(self, world: World, payloads: Payloads, gateway: Gateway, broadcast: Broadcast) -> None:
        self._world = world
        self._payloads = payloads
        self._gateway = gateway
        self._broadcast = broadcast
        self._by_token: dict[str, Interaction] = {}
        self._deadlines: set[asyncio.Task[None]] = set()

    def begin(
        self,
        kind: int,
        user_id: int,
        channel: Channel,
        data: Json,
        *,
        owners: Json,
        name: str = "",
        source: Message | None = None,
        opener: Interaction | None = None,
    ) -> Interaction:
        """Make an interaction, tell the bot, and start its three seconds."""
        number, person = self._world.ids.new(), self._world.user(user_id)
        interaction = Interaction(
            id=number,
            token=_token(number),
            type=kind,
            user_id=user_id,
            channel=channel,
            data=data,
            created=self._world.clock.now(),
            file_limit=file_limit(self._world, channel, user_id),
            name=name,
            source=source,
            owners=owners,
            opener=opener,
            whispers=must_whisper(self._world, channel, person, owners),
        )
        self._forget_dead()
        self._by_token[interaction.token] = interaction
        self._gateway.dispatch("INTERACTION_CREATE", self._event(interaction), guild_id=channel.guild_id)
        self._tell(interaction)
        self._start_deadline(interaction)
        return interaction

    def to_answer(self, interaction_id: int, token: str) -> Interaction:
        """The interaction that a callback answers.

        Raises:
            Refused: 10062 if it is unknown or its three seconds are over, 40060 if it has been answered.
        """
        interaction = self._by_token.get(token)
        if interaction is None or interaction.id != interaction_id:
            raise Refused(10062)
        if interaction.state not in (State.PENDING, State.FAILED):
            raise Refused(40060)
        if self._age(interaction) > DEADLINE_MS or interaction.state is State.FAILED:
            raise Refused(10062)
        return interaction

    def by_token(self, application_id: int, token: str) -> Interaction:
        """The answered interaction whose messages a token opens.

        Raises:
            Refused: 10015 if the bot has not answered it or it is no webhook of this application,
                50027 once its fifteen minutes are over.
        """
        if application_id != self._world.bot.id:
            raise Refused(10015)
        interaction = self._by_token.get(token)
        if interaction is None or self._age(interaction) > LIFETIME_MS:
            raise Refused(50027)
        if interaction.state in (State.PENDING, State.FAILED, State.CHOICES):
            raise Refused(10015)
        return interaction

    def settle(self, interaction: Interaction, state: State, *, original: int | None = None) -> None:
        """Note how the bot answered, and let who waits go on."""
        interaction.state = state
        interaction.original = original
        interaction.settled.set()
        self._tell(interaction)

    async def stop(self) -> None:
        """End all waiting: who still hopes for an answer will not get one."""
        for interaction in self._by_token.values():
            if interaction.state is State.PENDING:
                self.settle(interaction, State.FAILED)
        for task in self._deadlines:
            task.cancel()
        await asyncio.gather(*self._deadlines, return_exceptions=True)

    def _start_deadline(self, interaction: Interaction) -> None:
        task = asyncio.create_task(self._fail_in_time(interaction))
        self._deadlines.add(task)
        task.add_done_callback(self._deadlines.discard)

    async def _fail_in_time(self, interaction: Interaction) -> None:
        await self._world.clock.sleep((DEADLINE_MS + 1 - self._age(interaction)) / 1_000)
        if interaction.state is State.PENDING:
            self.settle(interaction, State.FAILED)

    def _forget_dead(self) -> None:
        for token, interaction in list(self._by_token.items()):
            if self._age(interaction) <= LIFETIME_MS:
                break  # they are in the order of their making
            del self._by_token[token]

    def _age(self, interaction: Interaction) -> int:
        return self._world.clock.now() - interaction.created

    def _tell(self, interaction: Interaction) -> None:
        if interaction.type == AUTOCOMPLETE:
            return
        states = {State.PENDING: "pending", State.FAILED: "failed"}
        event = {
            "interaction": str(interaction.id),
            "channel": str(interaction.channel.id),
            "message": str(interaction.source.id) if interaction.source else None,
            "custom_id": interaction.custom_id,
            "state": states.get(interaction.state, "answered"),
        }
        self._broadcast.interaction(interaction.user_id, event)

    def _event(self, interaction: Interaction) -> Json:
        channel, person = interaction.channel, self._world.user(interaction.user_id)
        permissions = str(in_channel(self._world, channel, person.id))
        event: Json = {
            "id": str(interaction.id),
            "application_id": str(self._world.bot.id),
            "type": interaction.type,
            "token": interaction.token,
            "version": 1,
            "data": interaction.data,
            "channel_id": str(channel.id),
            "channel": self._payloads.channel(channel) | {"permissions": permissions},
            "app_permissions": str(self._app_permissions(channel, person.id)),
            "locale": person.locale,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "attachment_size_limit": interaction.file_limit,
        }
        if interaction.source:
            event["message"] = self._payloads.message(interaction.source)
        event |= {
            "context": context(self._world, channel),
            "authorizing_integration_owners": interaction.owners,
        }
        return event | self._place(channel, person.id, permissions)

    def _app_permissions(self, channel: Channel, user_id: int) -> int:
        """What the bot may do there; where it is only a guest, as far as who brought it may."""
        if is_member(self._world, channel) and channel.guild_id is not None:
            return in_channel(self._world, channel, self._world.bot.id)
        return GUEST & in_channel(self._world, channel, user_id)

    def _place(self, channel: Channel, user_id: int, permissions: str) -> Json:
        """Where it happens: in a server, with the member; or in a conversation, with the user."""
        if channel.guild_id is None:
            return {"user": user(self._world.user(user_id))}
        guild = self._world.guild(channel.guild_id)
        member = self._payloads.member(self._world.member(guild.id, user_id))
        return {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
            "guild_locale": guild.locale,
            "member": member | {"permissions": permissions, "communication_disabled_until": None},
        }


def file_limit(world: World, channel: Channel, user_id: int) -> int:
    """Bytes a file may have here: the larger of what the person and the server's boosts pay for."""
    tier = world.guild(channel.guild_id).premium_tier if channel.guild_id is not None else 0
    return max(world.user(user_id).upload_limit, _BOOST_LIMIT[tier])


def _token(interaction_id: int) -> str:
    words = f"interaction:{interaction_id}:{secrets.token_urlsafe(48)}"
    return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")
