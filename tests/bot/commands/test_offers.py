"""Vendors on offer while a member types: price, usual time, and what is asked for so far."""

from dataclasses import replace
from typing import Any

import pytest

from bot.jobs.choosing import AUTO, Wish
from bot.jobs.orders import GenerateOrder, RigOrder
from bot.jobs.views import VendorOffer
from tests.bot.commands.conftest import Room
from tests.bot.ui.views import MODEL_ID

TRIPO = VendorOffer(name="tripo", title="Tripo", price=5, seconds=140, own_key=False, trouble=None)
OWN = replace(TRIPO, price=0, own_key=True)


async def offers(room: Room, command: str = "generate", typed: str = "", **options: Any) -> dict[str, str]:
    room.member.completes(command, "provider", provider=typed, **options)
    return {one["name"]: one["value"] for one in (await room.next()).answer["choices"]}


@pytest.mark.parametrize(
    ("offer", "english", "spanish"),
    [
        (
            TRIPO,
            "Tripo: 5 credits, usually 2 min 20 sec",
            "Tripo: 5 créditos, suele tardar 2 min 20 s",
        ),
        (
            replace(TRIPO, price=1),
            "Tripo: 1 credit, usually 2 min 20 sec",
            "Tripo: 1 crédito, suele tardar 2 min 20 s",
        ),
        (
            OWN,
            "Tripo: with your own key, usually 2 min 20 sec",
            "Tripo: con tu propia clave, suele tardar 2 min 20 s",
        ),
        (
            replace(TRIPO, name=AUTO),
            "The cheapest that is well, now Tripo: 5 credits, usually 2 min 20 sec",
            "El más barato que funciona, ahora Tripo: 5 créditos, suele tardar 2 min 20 s",
        ),
        (
            replace(OWN, name=AUTO),
            "The cheapest that is well, now Tripo: with your own key, usually 2 min 20 sec",
            "El más barato que funciona, ahora Tripo: con tu propia clave, suele tardar 2 min 20 s",
        ),
        (replace(TRIPO, trouble="down"), "Tripo: not now", "Tripo: ahora no"),
        (replace(OWN, trouble="refused"), "Tripo: not now", "Tripo: ahora no"),
    ],
)
async def test_an_offer_says_what_it_would_come_to(
    room: Room, offer: VendorOffer, english: str, spanish: str
) -> None:
    room.shelf.offers = [offer]

    assert await offers(room) == {english: offer.name}
    room.member.locale = "es-ES"
    assert await offers(room) == {spanish: offer.name}


async def test_an_offer_is_never_longer_than_discord_takes(room: Room) -> None:
    room.shelf.offers = [replace(TRIPO, title="A vendor with a name " * 9)]

    (name,) = await offers(room)

    assert len(name) == 100


@pytest.mark.parametrize(
    ("options", "wish"),
    [
        ({}, Wish(generate=True)),
        ({"prompt": "an owl", "rig": True}, Wish(generate=True, rig=True)),
        (
            {"animate": "walk, Wave Goodbye 01"},
            Wish(generate=True, rig=True, clips=("walk", "wave_goodbye_01")),
        ),
        ({"image": 1, "image3": 2}, Wish(generate=True, pictures=2)),
        ({"negative_prompt": "rust"}, Wish(generate=True, negative=True)),
    ],
)
async def test_the_offers_are_for_what_is_typed_so_far(
    room: Room, options: dict[str, Any], wish: Wish
) -> None:
    await offers(room, **options)

    assert room.shelf.wishes == [wish]


async def test_the_offers_for_a_rig_are_for_a_rig(room: Room) -> None:
    room.shelf.offers = [TRIPO]

    assert list((await offers(room, "rig", "tri", model="owl")).values()) == ["tripo"]
    assert room.shelf.wishes == [Wish(rig=True)]


@pytest.mark.parametrize("command", ["generate", "rig"])
async def test_a_mistake_while_offering_vendors_offers_nothing(room: Room, command: str) -> None:
    room.shelf.broken = True
    room.member.completes(command, "provider", provider="")

    await room.wire.settled()
    assert len(room.shelf.wishes) == 1
    assert room.wire.calls.empty()


async def test_the_vendor_that_was_picked_is_in_the_order(room: Room) -> None:
    room.member.types("generate", prompt="an owl", provider="meshy")
    room.member.types("rig", model=MODEL_ID, provider=AUTO)
    await room.wire.settled()

    assert [order for order, _ in room.jobs.started] == [
        GenerateOrder(prompt="an owl", provider="meshy"),
        RigOrder(model_id=MODEL_ID, provider=AUTO),
    ]
