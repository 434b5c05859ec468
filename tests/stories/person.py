"""Somebody in the chat, and a message as this person sees it."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox import transcript
from sandbox.discord import DiscordSandbox, layout
from sandbox.discord.people import Outcome
from sandbox.discord.refusals import Json

PATIENCE = 10
"""Real seconds within which an answer has to come; the house's clock stands still meanwhile."""
LOOK = 0.005
LOOKS = 200
"""How often we look whether a private word follows where a card was opened first, and stays empty."""


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

    async def fill(self, command: str, text: str, **options: Any) -> "Said":
        """Use a slash command that opens a form with one field, put this into it, and send it."""
        people = self.discord.people
        opened = await asyncio.wait_for(people.invoke(self.id, self.channel, command, options), PATIENCE)
        assert opened.modal, "there is no form"
        (field,) = [one["custom_id"] for one in layout.walk(opened.modal["components"]) if "custom_id" in one]
        sent = await self._answer(people.submit(self.id, opened.interaction, {field: text}))
        async with asyncio.timeout(PATIENCE):
            while _thinking(sent.seen_by(self)):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(LOOK)
        return sent

    async def fill_form(self, message: "Said", label: str, text: str) -> "Said":
        """Press a button that opens a form with one field, put this into it, and send it."""
        custom_id = transcript.button(message.seen_by(self), label)
        assert custom_id, f"there is no button {label!r} on\n{message.text}"
        people = self.discord.people
        click = people.click(self.id, self.channel, message.id, custom_id)
        opened = await asyncio.wait_for(click, PATIENCE)
        assert opened.modal, "there is no form"
        (field,) = [one["custom_id"] for one in layout.walk(opened.modal["components"]) if "custom_id" in one]
        return await self._answer(people.submit(self.id, opened.interaction, {field: text}))

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

    async def press_twice(self, message: "Said", label: str) -> "list[Said]":
        """Press a button again before the first click is answered; gives the card and the private refusal.

        The card may still be empty: when it is drawn is for the house's clock to say.
        """
        custom_id = transcript.button(message.seen_by(self), label) or ""
        people, before = self.discord.people, self._seen()
        clicks = [people.click(self.id, self.channel, message.id, custom_id) for _ in range(2)]
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*clicks)
            while len(new := self._new(before)) != len(clicks) or not any(map(_private, new)):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(LOOK)
        return [Said(reader=self, id=int(one["id"])) for one in sorted(new, key=_private)]

    async def choose(self, message: "Said", *values: str) -> "Said":
        """Choose from a message's select; gives the answer."""
        custom_id = transcript.menu(message.seen_by(self)) or ""
        people = self.discord.people
        return await self._answer(people.select(self.id, self.channel, message.id, custom_id, values))

    async def choose_from(self, message: "Said", custom_id: str, *values: str) -> "Said":
        """Choose from one of several selects; gives the answer."""
        people = self.discord.people
        return await self._answer(people.select(self.id, self.channel, message.id, custom_id, values))

    async def credits(self) -> int:
        """What the bot says is left to use."""
        told = (await self.type("quota")).text
        return int(next(word for word in told.split() if word.isdigit()))

    async def newest_model(self) -> str:
        """The id of the model that is offered first."""
        return next(iter((await self.suggestions("status", "model")).values()))

    async def attach(self, name: str, content: bytes) -> str:
        """Upload a file; gives what a command's option takes."""
        file = await self.discord.people.upload(self.id, self.channel, name, content)
        return str(file["id"])

    async def post(self, *files: tuple[str, bytes], text: str = "") -> int:
        """Write a message with files; gives its id."""
        uploads = [int(await self.attach(*file)) for file in files]
        return int(self.discord.people.write(self.id, self.channel, text, uploads)["id"])

    async def use_on(self, message_id: int, command: str) -> "Said":
        """Use a command from a message's menu; gives the answer."""
        people = self.discord.people
        return await self._answer(people.use_on_message(self.id, self.channel, command, message_id))

    def delete(self, message: "Said") -> None:
        """Take a message away."""
        self.discord.people.delete(self.id, self.channel, message.id)

    def messages(self) -> list[Json]:
        """Everything this person sees in the channel."""
        return self.discord.people.messages(self.id, self.channel)

    def read(self) -> list[str]:
        """The same, as text."""
        return [said(message) for message in self.messages()]

    async def _answer(self, act: Awaitable[Outcome]) -> "Said":
        before = self._seen()
        outcome = await asyncio.wait_for(act, PATIENCE)
        assert outcome.error is None, outcome.error
        return Said(reader=self, id=int((await self._answering(outcome, before))["id"]))

    async def _answering(self, outcome: Outcome, before: set[str]) -> Json:
        """A private word comes beside the card that was opened for the answer, or instead of it."""
        for _ in range(LOOKS):
            private = [message for message in self._new(before) if _private(message)]
            if private:
                return private[-1]
            if outcome.message and self._is_drawn(outcome.message["id"]):
                break
            await asyncio.sleep(LOOK)
        assert outcome.message, "there is no answer"
        return outcome.message

    def _is_drawn(self, message_id: str) -> bool:
        """Whether a card is there and has something on it."""
        return any(one["id"] == message_id and not _thinking(one) for one in self.messages())

    def _seen(self) -> set[str]:
        return {message["id"] for message in self.messages()}

    def _new(self, before: set[str]) -> list[Json]:
        return [message for message in self.messages() if message["id"] not in before]


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
        return _private(self.seen_by(self.reader))

    @property
    def buttons(self) -> list[str]:
        """What can be pressed, links included."""
        shown = layout.walk(self.seen_by(self.reader)["components"])
        return [str(one["label"]) for one in shown if one.get("label")]

    @property
    def links(self) -> Sequence[str]:
        """Where its link buttons lead."""
        return transcript.links(self.seen_by(self.reader))

    @property
    def downloads(self) -> list[str]:
        """The same, but for the 3D view: where the files are."""
        return [link for link in self.links if not link.endswith("/view")]

    @property
    def files(self) -> dict[str, str]:
        """Its attachments: addresses by name."""
        return {file["filename"]: file["url"] for file in self.seen_by(self.reader)["attachments"]}


def said(message: Json) -> str:
    """A message as text."""
    return "\n".join(transcript.lines(message, {}))


def _private(message: Json) -> bool:
    return bool(message["flags"] & transcript.PRIVATE)


def _thinking(message: Json) -> bool:
    return bool(message["flags"] & transcript.THINKING)
