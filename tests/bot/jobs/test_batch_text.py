"""Plans as people write them: what means one thing only is that thing, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.batch_text import MAX_LINES, TAGS, Line, read_lines
from bot.jobs.errors import NothingListed, TooManyLines, UnknownClip, UnknownTag

KNOWN = ("walk", "run", "idle", "slash", "jump", "wave_goodbye_01", "dance_01", "dance_02", "sit_down")
WORDS = st.text("abcdefgh äñ-'", min_size=3, max_size=40).map(lambda text: f"a{text}")


def read(text: str) -> Line:
    (line,) = read_lines(text, KNOWN)
    return line


def as_written(name: str, draw: st.DataObject) -> str:
    """A name in any capitals, with anything between its parts."""
    between = draw.draw(st.sampled_from(["_", " ", "-", ""]))
    spoken = name.replace("_", between)
    return "".join(draw.draw(st.sampled_from([sign.lower(), sign.upper()])) for sign in spoken)


@given(
    prompt=WORDS,
    tag=st.sampled_from(sorted(name for name, rigged in TAGS.items() if rigged)),
    clips=st.lists(st.sampled_from(KNOWN), max_size=4, unique=True),
    mark=st.sampled_from(["", "- ", "* ", "12. ", "  "]),
    data=st.data(),
)
def test_a_line_means_the_same_however_it_is_written(
    prompt: str, tag: str, clips: list[str], mark: str, data: st.DataObject
) -> None:
    names = [as_written(clip, data) for clip in clips]
    tail = f" : {' , '.join(names)}" if names else ""

    line = read(f"{mark}[ {as_written(tag, data)} ] {prompt}{tail}")

    assert line.errors == ()
    assert (line.prompt, line.rig, line.clips) == (prompt.strip(), True, tuple(clips))


@given(text=st.text(max_size=400), known=st.lists(st.text(min_size=1, max_size=12), max_size=6))
def test_no_text_is_too_much(text: str, known: list[str]) -> None:
    try:
        lines = read_lines(text, known)
    except (NothingListed, TooManyLines):
        return
    assert 0 < len(lines) <= MAX_LINES
    assert [line.number for line in lines] == sorted({line.number for line in lines})
    for line in lines:
        assert set(line.clips) <= set(known)
        assert line.rig or not line.clips


@given(st.lists(WORDS, min_size=1, max_size=MAX_LINES + 5), st.integers(0, 3))
def test_every_line_that_says_something_is_one_asset(prompts: list[str], blanks: int) -> None:
    text = ("\n" * (blanks + 1)).join(f"[static] {prompt}" for prompt in prompts)
    if len(prompts) > MAX_LINES:
        with pytest.raises(TooManyLines) as refused:
            read_lines(text, KNOWN)
        assert refused.value.count == len(prompts)
        return

    lines = read_lines(text, KNOWN)

    assert [line.prompt for line in lines] == [prompt.strip() for prompt in prompts]
    assert [line.number for line in lines] == [1 + place * (blanks + 1) for place in range(len(prompts))]


@pytest.mark.parametrize(
    ("written", "clips"),
    [
        ("[Rigged] a knight: Walking, attack", ("walk", "slash")),
        ("(character) a knight: running and jumping", ("run", "jump")),
        ("a knight: idle + walk", ("idle", "walk")),
        ("- [ANIMATED] caballero: caminar y saltar", ("walk", "jump")),
        ("[rig] a knight: wave, dance; sit down", ("wave_goodbye_01", "dance_01", "sit_down")),
        ("[rig] sir: the knight: idle", ("idle",)),
        ("[rig] a knight: walk, WALK, walking", ("walk",)),
    ],
)
def test_clips_go_by_other_names(written: str, clips: tuple[str, ...]) -> None:
    line = read(written)

    assert (line.errors, line.rig, line.clips) == ((), True, clips)


@pytest.mark.parametrize(
    ("written", "prompt"),
    [
        ("[STATIC] oak barrel: with iron hoops", "oak barrel: with iron hoops"),
        ("oak barrel: with iron hoops", "oak barrel: with iron hoops"),
        ("[prop] 3 apples", "3 apples"),
        ("[Estático] un barril", "un barril"),
    ],
)
def test_what_stands_still_keeps_its_words(written: str, prompt: str) -> None:
    line = read(written)

    assert (line.errors, line.rig, line.prompt) == ((), False, prompt)


def test_what_is_unknown_is_told_with_what_is_most_like_it() -> None:
    line = read("[rig] a knight: wlak, idle, xyzzy")
    near, far = line.errors
    assert isinstance(near, UnknownClip)
    assert isinstance(far, UnknownClip)
    assert (near.clip, near.nearest, far.nearest) == ("wlak", ("walk",), ())

    (tag,) = read("[RIGED] a knight").errors
    assert isinstance(tag, UnknownTag)
    assert (tag.tag, tag.nearest) == ("RIGED", "RIG")
    (strange,) = read("[zzzzzz] a knight").errors
    assert isinstance(strange, UnknownTag)
    assert strange.nearest == ""
