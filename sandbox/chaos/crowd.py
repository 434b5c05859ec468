"""Members who come, make things, change their minds, meddle with others' work, and leave."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any

from sandbox import transcript
from sandbox.discord.people import Outcome
from sandbox.discord.refusals import Json, Refused
from sandbox.discord.server import DiscordSandbox

AT_ONCE = 5
PROMPTS = ("a brass owl", "a wooden knight", "a clay fox", "a tin robot", "a stone cat")
"""Few, so that two people often ask the same."""
RIGGERS = ("tripo", "meshy", "replicate")
ANIMATORS = ("tripo", "meshy")
ALL = ("tripo", "meshy", "replicate", "comfyui", "auto")
STOP, STOP_INDEED = "Cancel", "Yes, stop it"
BUILD = ("Rig", "Retry")
ANIMATE, CLIP = "Animate", "walk"


@dataclass(slots=True, kw_only=True)
class Crowd:
    """Visitors, a few at a time, each a new member with a quota of their own."""

    discord: DiscordSandbox
    rng: Random
    pause: float
    """Seconds between two acts of one visitor, about."""
    intruders: int = 0
    """How often somebody was let at another's job."""
    visitors: int = 0

    async def come(self) -> None:
        """Go on for ever; cancel it to send them home."""
        async with asyncio.TaskGroup() as group:
            for number in range(AT_ONCE):
                group.create_task(self._keep_coming(Random(self.rng.random()), number * self.pause / AT_ONCE))

    async def _keep_coming(self, rng: Random, pause: float) -> None:
        await asyncio.sleep(pause)
        while True:
            visitor = Visitor(crowd=self, rng=rng, id=self._somebody(), channel=self._somewhere(rng))
            for _ in range(rng.randint(2, 6)):
                with suppress(Refused):  # a button that is not there any more
                    await visitor.act()
                await asyncio.sleep(self.pause * (0.5 + rng.random()))

    def _somebody(self) -> int:
        self.visitors += 1
        new = self.discord.changes.add_user(f"visitor{self.visitors}")
        self.discord.changes.put_member(self._guild, new.id)
        return new.id

    def _somewhere(self, rng: Random) -> int:
        rooms = [one.id for one in self.discord.world.channels_of(self._guild) if one.name.startswith("room")]
        if not rooms or len(rooms) * 10 < self.visitors:
            rooms.append(self.discord.changes.add_channel(self._guild, f"room-{len(rooms)}").id)
        return rng.choice(rooms[-2:])

    @property
    def _guild(self) -> int:
        return next(iter(self.discord.world.guilds))


@dataclass(slots=True, kw_only=True)
class Visitor:
    """One of them."""

    crowd: Crowd
    rng: Random
    id: int
    channel: int

    async def act(self) -> None:
        """Do one thing, perhaps in vain: the bot may be dead, or the button gone."""
        acts = (self._generate, self._chain, self._build, self._animate, self._stop, self._meddle)
        await self.rng.choice(acts)()

    async def _generate(self) -> None:
        await self._type("generate", prompt=self.rng.choice(PROMPTS), provider=self.rng.choice(ALL))

    async def _chain(self) -> None:
        if self.rng.random() < 0.5:
            vendor = self.rng.choice(RIGGERS)
            await self._type("generate", prompt=self.rng.choice(PROMPTS), provider=vendor, rig=True)
        else:
            vendor = self.rng.choice(ANIMATORS)
            await self._type("generate", prompt=self.rng.choice(PROMPTS), provider=vendor, animate=CLIP)

    async def _build(self) -> None:
        """On one's own or on another's, which makes a model of one's own."""
        found = [(card, label) for card in self._cards() for label in BUILD if transcript.button(card, label)]
        if found:
            await self._press(*self.rng.choice(found))
        else:
            await self._generate()

    async def _animate(self) -> None:
        card = next((one for one in self._cards() if transcript.button(one, ANIMATE)), None)
        menu = await self._press(card, ANIMATE) if card else None
        if menu and transcript.menu(menu):
            people, custom_id = self.crowd.discord.people, transcript.menu(menu) or ""
            await people.select(self.id, self.channel, int(menu["id"]), custom_id, [CLIP])
        elif not card:
            await self._build()

    async def _stop(self) -> None:
        for card in self._cards(own=True):
            if transcript.button(card, STOP):
                question = await self._press(card, STOP)
                if question and transcript.button(question, STOP_INDEED):
                    await self._press(question, STOP_INDEED)
                return

    async def _meddle(self) -> None:
        for card in self._cards(own=False):
            if transcript.button(card, STOP):
                question = await self._press(card, STOP)
                if question and transcript.button(question, STOP_INDEED):
                    self.crowd.intruders += 1
                return

    def _cards(self, *, own: bool | None = None) -> Iterator[Json]:
        """What can be seen of jobs, the latest first; one's own, others' or all."""
        for message in reversed(self.crowd.discord.people.messages(self.id, self.channel)):
            origin = message.get("interaction_metadata")
            if origin and not message["flags"] & transcript.PRIVATE:
                mine = int(origin["user"]["id"]) == self.id
                if own is None or own is mine:
                    yield message

    async def _type(self, command: str, **options: Any) -> None:
        await self.crowd.discord.people.invoke(self.id, self.channel, command, options)

    async def _press(self, message: Json, label: str) -> Json | None:
        people, custom_id = self.crowd.discord.people, transcript.button(message, label) or ""
        outcome = await people.click(self.id, self.channel, int(message["id"]), custom_id)
        return self._private(outcome)

    def _private(self, outcome: Outcome) -> Json | None:
        """What only this visitor was told."""
        since = self.crowd.discord.people.messages(self.id, self.channel)
        told = [one for one in since if int(one["id"]) > outcome.interaction]
        return next((one for one in told if one["flags"] & transcript.PRIVATE), None)
