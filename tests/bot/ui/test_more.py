"""The panel behind More, and its forms."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
import pytest_asyncio

from bot.jobs.errors import Busy, CannotDo
from bot.jobs.orders import ConvertOrder, GenerateOrder, RemeshOrder, RetextureOrder
from bot.jobs.views import FileView
from bot.locales.catalogue import Catalogue
from bot.ui import buttons, more
from bot.ui.text import Voice
from storage.models import ArtifactKind
from tests.bot.desk import FakeExtras, FakeJobs, FakeRecipes, a_desk, a_picture
from tests.bot.ui.views import MODEL_ID, a_file, a_model
from tests.bot.wire import Call, Member, Wire, connected

FORM, THINKING = 9, 5
ENGLISH, SPANISH = (Voice(catalogue=Catalogue.load(), locale=locale) for locale in ("en-US", "es-ES"))


@dataclass
class Room:
    member: Member
    wire: Wire
    jobs: FakeJobs
    extras: FakeExtras
    recipes: FakeRecipes

    async def next(self) -> Call:
        return await self.wire.next()

    async def clicked(self, route: str) -> Call:
        self.member.clicks(f"m:{route}:{MODEL_ID}")
        return await self.next()

    async def started(self) -> object:
        """What was started once a form was sent, on a public message."""
        assert (await self.next()).body == {"type": THINKING}
        await self.wire.settled()
        ((order, _),) = self.jobs.started
        return order


@pytest_asyncio.fixture
async def room() -> AsyncIterator[Room]:
    jobs, extras, recipes = FakeJobs(), FakeExtras(), FakeRecipes()
    async with connected(lambda _: a_desk(jobs=jobs, extras=extras, recipes=recipes)) as (client, wire):
        await wire.next()  # the commands
        yield Room(Member(client, wire), wire, jobs, extras, recipes)


async def test_more_shows_what_there_is_with_prices_in_private(room: Room) -> None:
    panel = await room.clicked("more")

    assert panel.private
    assert panel.buttons == {
        "New surface · 1 credit": f"m:retexture:{MODEL_ID}",
        "Fewer faces · 1 credit": f"m:remesh:{MODEL_ID}",
        "Use as reference · 2 credits": f"m:reference:{MODEL_ID}",
        "Lighter copies · free": f"m:optimise:{MODEL_ID}",
        "Make private": f"m:hide:{MODEL_ID}",
        "Delete": f"m:delete:{MODEL_ID}",
    }
    (select,) = [part for part in panel.parts if part["type"] == 3]
    assert [option["label"] for option in select["options"]] == [
        "FBX · 1 credit",
        "OBJ · 1 credit",
        "USDZ · 1 credit",
        "STL · free",
        "3MF · free",
    ]


async def test_what_cannot_be_had_is_not_shown(room: Room) -> None:
    room.extras.changed = {
        "retexture": None,
        "remesh": None,
        "reference": None,
        "formats": {},
        "lighter": False,
        "may_act": False,
    }
    panel = await room.clicked("more")
    assert panel.buttons == {}


@pytest.mark.parametrize("voice", [ENGLISH, SPANISH], ids=["en", "es"])
async def test_the_fullest_panel_keeps_to_discords_limits(voice: Voice) -> None:
    link = "https://models.example/" + "x" * 400
    copies = tuple(
        FileView(artifact=a_file(kind=ArtifactKind.COPY, id=str(number), facts={"copy": "fbx"}), url=link)
        for number in range(30)
    )
    fullest = replace(await FakeExtras(changed={"copies": copies}).view(None, MODEL_ID), may_act=True)  # type: ignore[arg-type]

    view = more.more(voice, fullest)

    assert len(list(view.walk_children())) <= 40
    assert view.content_length() <= 4_000


async def test_a_format_is_started_from_the_list(room: Room) -> None:
    room.member.chooses(f"m:convert:{MODEL_ID}", "stl")
    assert await room.started() == ConvertOrder(model_id=MODEL_ID, format="stl")


async def test_a_surface_is_asked_for_in_a_form_that_says_its_price(room: Room) -> None:
    form = await room.clicked("retexture")

    assert form.body["type"] == FORM
    assert "Costs 2 credits" in str(form.body)
    room.member.sends(form, "made of moss")
    assert await room.started() == RetextureOrder(model_id=MODEL_ID, words="made of moss")


@pytest.mark.parametrize("typed", ["5000", "5,000", "5.000", "5 000"])
async def test_a_number_of_faces_may_be_written_in_any_way(room: Room, typed: str) -> None:
    form = await room.clicked("remesh")
    assert "From 100 to 8,000" in str(form.body)

    room.member.sends(form, typed)

    assert await room.started() == RemeshOrder(model_id=MODEL_ID, faces=5000)


@pytest.mark.parametrize("typed", ["many", "-5", "", "9" * 12, "½"])
async def test_what_is_no_number_is_told_which_there_are(room: Room, typed: str) -> None:
    room.member.sends(await room.clicked("remesh"), typed)

    answer = await room.next()

    assert answer.private
    assert "between 100 and 8,000" in answer.text
    assert room.jobs.started == []


async def test_no_form_opens_for_what_would_be_refused(room: Room) -> None:
    for route in ("retexture", "remesh", "reference", "again"):
        room.jobs.refusals["check"] = [CannotDo("Tripo", "retexture", ())]
        answer = await room.clicked(route)
        assert answer.private
        assert answer.body["type"] != FORM


async def test_its_picture_and_words_make_another_model(room: Room) -> None:
    form = await room.clicked("reference")
    assert "a brass owl" in str(form.body)
    assert room.recipes.copied == []

    room.member.sends(form, "with a hat")

    assert await room.started() == GenerateOrder(
        prompt="with a hat", picture_count=1, pictures=(a_picture("still.webp"),), parent_id=MODEL_ID
    )


async def test_a_copied_picture_is_forgotten_where_the_job_is_refused(room: Room) -> None:
    form = await room.clicked("reference")
    room.jobs.refusals["start"] = [Busy()]
    room.member.sends(form, "with a hat")
    await room.next()
    await room.wire.settled()
    assert room.jobs.discarded == ["still.webp"]


# Again


async def test_again_opens_with_what_was_asked_for(room: Room) -> None:
    room.recipes.recipe = GenerateOrder(
        prompt="a brass owl", negative_prompt="no wings", style="realistic", rig=True, clips=("walk",)
    )
    form = await room.clicked("again")
    for word in ("a brass owl", "no wings", "realistic"):
        assert word in str(form.body)

    room.member.sends(form, "a silver owl", "no feet", "low_poly")

    assert await room.started() == GenerateOrder(
        prompt="a silver owl", negative_prompt="no feet", style="low_poly", rig=True, clips=("walk",)
    )
    assert room.recipes.copied == []


async def test_again_from_pictures_copies_them_once_the_form_is_sent(room: Room) -> None:
    room.recipes.recipe = GenerateOrder(prompt="", picture_count=1)
    form = await room.clicked("again")

    room.member.sends(form, "")
    started = await room.started()

    assert isinstance(started, GenerateOrder)
    assert started.pictures == (a_picture("again.png"),)


async def test_again_on_a_surface_asks_for_another_on_the_same_shape(room: Room) -> None:
    room.recipes.recipe = RetextureOrder(model_id="01HPARENT", words="made of moss")
    form = await room.clicked("again")
    assert "made of moss" in str(form.body)

    room.member.sends(form, "made of ice")

    assert await room.started() == RetextureOrder(model_id="01HPARENT", words="made of ice")


def test_every_route_is_its_own() -> None:
    routes = [item.route for item in (*buttons.ITEMS, *more.ITEMS)]
    assert len(set(routes)) == len(routes)


# The same once more


async def test_the_very_same_again_is_offered_before_it_is_paid(room: Room) -> None:
    room.recipes.before = a_model()

    room.member.types("generate", prompt="a brass owl")
    question = await room.next()

    assert question.private
    assert "You made just this" in question.text
    assert question.buttons == {"Card": f"m:card:{MODEL_ID}", "Make anew": f"m:anew:{MODEL_ID}"}
    assert room.jobs.started == []
    room.member.clicks(f"m:anew:{MODEL_ID}")
    assert await room.started() == GenerateOrder(prompt="a brass owl")


async def test_again_unchanged_is_no_such_question_and_changed_it_is(room: Room) -> None:
    room.recipes.before = a_model()
    room.member.sends(await room.clicked("again"), "a silver owl")
    assert "You made just this" in (await room.next()).text

    room.member.sends(await room.clicked("again"), "a brass owl")
    assert await room.started() == GenerateOrder(prompt="a brass owl")
