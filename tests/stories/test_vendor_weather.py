"""A vendor with bad days."""

from sandbox.discord.faults import Fault, Kind
from tests.stories.house import House
from tests.stories.person import Person


async def test_an_expired_link_is_asked_for_again(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a lamp expired-links")
    await house.reads(card, "saving the result")
    house.at_vendor()[0].fault = None  # from now on it gives out good links
    await house.reads(card, "Download GLB")

    assert len(house.at_vendor()) == 1


async def test_a_vendor_that_is_rate_limited_is_waited_for(house: House, ada: Person) -> None:
    house.arm("rate_limited", times=8)
    card = await ada.type("generate", prompt="a brass owl")
    await house.reads(card, "Download GLB")

    assert await ada.credits() == 8


async def test_a_full_pool_means_a_place_in_the_queue(house: House, ada: Person, ben: Person) -> None:
    house.tripo.tasks.pools["h_series"] = 1
    first = await ada.type("generate", prompt="a brass owl")
    await house.until(house.at_vendor)
    second = await ben.type("generate", prompt="a tin owl")

    await house.reads(second, "⏳")
    await house.reads(first, "Download GLB")
    await house.reads(second, "Download GLB")

    assert len(house.at_vendor()) == 2


async def test_a_vendor_that_never_finishes_is_given_up_and_refunded(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a brass owl never-finishes")
    await house.pass_time(minutes=30)
    await house.reads(card, "❌", "I stopped waiting", "Nothing was charged")

    assert await ada.credits() == 10


async def test_a_vendor_that_is_down_for_a_while_is_asked_again(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a brass owl")
    await house.until(house.at_vendor)
    house.arm("html_502", times=5, on="read")

    await house.reads(card, "Download GLB")

    assert len(house.at_vendor()) == 1


async def test_a_discord_that_stumbles_gets_the_card_a_little_later(house: House, ada: Person) -> None:
    house.discord.faults.add(Fault(kind=Kind.STATUS, method="PATCH", status=500, times=1))
    card = await ada.type("generate", prompt="a brass owl")

    await house.reads(card, "Download GLB")
