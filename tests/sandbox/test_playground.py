"""Discord, four vendors and the bot as a process between them, as demo and tour have them."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from sandbox.marketplace import HOST, KINDS, MEMBER_KEYS, Stand, free_port, marketplace
from sandbox.player import Player
from sandbox.playground import Playground, playground

HARMLESS = "not_a_glb"


@pytest.fixture
async def vendors() -> AsyncIterator[dict[str, Stand]]:
    async with marketplace(5.0, []) as stands:
        yield stands


async def works(stand: Stand) -> bool:
    try:
        await stand.books()
    except aiohttp.ClientError:
        return False
    return True


@pytest.mark.parametrize("name", KINDS)
async def test_a_vendor_that_is_switched_off_is_not_there_until_it_is_on_again(
    vendors: dict[str, Stand], name: str
) -> None:
    stand = vendors[name]
    await stand.tell("faults", fault=HARMLESS)

    await stand.switch_off()
    off = await works(stand)
    await stand.switch_on()

    assert not off
    assert await works(stand)
    assert [fault.name for fault in stand.sandbox.faults.armed()] == [HARMLESS]


async def test_a_vendor_whose_port_is_taken_goes_next_door_and_that_is_told() -> None:
    notes: list[str] = []
    with socket.create_server((HOST, 0)) as taken:
        wanted = taken.getsockname()[1]
        port = free_port(wanted, "chat page", notes)

    assert port > wanted
    assert notes == [f"Port {wanted} is in use; the chat page is at {port} instead."]


@pytest.mark.process
async def test_the_bot_knows_every_vendor_and_hears_their_webhooks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (tmp_path / "bot.log").open("w") as log:
        async with playground(tmp_path / "data", log=log, speed=5) as ground:
            await ground.connected()
            addresses = await ground.subscribe()
            ada = Player(ground=ground, name="Ada")
            offers = await ada.offered("generate", "provider", prompt="a brass owl")
            await _sets_a_key(ada)
            card = await ada.type("generate", prompt="a brass owl", provider="meshy")
            await ada.watch(card, lambda text: "Download" in text, "the model is there")
            books = await ground.vendors["meshy"].books()

    assert set(offers) == {"auto", *KINDS}
    assert {address.split("/")[-2] for address in addresses} == {"tripo", "meshy"}
    assert "webhook provider=meshy" in (tmp_path / "bot.log").read_text()
    assert {task["key"] for task in books} == {MEMBER_KEYS["meshy"]}
    assert MEMBER_KEYS["meshy"] not in capsys.readouterr().out


async def _sets_a_key(player: Player) -> None:
    answer = await player.fill("key set", MEMBER_KEYS["meshy"], provider="meshy")
    await player.watch(answer, lambda text: "accepts your key" in text, "the key is good")


@pytest.mark.process
async def test_a_world_that_is_asked_to_end_leaves_nothing_running(tmp_path: Path) -> None:
    with (tmp_path / "bot.log").open("w") as log:
        async with playground(tmp_path / "data", log=log, speed=5) as ground:
            await ground.connected()
            process = ground.bot.process
    assert isinstance(ground, Playground)
    assert process is not None
    assert process.returncode == 0
