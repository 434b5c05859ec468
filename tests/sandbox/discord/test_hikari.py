"""No mirror of one library: a bot written with another one lives here, told nothing but an address.

It asks for the Zstandard stream, too.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import hikari
import pytest

from sandbox.clock import SystemClock
from sandbox.discord import DiscordSandbox
from sandbox.discord.interactions import State
from sandbox.discord.people import Outcome


class Bot:
    """``/hello`` answers, ``/later`` defers and edits, ``/ask`` shows a button that opens a form."""

    def __init__(self, token: str, rest_url: str) -> None:
        self.gateway = hikari.GatewayBot(
            token,
            rest_url=rest_url,
            intents=hikari.Intents.GUILDS,
            banner=None,
            logs=None,
            suppress_optimization_warning=True,
        )
        self.synced = asyncio.Event()
        self.edited = asyncio.Event()
        self.gateway.subscribe(hikari.StartedEvent, self._sync)
        self.gateway.subscribe(hikari.CommandInteractionCreateEvent, self._command)
        self.gateway.subscribe(hikari.ComponentInteractionCreateEvent, self._component)
        self.gateway.subscribe(hikari.ModalInteractionCreateEvent, self._form)

    async def _sync(self, _event: hikari.StartedEvent) -> None:
        rest = self.gateway.rest
        hello = rest.slash_command_builder("hello", "Say hello").add_option(
            hikari.CommandOption(
                type=hikari.OptionType.STRING, name="name", description="Whom", is_required=True
            )
        )
        others = [rest.slash_command_builder("later", "Take time"), rest.slash_command_builder("ask", "Ask")]
        application = await rest.fetch_application()
        await rest.set_application_commands(application, [hello, *others])
        self.synced.set()

    async def _command(self, event: hikari.CommandInteractionCreateEvent) -> None:
        interaction = event.interaction
        match interaction.command_name:
            case "hello":
                assert interaction.options is not None
                words = f"Hello {interaction.options[0].value}"
                await interaction.create_initial_response(hikari.ResponseType.MESSAGE_CREATE, words)
            case "later":
                await interaction.create_initial_response(hikari.ResponseType.DEFERRED_MESSAGE_CREATE)
                await interaction.edit_initial_response(
                    "Here it is", attachment=hikari.Bytes(b"glTF", "owl.glb")
                )
                self.edited.set()
            case _:
                row = self.gateway.rest.build_message_action_row()
                row.add_interactive_button(hikari.ButtonStyle.PRIMARY, "open", label="Open")
                await interaction.create_initial_response(
                    hikari.ResponseType.MESSAGE_CREATE, "Ask me", component=row
                )

    async def _component(self, event: hikari.ComponentInteractionCreateEvent) -> None:
        row = self.gateway.rest.build_modal_action_row()
        row.add_text_input("wish", "Your wish", required=True, max_length=40)
        await event.interaction.create_modal_response("A wish", "form", component=row)

    async def _form(self, event: hikari.ModalInteractionCreateEvent) -> None:
        wish = event.interaction.components[0].components[0].value
        await event.interaction.create_initial_response(
            hikari.ResponseType.MESSAGE_UPDATE, f"You wish for {wish}", components=[]
        )


@pytest.fixture
async def sandbox() -> AsyncIterator[DiscordSandbox]:
    async with DiscordSandbox(SystemClock()) as sandbox:
        yield sandbox


@pytest.fixture
async def bot(sandbox: DiscordSandbox) -> AsyncIterator[Bot]:
    bot = Bot(sandbox.token, sandbox.rest_url)
    await bot.gateway.start(check_for_updates=False)
    await asyncio.wait_for(bot.synced.wait(), 10)
    yield bot
    await bot.gateway.close()


@pytest.fixture
def ada(sandbox: DiscordSandbox) -> int:
    user = sandbox.world.user_named("ada")
    assert user is not None
    return user.id


@pytest.fixture
def general(sandbox: DiscordSandbox) -> int:
    return sandbox.world.channel_named("Workshop", "general").id


def _message(outcome: Outcome) -> dict[str, Any]:
    assert outcome.message is not None, outcome.error
    return outcome.message


async def test_it_answers_a_command_that_it_synced(
    sandbox: DiscordSandbox, bot: Bot, ada: int, general: int
) -> None:
    assert {one["name"] for one in sandbox.people.commands(ada, general)} == {"hello", "later", "ask"}

    outcome = await sandbox.people.invoke(ada, general, "hello", {"name": "Ada"})

    assert _message(outcome)["content"] == "Hello Ada"


async def test_it_defers_and_edits_with_a_file(
    sandbox: DiscordSandbox, bot: Bot, ada: int, general: int
) -> None:
    outcome = await sandbox.people.invoke(ada, general, "later")
    await asyncio.wait_for(bot.edited.wait(), 10)

    (message,) = sandbox.people.messages(ada, general)
    assert outcome.state is State.DEFERRED
    assert (message["content"], message["attachments"][0]["filename"]) == ("Here it is", "owl.glb")


async def test_its_button_opens_a_form_and_the_form_changes_the_message(
    sandbox: DiscordSandbox, bot: Bot, ada: int, general: int
) -> None:
    people = sandbox.people
    asked = _message(await people.invoke(ada, general, "ask"))

    opened = await people.click(ada, general, int(asked["id"]), "open")
    assert opened.modal is not None
    answered = await people.submit(ada, opened.interaction, {"wish": "an owl"})

    assert opened.modal["title"] == "A wish"
    assert _message(answered)["content"] == "You wish for an owl"
    assert _message(answered)["id"] == asked["id"]


async def test_it_resumes_after_its_socket_was_cut(
    sandbox: DiscordSandbox, bot: Bot, ada: int, general: int
) -> None:
    sandbox.gateway.cut()

    outcome = await sandbox.people.invoke(ada, general, "hello", {"name": "again"})

    assert _message(outcome)["content"] == "Hello again"
    assert sandbox.gateway.counts.resumes == 1
