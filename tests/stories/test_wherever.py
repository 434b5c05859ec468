"""Wherever people are: pictures that others posted, a word when it is done, help, and a new server."""

import io

from PIL import Image

from sandbox.discord.faults import Fault, Kind
from sandbox.discord.nouns import Overwrite
from sandbox.discord.permissions import Permission
from sandbox.discord.refusals import Json
from tests.stories.house import House
from tests.stories.person import Person, Said


def picture(kind: str = "PNG") -> bytes:
    """A square of brass."""
    out = io.BytesIO()
    Image.new("RGB", (300, 300), "goldenrod").save(out, kind)
    return out.getvalue()


# Make 3D --------------------------------------------------------------------


async def test_a_picture_that_somebody_posted_becomes_a_model(house: House, ada: Person, ben: Person) -> None:
    message = await ben.post(("owl.png", picture()), text="look what I drew")

    card = await ada.use_on(message, "Make 3D")

    await house.reads(card, "from 1 picture", "Download GLB")
    assert [task.type for task in house.at_vendor()] == ["image_to_model"]


async def test_of_several_pictures_one_is_chosen(house: House, carmen: Person, ben: Person) -> None:
    files = [("owl.png", picture()), ("notes.txt", b"oak"), ("barrel.webp", picture("WEBP"))]
    message = await ben.post(*files)

    question = await carmen.use_on(message, "Make 3D")
    assert question.private
    assert "¿Qué imagen" in question.text
    await house.restart()  # what is shown is all that the choice needs
    card = await carmen.choose(question, "2")

    await house.reads(card, "barrel", "GLB")


async def test_what_is_no_still_picture_is_refused_kindly(ada: Person, ben: Person) -> None:
    moving = await ada.use_on(await ben.post(("owl.gif", picture("GIF"))), "Make 3D")
    nothing = await ada.use_on(await ben.post(text="a brass owl"), "Make 3D")

    assert "pictures that stand still" in moving.text
    assert "no picture in that message" in nothing.text
    assert moving.private
    assert nothing.private


# Being told -----------------------------------------------------------------


async def slow_owl(house: House, who: Person) -> Said:
    """A model that takes longer than a minute."""
    house.tripo.pace.set(0.1)
    return await who.type("generate", prompt="a brass owl")


def news(who: Person, card: Said) -> list[Json]:
    """What was said to somebody since a card was opened, besides the card."""
    return [one for one in who.messages() if int(one["id"]) > card.id]


async def test_nobody_is_told_unasked_or_of_what_took_no_time(house: House, ada: Person, ben: Person) -> None:
    await ben.type("notify", how="mention")
    short = await ben.type("generate", prompt="a tin whistle")
    await house.reads(short, "Download GLB")
    card = await slow_owl(house, ada)
    await house.reads(card, "Download GLB")
    await house.pass_time(seconds=40)

    assert news(ada, card) == []
    assert house.alone("ada").messages() == []


async def test_who_wishes_is_mentioned_beside_the_card_once(house: House, ada: Person) -> None:
    assert "I mention you beside its card" in (await ada.type("notify", how="mention")).text
    card = await slow_owl(house, ada)
    await house.until(lambda: news(ada, card))
    await house.restart()
    await house.pass_time(seconds=40)

    (message,) = news(ada, card)
    assert message["content"].startswith(f"<@{ada.id}> **a brass owl** `#")
    assert [user["id"] for user in message["mentions"]] == [str(ada.id)]
    assert message["message_reference"]["message_id"] == str(card.id)


async def test_a_word_that_was_not_taken_is_said_by_the_next_life(house: House, carmen: Person) -> None:
    await carmen.type("notify", how="direct")
    down = Fault(kind=Kind.STATUS, method="POST", path="*/messages", status=503, times=1)
    house.discord.faults.add(down)
    card = await slow_owl(house, carmen)
    await house.until(lambda: not down.times)
    await house.restart()
    alone = house.alone("carmen")
    await house.until(alone.messages)
    await house.pass_time(seconds=40)

    (message,) = alone.messages()
    assert message["content"].startswith("**a brass owl** `#")
    assert "está listo" in message["content"]
    assert news(carmen, card) == []


# Help -----------------------------------------------------------------------


async def test_help_speaks_the_readers_language_and_begins_what_is_clicked(
    house: House, carmen: Person
) -> None:
    shown = await carmen.type("help")
    assert shown.private
    assert "10 créditos" in shown.text

    card = await carmen.fill_form(shown, "Un búho de latón", "un búho de latón con sombrero")

    await house.reads(card, "con sombrero", "GLB")
    assert "búho" in (await carmen.press(shown, "Mis modelos")).text


# A new server ---------------------------------------------------------------


async def test_a_new_server_gets_one_card_where_the_bot_may_write(house: House) -> None:
    changes, bot = house.discord.changes, house.discord.world.bot.id
    mona = house.person("mona")
    guild = changes.add_guild("Forge", mona.id, locale="es-ES")  # with nowhere to write as yet
    changes.remove_member(guild.id, bot)
    closed = changes.add_channel(
        guild.id, "rules", [Overwrite(id=guild.id, type=0, deny=Permission.SEND_MESSAGES)]
    )
    hall = house.person("mona", channel=changes.add_channel(guild.id, "hall").id)

    changes.put_member(guild.id, bot)
    await house.until(hall.messages)
    changes.remove_member(guild.id, bot)
    await house.restart()
    changes.put_member(guild.id, bot)
    await house.pass_time(seconds=5)

    (text,) = hall.read()
    assert "cada cual tiene aquí 10 créditos al día" in text
    assert house.person("mona", channel=closed.id).messages() == []
    assert mona.messages() == []  # they know us there
    shown = await hall.press(Said(reader=hall, id=int(hall.messages()[0]["id"])), "¿Qué puedo hacer aquí?")
    assert shown.private
