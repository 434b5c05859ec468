import inspect
from types import ModuleType
from typing import Any

import pytest
from discord import app_commands

from bot.jobs import errors
from bot.jobs.circuits import Trouble
from bot.jobs.failures import Failure
from bot.locales.catalogue import Catalogue
from bot.ui.replies import REFUSALS, failure_sentence, reply_to
from bot.ui.text import Voice
from providers import errors as provider_errors
from storage import errors as storage_errors
from storage.models import JobState, ModelState, Notify, RunState

CATALOGUE = Catalogue.load()
VOICES = [Voice(catalogue=CATALOGUE, locale=name) for name in CATALOGUE.languages]
SAMPLES: dict[str, Any] = {
    "reason": "broken",
    "scope": "server",
    "known": ("realistic",),
    "nearest": ("walk",),
    "style": "odd",
    "clip": "wlak",
    "job_id": "01H",
    "provider": "tripo",
    "detail": "",
    "what": "rig",
    "trouble": "down",
    "others": ("Meshy",),
    "clips": ("walk",),
    "vendor": "Tripo",
    "name": "acme",
    "why": "no_text",
    "numbers": (1, 3),
}


def leaves(module: ModuleType, root: type[Exception]) -> list[type[Exception]]:
    family = [kind for _, kind in inspect.getmembers(module, inspect.isclass) if issubclass(kind, root)]
    return [kind for kind in family if not any(issubclass(o, kind) and o is not kind for o in family)]


def example(kind: type[Exception]) -> Exception:
    needed = [
        parameter
        for parameter in inspect.signature(kind.__init__).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        and parameter.name != "self"
    ]
    return kind(*(SAMPLES.get(parameter.name, 3) for parameter in needed))


JOB_ERRORS = leaves(errors, errors.JobError)
TROUBLE = leaves(provider_errors, provider_errors.ProviderError) + leaves(
    storage_errors, storage_errors.StorageError
)


@pytest.mark.parametrize("kind", JOB_ERRORS)
@pytest.mark.parametrize("voice", VOICES, ids=lambda voice: voice.locale)
def test_every_refusal_has_its_own_sentence_in_every_language(kind: type[Exception], voice: Voice) -> None:
    reply = reply_to(example(kind), "ref")
    assert kind in REFUSALS
    assert not reply.trouble
    assert voice.say(reply.key, **reply.facts)


@pytest.mark.parametrize("kind", TROUBLE)
@pytest.mark.parametrize("voice", VOICES, ids=lambda voice: voice.locale)
def test_every_trouble_of_ours_is_told_with_a_reference_and_nothing_of_its_details(
    kind: type[Exception], voice: Voice
) -> None:
    error = kind.__new__(kind)
    Exception.__init__(error, "https://signed.example?key=secret")
    reply = reply_to(error, "c0ffee")
    sentence = voice.say(reply.key, **reply.facts)
    assert reply.trouble
    assert "`c0ffee`" in sentence
    assert "secret" not in sentence


@pytest.mark.parametrize("code", Failure)
@pytest.mark.parametrize("data", [{}, {"minutes": 20, "rig_type": "avian", "rule": "too_big", "more": 1}])
@pytest.mark.parametrize("voice", VOICES, ids=lambda voice: voice.locale)
def test_every_failure_says_in_every_language_that_nothing_was_charged(
    code: Failure, data: dict[str, Any], voice: Voice
) -> None:
    charged = {"en": "Nothing was charged", "es": "No se cobró"}[voice.locale]
    assert charged in failure_sentence(voice, code, data)


def test_failures_are_told_apart() -> None:
    sentences = {failure_sentence(VOICES[0], code, {}) for code in Failure}
    assert len(sentences) == len(Failure)


def test_a_failure_of_a_later_version_is_told_as_ours() -> None:
    assert failure_sentence(VOICES[0], "eaten_by_a_bear", {}) == failure_sentence(
        VOICES[0], Failure.INTERNAL, {}
    )


def test_a_shape_that_cannot_be_rigged_is_named_where_it_is_known() -> None:
    assert "like a bird" in failure_sentence(VOICES[0], Failure.NOT_RIGGABLE, {"rig_type": "avian"})
    assert "no skeleton" in failure_sentence(VOICES[0], Failure.NOT_RIGGABLE, {"rig_type": "cloud"})


@pytest.mark.parametrize(
    "reason", ["not_a_picture", "broken", "too_small", "too_large", "too_heavy", "unreachable"]
)
def test_each_reason_why_a_picture_is_unusable_has_a_sentence(reason: str) -> None:
    assert CATALOGUE.has(reply_to(errors.PictureUnusable(reason, maximum=1), "ref").key)


@pytest.mark.parametrize("scope", ["server", "member", "bot"])
@pytest.mark.parametrize("enough_at", [None, 1_700_000_000_000])
@pytest.mark.parametrize("voice", VOICES, ids=lambda voice: voice.locale)
def test_an_empty_quota_says_when_there_is_enough_again(
    scope: str, enough_at: int | None, voice: Voice
) -> None:
    reply = reply_to(errors.QuotaExceeded(3, 1, enough_at, scope), "ref")
    sentence = voice.say(reply.key, **reply.facts)
    assert ("<t:1700000000:R>" in sentence) == (enough_at is not None)


def test_what_a_command_raised_is_told_and_not_its_wrapping() -> None:
    @app_commands.command(name="x", description="y")
    async def command(interaction: Any) -> None: ...

    wrapped = app_commands.CommandInvokeError(command, errors.Busy())
    assert reply_to(wrapped, "ref").key == "refusal.busy"


def test_the_nearest_ancestor_speaks_for_an_error_without_words() -> None:
    class NewDiscordCheck(app_commands.CheckFailure):
        pass

    assert reply_to(NewDiscordCheck(), "ref").key == "refusal.not_here"
    assert reply_to(ValueError("x"), "ref").key == "trouble.unexpected"


def test_each_state_and_each_reason_that_is_put_into_a_name_has_its_sentence() -> None:
    derived = {f"failure.{code}" for code in Failure}
    derived |= {f"state.{state}" for state in ModelState} | {f"row.{state}" for state in RunState}
    derived |= {f"admin.{verb}" for verb in ("set", "grant", "reset")}
    derived |= {f"admin.change_{verb}" for verb in ("set", "grant", "reset")}
    derived |= {f"notify.choice.{how}" for how in Notify} | {f"notify.chosen.{how}" for how in Notify}
    derived |= {f"notify.{state}" for state in JobState if state not in {JobState.LIVE, JobState.CANCELLED}}
    derived |= {reply_to(example(kind), "ref").key for kind in JOB_ERRORS}
    derived |= {"refusal.unknown_clip", "refusal.rig_plays_nothing_nobody"}
    derived |= {f"refusal.vendor_{trouble}{tail}" for trouble in Trouble for tail in ("", "_others")}
    derived |= {f"notice.owner_{trouble}" for trouble in (Trouble.EMPTY, Trouble.REFUSED)}
    derived |= {f"vendor.offer{kind}{own}" for kind in ("", "_auto") for own in ("", "_own")}
    derived |= {f"entry.{seen_by}" for seen_by in ("public", "private", "alone")}
    assert derived <= set(CATALOGUE.languages["en"].sentences)
    assert len(JobState) == 5  # a new one needs a colour and perhaps words


SEVERAL = ("Tripo", "Meshy")
TOLD = [
    (
        errors.UnknownVendor("acme", ("tripo", "meshy")),
        "I do not know the vendor “acme”. There is: tripo and meshy. Nothing was charged.",
    ),
    (
        errors.CannotDo("Replicate", "animate", SEVERAL),
        (
            "Replicate does not make movements. With `provider:` you can take Tripo and Meshy instead. "
            "Nothing was charged."
        ),
    ),
    (
        errors.CannotDo("Replicate", "negative", ()),
        (
            "Replicate does not take `negative_prompt`, and no other vendor here can do all of it. "
            "Nothing was charged."
        ),
    ),
    (
        errors.VendorInTrouble("Tripo", "down", ("Meshy",)),
        "Tripo has trouble at the moment; with `provider:` you can take Meshy instead. Nothing was charged.",
    ),
    (
        errors.VendorInTrouble("Tripo", "empty", ()),
        (
            "The account at Tripo is empty at the moment. Nothing was charged; "
            "whoever it belongs to has to top it up."
        ),
    ),
    (
        errors.RigPlaysNothing("Replicate", SEVERAL),
        (
            "The skeleton is by Replicate, which makes no movements. `/rig` it anew with `provider:` "
            "Tripo and Meshy, and then animate. Nothing was charged."
        ),
    ),
    (
        errors.HasClips(("walk", "run")),
        (
            "It does that already: what you ask for (walk and run) came with its skeleton "
            "and is among its files. Nothing was charged."
        ),
    ),
    (
        errors.PolycountFixed("ComfyUI"),
        "ComfyUI chooses the number of faces itself, so leave `polycount` out. Nothing was charged.",
    ),
]


@pytest.mark.parametrize(("error", "sentence"), TOLD)
def test_a_refusal_says_what_happened_and_what_to_do(error: errors.JobError, sentence: str) -> None:
    reply = reply_to(error, "ref")

    assert VOICES[0].say(reply.key, **reply.facts) == sentence


WORDS = ("words", "pictures", "many_pictures", "negative", "rig", "rig_files", "animate")
NO_CHOICE = [
    *(errors.CannotDo("Tripo", word, others) for word in WORDS for others in (SEVERAL, ())),
    *(errors.VendorInTrouble("Tripo", trouble, others) for trouble in Trouble for others in (SEVERAL, ())),
    *(errors.RigPlaysNothing("Tripo", others) for others in (SEVERAL, ())),
]


@pytest.mark.parametrize("error", NO_CHOICE, ids=str)
@pytest.mark.parametrize("voice", VOICES, ids=lambda voice: voice.locale)
def test_who_else_could_do_it_is_told_where_there_is_anybody(error: Any, voice: Voice) -> None:
    reply = reply_to(error, "ref")

    sentence = voice.say(reply.key, **reply.facts)

    assert "Tripo" in sentence
    assert ("Meshy" in sentence) is bool(error.others)
    assert {"en": "Nothing was charged", "es": "No se cobró nada"}[voice.locale] in sentence


def test_no_two_of_them_are_told_alike() -> None:
    replies = [reply_to(error, "ref") for error in NO_CHOICE]

    assert len({VOICES[0].say(reply.key, **reply.facts) for reply in replies}) == len(NO_CHOICE)
