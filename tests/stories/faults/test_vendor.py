"""A vendor on its worst days: what members read, what they pay, and how often the vendor was paid."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.vendors.tripo.accounts import KEY
from tests.stories.faults.books import charged, files
from tests.stories.house import House
from tests.stories.person import Person

PRICE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A fault that is armed, or asked for in the prompt, and what comes of it."""

    named: str
    fault: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    prompt: str = "a brass owl"
    english: str
    spanish: str
    tasks: int = 1
    """Submits that the vendor accepted for one card."""
    retry: bool = True
    minutes: float = 0
    """Time that has to pass before anything is said."""


def asked_in_words(fault: str, english: str, spanish: str, **more: Any) -> Day:
    """A fault of the task, named in the prompt."""
    return Day(named=fault, prompt=f"an owl {fault}", english=english, spanish=spanish, **more)


FAILED = ("tried and could not make it", "lo intentó y no pudo hacerlo")
DOWNLOAD = ("could not fetch the result", "No pude traer el resultado")
DAMAGED = ("file was damaged", "estaba dañado")
CONTRACT = ("in a way I do not understand", "de un modo que no entiendo")
DOWN = ("could not be reached for too long", "No se pudo hablar con el proveedor")
GONE_BY = ("I stopped waiting", "dejé de esperar")

HOPELESS = [
    Day(
        named="out of credit",
        fault="out_of_credit",
        english="account at the vendor is empty",
        spanish="cuenta del bot en el proveedor está vacía",
        tasks=0,
    ),
    Day(
        named="a wrong key",
        fault="unauthorised",
        english="did not accept the bot's key",
        spanish="no aceptó la clave del bot",
        tasks=0,
    ),
    Day(
        named="moderated at once",
        fault="moderated",
        english="content rules refused it",
        spanish="rechazaron las normas de contenido",
        tasks=0,
        retry=False,
    ),
    Day(
        named="refused as wrong",
        fault="reject",
        english="did not accept the request",
        spanish="no aceptó la petición",
        tasks=0,
        retry=False,
    ),
    Day(
        named="its moderation is down for ever",
        fault="reject",
        details={"code": 2014, "times": 99},
        english=DOWN[0],
        spanish=DOWN[1],
        tasks=0,
        minutes=5,
    ),
    Day(
        named="every submit cut before it is accepted",
        fault="cut_before_accept",
        details={"times": 99},
        english=DOWN[0],
        spanish=DOWN[1],
        tasks=0,
        minutes=240,
    ),
    asked_in_words("late-failed", *FAILED),
    asked_in_words(
        "late-moderated", "content rules refused it", "rechazaron las normas de contenido", retry=False
    ),
    asked_in_words("late-expired", "waited too long at the vendor", "Esperó demasiado en el proveedor"),
    asked_in_words("late-cancelled", "The vendor stopped it", "El proveedor lo detuvo"),
    asked_in_words("unknown-status", *CONTRACT),
    asked_in_words("fault-forgotten", "no longer knows about this work", "ya no sabe nada de este trabajo"),
    asked_in_words("never-finishes", *GONE_BY, minutes=16),
    asked_in_words("missing-model-url", "gave no file", "no dio ningún archivo"),
    asked_in_words("truncated-glb", *DAMAGED),
    asked_in_words("not-a-glb", *DAMAGED),
    asked_in_words("broken-glb", *DAMAGED),
    asked_in_words("expired-links", *DOWNLOAD, minutes=4),
    Day(
        named="its files lie on a host that we do not know",
        fault="redirect",
        details={"on": "download", "times": 99},
        english="could not fetch the result",
        spanish="No pude traer el resultado",
    ),
    Day(
        named="a page in place of every look",
        fault="html_page",
        details={"on": "read", "times": 9999},
        english="I stopped waiting",
        spanish="dejé de esperar",
        minutes=16,
    ),
]


@pytest.mark.parametrize("day", HOPELESS, ids=lambda day: day.named)
async def test_what_the_vendor_does_not_make_is_said_and_not_charged(
    house: House, ada: Person, carmen: Person, day: Day
) -> None:
    if day.fault:
        house.arm(day.fault, **{"times": 2} | day.details)
    cards = {await ada.type("generate", prompt=day.prompt, rig=True): (day.english, "Nothing was charged")}
    if not day.minutes:
        await house.well_again()
    cards |= {await carmen.type("generate", prompt=day.prompt, rig=True): (day.spanish, "No se cobró")}
    await house.pass_time(minutes=day.minutes)

    for card, words in cards.items():
        await house.reads(card, "❌", *words)
        assert ("Retry" in card.buttons or "Reintentar" in card.buttons) is day.retry
        assert card.files == {}
    assert len(house.at_vendor()) == 2 * day.tasks
    assert charged(house) == 0
    assert files(house) == []


@pytest.mark.parametrize("house", [{"tripo_api_url": "http://127.0.0.1:9/v3"}], indirect=True, ids=["off"])
async def test_a_vendor_that_cannot_be_reached_is_given_up_and_not_charged(
    house: House, ada: Person, carmen: Person
) -> None:
    cards = [await person.type("generate", prompt="a brass owl") for person in (ada, carmen)]
    await house.pass_time(minutes=90)  # an hour of them held back until it would be well

    for card, sentence in zip(cards, DOWN, strict=True):
        await house.reads(card, "❌", sentence)

    assert house.at_vendor() == []
    assert charged(house) == 0


LONG = 21
"""Minutes after which the vendor's list tells for sure that a submit did not arrive."""
PASSING: list[tuple[str, dict[str, Any], float]] = [
    ("rate_limited", {"times": 7}, 0),
    ("pool_full", {"times": 7}, 0),
    ("slow_answer", {"seconds": 3.0}, 0),
    ("slow_answer", {"on": "read", "seconds": 3.0}, 0),
    ("cut_after_accept", {}, 0),
    ("html_502_after_accept", {}, 0),
    ("wrong_type", {}, 0),
    ("endless_body", {}, 0),
    ("cut_before_accept", {}, LONG),
    ("html_502", {}, LONG),
    ("html_page", {}, LONG),
    ("html_page", {"on": "read", "times": 3}, 0),
    ("endless_body", {"on": "read", "times": 3}, 0),
    ("cut_before_accept", {"on": "read", "times": 3}, 0),
    ("reject", {"on": "read", "status": 401, "code": 2, "times": 3}, 0),
    ("reject", {"on": "read", "status": 404, "code": 2001, "times": 2}, 0),
    ("wrong_type", {"on": "download", "times": 2}, 0),
    ("slow_body", {"on": "download", "seconds": 2.0}, 0),
    ("cut_before_accept", {"on": "download", "times": 3}, 0),
    ("html_502", {"on": "download", "times": 3}, 0),
]


@pytest.mark.parametrize(("fault", "details", "minutes"), PASSING, ids=str)
async def test_what_passes_is_waited_for_and_paid_once(
    house: House, ada: Person, fault: str, details: dict[str, Any], minutes: float
) -> None:
    house.arm(fault, **details)
    card = await ada.type("generate", prompt="a brass owl")
    await house.pass_time(minutes=minutes)
    await house.reads(card, "Download GLB")

    assert house.tripo.faults.armed() == []
    assert [task.status for task in house.at_vendor()] == ["success"]
    assert charged(house) == PRICE


async def test_a_link_to_the_model_alone_is_enough(house: House, ada: Person) -> None:
    await house.reads(await ada.type("generate", prompt="an owl model-urls-only"), "Download GLB")


async def test_progress_that_goes_backwards_is_not_shown(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="an owl goes-backwards")
    seen: list[int] = []

    def done() -> bool:
        seen.extend(int(percent) for percent in re.findall(r"(\d+) ?%", card.text))
        return "Download GLB" in card.text

    await house.until(done)

    assert seen == sorted(seen)
    assert seen[-1] > 50


@pytest.mark.parametrize("house", [{"model_max_mb": 1}], indirect=True, ids=["1 MB"])
async def test_a_file_without_end_is_left_where_the_limit_is(
    house: House, ada: Person, carmen: Person
) -> None:
    house.arm("endless_body", on="download", times=2)
    cards = {
        await ada.type("generate", prompt="a brass owl"): "larger than this bot keeps",
        await carmen.type("generate", prompt="a brass owl"): "más grande de lo que este bot guarda",
    }

    for card, sentence in cards.items():
        await house.reads(card, "❌", sentence)

    assert charged(house) == 0
    assert files(house) == []


async def test_a_key_that_is_taken_away_amid_the_work_costs_members_nothing(
    house: House, ada: Person
) -> None:
    card = await ada.type("generate", prompt="a brass owl")
    await house.until(house.at_vendor)
    house.tripo.keys.revoke(KEY)

    await house.pass_time(minutes=16)
    await house.reads(card, "❌", "I stopped waiting", "Nothing was charged")

    assert await ada.credits() == 10


async def test_a_skeleton_for_a_mesh_that_is_too_heavy_is_refused_with_the_reason(
    house: House, ada: Person, carmen: Person
) -> None:
    house.arm("late_failed", type="animate_rig", code=2018, times=2)
    cards = {
        await ada.type("generate", prompt="a wooden knight", rig=True): "too complex for this step",
        await carmen.type(
            "generate", prompt="a wooden knight", rig=True
        ): "demasiado compleja para este paso",
    }

    for card, sentence in cards.items():
        await house.reads(card, "❌", sentence)

    assert charged(house) == 2 * PRICE
