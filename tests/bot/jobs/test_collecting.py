"""What becomes of a vendor's file on its way into our store."""

from tests.bot.files.building import triangle
from tests.bot.jobs.conftest import Workshop


async def test_what_a_generator_wrote_about_the_making_is_not_kept(workshop: Workshop) -> None:
    build = triangle()
    build.document["asset"]["extras"] = {"prompt": "a graph with a secret owl"}
    workshop.vendor.glb = lambda _: build.bytes()

    view = await workshop.make()

    assert b"a secret owl" in build.bytes()
    assert view.model_file is not None
    async with workshop.store.open(view.model_file.artifact.key) as stream:
        kept = b"".join([piece async for piece in stream])
    assert kept.startswith(b"glTF")
    assert b"a secret owl" not in kept
    assert view.model_file.artifact.facts["size"] == len(kept) < len(build.bytes())
