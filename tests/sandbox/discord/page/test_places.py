"""Forms, menus, threads and private conversations on the chat page."""

from pathlib import Path

import pytest
from PIL import Image

from sandbox.browser import Browser, Page
from sandbox.discord.server import DiscordSandbox
from tests.sandbox.discord.page.bot import Bot

ONLINE = "document.querySelector('#online').dataset.online === 'true' && document.querySelector('.channel')"


async def _command(page: Page, name: str) -> None:
    await page.wait_for(ONLINE)
    await page.click("#text")
    await page.type(f"/{name}")
    await page.wait_for("document.querySelectorAll('#suggest .entry').length === 1")
    await page.press("Enter")
    await page.wait_for("document.querySelector('.command')")


async def _form(page: Page) -> None:
    """The bot's form, open."""
    await _command(page, "ask")
    await page.press("Enter")
    await page.wait_for("document.querySelector('.form-dialog')")


async def _pick(page: Page, label: str) -> None:
    """Chooses an entry of the open menu."""
    entries = "[...document.querySelectorAll('dialog.menu .entry')]"
    await page.wait_for(f"{entries}.some((one) => one.innerText.startsWith({label!r}))")
    await page.evaluate(f"{entries}.find((one) => one.innerText.startsWith({label!r})).click()")


async def test_a_form_is_filled_in_and_sent_with_its_files(page: Page, bot: Bot, tmp_path: Path) -> None:
    picture = tmp_path / "owl.png"
    Image.new("RGB", (9, 9), "teal").save(picture)
    await _form(page)
    assert await page.text(".form h2") == "Order a model"
    assert await page.evaluate("document.activeElement.localName") == "textarea"

    await page.type("of brass")
    await page.click(".form-option:nth-child(2)")
    await page.choose_file(".form input[type=file]", picture)
    await page.click(".form [type=submit]")

    await page.wait_for_text("ordered Fox: of brass (1 files)")
    await page.wait_for("!document.querySelector('.form-dialog')")


async def test_a_form_with_something_missing_stays_and_says_what(page: Page, bot: Bot) -> None:
    await _form(page)

    await page.click(".form [type=submit]")

    assert await page.text(".form-field .problem:not([hidden])") == "This is required."
    assert await page.evaluate("document.activeElement.localName") == "textarea"


async def test_a_form_is_left_by_escape_and_the_bot_hears_nothing(page: Page, bot: Bot) -> None:
    await _form(page)

    await page.press("Escape")

    await page.wait_for("!document.querySelector('.form-dialog')")
    assert await page.evaluate("document.querySelectorAll('.message').length") == 0


async def test_a_message_has_a_menu_with_the_bot_s_commands(
    page: Page, bot: Bot, sandbox: DiscordSandbox
) -> None:
    await page.wait_for(ONLINE)
    await page.click("#text")
    await page.type("an owl of brass")
    await page.press("Enter")
    await page.click("[data-more]")

    await _pick(page, "Make a model")

    await page.wait_for_text("made of: an owl of brass")


async def test_a_person_has_a_menu_with_the_bot_s_commands(page: Page, bot: Bot) -> None:
    await page.wait_for(ONLINE)
    await page.click("#text")
    await page.type("hello")
    await page.press("Enter")
    await page.click(".name[data-person]")

    await _pick(page, "Praise")

    await page.wait_for_text("Ada did well")


async def test_a_thread_and_a_post_are_begun_and_talked_in(page: Page, bot: Bot) -> None:
    await page.wait_for(ONLINE)
    await page.click("#text")
    await page.type("about owls")
    await page.press("Enter")
    await page.click("[data-more]")
    await _pick(page, "Start a thread")
    await page.wait_for("document.querySelector('.form-dialog')")
    await page.type("Owls only")
    await page.press("Enter")
    await page.wait_for("document.querySelector('#title').innerText === 'Owls only'")

    await page.click("[data-post]")
    await page.wait_for("document.querySelector('.form-dialog')")
    await page.type("A fox")
    await page.press("Tab")
    await page.type("of copper")
    await page.click(".form [type=submit]")

    await page.wait_for("document.querySelector('#title').innerText === 'A fox'")
    await page.wait_for_text("of copper")
    names = "[...document.querySelectorAll('.channel.thread')].map((one) => one.innerText)"
    assert await page.evaluate(names) == ["Owls only", "A lantern for the hall", "A fox"]


async def test_who_adds_the_app_to_their_account_uses_it_among_friends(
    page: Page, bot: Bot, sandbox: DiscordSandbox
) -> None:
    await page.wait_for(ONLINE)
    await page.click("#person")
    await _pick(page, "Add the app")
    await page.wait_for("!document.querySelector('dialog')")
    await page.click(".rail-button")
    ben = "[...document.querySelectorAll('.channel')].find((one) => one.innerText === 'Ben')"
    await page.wait_for(ben)
    await page.evaluate(f"{ben}.click()")
    await page.wait_for("document.querySelector('#title').innerText === 'Ben'")

    await _command(page, "tell")
    await page.press("Enter")

    await page.wait_for("document.querySelector('.embed')")
    assert "The news" in await page.text(".embed")
    assert "Weather" in await page.text(".embed")


async def test_older_messages_come_as_one_reads_up(page: Page, sandbox: DiscordSandbox) -> None:
    await page.wait_for("document.querySelector('.channel')")
    ada, channel = await page.evaluate("[...new URLSearchParams(location.hash.slice(1)).values()]")
    for number in range(120):
        sandbox.people.write(int(ada), int(channel), f"line {number}")
    await page.goto(f"{sandbox.address}/?again")
    await page.wait_for("document.querySelectorAll('.message').length === 50")
    line = "[...document.querySelectorAll('.message .text')].find((one) => one.innerText === 'line 75')"
    await page.evaluate("document.querySelector('#scroller').scrollTop = 0")
    before = await page.evaluate(f"{line}.getBoundingClientRect().top")
    await page.wait_for("document.querySelectorAll('.message').length === 100")
    after = await page.evaluate(f"{line}.getBoundingClientRect().top")
    assert abs(after - before) < 2

    await page.evaluate("document.querySelector('#scroller').scrollTop = 0")
    await page.wait_for("document.querySelectorAll('.message').length === 120")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_a_form_fits_a_phone(
    sandbox: DiscordSandbox, bot: Bot, chromium: Browser, *, dark: bool
) -> None:
    page = await chromium.page(sandbox.address, width=360, height=640, phone=True, dark=dark)
    await _form(page)

    box = await page.evaluate("document.querySelector('.form-dialog').getBoundingClientRect().toJSON()")
    assert (box["left"] >= 0, box["right"] <= 360, box["bottom"] <= 640) == (True, True, True)
    inner = "document.querySelector('.form-body')"
    assert await page.evaluate(f"{inner}.scrollWidth === {inner}.clientWidth")
    assert page.problems == []
