from pathlib import Path

import pytest

from bot.files.errors import BrokenGlb, Rule
from bot.files.glb import check_glb, strip_extras
from bot.files.glb.container import open_glb
from sandbox import models
from tests.bot.files.building import rig, triangle

LIMIT = 10_000_000
GRAPH = '{"6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a secret owl"}}}'


@pytest.fixture
def glb(tmp_path: Path) -> Path:
    return tmp_path / "model.glb"


def test_what_a_generator_wrote_about_the_making_is_taken_out_and_nothing_else(glb: Path) -> None:
    build = rig("walk")
    build.document["asset"] |= {"generator": "ComfyUI", "extras": {"prompt": GRAPH}}
    build.document["extras"] = {"kept": True}
    build.document["nodes"][0]["extras"] = {"kept": True}
    before = check_glb(build.write(glb))

    bare = strip_extras(glb, glb.with_name("bare.glb"), limit=LIMIT)

    assert b"a secret owl" in glb.read_bytes()
    assert b"a secret owl" not in bare.read_bytes()
    after = check_glb(bare)
    assert (after.triangles, after.joints, after.clips) == (before.triangles, before.joints, before.clips)
    with open_glb(glb, limit=LIMIT) as old, open_glb(bare, limit=LIMIT) as new:
        assert new.data[new.start :] == old.data[old.start :]
        assert new.document == {**old.document, "asset": {"version": "2.0", "generator": "ComfyUI"}}


@pytest.mark.parametrize("extras", [None, {}, [], "a secret owl"])
def test_whatever_stands_there_goes(glb: Path, extras: object) -> None:
    build = triangle()
    build.document["asset"]["extras"] = extras

    bare = strip_extras(build.write(glb), glb.with_name("bare.glb"), limit=LIMIT)

    with open_glb(bare, limit=LIMIT) as new:
        assert new.document["asset"] == {"version": "2.0"}


def test_a_file_without_any_stays_where_it_is(glb: Path) -> None:
    out = glb.with_name("bare.glb")

    assert strip_extras(triangle().write(glb), out, limit=LIMIT) == glb
    assert not out.exists()


def test_a_file_that_is_no_glb_or_too_large_is_refused(glb: Path) -> None:
    triangle().write(glb)
    with pytest.raises(BrokenGlb) as large:
        strip_extras(glb, glb.with_name("bare.glb"), limit=100)
    glb.write_bytes(b"<html>sorry, not today</html>")
    with pytest.raises(BrokenGlb) as other:
        strip_extras(glb, glb.with_name("bare.glb"), limit=LIMIT)

    assert [large.value.rule, other.value.rule] == [Rule.TOO_LARGE, Rule.NOT_A_GLB]


def test_a_stripped_model_of_the_sandbox_still_knows_its_skeleton(glb: Path) -> None:
    glb.write_bytes(models.build(models.Design(prompt="a wolf", seed=1)))

    bare = strip_extras(glb, glb.with_name("bare.glb"), limit=LIMIT)

    assert models.topology(bare.read_bytes()) == "quadruped"
