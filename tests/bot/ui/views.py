"""Views to draw, made from the fields that a test speaks of."""

from dataclasses import replace
from typing import Any

from bot.jobs.views import FileView, JobView, StageView
from storage.models import (
    Artifact,
    ArtifactKind,
    Card,
    Job,
    JobState,
    Model,
    ModelState,
    RunState,
    Stage,
    Visibility,
)

NOW = 1_700_000_000_000
MODEL_ID = "01HMODE0000000000000000000"
JOB_ID = "01HJ0B00000000000000000000"


def a_model(**fields: Any) -> Model:
    return replace(
        Model(
            id=MODEL_ID,
            label="k7mq2x",
            name="a brass owl",
            account_id="01HACC",
            guild_id=7,
            prompt="a brass owl",
            provider="tripo",
            parent_id=None,
            visibility=Visibility.SERVER,
            link_id="link",
            created_at=NOW,
        ),
        **fields,
    )


def a_job(**fields: Any) -> Job:
    return replace(
        Job(
            id=JOB_ID,
            model_id=MODEL_ID,
            account_id="01HACC",
            user_id=42,
            guild_id=7,
            interaction_id=99,
            locale="en-US",
            state=JobState.LIVE,
            version=1,
            request={},
            created_at=NOW,
        ),
        **fields,
    )


def a_stage(stage: Stage = Stage.GENERATE, state: RunState = RunState.WAITING, **fields: Any) -> StageView:
    return replace(
        StageView(
            run_id=f"01HRVN{stage.value.upper()}",
            stage=stage,
            clips=(),
            vendor="Tripo",
            state=state,
            progress=None,
            elapsed_ms=None,
            estimate_ms=None,
            place=None,
            price=2,
            failure=None,
            failure_data={},
            can_retry=False,
        ),
        **fields,
    )


def a_file(name: str = "a-brass-owl.glb", kind: ArtifactKind = ArtifactKind.MODEL, **fields: Any) -> Artifact:
    return replace(
        Artifact(
            id=f"01HF{kind.value.upper()}",
            model_id=MODEL_ID,
            run_id="01HRVN",
            kind=kind,
            key=f"models/{name}",
            name=name,
            content_type="model/gltf-binary",
            size=3_200_000,
            sha256="",
            facts={"triangles": 1234, "joints": 17, "clips": ("walk", "idle")},
            created_at=NOW,
        ),
        **fields,
    )


def a_picture(**fields: Any) -> Artifact:
    return a_file("a-brass-owl.png", ArtifactKind.PREVIEW, **{"size": 80_000, "facts": {}, **fields})


def a_view(**fields: Any) -> JobView:
    return replace(
        JobView(
            job=a_job(),
            model=a_model(),
            state=ModelState.GENERATING,
            vendor="Tripo",
            stages=(a_stage(),),
            model_file=None,
            clip_files=(),
            preview=None,
            page=None,
            parent=None,
            seed=None,
            charged=0,
            reserved=2,
            left=8,
            costs=(),
            links_expire=False,
            can_rig=False,
            can_animate=False,
            now=NOW,
        ),
        **fields,
    )


def a_finished_view(**fields: Any) -> JobView:
    defaults = {
        "job": a_job(state=JobState.DONE, version=9, ended_at=NOW),
        "state": ModelState.GENERATED,
        "stages": (a_stage(state=RunState.DONE, elapsed_ms=72_000),),
        "model_file": FileView(artifact=a_file(), url="https://models.example/m/abc"),
        "preview": a_picture(),
        "seed": 123456,
        "charged": 2,
        "reserved": 0,
        "costs": (("tripo credit", 20_000_000),),
        "can_rig": True,
    }
    return a_view(**{**defaults, **fields})


def a_card(**fields: Any) -> Card:
    return replace(
        Card(
            id="01HCARD",
            job_id=JOB_ID,
            channel_id=5,
            message_id=6,
            guild_id=7,
            token="token",
            token_expires_at=NOW + 15 * 60_000,
            bot_may_edit=True,
            locale="en-US",
            attachment_limit=10 * 1024 * 1024,
            rendered_version=0,
            files="",
            created_at=NOW,
        ),
        **fields,
    )
