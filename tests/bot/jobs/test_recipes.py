"""How a model was made, found again by the very same request."""

from dataclasses import replace

import pytest

from bot.jobs.orders import GenerateOrder
from providers.base import Failed
from tests.bot.files.building import picture
from tests.bot.jobs.conftest import ADA, BEN, OWL, Workshop

SEEDED = replace(OWL, style="cartoon", seed=7, clips=("walk",))


async def test_the_very_same_request_finds_its_newest_model(workshop: Workshop) -> None:
    recipes = workshop.core.recipes
    assert await recipes.made_before(ADA, OWL) is None
    await workshop.make(OWL)
    newest = await workshop.make(OWL)
    await workshop.make(SEEDED)

    found = await recipes.made_before(ADA, replace(OWL, prompt="  a brass   owl "))

    assert found is not None
    assert found.id == newest.model.id
    assert await recipes.made_before(BEN, OWL) is None


@pytest.mark.parametrize(
    "other",
    [
        replace(SEEDED, seed=8),
        replace(SEEDED, seed=None),
        replace(SEEDED, style=None),
        replace(SEEDED, prompt="a brass owl with a hat"),
        replace(SEEDED, polycount=900),
        replace(SEEDED, clips=()),
        replace(SEEDED, provider="tripo"),
    ],
)
async def test_whatever_differs_makes_it_another_request(workshop: Workshop, other: GenerateOrder) -> None:
    await workshop.make(SEEDED)
    assert await workshop.core.recipes.made_before(ADA, SEEDED) is not None
    assert await workshop.core.recipes.made_before(ADA, other) is None


async def test_pictures_are_known_by_what_is_in_them(workshop: Workshop) -> None:
    keep = workshop.core.jobs.keep_picture
    first = await keep(picture("PNG", (300, 300)), "owl.png")
    await workshop.make(GenerateOrder(pictures=(first,)))
    same, another = (
        await keep(picture("PNG", (300, 300)), "x.png"),
        await keep(picture("PNG", (301, 300)), "owl.png"),
    )

    assert await workshop.core.recipes.made_before(ADA, GenerateOrder(pictures=(same,))) is not None
    assert await workshop.core.recipes.made_before(ADA, GenerateOrder(pictures=(another,))) is None


async def test_what_failed_or_was_deleted_is_not_offered(workshop: Workshop) -> None:
    made = await workshop.make(OWL)
    await workshop.core.jobs.delete(ADA, made.model.id)
    workshop.vendor.judge = lambda _: Failed(code="vendor_failed")
    await workshop.make(OWL)

    assert await workshop.core.recipes.made_before(ADA, OWL) is None


async def test_a_chosen_seed_belongs_to_just_the_same_request_alone(workshop: Workshop) -> None:
    made = await workshop.make(SEEDED)
    recipes = workshop.core.recipes

    assert await recipes.order(ADA, made.model.id, seed=True) == replace(SEEDED, rig=True)
    assert await recipes.order(ADA, made.model.id) == replace(SEEDED, rig=True, seed=None)
