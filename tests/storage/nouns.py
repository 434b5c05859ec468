"""Records with something in every field, to be changed where a test cares."""

from dataclasses import replace
from typing import Any

from storage.database import Transaction
from storage.models import (
    Account,
    Artifact,
    ArtifactKind,
    Card,
    EntryKind,
    Job,
    JobState,
    LedgerEntry,
    Model,
    QuotaAction,
    QuotaChange,
    RunState,
    Stage,
    StageRun,
    Visibility,
)

ACCOUNT = Account(id="account", user_id=2**63 - 1, created_at=1_000)

MODEL = Model(
    id="model",
    label="k3m9xz",
    name="A brass owl",
    account_id="account",
    guild_id=2**62,
    prompt="a brass owl",
    provider="tripo",
    parent_id=None,
    visibility=Visibility.SERVER,
    link_id="link",
    created_at=1_000,
)

JOB = Job(
    id="job",
    model_id="model",
    account_id="account",
    user_id=2**63 - 1,
    guild_id=2**62,
    interaction_id=2**62 + 1,
    locale="es-ES",
    state=JobState.LIVE,
    version=1,
    request={"prompt": "a brass owl", "clips": ["walk"]},
    created_at=1_000,
)

RUN = StageRun(
    id="run",
    job_id="job",
    model_id="model",
    account_id="account",
    position=0,
    stage=Stage.GENERATE,
    shown=True,
    needs=("first", "second"),
    price=2,
    state=RunState.QUEUED,
    provider="tripo",
    credential="owner",
    params={"style": "cartoon"},
    created_at=1_000,
    queued_at=1_000,
)

CARD = Card(
    id="card",
    job_id="job",
    channel_id=5,
    message_id=6,
    guild_id=2**62,
    token="aW50ZXJhY3Rpb24-token",
    token_expires_at=901_000,
    bot_may_edit=True,
    locale="es-ES",
    attachment_limit=10_485_760,
    rendered_version=1,
    files="none",
    created_at=1_000,
)

ARTIFACT = Artifact(
    id="artifact",
    model_id="model",
    run_id="run",
    kind=ArtifactKind.MODEL,
    key="models/model/run/model.glb",
    name="a-brass-owl.glb",
    content_type="model/gltf-binary",
    size=2**40,
    sha256="0" * 64,
    facts={"triangles": 12, "clips": ["walk"]},
    created_at=1_000,
)

ENTRY = LedgerEntry(
    id="entry",
    key="reserve:run",
    account_id="account",
    guild_id=2**62,
    kind=EntryKind.RESERVE,
    amount=2,
    run_id="run",
    grant_id=None,
    effective_at=1_000,
    expires_at=None,
    created_at=1_000,
)

CHANGE = QuotaChange(
    id="change",
    account_id="account",
    guild_id=2**62,
    action=QuotaAction.SET,
    actor_id=7,
    amount=20,
    before=10,
    after=20,
    reason="builds the props",
    created_at=1_000,
)


async def add_job(tx: Transaction, *runs: StageRun, **changes: Any) -> Job:
    """An account, a model and a job with these runs."""
    await tx.accounts.ensure(ACCOUNT.user_id or 0, id=ACCOUNT.id, now=1_000)
    if await tx.models.get(MODEL.id) is None:
        await tx.models.insert(MODEL)
    job = replace(JOB, **changes)
    await tx.jobs.insert(job)
    if runs:
        await tx.runs.insert_many([replace(run, job_id=job.id) for run in runs])
    return job


def run(run_id: str, **changes: Any) -> StageRun:
    """A run of its own task."""
    return replace(RUN, id=run_id, **changes)


def entry(entry_id: str, **changes: Any) -> LedgerEntry:
    """A line with a key of its own."""
    return replace(ENTRY, id=entry_id, key=entry_id, **changes)
