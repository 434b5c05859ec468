"""Somebody in the chat, and a message as this person sees it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox import transcript
from sandbox.discord import DiscordSandbox, components
from sandbox.discord.people import Outcome
from sandbox.discord.refusals import Json

PATIENCE = 10
"""Real seconds within which an answer has to come; the house's clock stands still meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Types, presses, chooses and reads in one channel. Every act lasts until the bot has answered it."""

    discord: DiscordSandbox
    id: int
    channel: int

    async def type(self, command: str, **options: Any) -> "Said":
        """Use a slash command; gives the answer."""
        people = self.discord.people
        return await self._answer(people.invoke(self.id, self.channel, command, options))

    async def suggestions(self, command: str, focused: str, **options: Any) -> dict[str, str]:
        """What is offered while typing: value by name."""
        people = self.discord.people
        outcome = await people.autocomplete(self.id, self.channel, command, options, focused)
        return {choice["name"]: choice["value"] for choice in outcome.choices or []}

    async def press(self, message: "Said", label: str) -> "Said":
        """Press a button; gives the answer."""
        custom_id = transcript.button(message.seen_by(self), label)
        assert custom_id, f"there is no button {label!r} on\n{message.text}"
        people = self.discord.people
        return await self._answer(people.click(self.id, self.channel, message.id, custom_id))

    async def choose(self, message: "Said", *values: str) -> "Said":
        """Choose from a message's select; gives the answer."""
        custom_id = transcript.menu(message.seen_by(self)) or ""
        people = self.discord.people
        return await self._answer(people.select(self.id, self.channel, message.id, custom_id, values))

    async def attach(self, name: str, content: bytes) -> str:
        """Upload a file; gives what a command's option takes."""
        file = await self.discord.people.upload(self.id, self.channel, name, content)
        return str(file["id"])

    def delete(self, message: "Said") -> None:
        """Take a message away."""
        self.discord.people.delete(self.id, self.channel, message.id)

    def messages(self) -> list[Json]:
        """Everything this person sees in the channel."""
        return self.discord.people.messages(self.id, self.channel)

    def read(self) -> list[str]:
        """The same, as text."""
        return [said(message) for message in self.messages()]

    async def _answer(self, act: Any) -> "Said":
        before = {message["id"] for message in self.messages()}
        outcome: Outcome = await asyncio.wait_for(act, PATIENCE)
        assert outcome.error is None, outcome.error
        return Said(reader=self, id=int(await self._answer_id(outcome, before)))

    async def _answer_id(self, outcome: Outcome, before: set[str]) -> str:
        """A private word comes beside the card that was opened for the answer, or instead of it."""
        for _ in range(1 if outcome.message and not _thinking(outcome.message) else 10):
            new = [message for message in self.messages() if message["id"] not in before]
            private = [message["id"] for message in new if message["flags"] & transcript.PRIVATE]
            if private:
                return str(private[-1])
            await asyncio.sleep(0.005)
        assert outcome.message, "there is no answer"
        return str(outcome.message["id"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message of the bot, always as it is now."""

    reader: Person
    id: int

    def seen_by(self, person: Person) -> Json:
        """The message as somebody sees it."""
        found = next((one for one in person.messages() if int(one["id"]) == self.id), None)
        assert found is not None, "the message is gone"
        return found

    @property
    def gone(self) -> bool:
        """Whether it is there no more."""
        return all(int(one["id"]) != self.id for one in self.reader.messages())

    @property
    def text(self) -> str:
        """All that can be read on it."""
        return said(self.seen_by(self.reader))

    @property
    def private(self) -> bool:
        """Whether its reader alone sees it."""
        return bool(self.seen_by(self.reader)["flags"] & transcript.PRIVATE)

    @property
    def buttons(self) -> list[str]:
        """What can be pressed, links included."""
        shown = components.walk(self.seen_by(self.reader)["components"])
        return [str(one["label"]) for one in shown if one.get("label")]

    @property
    def links(self) -> Sequence[str]:
        """Where its link buttons lead."""
        return transcript.links(self.seen_by(self.reader))

    @property
    def files(self) -> dict[str, str]:
        """Its attachments: addresses by name."""
        return {file["filename"]: file["url"] for file in self.seen_by(self.reader)["attachments"]}


def said(message: Json) -> str:
    """A message as text."""
    return "\n".join(transcript.lines(message, {}))


def _thinking(message: Json) -> bool:
    return bool(message["flags"] & transcript.THINKING)
