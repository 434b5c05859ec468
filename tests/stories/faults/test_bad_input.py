"""What a member can type or attach that cannot be made: said clearly, in private, for nothing."""

from dataclasses import dataclass
from typing import Any

import pytest

from sandbox.discord.refusals import Refused
from tests.stories.faults import pictures
from tests.stories.faults.books import untouched
from tests.stories.house import House
from tests.stories.person import Person

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """A command with something wrong in it, and what is said of it in both languages."""

    named: str
    english: str
    spanish: str
    command: str = "generate"
    options: dict[str, Any]


def prompt(named: str, words: str, english: str, spanish: str) -> Bad:
    return Bad(named=named, options={"prompt": words}, english=english, spanish=spanish)


TOO_SHORT = ("at least 3 characters", "al menos 3 caracteres")
NO_MODEL = ("I cannot find that model", "No encuentro ese modelo")
TYPED = [
    prompt("too short", "ow", *TOO_SHORT),
    prompt("one sign over", "o" * 501, "501 characters, and 500 is the most", "501 caracteres, y lo más"),
    prompt("as long as Discord lets it be", "o " * 3000, "500 is the most", "lo más que puedo tomar es 500"),
    prompt("only spaces", "      ", *TOO_SHORT),
    prompt("only spaces of other kinds", "\u00a0\u2003\u3000\t\n", *TOO_SHORT),
    prompt("only control characters", "\x00\x07\x1b\x7f\u200b\u202e", *TOO_SHORT),
    prompt("only a mention", "<@1300000000000000001> <@&42> <#43>", *TOO_SHORT),
    prompt("only markdown", "*** ``` ~~ ||", *TOO_SHORT),
    Bad(
        named="neither words nor a picture",
        options={"style": "cartoon"},
        english="Give me words, a picture, or both",
        spanish="Dame palabras, una imagen o ambas",
    ),
    Bad(
        named="too much to leave out",
        options={"prompt": "an owl", "negative_prompt": "o" * 256},
        english="256 characters, and 255 is the most",
        spanish="256 caracteres, y lo más que puedo tomar es 255",
    ),
    Bad(
        named="fewer faces than the vendor makes",
        options={"prompt": "an owl", "polycount": 3},
        english="number of faces has to be between",
        spanish="número de caras debe estar entre",
    ),
    Bad(
        named="more faces than the vendor makes",
        options={"prompt": "an owl", "polycount": 2_000_000},
        english="number of faces has to be between",
        spanish="número de caras debe estar entre",
    ),
    Bad(
        named="a clip like another",
        options={"prompt": "an owl", "animate": "walk, wolk"},
        english="cannot do “wolk”. Did you mean walk",
        spanish="No sabe hacer «wolk». ¿Querías decir walk",
    ),
    Bad(
        named="a clip like none",
        options={"prompt": "an owl", "animate": "😀 <@1> **qqqqqq**"},
        english="Pick one of the movements that are offered",
        spanish="Elige uno de los movimientos que se ofrecen",
    ),
    Bad(
        named="five clips",
        options={"prompt": "an owl", "animate": "walk,,run, idle,jump , dance_01"},
        english="At most 4 movements at once",
        spanish="Como mucho 4 movimientos",
    ),
    Bad(
        named="an unknown model",
        command="rig",
        options={"model": "zzzzzz"},
        english=NO_MODEL[0],
        spanish=NO_MODEL[1],
    ),
    Bad(
        named="a model's name with signs that databases know",
        command="animate",
        options={"model": "%' OR 1=1 --", "clip": "walk"},
        english=NO_MODEL[0],
        spanish=NO_MODEL[1],
    ),
    Bad(
        named="six thousand signs for a model",
        command="status",
        options={"model": "🦉" * 3000},
        english=NO_MODEL[0],
        spanish=NO_MODEL[1],
    ),
    Bad(
        named="a job that never was",
        command="cancel",
        options={"job": "the one from yesterday"},
        english="There is nothing to stop",
        spanish="No hay nada que detener",
    ),
]


@pytest.mark.parametrize("bad", TYPED, ids=lambda bad: bad.named)
async def test_what_cannot_be_made_is_said_in_private_and_costs_nothing(
    house: House, ada: Person, carmen: Person, bad: Bad
) -> None:
    for person, sentence in ((ada, bad.english), (carmen, bad.spanish)):
        refusal = await person.type(bad.command, **bad.options)

        assert refusal.private
        assert sentence in refusal.text

    untouched(house, ada, carmen)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadFile:
    """A file that will not do, and what is said of it."""

    named: str
    content: bytes
    english: str
    spanish: str
    name: str = "owl.png"


FILES = [
    BadFile(
        named="no picture by content",
        content=pictures.NO_PICTURE,
        english="not a picture that I can read",
        spanish="no es una imagen que yo pueda leer",
    ),
    BadFile(
        named="nothing at all",
        content=b"",
        english="not a picture that I can read",
        spanish="no es una imagen que yo pueda leer",
    ),
    BadFile(
        named="an animated kind that no vendor takes",
        content=b"GIF89a" + bytes(300),
        english="not a picture that I can read",
        spanish="no es una imagen que yo pueda leer",
        name="owl.gif",
    ),
    BadFile(
        named="truncated",
        content=pictures.truncated(),
        english="is damaged",
        spanish="está dañada",
    ),
    BadFile(
        named="too few pixels",
        content=pictures.drawn(300, 255),
        english="at least 256 by 256 pixels",
        spanish="al menos 256 por 256 píxeles",
    ),
    BadFile(
        named="too many pixels",
        content=pictures.drawn(8_193, 300),
        english="has too many pixels",
        spanish="tiene demasiados píxeles",
    ),
    BadFile(
        named="a bomb",
        content=pictures.bomb(),
        english="has too many pixels",
        spanish="tiene demasiados píxeles",
    ),
]


@pytest.mark.parametrize("bad", FILES, ids=lambda bad: bad.named)
async def test_a_file_that_will_not_do_is_said_in_private_and_not_kept(
    house: House, ada: Person, carmen: Person, bad: BadFile
) -> None:
    for person, sentence in ((ada, bad.english), (carmen, bad.spanish)):
        good = await person.attach("front.png", pictures.drawn())
        file = await person.attach(bad.name, bad.content)

        refusal = await person.type("generate", prompt="an owl", image=good, image2=file)

        assert refusal.private
        assert sentence in refusal.text

    untouched(house, ada, carmen)


async def test_a_file_that_is_too_heavy_is_not_even_fetched(
    house: House, ada: Person, carmen: Person
) -> None:
    for person, sentence in ((ada, "is over 20 MB"), (carmen, "pesa más de 20 MB")):
        house.discord.changes.change_user(person.id, upload_limit=50 * MIB)
        file = await person.attach("owl.png", pictures.drawn() + bytes(20 * MIB))

        refusal = await person.type("generate", image=file)

        assert refusal.private
        assert sentence in refusal.text

    untouched(house, ada, carmen)


async def test_pictures_of_the_sides_want_one_of_the_front(house: House, ada: Person, carmen: Person) -> None:
    for person, sentence in ((ada, "none of the front"), (carmen, "ninguna de frente")):
        side = await person.attach("left.png", pictures.drawn())

        refusal = await person.type("generate", image2=side)

        assert refusal.private
        assert sentence in refusal.text

    untouched(house, ada, carmen)


@pytest.mark.parametrize(
    "options",
    [
        {"prompt": "an owl", "polycount": 0},
        {"prompt": "an owl", "polycount": 2_000_001},
        {"prompt": "an owl", "seed": -1},
        {"prompt": "an owl", "seed": 2**31},
        {"prompt": "an owl", "style": "baroque"},
        {"prompt": "o" * 6001},
    ],
    ids=str,
)
async def test_what_makes_no_sense_at_all_never_leaves_discord(
    house: House, ada: Person, options: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        await ada.type("generate", **options)

    untouched(house, ada)


async def test_a_prompt_full_of_mentions_and_markdown_pings_nobody_and_shows_as_typed(
    house: House, ada: Person, ben: Person
) -> None:
    typed = f"# an *owl* for <@{ben.id}> and @everyone `x` ||y|| [z](http://example.org) <:brass:123456>"

    card = await ada.type("generate", prompt=typed)
    await house.reads(card, "Download GLB")

    message = card.seen_by(ben)
    assert (message["mentions"], message["mention_roles"], message["mention_everyone"]) == ([], [], False)
    assert r"\# an \*owl\* for and @" in card.text
    assert r"\`x\` \|\|y\|\| \[z\]\(http\://example.org\) brass" in card.text
    (task,) = house.at_vendor()
    assert str(ben.id) not in task.input["prompt"]
    assert task.input["prompt"].endswith("(http://example.org) brass")
