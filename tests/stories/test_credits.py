"""How much may be made, and what moderators do about it."""

import pytest

from sandbox.discord.refusals import Refused
from tests.stories.house import House
from tests.stories.person import Person


@pytest.mark.parametrize("house", [{"quota_allowance": 3}], indirect=True, ids=["allowance 3"])
async def test_who_has_used_up_the_day_goes_on_with_a_moderators_gift(
    house: House, ada: Person, mona: Person
) -> None:
    await house.reads(await ada.type("generate", prompt="a brass owl"), "Download GLB")

    refusal = await ada.type("generate", prompt="a tin owl")
    assert refusal.private
    assert "needs 2 credits and you have 1 left" in refusal.text
    assert "There will be enough (a time)" in refusal.text
    assert len(house.at_vendor()) == 1

    gift = await mona.type("admin quota grant", member=str(ada.id), amount=5, reason="a good owl")
    assert "Left to use: 6 credits (before: 1 credit)" in gift.text
    await house.reads(await ada.type("generate", prompt="a tin owl"), "Download GLB")

    report = await mona.type("admin quota show", member=str(ada.id))
    assert report.private
    assert f"@{mona.id} gave 5 credits: a good owl" in report.text
    assert await ada.credits() == 4


async def test_what_was_used_comes_back_after_a_day(house: House, ada: Person) -> None:
    await house.reads(await ada.type("generate", prompt="a brass owl"), "Download GLB")
    assert await ada.credits() == 8

    house.clock.advance(24 * 3600)

    assert await ada.credits() == 10


async def test_a_moderator_sets_and_resets_what_a_member_may_make(
    house: House, ada: Person, mona: Person
) -> None:
    await house.reads(await ada.type("generate", prompt="a brass owl"), "Download GLB")

    await mona.type("admin quota set", member=str(ada.id), amount=4)
    assert await ada.credits() == 2
    await mona.type("admin quota reset", member=str(ada.id), reason="a slip")
    assert await ada.credits() == 4

    report = (await mona.type("admin quota show", member=str(ada.id))).text
    assert report.index("gave back 2 credits: a slip") < report.index("set 4 credits a day (before: 10")


async def test_members_are_not_offered_what_is_for_moderators(ada: Person) -> None:
    with pytest.raises(Refused):
        await ada.type("admin quota grant", member=str(ada.id), amount=5)


async def test_each_server_and_the_direct_messages_count_for_themselves(house: House, ada: Person) -> None:
    await house.reads(await ada.type("generate", prompt="a brass owl"), "Download GLB")
    elsewhere = house.person("ada", channel=house.discord.world.channel_named("Taller", "general").id)

    assert await ada.credits() == 8
    assert await elsewhere.credits() == 10
    assert await house.alone("ada").credits() == 10
