"""A discord.py bot, unchanged but for its addresses, lives in the sandbox as it would in Discord."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest
from PIL import Image

from sandbox.discord import DiscordSandbox
from sandbox.discord.faults import Fault, Kind
from sandbox.discord.interactions import State
from tests.sandbox.discord.bot import Bot, Handler, Interaction, card, running

pytestmark = pytest.mark.filterwarnings("ignore:parameter 'timeout' of type 'float' is deprecated")


@pytest.fixture
async def bot(sandbox: DiscordSandbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    async with running(sandbox, monkeypatch) as bot:
        yield bot


async def _run(
    sandbox: DiscordSandbox, bot: Bot, user: int, channel: int, handler: Handler
) -> BaseException | None:
    """Use ``/run`` with this behind it; gives the error that the bot met."""
    bot.on_run = handler
    await sandbox.people.invoke(user, channel, "run", wait=False)
    return await asyncio.wait_for(bot.ran.get(), 10)


def _last(sandbox: DiscordSandbox, user: int, channel: int) -> dict[str, Any]:
    return sandbox.people.messages(user, channel)[-1]


async def test_what_the_bot_synced_is_what_members_may_use(
    sandbox: DiscordSandbox, bot: Bot, ada: int, mona: int, general: int
) -> None:
    member = {command["name"] for command in sandbox.people.commands(ada, general)}
    moderator = {command["name"] for command in sandbox.people.commands(mona, general)}

    assert member == {"greet", "forge", "quietly", "weigh", "run"}
    assert moderator == member | {"admin"}


async def test_a_slash_command_is_answered_with_its_options(
    sandbox: DiscordSandbox, bot: Bot, ada: int, ben: int, general: int
) -> None:
    options = {"name": "you", "member": str(ben), "times": 2}

    outcome = await sandbox.people.invoke(ada, general, "greet", options)

    assert outcome.state is State.ANSWERED
    assert outcome.message is not None
    assert outcome.message["content"] == f"Hello you and <@{ben}> Hello you and <@{ben}>"
    assert outcome.message["interaction_metadata"]["user"]["id"] == str(ada)
    assert [user["id"] for user in outcome.message["mentions"]] == [str(ben)]


async def test_a_subcommand_finds_its_way(sandbox: DiscordSandbox, bot: Bot, mona: int, general: int) -> None:
    outcome = await sandbox.people.invoke(mona, general, "admin limit", {"amount": 7})

    assert outcome.message is not None
    assert outcome.message["content"] == "The limit is 7"


async def test_a_command_works_in_a_direct_message(sandbox: DiscordSandbox, bot: Bot, ada: int) -> None:
    direct = sandbox.world.direct(ada).id

    outcome = await sandbox.people.invoke(ada, direct, "greet", {"name": "me"})

    assert outcome.message is not None
    assert outcome.message["content"] == "Hello me"


async def test_autocomplete_offers_what_fits(
    sandbox: DiscordSandbox, bot: Bot, ada: int, general: int
) -> None:
    outcome = await sandbox.people.autocomplete(ada, general, "greet", {"name": "Ad"}, "name")

    assert outcome.state is State.CHOICES
    assert [choice["value"] for choice in outcome.choices or []] == ["Ada", "Adele"]


async def test_a_deferred_answer_becomes_a_card_with_a_file(
    sandbox: DiscordSandbox, bot: Bot, ada: int, general: int
) -> None:
    watcher = sandbox.broadcast.join(ada)

    outcome = await sandbox.people.invoke(ada, general, "forge")
    while (event := await watcher.waiting.get()) is None or event["type"] != "message_update":
        pass

    assert outcome.state is State.DEFERRED
    assert outcome.message is not None
    assert outcome.message["flags"] == 128
    assert event["message"]["flags"] == 32768
    container = event["message"]["components"][0]
    assert container["components"][0]["content"] == "Struck 0 times"
    async with (
        aiohttp.ClientSession() as session,
        session.get(container["components"][1]["file"]["url"]) as file,
    ):
        assert await file.read() == b"glTF" * 100


async def test_a_button_updates_its_message_and_keeps_the_file(
    sandbox: DiscordSandbox, bot: Bot, ada: int, ben: int, general: int
) -> None:
    async def show(interaction: Interaction) -> None:
        await interaction.response.send_message(view=card(3, file="owl.glb"), file=_glb())

    await _run(sandbox, bot, ada, general, show)
    message = int(_last(sandbox, ada, general)["id"])

    outcome = await sandbox.people.click(ben, general, message, "strike:3")

    assert outcome.state is State.UPDATED
    assert outcome.message is not None
    assert outcome.message["components"][0]["components"][0]["content"] == "Struck 4 times"
    assert [file["filename"] for file in outcome.message["attachments"]] == ["owl.glb"]


async def test_a_private_reply_is_seen_by_its_owner_alone(
    sandbox: DiscordSandbox, bot: Bot, ada: int, ben: int, general: int
) -> None:
    await sandbox.people.invoke(ada, general, "quietly")

    assert _last(sandbox, ada, general)["flags"] == 64
    assert sandbox.people.messages(ben, general) == []


async def test_a_command_reads_the_file_it_was_given(
    sandbox: DiscordSandbox, bot: Bot, ada: int, general: int
) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (320, 200)).save(picture, "PNG")
    upload = await sandbox.people.upload(ada, general, "source.png", picture.getvalue())

    outcome = await sandbox.people.invoke(ada, general, "weigh", {"file": upload["id"]})

    assert outcome.message is not None
    assert outcome.message["content"] == f"source.png weighs {len(picture.getvalue())}, is 320 wide"


async def test_the_first_follow_up_after_a_public_defer_is_swallowed_into_it(
    sandbox: DiscordSandbox, bot: Bot, ada: int, ben: int, general: int
) -> None:
    async def whisper(interaction: Interaction) -> None:
        await interaction.response.defer()
        await interaction.followup.send("not so private", ephemeral=True)
        await interaction.followup.send("private", ephemeral=True)

    await _run(sandbox, bot, ada, general, whisper)

    assert [message["content"] for message in sandbox.people.messages(ben, general)] == ["not so private"]
    assert [message["content"] for message in sandbox.people.messages(ada, general)] == [
        "not so private",
        "private",
    ]


async def test_a_public_defer_can_be_taken_back(
    sandbox: DiscordSandbox, bot: Bot, ada: int, general: int
) -> None:
    async def change_of_mind(interaction: Interaction) -> None:
        await interaction.response.defer()
        await interaction.delete_original_response()
        await interaction.followup.send("no", ephemeral=True)

    assert await _run(sandbox, bot, ada, general, change_of_mind) is None

    assert [message["flags"] for message in sandbox.people.messages(ada, general)] == [64]


async def test_after_fifteen_minutes_only_the_bot_token_still_edits(
    sandbox: DiscordSandbox, bot: Bot, ada: int, general: int
) -> None:
    async def dawdle(interaction: Interaction) -> None:
        await interaction.response.send_message(view=card(1))
        sandbox.advance(15 * 60 + 1)
        with pytest.raises(discord.HTTPException) as refused:
            await interaction.edit_original_response(view=card(2))
        assert (refused.value.status, refused.value.code) == (401, 50027)
        channel = bot.get_partial_messageable(general)
        message = channel.get_partial_message(int(_last(sandbox, ada, general)["id"]))
        await message.edit(view=card(3))

    assert await _run(sandbox, bot, ada, general, dawdle) is None

    assert "Struck 3 times" in str(_last(sandbox, ada, general)["components"])


async def test_too_late_is_unknown_and_the_person_was_told(
    sandbox: DiscordSandbox, bot: Bot, ada: int, general: int
) -> None:
    late = asyncio.Event()

    async def dawdle(interaction: Interaction) -> None:
        await late.wait()
        await interaction.response.send_message("sorry")

    bot.on_run = dawdle
    using = asyncio.create_task(sandbox.people.invoke(ada, general, "run"))
    await asyncio.sleep(0)
    sandbox.advance(3.1)
    outcome = await using
    late.set()
    error = await asyncio.wait_for(bot.ran.get(), 10)

    assert outcome.state is State.FAILED
    assert outcome.error == "The application did not respond"
    assert isinstance(error, discord.NotFound)
    assert error.code == 10062


async def test_a_cut_socket_is_resumed_and_nothing_is_missed(
    sandbox: DiscordSandbox, bot: Bot, ada: int, general: int
) -> None:
    sandbox.gateway.cut()

    outcome = await sandbox.people.invoke(ada, general, "greet", {"name": "again"})
    await asyncio.wait_for(bot.resumed.wait(), 10)

    assert outcome.state is State.ANSWERED
    assert (sandbox.gateway.counts.identifies, sandbox.gateway.counts.resumes) == (1, 1)


async def test_a_rate_limit_is_waited_out_and_a_cloudflare_one_is_not(
    sandbox: DiscordSandbox, bot: Bot, general: int
) -> None:
    channel = bot.get_partial_messageable(general)
    path = f"/channels/{general}/messages"

    sandbox.faults.add(Fault(kind=Kind.USER, path=path, seconds=0.01))
    await channel.send("patient")
    sandbox.faults.add(Fault(kind=Kind.CLOUDFLARE, path=path, seconds=600))
    with pytest.raises(discord.HTTPException) as refused:
        await channel.send("banned")

    assert refused.value.status == 429
    assert sandbox.door.traffic.rate_limited == 2


def _glb() -> discord.File:
    return discord.File(io.BytesIO(b"glTF"), "owl.glb")
