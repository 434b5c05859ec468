"""What the demo offers to try."""

import pytest

from providers.registry import KEY_SHAPES
from sandbox.marketplace import MEMBER_KEYS
from sandbox.suggestions import SUGGESTIONS, WORDS
from sandbox.vendors.faults import in_prompt
from sandbox.vendors.tripo import faults as tripo


def test_the_help_names_every_word_that_makes_trouble() -> None:
    text = " ".join(str(group["text"]) for group in SUGGESTIONS)
    told = text.replace(",", " ").replace(".", " ").replace(":", " ").split()

    assert frozenset(tripo.WORDS) == WORDS["Tripo"]
    assert frozenset.union(*WORDS.values()) <= set(told)


def test_what_is_to_go_wrong_holds_a_word_that_its_vendor_knows() -> None:
    (section,) = (group for group in SUGGESTIONS if group["title"] == "Let it go wrong")
    asked = [parsed for parsed in map(asking, section["examples"]) if "nude" not in parsed[0]]

    assert len({vendor for _, vendor in asked}) == len(WORDS)
    for prompt, vendor in asked:
        assert WORDS[vendor] & set(prompt.split()), prompt


def asking(line: str) -> tuple[str, str]:
    """Prompt and vendor of a command as it is typed; Tripo is the usual one."""
    prompt, _, vendor = line.removeprefix("/generate prompt: ").partition(" provider: ")
    titles = {title.lower(): title for title in WORDS}
    return prompt, titles[vendor or "tripo"]


def test_an_ordinary_prompt_asks_for_no_trouble() -> None:
    ordinary = "a forgotten temple, moderated and unauthorised, restarts where no plan is"

    assert in_prompt(ordinary, tripo.NAMES) is None
    assert in_prompt("a temple fault-forgotten", tripo.ABOUT_THE_TASK) is not None


@pytest.mark.parametrize("vendor", KEY_SHAPES)
def test_the_keys_that_a_member_may_bring_look_like_keys(vendor: str) -> None:
    assert KEY_SHAPES[vendor](MEMBER_KEYS[vendor]) is None
    assert any(MEMBER_KEYS[vendor] in group.get("copies", ()) for group in SUGGESTIONS)
