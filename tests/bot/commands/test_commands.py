from typing import Any

import pytest

from bot.jobs.browsing import Look, Place
from bot.jobs.errors import AskedBefore, Busy, NoVendor, QuotaExceeded
from bot.jobs.orders import AnimateOrder, GenerateOrder, RigOrder
from storage.errors import DatabaseUnavailable
from storage.lists import Standing
from storage.models import QuotaAction
from tests.bot.commands.conftest import Room
from tests.bot.desk import an_entry
from tests.bot.ui.views import JOB_ID, MODEL_ID, a_view
from tests.bot.wire import FIRST_MESSAGE

DEFER = {"type": 5}
CHAT, ON_A_PERSON = 1, 2
THUMBNAIL = 11


def options_of(command: dict[str, Any]) -> list[dict[str, Any]]:
    options = command.get("options", [])
    return [*options, *(inner for option in options for inner in options_of(option))]


def is_public_defer(call: Any) -> bool:
    return call.path.endswith("/callback") and call.body == DEFER


async def test_discord_is_told_of_all_commands_in_both_languages(room: Room) -> None:
    commands = [one for one in room.synced.body if one["type"] == CHAT]
    assert [command["name"] for command in commands] == [
        "generate",
        "batch",
        "rig",
        "animate",
        "retexture",
        "remesh",
        "convert",
        "optimise",
        "models",
        "gallery",
        "status",
        "cancel",
        "quota",
        "notify",
        "help",
        "key",
        "admin",
    ]
    for part in [*commands, *(option for command in commands for option in options_of(command))]:
        assert set(part["description_localizations"]) == {"es-ES", "es-419"}
        assert not part.get("name_localizations")


async def test_a_menu_on_a_person_shows_what_may_be_seen_of_theirs(room: Room) -> None:
    (menu,) = [one for one in room.synced.body if one["type"] == ON_A_PERSON]
    assert (menu["name"], menu["name_localizations"]["es-ES"]) == ("Models", "Modelos")

    room.member.points(menu["name"], "43", somebody())

    assert (await room.next()).private
    assert room.browsing.looks == [(Look(person=43), None)]


async def test_commands_work_everywhere_but_those_for_moderators(room: Room) -> None:
    everyones = [one for one in room.synced.body if one["name"] != "admin"]
    (admin,) = [one for one in room.synced.body if one["name"] == "admin"]
    assert all(command["contexts"] == [0, 1, 2] for command in everyones)
    assert all(command["integration_types"] == [0, 1] for command in everyones)
    assert (admin["contexts"], admin["integration_types"]) == ([0], [0])
    assert admin["default_member_permissions"] == 32


async def test_styles_come_from_the_vendor_with_words_where_we_have_them(room: Room) -> None:
    (style,) = [option for option in room.synced.body[0]["options"] if option["name"] == "style"]
    assert [(choice["name"], choice["value"]) for choice in style["choices"]] == [
        ("Realistic", "realistic"),
        ("Low poly", "low_poly"),
        ("voxel", "voxel"),
    ]
    assert style["choices"][1]["name_localizations"]["es-ES"] == "Pocos polígonos"


async def test_generate_answers_at_once_and_starts_the_job_on_that_message(room: Room) -> None:
    room.member.types(
        "generate",
        prompt="a brass owl",
        style="low_poly",
        rig=True,
        animate="walk, idle,",
        polycount=5000,
        negative_prompt="wings",
        seed=7,
    )
    assert is_public_defer(await room.next())
    await room.wire.settled()

    ((order, address),) = room.jobs.started
    assert order == GenerateOrder(
        prompt="a brass owl",
        style="low_poly",
        rig=True,
        clips=("walk", "idle"),
        polycount=5000,
        negative_prompt="wings",
        seed=7,
    )
    assert (address.message_id, address.channel_id, address.attachment_limit) == (
        FIRST_MESSAGE,
        500,
        10_485_760,
    )
    assert address.bot_may_edit
    assert room.wire.calls.empty()


@pytest.mark.parametrize(
    ("where", "may"),
    [
        ({}, True),
        ({"app_permissions": "0"}, False),
        ({"authorizing_integration_owners": {"1": "42"}}, False),
        ({"guild_id": None, "context": 1}, True),
        ({"guild_id": None, "context": 2}, False),
    ],
    ids=["server", "hidden channel", "installed by a person only", "its own DM", "DM between people"],
)
async def test_the_bot_may_edit_where_it_is_itself(room: Room, where: dict[str, Any], *, may: bool) -> None:
    room.member.where = where
    room.member.types("generate", prompt="a brass owl")
    await room.next()
    await room.wire.settled()
    ((_, address),) = room.jobs.started
    assert address.bot_may_edit is may


async def test_the_bot_may_not_edit_what_discord_made_private(room: Room) -> None:
    room.wire.callback = {"response_message_ephemeral": True}
    room.member.types("generate", prompt="a brass owl")
    await room.next()
    await room.wire.settled()
    ((_, address),) = room.jobs.started
    assert not address.bot_may_edit


async def test_moderators_are_known_in_servers_alone(room: Room) -> None:
    room.member.moderator = True
    for where in ({}, {"guild_id": None, "context": 1}):
        room.member.where = where
        room.member.types("generate", prompt="a brass owl")
        await room.next()
        await room.wire.settled()
    assert [asker.moderator for asker in room.jobs.askers] == [True, False]


async def test_a_mistake_while_offering_offers_nothing_and_says_nothing(room: Room) -> None:
    room.shelf.broken = True
    room.member.completes("rig", "model", model="owl")
    await room.wire.settled()
    assert room.wire.calls.empty()


async def test_a_refusal_is_private_and_comes_before_anything_public(room: Room) -> None:
    room.jobs.refusals["check"] = [NoVendor()]
    room.member.types("generate", prompt="a brass owl")

    call = await room.next()
    assert call.private
    assert "no key for a vendor" in call.text
    assert room.jobs.started == []


async def test_a_refusal_after_the_first_answer_takes_the_empty_card_away(room: Room) -> None:
    room.jobs.refusals["start"] = [QuotaExceeded(2, 1, None, "server")]
    room.member.types("generate", prompt="a brass owl")

    assert is_public_defer(await room.next())
    assert (await room.next()).what.startswith("DELETE /webhooks")
    answer = await room.next()
    assert answer.private
    assert "needs 2 credits and you have 1 left" in answer.text


async def test_answers_are_in_the_readers_language(room: Room) -> None:
    room.member.locale = "es-419"
    room.jobs.refusals["check"] = [Busy()]
    room.member.types("rig", model="k7mq2x")
    assert (await room.next()).text.startswith("Este modelo tiene algo en marcha")


async def test_trouble_of_ours_is_told_with_a_reference_and_without_details(room: Room) -> None:
    room.jobs.refusals["check"] = [DatabaseUnavailable("disk I/O error at /data/maquette.db")]
    room.member.types("generate", prompt="a brass owl")

    call = await room.next()
    assert call.private
    assert "Reference for the bot's owner: `" in call.text
    assert "/data" not in call.text


async def test_an_interaction_that_comes_twice_leaves_its_card_alone(room: Room) -> None:
    room.jobs.refusals["start"] = [AskedBefore(JOB_ID)]
    room.member.types("generate", prompt="a brass owl")
    assert is_public_defer(await room.next())
    await room.wire.settled()
    assert room.wire.calls.empty()


async def test_an_answer_that_comes_too_late_starts_nothing(room: Room) -> None:
    room.wire.failures["POST /interactions"] = [(404, {"code": 10062, "message": "Unknown interaction"})] * 2
    room.member.types("generate", prompt="a brass owl")
    await room.next()
    await room.next()
    await room.wire.settled()
    assert room.jobs.started == []


def attached(room: Room, **sides: tuple[int, bytes]) -> dict[str, Any]:
    """Attachments as Discord resolves them, by option."""
    for number, data in sides.values():
        room.wire.files[f"/cdn/{number}.png"] = data
    return {
        str(number): {
            "id": str(number),
            "filename": f"{number}.png",
            "size": len(data),
            "url": f"http://{room.wire.address}/cdn/{number}.png",
            "proxy_url": "",
        }
        for number, data in sides.values()
    }


async def test_pictures_are_kept_in_their_order_after_the_first_answer(room: Room) -> None:
    resolved = {"attachments": attached(room, image=(1, b"front"), image3=(3, b"back"))}
    room.member.types("generate", resolved, image=(11, 1), image3=(11, 3))

    assert is_public_defer(await room.next())
    await room.wire.settled()
    ((order, _),) = room.jobs.started
    assert isinstance(order, GenerateOrder)
    assert [picture and picture.name for picture in order.pictures] == ["1.png", None, "3.png", None]
    assert order.picture_count == 2


async def test_one_bad_picture_forgets_the_others(room: Room) -> None:
    resolved = {"attachments": attached(room, image=(1, b"front"), image2=(2, b"not a picture"))}
    room.member.types("generate", resolved, image=(11, 1), image2=(11, 2))

    calls = [await room.next() for _ in range(3)]
    assert "not a picture that I can read" in calls[-1].text
    assert room.jobs.discarded == ["1.png"]
    assert room.jobs.started == []


async def test_pictures_of_a_refused_start_are_forgotten(room: Room) -> None:
    room.jobs.refusals["start"] = [Busy()]
    room.member.types("generate", {"attachments": attached(room, image=(1, b"front"))}, image=(11, 1))
    for _ in range(3):
        await room.next()
    await room.wire.settled()
    assert room.jobs.discarded == ["1.png"]


async def test_a_picture_that_discord_does_not_give_is_told(room: Room) -> None:
    resolved = {"attachments": attached(room, image=(1, b"front"))}
    room.wire.files.clear()
    room.member.types("generate", resolved, image=(11, 1))
    calls = [await room.next() for _ in range(3)]
    assert "could not fetch" in calls[-1].text


@pytest.mark.parametrize(
    ("change", "said"),
    [({"size": 20_000_001}, "over 20 MB"), ({"url": "http://169.254.169.254/x.png"}, "could not fetch")],
)
async def test_pictures_that_are_too_heavy_or_lie_elsewhere_are_never_fetched(
    room: Room, change: dict[str, Any], said: str
) -> None:
    resolved = attached(room, image=(1, b"front"))
    resolved["1"].update(change)
    room.member.types("generate", {"attachments": resolved}, image=(11, 1))
    call = await room.next()
    assert call.private
    assert said in call.text


async def test_rig_and_animate_find_the_model_by_what_was_typed(room: Room) -> None:
    room.member.types("rig", model="k7mq2x")
    assert is_public_defer(await room.next())
    room.member.types("animate", model=MODEL_ID, clip="walk", clip3="idle", clip4="walk")
    assert is_public_defer(await room.next())
    await room.wire.settled()

    assert [order for order, _ in room.jobs.started] == [
        RigOrder(model_id=MODEL_ID),
        AnimateOrder(model_id=MODEL_ID, clips=("walk", "idle")),
    ]


async def test_a_model_that_is_not_there_is_a_private_refusal(room: Room) -> None:
    room.member.types("rig", model="nonsense")
    call = await room.next()
    assert call.private
    assert "cannot find that model" in call.text


async def test_models_are_offered_by_name_and_label(room: Room) -> None:
    room.member.completes("rig", "model", model="owl")
    (choice,) = (await room.next()).answer["choices"]
    assert (choice["name"], choice["value"]) == ("a brass owl #k7mq2x", MODEL_ID)


async def test_a_list_of_clips_is_completed_at_its_end(room: Room) -> None:
    room.member.completes("generate", "animate", animate="walk, i")
    choices = (await room.next()).answer["choices"]
    assert [choice["value"] for choice in choices] == ["walk, idle"]


async def test_each_clip_option_offers_what_the_model_can_play(room: Room) -> None:
    room.member.completes("animate", "clip2", model=MODEL_ID, clip="walk", clip2="r")
    choices = (await room.next()).answer["choices"]
    assert [choice["value"] for choice in choices] == ["run"]


async def test_status_shows_the_model_on_a_fresh_message(room: Room) -> None:
    room.member.types("status", model="a brass owl")
    assert is_public_defer(await room.next())
    await room.wire.settled()
    assert [address.message_id for address in room.jobs.shown] == [FIRST_MESSAGE]


async def test_status_that_is_refused_leaves_no_empty_card(room: Room) -> None:
    room.jobs.refusals["show"] = [Busy()]
    room.member.types("status", model="a brass owl")
    assert [(await room.next()).method for _ in range(3)] == ["POST", "DELETE", "POST"]


async def test_cancel_asks_about_the_newest_job_and_says_what_comes_back(room: Room) -> None:
    room.shelf.live = [a_view()]
    room.member.types("cancel")
    call = await room.next()
    assert call.private
    assert "2 credits will come back" in call.text
    assert call.buttons == {"Yes, stop it": f"m:cancel_now:{JOB_ID}"}
    assert room.jobs.did == []


async def test_cancel_with_nothing_under_way_says_so(room: Room) -> None:
    room.member.types("cancel")
    assert "nothing to stop" in (await room.next()).text


async def test_cancel_offers_what_is_under_way(room: Room) -> None:
    room.shelf.live = [a_view()]
    room.member.completes("cancel", "job", job="OWL")
    (choice,) = (await room.next()).answer["choices"]
    assert (choice["name"], choice["value"]) == ("a brass owl · taking shape", JOB_ID)


async def test_quota_says_what_is_left_what_things_cost_and_what_comes_back(room: Room) -> None:
    room.member.types("quota")
    call = await room.next()
    assert call.private
    assert "**7 credits** left" in call.text
    assert "A model costs 2 credits" in call.text
    assert "- 3 credits back <t:" in call.text


async def test_models_come_in_private_five_to_a_page_each_with_its_picture(room: Room) -> None:
    room.browsing.entries = [an_entry(label=f"label{n}", name=f"owl {n}") for n in range(7)]
    room.member.types("models", text="owl", project="castle", state="ready", rigged=True)
    call = await room.next()

    assert call.private
    assert call.text.count("`#label") == 5
    assert len([part for part in call.parts if part["type"] == THUMBNAIL]) == 5
    assert len(call.parts) <= 40
    wanted = Look(project_id="01HPR0JECT", standing=Standing.READY, rigged=True, text="owl")
    assert room.browsing.looks == [(wanted, None)]
    (older,) = [one for label, one in call.buttons.items() if label == "Older"]
    room.member.clicks(older)
    assert (await room.next()).body["type"] == 7
    assert room.browsing.looks[1] == (wanted, Place(label="label4", stars=1))


async def test_who_has_no_models_is_told_how_to_begin(room: Room) -> None:
    room.member.types("models")
    assert "/generate prompt: a brass owl" in (await room.next()).text


def somebody() -> dict[str, Any]:
    user = {"id": "43", "username": "y", "discriminator": "0", "avatar": None, "global_name": None}
    return {"users": {"43": user}}


async def test_members_may_not_look_after_quotas_whatever_discord_lets_through(room: Room) -> None:
    room.member.types("admin quota grant", somebody(), member=(6, 43), amount=5)
    call = await room.next()
    assert call.private
    assert "may manage this server" in call.text
    assert room.quotas.did == []


@pytest.mark.parametrize(
    ("verb", "options", "did", "said"),
    [
        (
            "set",
            {"amount": 20, "reason": "jam"},
            (QuotaAction.SET, 20, "jam"),
            "<@43> now has 8 credits a day (before: 3 credits)",
        ),
        (
            "grant",
            {"amount": 5, "hours": 48},
            (QuotaAction.GRANT, 5, None, 48),
            "<@43> got 5 credits, good for 48 hours. Left to use: 8 credits (before: 3 credits)",
        ),
        ("reset", {}, (QuotaAction.RESET, 4, None), "Left to use: 8 credits (before: 3 credits)"),
    ],
)
async def test_a_moderators_change_holds_and_is_told(
    room: Room, verb: str, options: dict[str, Any], did: tuple[Any, ...], said: str
) -> None:
    room.member.moderator = True
    room.member.types(f"admin quota {verb}", somebody(), member=(6, 43), **options)
    call = await room.next()
    assert call.private
    assert said in call.text
    assert room.quotas.did == [did]


async def test_a_moderator_sees_the_changes_and_their_reasons(room: Room) -> None:
    room.member.moderator = True
    room.member.types("admin quota show", somebody(), member=(6, 43))
    call = await room.next()
    assert call.private
    assert "Credits of <@43>" in call.text
    assert r"gave 5 credits: for the \*\*jam\*\* \<@" in call.text
