"""What each vendor would come to, as it is offered while a member types."""

from dataclasses import replace
from typing import Any

import pytest

from bot.jobs.choosing import AUTO, Wish
from bot.jobs.circuits import Trouble
from bot.jobs.orders import GenerateOrder
from bot.jobs.plan import OWNER_KEY
from bot.jobs.views import VendorOffer
from tests.bot.jobs.conftest import ADA, BEN, Workshop
from tests.bot.jobs.vendor import ScriptedVendor

MAKE = Wish(generate=True)
CHAIN = Wish(generate=True, rig=True, clips=("walk", "idle"))
RIG = Wish(rig=True)


@pytest.fixture
def workshop(workshop: Workshop) -> Workshop:
    """Tripo, a vendor whose rigs walk, and one that only generates."""
    walking = {"rig_clips": ("walk",), "clips_at_once": 10}
    bare = {"rig": False, "rig_files": False, "animate": False, "max_pictures": 0}
    workshop.others = [
        ScriptedVendor(name="meshy", title="Meshy", can=walking, drafts=True, checks=False),
        ScriptedVendor(name="bare", title="Bare", can=bare, usd_micros=1),
    ]
    workshop.restart()
    return workshop


async def offers(workshop: Workshop, wish: Wish, text: str = "", asker: Any = ADA) -> dict[str, VendorOffer]:
    return {one.name: one for one in await workshop.core.shelf.suggest_vendors(asker, text, wish)}


async def test_each_vendor_that_can_is_offered_with_auto_first(workshop: Workshop) -> None:
    assert list(await offers(workshop, MAKE)) == [AUTO, "tripo", "meshy", "bare"]
    assert list(await offers(workshop, CHAIN)) == [AUTO, "tripo", "meshy"]
    assert list(await offers(workshop, RIG)) == [AUTO, "tripo", "meshy"]
    assert list(await offers(workshop, replace(MAKE, pictures=2))) == [AUTO, "tripo", "meshy"]


async def test_prices_and_times_are_those_of_the_vendors_own_steps(workshop: Workshop) -> None:
    found = await offers(workshop, CHAIN)

    tripo, meshy = found["tripo"], found["meshy"]
    assert (tripo.price, tripo.seconds) == (2 + 1 + 2, 60 * 4)  # with a check
    assert (meshy.price, meshy.seconds) == (2 + 1 + 1, 60 * 4)  # with a draft; walking is free
    assert found[AUTO] == replace(meshy, name=AUTO)


@pytest.mark.parametrize("wish", [MAKE, CHAIN, replace(CHAIN, clips=("walk",)), replace(CHAIN, clips=())])
@pytest.mark.parametrize("vendor", ["tripo", "meshy"])
async def test_the_price_offered_is_the_price_paid(workshop: Workshop, wish: Wish, vendor: str) -> None:
    offered = (await offers(workshop, wish))[vendor].price

    view = await workshop.make(
        GenerateOrder(prompt="an owl", rig=wish.rig, clips=wish.clips, provider=vendor)
    )

    assert view.charged == offered


async def test_where_all_clips_come_with_the_rig_no_time_is_told_for_them(workshop: Workshop) -> None:
    found = await offers(workshop, replace(CHAIN, clips=("walk",)))

    assert found["meshy"].seconds == 60 * 3


async def test_ones_own_key_is_offered_as_such_to_its_member_alone(workshop: Workshop) -> None:
    await workshop.core.keys.set(ADA, "tripo", "adas-own-key")

    adas, bens = await offers(workshop, CHAIN), await offers(workshop, CHAIN, asker=BEN)

    assert (adas["tripo"].own_key, adas["tripo"].price) == (True, 0)
    assert (adas[AUTO].own_key, adas[AUTO].title) == (True, "Tripo")
    assert (bens["tripo"].own_key, bens["tripo"].price) == (False, 5)


async def test_trouble_is_told_and_auto_goes_round_it(workshop: Workshop) -> None:
    workshop.circuits.open("bare", OWNER_KEY, Trouble.EMPTY)

    found = await offers(workshop, MAKE)

    assert (found["bare"].trouble, found["tripo"].trouble) == ("empty", None)
    assert found[AUTO].title == "Tripo"


async def test_auto_is_not_offered_where_nobody_is_well_or_there_is_no_choice(workshop: Workshop) -> None:
    for name in ("tripo", "meshy"):
        workshop.circuits.open(name, OWNER_KEY, Trouble.DOWN)

    assert list(await offers(workshop, CHAIN)) == ["tripo", "meshy"]
    assert AUTO not in await offers(workshop, replace(CHAIN, negative=True, clips=()), "tri")
    workshop.others = []
    workshop.restart()
    assert list(await offers(workshop, MAKE)) == ["tripo"]


@pytest.mark.parametrize(
    ("text", "names"), [("mes", ["meshy"]), (" MESHY ", ["meshy"]), ("au", [AUTO]), ("nobody", [])]
)
async def test_what_is_typed_narrows_the_offers(workshop: Workshop, text: str, names: list[str]) -> None:
    workshop.others = workshop.others[:1]
    workshop.restart()

    assert list(await offers(workshop, MAKE, text)) == names


async def test_without_any_vendor_there_is_nothing_to_offer(workshop: Workshop) -> None:
    workshop.unowned = {"tripo", "meshy", "bare"}
    workshop.restart()

    assert await offers(workshop, MAKE) == {}


@pytest.mark.parametrize(
    ("vendor", "offered"), [(None, True), ("meshy", True), (AUTO, True), ("bare", False), ("nobody", False)]
)
async def test_clips_are_those_of_the_vendor_that_would_do_it(
    workshop: Workshop, vendor: str | None, *, offered: bool
) -> None:
    found = await workshop.core.shelf.suggest_clips(ADA, None, "wa", vendor=vendor)

    assert found == (["walk"] if offered else [])


async def test_styles_are_those_that_some_vendor_takes(workshop: Workshop) -> None:
    workshop.vendor.can = {"styles": ("clay",)}

    assert workshop.core.shelf.styles() == ("clay", "realistic", "cartoon", "low_poly")
