"""The chat page in a real browser, with a real bot behind it."""

from pathlib import Path

import pytest
from PIL import Image

from sandbox.browser import Browser, Page
from sandbox.discord.server import DiscordSandbox
from tests.sandbox.discord.page.bot import Bot

ONLINE = "document.querySelector('#online').dataset.online === 'true' && document.querySelector('.channel')"
ENTRIES = "[...document.querySelectorAll('#suggest .entry')]"


async def _command(page: Page, name: str) -> None:
    """Chooses a command by typing it."""
    await page.click("#text")
    await page.type(f"/{name}")
    await page.wait_for(f"{ENTRIES}.length === 1")
    await page.press("Enter")
    await page.wait_for("document.querySelector('.command')")


async def _show_card(page: Page) -> None:
    await _command(page, "card")
    await page.type("first words")
    await page.press("Enter")
    await page.wait_for("document.querySelector('.message img')?.naturalWidth")


async def _act_as(page: Page, name: str) -> None:
    await page.click("#person")
    await page.wait_for("document.querySelector('dialog')")
    await page.evaluate(
        f"[...document.querySelectorAll('dialog .entry')].find((e) => e.innerText.includes('{name}')).click()"
    )
    await page.wait_for(f"document.querySelector('#person').innerText.includes('{name}')")


async def test_what_one_person_says_the_others_see_at_once(
    sandbox: DiscordSandbox, chromium: Browser, page: Page
) -> None:
    ben = await chromium.page(sandbox.address)
    await _act_as(ben, "Ben")

    await page.click("#text")
    await page.type("<b>hello</b> **all**")
    await page.press("Enter")

    await ben.wait_for_text("<b>hello</b> all")
    assert await ben.evaluate("document.querySelector('.message b')") is None


async def test_a_command_is_filled_in_and_sent_by_keyboard_alone(page: Page, bot: Bot) -> None:
    await _show_card(page)

    card = await page.text(".container")

    assert "first words" in card
    assert "model.glb\n2.3 KB" in card


async def test_a_command_with_something_missing_is_not_sent_and_says_what(page: Page, bot: Bot) -> None:
    await _command(page, "card")
    await page.type("ab")
    await page.press("Enter")

    assert await page.text(".command .problem") == "words: At least 3 characters are wanted here."


async def test_commands_are_described_in_the_readers_language(page: Page, bot: Bot) -> None:
    await page.wait_for(ONLINE)
    await _act_as(page, "Carmen")

    await page.click("#text")
    await page.type("/card")

    await page.wait_for_text("Mostrar una tarjeta")


async def test_the_bot_offers_values_and_gets_the_one_that_was_taken(page: Page, bot: Bot) -> None:
    await _command(page, "pick")
    await page.wait_for(f"{ENTRIES}.length === 3")
    await page.type("p")
    await page.wait_for(f"{ENTRIES}.length === 3")
    await page.press("ArrowDown", "Enter")

    assert await page.evaluate("document.querySelector('.pill input').value") == "Pear"

    await page.press("Enter")
    await page.wait_for_text("picked p-2")


async def test_a_file_can_be_handed_over(page: Page, bot: Bot, tmp_path: Path) -> None:
    picture = tmp_path / "mine.png"
    Image.new("RGB", (33, 22), "maroon").save(picture)
    await _command(page, "card")
    await page.type("with a picture")
    await page.press("Tab")
    await page.type("pict")
    await page.press("Enter")
    await page.choose_file("input[type=file]", picture)

    await page.click(".send")

    await page.wait_for("document.querySelector('.message img')?.naturalWidth === 33")


async def test_a_private_reply_is_for_one_person_and_can_be_dismissed(page: Page, bot: Bot) -> None:
    await _command(page, "secret")
    await page.press("Enter")
    await page.wait_for_text("Only you can see this")
    await _act_as(page, "Ben")
    await page.wait_for("!document.querySelector('.message')")

    await _act_as(page, "Ada")
    await page.click("[data-dismiss]")

    await page.wait_for("!document.querySelector('.message')")


async def test_an_edit_keeps_the_picture_the_focus_and_the_place(page: Page, bot: Bot) -> None:
    await _show_card(page)
    await page.evaluate("window.kept = document.querySelector('.message img')")
    loads = "performance.getEntriesByType('resource').filter((one) => one.name.includes('card.png')).length"
    before = await page.evaluate(loads)

    await page.click("[data-click=change]")
    await page.wait_for("document.querySelector('.container strong')?.innerText === 'changed'")

    assert await page.evaluate("window.kept.isConnected")
    assert await page.evaluate(loads) == before
    assert await page.evaluate("document.activeElement.dataset.click") == "change"


async def test_an_edit_below_does_not_move_who_reads_above(
    page: Page, sandbox: DiscordSandbox, bot: Bot
) -> None:
    await page.wait_for(ONLINE)
    ada, channel = await page.evaluate("[...new URLSearchParams(location.hash.slice(1)).values()]")
    for number in range(60):
        sandbox.people.write(int(ada), int(channel), f"line {number}")
    await _show_card(page)
    await page.evaluate("document.querySelector('#scroller').scrollTop = 100")

    await page.evaluate("document.querySelector('[data-click=change]').click()")
    await page.wait_for_text("changed words")

    assert await page.evaluate("document.querySelector('#scroller').scrollTop") == 100


@pytest.mark.parametrize("by", ["command", "button"])
async def test_a_bot_that_is_silent_is_told_of(
    page: Page, sandbox: DiscordSandbox, bot: Bot, by: str
) -> None:
    if by == "command":
        await _command(page, "silent")
        await page.press("Enter")
        await page.wait_for_text("Sending")
    else:
        await _show_card(page)
        await page.click("[data-click=silent]")
        await page.wait_for(
            "document.querySelector('[data-click=silent]').getAttribute('aria-busy') === 'true'"
        )

    sandbox.advance(3)

    await page.wait_for_text("The application did not respond")


async def test_a_picture_is_enlarged_and_put_away(page: Page, bot: Bot) -> None:
    await _show_card(page)

    await page.click("[data-zoom]")
    await page.wait_for("document.querySelector('.lightbox img').naturalWidth")
    await page.press("Escape")

    await page.wait_for("!document.querySelector('.lightbox')")


async def test_several_things_are_chosen_from_a_menu_by_keyboard(page: Page, bot: Bot) -> None:
    await _show_card(page)
    await page.click("[data-select=colours]")
    await page.wait_for("document.activeElement.innerText === 'red'")
    await page.press("Enter")
    assert await page.evaluate("document.querySelector('dialog .primary').disabled")

    await page.press("ArrowUp", "Enter", "Tab", "Enter")

    await page.wait_for_text("mixed red and blue")


async def test_a_file_of_the_bot_can_be_taken_home(page: Page, bot: Bot) -> None:
    await _show_card(page)

    link = "document.querySelector('.file-download')"

    assert await page.evaluate(f"{link}.download") == "model.glb"
    assert await page.evaluate(f"fetch({link}.href).then((answer) => answer.text())") == "glTF" * 600


async def test_the_page_comes_back_by_itself_and_shows_what_it_missed(
    sandbox: DiscordSandbox, chromium: Browser
) -> None:
    page = await chromium.page(sandbox.address)
    await page.wait_for("document.querySelector('.channel')")
    ada, channel = await page.evaluate("[...new URLSearchParams(location.hash.slice(1)).values()]")
    port = int(sandbox.address.rpartition(":")[2])

    await sandbox.stop()
    await page.wait_for_text("connecting…")
    sandbox.people.write(int(ada), int(channel), "said meanwhile")
    await sandbox.start(port=port)

    await page.wait_for_text("said meanwhile")


async def test_an_example_fills_the_command(page: Page, sandbox: DiscordSandbox, bot: Bot) -> None:
    sandbox.suggestions.append({"title": "Try", "text": "", "examples": ["/card words: two words size: 12"]})
    await page.goto(f"{sandbox.address}/?again")
    await page.wait_for(ONLINE)
    await page.click("#helpButton")

    await page.click(".example")

    values = "[...document.querySelectorAll('.pill input')].map((input) => input.value)"
    await page.wait_for(f"String({values}) === 'two words,12'")


async def test_a_text_to_copy_goes_to_the_clipboard_and_that_is_said(
    page: Page, sandbox: DiscordSandbox
) -> None:
    sandbox.suggestions.append({"title": "Try", "text": "", "copies": ["a-key-for-a-form"], "examples": []})
    await page.goto(f"{sandbox.address}/?again")
    await page.click("#helpButton")

    await page.click(".copy")

    await page.wait_for("document.querySelector('.copy').innerText === '✓ Copied'")
    await page.wait_for("document.querySelector('.copy').innerText === 'a-key-for-a-form'")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_a_phone_shows_all_of_it(
    sandbox: DiscordSandbox, bot: Bot, chromium: Browser, *, dark: bool
) -> None:
    page = await chromium.page(sandbox.address, width=360, height=740, phone=True, dark=dark)
    await _show_card(page)

    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    assert await page.evaluate("document.querySelector('#scroller').scrollWidth") == 360
    lightness = await page.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]"
    )
    assert (lightness < 80) is dark

    await page.click("#menu")
    await page.evaluate("document.querySelector('.sidebar').getAnimations().forEach((one) => one.finish())")
    await page.click(".channels li:nth-child(2) button")
    await page.wait_for("document.querySelector('#title').innerText === '#showcase'")
    assert page.problems == []
