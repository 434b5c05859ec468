"""A vendor that does what a test says: accepts, refuses, loses answers, takes its time."""

from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from providers.base import (
    Absent,
    AnimateRequest,
    Balance,
    CannotTell,
    ConvertRequest,
    Cost,
    FileRef,
    Found,
    GenerateRequest,
    Outcome,
    RemoteFile,
    Request,
    RigCheckRequest,
    RigRequest,
    Running,
    Search,
    Succeeded,
    TaskHandle,
    Upload,
)
from providers.capabilities import Capabilities, Estimate, Pool
from providers.errors import AnswerLost, ProviderError, TaskNotFound
from tests.bot.files.building import Builder, add_clip, picture, rig, triangle

CLIPS = ("walk", "run", "idle", "jump", "dance_01")


@dataclass
class Task:
    """What was accepted."""

    id: str
    request: Request
    seed: int
    looks: int = 0


@dataclass
class ScriptedVendor:
    """``refuse`` and ``lose`` are eaten one by submit; ``judge`` decides what a look sees."""

    name: str = "tripo"
    title: str = "Tripo"
    can_stop: bool = False
    pool_size: int = 10
    looks_needed: int = 2
    refuse: deque[ProviderError] = field(default_factory=deque)
    lose: deque[str] = field(default_factory=deque)
    """``accepted`` or ``dropped``: what became of a request whose answer was lost."""
    records: str = "complete"
    """``complete``, ``blind`` (cannot tell) or ``late`` (cannot tell, as long as it says so)."""
    judge: Callable[[Task], Outcome | None] = lambda _: None
    glb: Callable[[Task], bytes] | None = None
    unfetchable: ProviderError | None = None
    fetches: int = 0
    forgotten: set[str] = field(default_factory=set)
    tasks: dict[str, Task] = field(default_factory=dict)
    uploads: list[tuple[str, bytes]] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    can: dict[str, Any] = field(default_factory=dict)
    """Capabilities that differ from the usual ones."""
    drafts: bool = False
    checks: bool = True
    heavy: int = 300_000
    usd_micros: int = 100_000
    money: Balance | ProviderError | None = field(
        default_factory=lambda: Balance(available=100, frozen=0, unit="credit")
    )
    extras: tuple[str, ...] = ()
    """Clips that come along with a rig."""
    converted: bytes = b""
    """What comes of a conversion."""
    keyed: dict[str, "ScriptedVendor"] = field(default_factory=dict)
    """The same vendor as other keys see it."""

    def behind(self, api_key: str) -> "ScriptedVendor":
        return self.keyed.setdefault(api_key, replace(self, tasks={}, refuse=deque(), lose=deque()))

    def capabilities(self) -> Capabilities:
        can = Capabilities(
            styles=("realistic", "cartoon", "low_poly"),
            max_pictures=4,
            polycount=range(500, 100_001),
            prompt_max=1024,
            negative_prompt_max=255,
            can_stop=self.can_stop,
        )
        return replace(can, **self.can)

    def expand(self, stage: str, *, pictures: int = 0, triangles: int | None = None) -> tuple[str, ...]:
        if stage == "generate" and self.drafts and not pictures:
            return ("draft", "generate")
        if stage == "rig" and (triangles or 0) > self.heavy:
            return ("remesh", "rig")
        return ("rig_check", "rig") if stage == "rig" and self.checks else (stage,)

    def estimate(self, step: str, *, pictures: int = 0) -> Estimate:
        return Estimate(seconds=60, usd_micros=self.usd_micros)

    def clips(self, rig: Mapping[str, Any]) -> tuple[str, ...]:
        return CLIPS

    def pool(self, stage: str) -> Pool:
        return Pool(name="all", size=self.pool_size)

    def deadline(self, stage: str) -> int:
        return 15 * 60_000

    async def upload(self, file: Upload) -> FileRef:
        async with file.open() as stream:
            self.uploads.append((file.name, b"".join([piece async for piece in stream])))
        return FileRef(token=f"file_{len(self.uploads)}")

    async def submit(self, request: Request, *, seed: int) -> TaskHandle:
        if self.refuse:
            raise self.refuse.popleft()
        fate = self.lose.popleft() if self.lose else None
        if fate != "dropped":
            source = getattr(request, "source", None) or getattr(request, "draft", None)
            if getattr(source, "task_id", None) in self.forgotten:
                raise TaskNotFound(self.name)
            task = Task(id=f"task-{len(self.tasks) + 1}", request=request, seed=seed)
            self.tasks[task.id] = task
        if fate:
            raise AnswerLost(self.name, "cut")
        return TaskHandle(task_id=task.id)

    async def check(self, task_id: str) -> Outcome:
        if task_id not in self.tasks or task_id in self.forgotten:
            raise TaskNotFound(self.name)
        task = self.tasks[task_id]
        task.looks += 1
        judged = self.judge(task)
        if judged is not None:
            return judged
        if task.looks <= self.looks_needed:
            return Running(progress=min(99, 30 * task.looks))
        return self._success(task)

    async def check_many(self, task_ids: Sequence[str]) -> Mapping[str, Outcome | Exception]:
        found: dict[str, Outcome | Exception] = {}
        for task_id in task_ids:
            try:
                found[task_id] = await self.check(task_id)
            except ProviderError as error:
                found[task_id] = error
        return found

    async def find(
        self, request: Request, *, seed: int, since: int, now: int, known: Collection[str]
    ) -> Search:
        if self.records != "complete":
            return CannotTell()
        hits = [task.id for task in self.tasks.values() if task.seed == seed and task.id not in known]
        return Found(handle=TaskHandle(task_id=hits[0])) if hits else Absent()

    @asynccontextmanager
    async def fetch(self, file: RemoteFile, *, limit: int) -> AsyncIterator[AsyncIterator[bytes]]:
        self.fetches += 1
        if self.unfetchable:
            raise self.unfetchable
        yield self._bytes(file)

    async def cancel(self, task_id: str) -> bool:
        self.stopped.append(task_id)
        return self.can_stop

    async def balance(self) -> Balance | None:
        if isinstance(self.money, ProviderError):
            raise self.money
        return self.money

    async def inspect(self) -> Sequence[str]:
        return ()

    async def heard(self, headers: Mapping[str, str], body: bytes) -> str | None:
        return body.decode()

    async def aclose(self) -> None:
        pass

    def submitted(self, kind: type) -> list[Task]:
        """Accepted tasks of one kind of request."""
        return [task for task in self.tasks.values() if isinstance(task.request, kind)]

    def _success(self, task: Task) -> Succeeded:
        if isinstance(task.request, RigCheckRequest):
            return Succeeded(facts={"riggable": True, "rig_type": "biped"})
        if isinstance(task.request, ConvertRequest):
            kind = f".{task.request.format}"
            return Succeeded(files=(RemoteFile(url=f"test://{task.id}/copy", kind="model", extension=kind),))
        files = (
            RemoteFile(url=f"test://{task.id}/model", kind="model", extension=".glb"),
            RemoteFile(url=f"test://{task.id}/preview", kind="preview", extension=".png"),
        )
        price = {GenerateRequest: 20, RigRequest: 25, AnimateRequest: 10}.get(type(task.request), 5)
        rigs = isinstance(task.request, RigRequest)
        extras = tuple(
            RemoteFile(url=f"test://{task.id}/{clip}", kind="clip", extension=".glb", clip=clip)
            for clip in self.extras
        )
        return Succeeded(
            files=files + extras if rigs else files,
            facts={"rig_type": "biped"} if isinstance(task.request, RigRequest) else {},
            answer={"status": "success"},
            cost=Cost(micros=price * 1_000_000, unit=f"{self.name} credit"),
        )

    async def _bytes(self, file: RemoteFile) -> AsyncIterator[bytes]:
        if file.kind == "preview":
            yield picture("PNG", (256, 256))
            return
        task = self.tasks[file.url.split("/")[2]]
        if file.url.endswith("/copy"):
            data = self.converted
        elif file.kind == "clip":
            data = takes(file.clip).bytes()
        else:
            data = self.glb(task) if self.glb else _made(task.request)
        for start in range(0, len(data), 1000):
            yield data[start : start + 1000]


def takes(*clips: str) -> Builder:
    """A rigged model that plays these clips."""
    build = rig(clips[0])
    for clip in clips[1:]:
        add_clip(build, clip, 0.25)
    return build


def _made(request: Request) -> bytes:
    match request:
        case AnimateRequest(clips=clips):
            return takes(*clips).bytes()
        case RigRequest():
            return rig().bytes()
        case _:
            return triangle().bytes()
