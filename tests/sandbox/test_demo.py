from sandbox.demo import SUGGESTIONS
from sandbox.vendors.faults import in_prompt
from sandbox.vendors.tripo.faults import ABOUT_THE_TASK, WORDS


def test_the_help_names_every_word_that_makes_trouble() -> None:
    told = " ".join(str(group["text"]) for group in SUGGESTIONS).replace(",", " ").replace(".", " ").split()

    assert set(WORDS) <= set(told)


def test_an_ordinary_prompt_asks_for_no_trouble() -> None:
    assert in_prompt("a forgotten temple, moderated and unauthorised", set(WORDS.values())) is None
    assert in_prompt("a temple fault-forgotten", ABOUT_THE_TASK) is not None
