"""A person at the keyboard: types, presses, reads, and says aloud what happens."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox import transcript
from sandbox.discord import layout
from sandbox.discord.people import Outcome
from sandbox.discord.refusals import Json
from sandbox.playground import Playground

PATIENCE = 60.0
LOOK = 0.1
PRIVATE = 64


class NotAsItShouldBe(Exception):
    """Something was seen that should not be, or the other way round."""


def expect(truth: object, what: str) -> None:
    """Say what holds, or stop.

    Raises:
        NotAsItShouldBe: it does not hold.
    """
    if not truth:
        raise NotAsItShouldBe(what)
    print(f"      ✓ {what}")


@dataclass(slots=True, kw_only=True)
class Player:
    """One person in one channel."""

    ground: Playground
    name: str
    channel: str = "general"
    _seen: dict[str, list[str]] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """Of the person."""
        return next(
            one.id for one in self.ground.discord.world.users.values() if one.global_name == self.name
        )

    @property
    def place(self) -> int:
        """Of the channel."""
        world = self.ground.discord.world
        guild = next(iter(world.guilds.values()))
        return next(one.id for one in world.channels_of(guild.id) if one.name == self.channel)

    async def type(self, command: str, **options: Any) -> Json:
        """Use a slash command, and read the answer."""
        print(f"\n{self.name} types  /{command} {_written(options)}".rstrip())
        return self._answer(await self.ground.discord.people.invoke(self.id, self.place, command, options))

    async def fill(self, command: str, answer: str, **options: Any) -> Json:
        """Use a slash command that opens a form with one field, put this into it unseen, and send it."""
        print(f"\n{self.name} types  /{command} {_written(options)}".rstrip())
        people = self.ground.discord.people
        opened = await people.invoke(self.id, self.place, command, options)
        expect(opened.modal, "a form opens")
        fields = [one for one in layout.walk((opened.modal or {})["components"]) if one.get("custom_id")]
        print(f"\n{self.name} fills it in  {'•' * 12}")
        return self._answer(
            await people.submit(self.id, opened.interaction, {fields[0]["custom_id"]: answer})
        )

    async def offered(self, command: str, option: str, **options: Any) -> dict[str, str]:
        """Look at what is offered for an option while typing; gives the names by their values."""
        print(f"\n{self.name} is about to type  /{command} {_written(options)} {option}:")
        people = self.ground.discord.people
        outcome = await people.autocomplete(self.id, self.place, command, options, option)
        choices = outcome.choices or []
        print("\n".join(f"    │ ▸ {choice['name']}" for choice in choices))
        return {str(choice["value"]): str(choice["name"]) for choice in choices}

    async def press(self, message: Json, label: str) -> Json:
        """Press a button, and read the answer."""
        custom_id = transcript.button(message, label)
        expect(custom_id, f"there is a button “{label}”")
        print(f"\n{self.name} presses  [{label}]")
        people = self.ground.discord.people
        return self._answer(await people.click(self.id, self.place, int(message["id"]), custom_id or ""))

    async def choose(self, message: Json, *values: str) -> Json:
        """Choose from a message's select, and read the answer."""
        print(f"\n{self.name} chooses  {', '.join(values)}")
        people, custom_id = self.ground.discord.people, transcript.menu(message) or ""
        return self._answer(await people.select(self.id, self.place, int(message["id"]), custom_id, values))

    async def attach(self, name: str, content: bytes) -> str:
        """Upload a file; gives what a command's option takes."""
        file = await self.ground.discord.people.upload(self.id, self.place, name, content)
        return str(file["id"])

    async def watch(self, message: Json, until: Callable[[str], bool], what: str) -> Json:
        """Watch a message change, saying each change, until its text is as it should be.

        Raises:
            NotAsItShouldBe: it did not come to that.
        """
        for _ in range(int(PATIENCE / LOOK)):
            now = self.find(message)
            if now and self._say(now) and until("\n".join(self._seen[now["id"]])):
                return now
            if now and until("\n".join(self._seen.get(now["id"], ()))):
                return now
            await asyncio.sleep(LOOK)
        raise NotAsItShouldBe(f"{what}, within {PATIENCE:g} seconds")

    def find(self, message: Json) -> Json | None:
        """The message as it is now."""
        return next((one for one in self.messages() if one["id"] == message["id"]), None)

    def messages(self) -> list[Json]:
        """What this person sees in the channel."""
        return self.ground.discord.people.messages(self.id, self.place)

    def _answer(self, outcome: Outcome) -> Json:
        expect(outcome.error is None, "the bot answered in time")
        since = [one for one in self.messages() if int(one["id"]) > outcome.interaction]
        private = [one for one in since if one["flags"] & PRIVATE]
        message = private[-1] if private else outcome.message
        if message is None:
            raise NotAsItShouldBe("there is an answer")
        self._say(message)
        return message

    def _say(self, message: Json) -> bool:
        """Print a message if it looks different from the last time."""
        people = {
            str(one.id): one.global_name or one.name for one in self.ground.discord.world.users.values()
        }
        text = transcript.lines(message, people)
        if self._seen.get(message["id"]) == text:
            return False
        self._seen[message["id"]] = text
        print("\n".join(f"    │ {line}" for line in text))
        return True


def _written(options: Mapping[str, Any]) -> str:
    return " ".join(f"{name}: {_shown(value)}" for name, value in options.items())


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
