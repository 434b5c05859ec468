from dataclasses import replace
from typing import Any

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.failures import Failure
from bot.jobs.views import FileView, JobView
from bot.locales.catalogue import Catalogue
from bot.ui.card import COLOURS, draw
from bot.ui.result import attachments, set_name
from bot.ui.text import Voice
from storage.models import ArtifactKind, JobState, RunState, Stage
from tests.bot.ui.views import (
    JOB_ID,
    MODEL_ID,
    NOW,
    a_file,
    a_finished_view,
    a_job,
    a_model,
    a_picture,
    a_stage,
    a_view,
)

CATALOGUE = Catalogue.load()
ENGLISH = Voice(catalogue=CATALOGUE, locale="en-US")
SPANISH = Voice(catalogue=CATALOGUE, locale="es-ES")


def texts(card: ui.LayoutView) -> list[str]:
    return [item.content for item in card.walk_children() if isinstance(item, ui.TextDisplay)]


def kinds(card: ui.LayoutView) -> list[str]:
    return [type(item).__name__ for item in card.children[0].children]


def clickable(card: ui.LayoutView) -> list[dict[str, Any]]:
    return [
        item.to_component_dict()
        for item in card.walk_children()
        if isinstance(item, ui.DynamicItem | ui.Button)
    ]


def labels(card: ui.LayoutView) -> list[str]:
    return [button["label"] for button in clickable(card)]


def plan_row(**stage: Any) -> str:
    return texts(draw(a_view(stages=(a_stage(**stage),)), ENGLISH))[1]


def test_a_live_card_says_who_what_and_how_far() -> None:
    stages = (
        a_stage(progress=42, elapsed_ms=30_000, estimate_ms=120_000),
        a_stage(Stage.RIG, RunState.PLANNED),
        a_stage(Stage.ANIMATE, RunState.PLANNED, clips=("walk",)),
    )
    card = draw(a_view(stages=stages), ENGLISH)

    assert texts(card) == [
        "### a brass owl\n`#k7mq2x` · for <@42> · Tripo",
        (
            "🎨 **Shape** · ▰▰▰▰▱▱▱▱▱▱ 42% · started <t:1699999970:R> · usually takes 2 min\n"
            "🔹 **Skeleton** · waits for what comes before it\n"
            "🔹 **Movement: walk** · waits for what comes before it"
        ),
        "-# 2 credits set aside · 8 credits left today",
    ]
    assert labels(card) == ["Cancel"]


def test_a_finished_card_has_picture_facts_file_link_and_what_to_do_next() -> None:
    view = a_finished_view()
    card = draw(view, ENGLISH, attached=attachments(view, 10_000_000))

    assert kinds(card) == [
        "TextDisplay",
        "Separator",
        "TextDisplay",
        "MediaGallery",
        "TextDisplay",
        "File",
        "ActionRow",
        "ActionRow",
    ]
    assert texts(card)[1] == "✅ **Shape** · done in 1 min 12 sec"
    assert texts(card)[2] == (
        "1,234 triangles · 17 joints · plays walk and idle · 3.2 MB\n"
        "-# seed 123456 · 2 credits charged · 20 Tripo credits at the vendor · 8 credits left today"
    )
    assert labels(card) == ["Download GLB", "Rig", "Again", "More"]


def test_pictures_and_files_are_shown_only_where_the_message_has_them() -> None:
    card = draw(a_finished_view(), ENGLISH, attached=())
    assert "MediaGallery" not in kinds(card)
    assert "File" not in kinds(card)


def test_the_same_job_draws_the_same_card() -> None:
    view = a_finished_view()
    first, second = (draw(view, ENGLISH, attached=[view.preview]).to_components() for _ in range(2))
    assert first == second


def test_time_passing_is_no_reason_to_draw_another_card() -> None:
    now = a_view(stages=(a_stage(elapsed_ms=30_000, progress=5),))
    later = replace(now, now=NOW + 9_000, stages=(a_stage(elapsed_ms=39_000, progress=5),))
    assert draw(now, ENGLISH).to_components() == draw(later, ENGLISH).to_components()


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ({"state": RunState.QUEUED, "place": 1}, "⏳ **Shape** · next in the queue"),
        ({"state": RunState.QUEUED, "place": 12}, "⏳ **Shape** · place 12 in the queue"),
        ({"state": RunState.QUEUED}, "⏳ **Shape** · in the queue"),
        ({"state": RunState.SUBMITTING}, "📤 **Shape** · on its way to Tripo"),
        (
            {"state": RunState.SUBMITTING, "checking": True},
            "🔎 **Shape** · making sure nothing is paid twice",
        ),
        ({"state": RunState.WAITING}, "🎨 **Shape** · Tripo is at work"),
        ({"state": RunState.WAITING, "vendor": "Meshy"}, "🎨 **Shape** · Meshy is at work"),
        (
            {"state": RunState.QUEUED, "place": 3, "held_back": True, "vendor": "Meshy"},
            "⏳ **Shape** · waits until Meshy is well again",
        ),
        (
            {"state": RunState.COLLECTING, "elapsed_ms": 60_000},
            "💾 **Shape** · saving the result · started <t:1699999940:R>",
        ),
        ({"state": RunState.CANCELLED}, "⏹️ **Shape** · cancelled, not charged"),
        ({"state": RunState.SKIPPED}, "⏭️ **Shape** · not started, not charged"),
        ({"state": RunState.UNSURE}, "❔ **Shape** · uncertain, not charged"),
    ],
)
def test_each_state_of_a_stage_has_its_own_words(stage: dict[str, Any], said: str) -> None:
    assert plan_row(**stage) == said


@pytest.mark.parametrize("state", RunState)
@pytest.mark.parametrize("voice", [ENGLISH, SPANISH], ids=["en", "es"])
def test_every_state_of_a_stage_can_be_drawn(state: Any, voice: Voice) -> None:
    assert draw(a_view(stages=(a_stage(state=state),)), voice).to_components()


@pytest.mark.parametrize("state", JobState)
def test_every_state_of_a_job_has_a_colour(state: Any) -> None:
    card = draw(a_view(job=a_job(state=state)), ENGLISH)
    assert card.to_components()[0]["accent_color"] == COLOURS[state]


def test_a_failed_stage_says_why_and_offers_a_retry() -> None:
    stages = (
        a_stage(state=RunState.DONE),
        a_stage(
            Stage.RIG, RunState.FAILED, failure=Failure.DEADLINE, failure_data={"minutes": 20}, can_retry=True
        ),
    )
    card = draw(a_finished_view(job=a_job(state=JobState.PARTIAL), stages=stages, can_rig=False), ENGLISH)

    assert texts(card)[2] == (
        "**Skeleton**: It was not done within 20 minutes, so I stopped waiting. "
        "Nothing was charged for it; you can retry."
    )
    assert labels(card) == ["Download GLB", "Retry", "Again", "More"]
    retry = clickable(card)[1]
    assert retry["custom_id"] == "m:retry:01HRVNRIG"


def test_several_failed_stages_each_have_their_own_retry() -> None:
    stages = tuple(
        a_stage(
            Stage.ANIMATE,
            RunState.FAILED,
            clips=(clip,),
            run_id=f"01HRVN{clip.upper()}",
            failure=Failure.VENDOR_FAILED,
            can_retry=True,
        )
        for clip in ("walk", "idle")
    )
    card = draw(a_view(job=a_job(state=JobState.FAILED), stages=stages), ENGLISH)

    assert labels(card) == ["Retry: Movement: walk", "Retry: Movement: idle", "Again", "Delete"]
    assert texts(card)[2].startswith("**Movement: walk, Movement: idle**: The vendor tried")


def test_buttons_keep_their_order_and_point_at_what_they_act_on() -> None:
    view = a_finished_view(can_animate=True)
    buttons = clickable(draw(view, ENGLISH, refresh=True))[1:]
    assert [button["custom_id"] for button in buttons] == [
        f"m:rig:{MODEL_ID}",
        f"m:animate:{MODEL_ID}",
        f"m:again:{MODEL_ID}",
        f"m:more:{MODEL_ID}",
        f"m:refresh:{JOB_ID}",
    ]


def test_a_job_that_was_asked_to_stop_offers_no_second_cancel() -> None:
    card = draw(a_view(job=a_job(cancel_asked_at=NOW)), ENGLISH)
    assert labels(card) == []
    assert "Stopping" in texts(card)[1]


def test_a_deleted_model_leaves_a_card_that_says_so_and_nothing_to_click() -> None:
    card = draw(a_finished_view(model=a_model(deleted_at=NOW)), ENGLISH)
    assert texts(card) == ["🗑️ This model was deleted, with all its files."]
    assert labels(card) == []


def test_what_was_asked_besides_the_prompt_is_shown() -> None:
    request = {
        "pictures": [{"key": "x"}, None],
        "style": "low_poly",
        "polycount": 5000,
        "negative_prompt": "wings",
    }
    card = draw(a_view(job=a_job(request=request), model=a_model(prompt="a brass owl, old")), ENGLISH)
    assert texts(card)[0].splitlines()[2:] == [
        "> a brass owl, old",
        "-# from 1 picture · style: Low poly · 5,000 faces · without: wings",
    ]


def test_a_copy_names_what_it_was_built_on() -> None:
    assert "built on `#zzzzzz`" in texts(draw(a_view(parent=a_model(label="zzzzzz")), ENGLISH))[2]


def test_each_clip_of_several_has_its_own_link() -> None:
    clips = tuple(
        FileView(artifact=a_file(), url=f"https://models.example/{clip}", clip=clip)
        for clip in ("walk", "idle")
    )
    assert labels(draw(a_finished_view(clip_files=clips), ENGLISH))[:3] == [
        "Download GLB",
        "walk.glb",
        "idle.glb",
    ]


def test_a_link_too_long_for_a_button_is_written_out() -> None:
    url = "https://models.example/" + "x" * 600
    card = draw(a_finished_view(model_file=FileView(artifact=a_file(), url=url)), ENGLISH)
    assert f"[Download the GLB]({url})" in texts(card)


def test_a_file_that_can_be_neither_attached_nor_linked_is_explained() -> None:
    card = draw(a_finished_view(model_file=FileView(artifact=a_file(), url=None)), ENGLISH)
    assert any("too large to attach" in text for text in texts(card))


def test_an_attached_file_needs_no_explanation_where_there_are_no_links() -> None:
    view = a_finished_view(model_file=FileView(artifact=a_file(), url=None))
    card = draw(view, ENGLISH, attached=[view.model_file.artifact])
    assert not any("too large" in text for text in texts(card))


def test_what_members_type_cannot_ping_link_or_format() -> None:
    prompt = "@everyone <@1> <#2> **b** ||s|| [x](https://evil.example) `c` # h\n> q\u202e"
    view = a_view(
        model=a_model(name=prompt, prompt=prompt + "!"), job=a_job(request={"negative_prompt": prompt})
    )
    head = texts(draw(view, ENGLISH))[0]

    assert "@everyone" not in head
    assert "<@1>" not in head
    assert "](https://" not in head
    assert "\u202e" not in head
    assert head.count("\n") == 3
    assert r"\*\*b\*\*" in head


@pytest.mark.parametrize(
    ("limit", "names"),
    [
        (10_000_000, ["a-brass-owl.png", "a-brass-owl.glb"]),
        (1_000_000, ["a-brass-owl.png"]),
        (1_000, []),
    ],
)
def test_files_go_along_where_they_fit(limit: int, names: list[str]) -> None:
    assert [file.name for file in attachments(a_finished_view(), limit)] == names


def test_files_that_fit_alone_but_not_together_do_not_go_together() -> None:
    view = a_finished_view(
        preview=a_picture(size=9_000_000),
        model_file=FileView(artifact=a_file(size=20_000_000), url=None),
    )
    assert [file.name for file in attachments(view, 100_000_000)] == ["a-brass-owl.png"]


def test_a_set_of_files_has_another_name_when_a_file_is_another() -> None:
    assert set_name([a_file()]) != set_name([a_file(id="01HFOTHER")])
    assert set_name([]) == ""


any_text = st.text(max_size=700)
stages = st.builds(
    a_stage,
    stage=st.sampled_from([Stage.GENERATE, Stage.RIG, Stage.ANIMATE]),
    state=st.sampled_from(RunState),
    clips=st.lists(st.text(max_size=120), max_size=5).map(tuple),
    progress=st.none() | st.integers(-5, 200),
    elapsed_ms=st.none() | st.integers(0, 10**9),
    estimate_ms=st.none() | st.integers(0, 10**9),
    place=st.none() | st.integers(1, 10**6),
    failure=st.none() | st.sampled_from([*Failure, "a_later_code"]),
    failure_data=st.just({"minutes": 20, "rig_type": "avian"}),
    can_retry=st.booleans(),
)
files = st.builds(
    lambda name, url, clips: FileView(
        artifact=a_file(name=name, facts={"clips": clips}), url=url, clip="walk"
    ),
    name=st.text(min_size=1, max_size=200),
    url=st.none() | st.integers(0, 1500).map(lambda n: "https://x.example/" + "y" * n),
    clips=st.lists(st.text(max_size=60), max_size=30),
)
views = st.builds(
    a_finished_view,
    job=st.builds(
        a_job,
        state=st.sampled_from(JobState),
        request=st.fixed_dictionaries({"negative_prompt": any_text, "style": any_text}),
    ),
    model=st.builds(a_model, name=any_text, prompt=any_text),
    stages=st.lists(stages, min_size=1, max_size=14).map(tuple),
    model_file=st.none() | files,
    clip_files=st.lists(files, max_size=8).map(tuple),
    costs=st.lists(st.tuples(any_text, st.integers(0, 10**12)), max_size=3).map(tuple),
    links_expire=st.booleans(),
    can_animate=st.booleans(),
)


@given(view=views, voice=st.sampled_from([ENGLISH, SPANISH]), attach=st.booleans(), refresh=st.booleans())
def test_no_card_is_ever_over_discords_limits(
    *, view: JobView, voice: Voice, attach: bool, refresh: bool
) -> None:
    attached = attachments(view, 10_000_000) if attach else ()
    card = draw(view, voice, attached=attached, refresh=refresh)

    assert card.total_children_count <= 40
    assert card.content_length() <= 4000
    assert all(1 <= len(text) <= 4000 for text in texts(card))
    assert all(len(button["label"]) <= 80 for button in clickable(card))
    assert all(len(button.get("custom_id", "")) <= 100 for button in clickable(card))


@pytest.mark.parametrize("voice", [ENGLISH, SPANISH], ids=["en", "es"])
def test_the_largest_card_there_can_be_fits(voice: Voice) -> None:
    worst = "@*" * 400
    failing = [Failure.UNSURE, Failure.NOT_RIGGABLE, Failure.CONTRACT_CHANGED, Failure.INTERNAL]
    stages = tuple(
        a_stage(
            Stage.ANIMATE,
            RunState.WAITING,
            clips=(worst,) * 4,
            progress=42,
            elapsed_ms=10**9,
            estimate_ms=10**9,
            failure=failing[number % 4],
            can_retry=True,
        )
        for number in range(14)
    )
    long_link = FileView(artifact=a_file(facts={"clips": [worst] * 30}), url="https://x.example/" + "y" * 880)
    view = a_finished_view(
        job=a_job(
            state=JobState.CANCELLED, request={"negative_prompt": worst, "style": worst, "polycount": 9**9}
        ),
        model=a_model(name=worst, prompt=worst + "!"),
        stages=stages,
        model_file=long_link,
        costs=((worst, 10**9), (worst, 1)),
        can_animate=True,
        parent=a_model(),
    )
    card = draw(view, voice, attached=attachments(view, 10_000_000), refresh=True)

    assert 3000 < card.content_length() <= 4000
    assert card.total_children_count <= 40


def a_copy(name: str, run_id: str = "01HRVNCONV", **facts: Any) -> FileView:
    fields = {"id": f"01H{name}", "run_id": run_id, "size": 2_000_000, "facts": facts}
    return FileView(
        artifact=a_file(name, ArtifactKind.COPY, **fields), url=f"https://models.example/m/link/{name}"
    )


def test_copies_are_among_the_links_by_their_format_and_those_of_this_job_are_described() -> None:
    made = a_stage(Stage.CONVERT, run_id="01HRVNCONV")
    copies = (
        a_copy("owl.stl", copy="stl", watertight=False, millimetres=[80, 40.5, 100]),
        a_copy("owl-50.glb", "01HEARLIER", copy="optimise", share=50, triangles=617),
        a_copy("owl-packed.glb", "01HEARLIER", copy="optimise", share=None),
    )
    card = draw(a_finished_view(stages=(made,), copies=copies), ENGLISH)

    assert labels(card)[:4] == ["Download GLB", "STL", "50% of the faces", "Compressed"]
    assert "**STL** · 2 MB · 80 × 40.5 × 100 mm" in texts(card)[2].replace("\\", "")
    assert "not watertight" in texts(card)[2]
    assert "owl-50" not in texts(card)[2]


def test_a_copy_without_a_link_is_attached_in_the_model_s_place() -> None:
    copy = replace(a_copy("owl.fbx", copy="fbx"), url=None)
    view = a_finished_view(stages=(a_stage(Stage.CONVERT, run_id="01HRVNCONV"),), copies=(copy,))

    attached = attachments(view, 10_000_000)

    assert copy.artifact in attached
    assert view.model_file is not None
    assert view.model_file.artifact not in attached
    assert kinds(draw(view, ENGLISH, attached=attached)).count("File") == 1


def test_a_card_leads_to_the_models_page_where_there_is_one_and_a_file_to_see() -> None:
    page = "https://models.example/m/abc/view"

    card = draw(a_finished_view(page=page), ENGLISH)
    unfinished = draw(a_view(page=page), ENGLISH)

    assert labels(card)[:2] == ["View in 3D", "Download GLB"]
    assert clickable(card)[0]["url"] == page
    assert "View in 3D" not in labels(unfinished)
