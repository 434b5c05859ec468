"""A desk with a core that remembers what it was asked, and refuses what a test wants refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.jobs.browsing import Look, Place
from bot.jobs.choosing import Wish
from bot.jobs.errors import NoSuchKey, NoSuchModel, PictureUnusable
from bot.jobs.keys import KeyView
from bot.jobs.orders import Address, Asker, GenerateOrder, Order, Picture
from bot.jobs.views import (
    CancelTerms,
    EntryView,
    JobView,
    ListView,
    ModelView,
    MoreView,
    QuotaReport,
    QuotaView,
    VendorOffer,
)
from bot.locales.catalogue import Catalogue
from bot.ui.desk import Desk
from bot.ui.mentions import Mentions
from bot.ui.pictures import Pictures
from storage.models import Job, Model, ModelState, Notify, Project, QuotaAction, QuotaChange, Stage
from tests.bot.ui.views import JOB_ID, NOW, a_job, a_model

CLIPS = ("walk", "run", "idle")


@dataclass
class FakeJobs:
    """``refusals`` by verb: raised once, in order."""

    started: list[tuple[Order, Address]] = field(default_factory=list)
    projects: list[str] = field(default_factory=list)
    askers: list[Asker] = field(default_factory=list)
    did: list[tuple[str, str]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    discarded: list[str] = field(default_factory=list)
    shown: list[Address] = field(default_factory=list)
    refreshed: list[Address] = field(default_factory=list)
    refusals: dict[str, list[Exception]] = field(default_factory=dict)
    terms: CancelTerms = field(default_factory=lambda: CancelTerms(job_id=JOB_ID, returned=2, charged=0))

    def _may(self, verb: str) -> None:
        if self.refusals.get(verb):
            raise self.refusals[verb].pop(0)

    async def check(self, asker: Asker, order: Order, *, project: str = "") -> int:
        self.askers.append(asker)
        self._may("check")
        return 2

    async def start(self, asker: Asker, order: Order, address: Address, *, project: str = "") -> Job:
        self._may("start")
        self.started.append((order, address))
        self.projects.append(project)
        return a_job()

    async def keep_picture(self, data: bytes, name: str) -> Picture:
        if data == b"not a picture":
            raise PictureUnusable("not_a_picture")
        self.kept.append(name)
        return Picture(
            key=name, name=name, content_type="image/png", size=len(data), sha256="", width=512, height=512
        )

    async def discard_pictures(self, pictures: Sequence[Picture | None]) -> None:
        self.discarded += [picture.key for picture in pictures if picture]

    async def cancel_terms(self, asker: Asker, job_id: str) -> CancelTerms:
        self._may("cancel_terms")
        return self.terms

    async def cancel(self, asker: Asker, job_id: str) -> None:
        self._may("cancel")
        self.did.append(("cancel", job_id))

    async def deletable(self, asker: Asker, model_id: str) -> Model:
        self._may("deletable")
        return a_model(id=model_id)

    async def delete(self, asker: Asker, model_id: str) -> None:
        self._may("delete")
        self.did.append(("delete", model_id))

    async def show(self, asker: Asker, model_id: str, address: Address) -> Job:
        self._may("show")
        self.shown.append(address)
        return a_job()

    async def refresh(self, asker: Asker, job_id: str, address: Address) -> None:
        self.refreshed.append(address)


@dataclass
class FakeShelf:
    """Models by what is typed for them."""

    models_kept: list[Model] = field(default_factory=lambda: [a_model()])
    live: list[JobView] = field(default_factory=list)
    rigged: bool = True
    broken: bool = False
    offers: list[VendorOffer] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)

    async def find_model(self, asker: Asker, text: str) -> Model:
        for model in self.models_kept:
            if text in {model.id, model.label, model.name}:
                return model
        raise NoSuchModel

    async def models(self, asker: Asker, *, before: str | None = None, limit: int = 10) -> list[ModelView]:
        return [_listed(model) for model in self.models_kept][:limit]

    async def suggest_models(self, asker: Asker, text: str, *, for_stage: Stage | None) -> list[ModelView]:
        if self.broken:
            raise RuntimeError("a mistake")
        return [_listed(model) for model in self.models_kept if text in model.name]

    async def suggest_clips(
        self, asker: Asker, model_text: str | None, text: str, *, vendor: str | None = None
    ) -> list[str]:
        return [clip for clip in CLIPS if text in clip] if self.rigged else []

    async def suggest_vendors(self, asker: Asker, text: str, wish: Wish) -> list[VendorOffer]:
        self.wishes.append(wish)
        if self.broken:
            raise RuntimeError("a mistake")
        return [offer for offer in self.offers if text in offer.name]

    async def live_jobs(self, asker: Asker) -> list[JobView]:
        return self.live

    def styles(self) -> tuple[str, ...]:
        return ("realistic", "low_poly", "voxel")


@dataclass
class FakeBrowsing:
    """Every list is this one page."""

    looks: list[tuple[Look, Place | None]] = field(default_factory=list)
    entries: list[EntryView] = field(default_factory=list)

    async def page(self, asker: Asker, look: Look, place: Place | None = None, *, limit: int = 5) -> ListView:
        self.looks.append((look, place))
        return ListView(entries=tuple(self.entries[:limit]), newer=place is not None, older=True)


@dataclass
class FakeKeeping:
    """Everybody has one project."""

    project: Project = field(
        default_factory=lambda: Project(
            id="01HPR0JECT", account_id="01HACC", name="Castle", folded="castle", created_at=NOW
        )
    )

    async def projects(self, asker: Asker, text: str = "") -> list[Project]:
        return [self.project] if text.lower() in self.project.folded else []

    async def find_project(self, asker: Asker, text: str) -> str:
        return self.project.id


def an_entry(**fields: Any) -> EntryView:
    """A model with a picture, as its owner sees it in a list."""
    return EntryView(
        listed=_listed(a_model(**fields)),
        still=None,
        picture="https://models.example/picture.png",
        page=None,
        tags=(),
        stars=2,
        week=1,
        starred=False,
        project=None,
        owns=True,
        may_act=True,
    )


def _listed(model: Model) -> ModelView:
    return ModelView(
        model=model,
        state=ModelState.RIGGED,
        url=f"https://models.example/{model.label}",
        rigged=True,
        clips=(),
    )


@dataclass
class FakeExtras:
    """All can be had."""

    changed: dict[str, Any] = field(default_factory=dict)

    async def view(self, asker: Asker, model_id: str) -> MoreView:
        return replace(
            MoreView(
                model=a_model(id=model_id),
                owns=True,
                may_act=True,
                retexture=1,
                remesh=1,
                faces=range(100, 8_001),
                formats={"fbx": 1, "obj": 1, "usdz": 1, "stl": 0, "3mf": 0},
                lighter=True,
                reference=2,
                copies=(),
            ),
            **self.changed,
        )


@dataclass
class FakeRecipes:
    """Everything was made from the same words."""

    recipe: Any = field(default_factory=lambda: GenerateOrder(prompt="a brass owl"))
    copied: list[str] = field(default_factory=list)

    before: Model | None = None
    """What the same request made."""

    async def made_before(self, asker: Asker, order: GenerateOrder) -> Model | None:
        return self.before

    async def order(self, asker: Asker, model_id: str, *, seed: bool = False) -> Order:
        found: Order = self.recipe
        return found

    async def copies_of_pictures(self, asker: Asker, model_id: str) -> tuple[Picture | None, ...]:
        self.copied.append(model_id)
        return (a_picture("again.png"),)

    async def picture_of(self, asker: Asker, model_id: str) -> Picture:
        self.copied.append(model_id)
        return a_picture("still.webp")


def a_picture(name: str) -> Picture:
    return Picture(key=name, name=name, content_type="image/png", size=9, sha256="", width=512, height=512)


@dataclass
class FakeQuotas:
    """Everybody has ten credits and has used four of them."""

    did: list[tuple[Any, ...]] = field(default_factory=list)

    async def view(self, user_id: int, guild_id: int | None) -> QuotaView:
        return QuotaView(
            allowance=10,
            used=4,
            granted=1,
            left=7,
            returns=((NOW, 3), (NOW + 60_000, 1)),
            prices={"generate": 2, "rig": 1, "animate": 1},
        )

    async def report(self, asker: Asker, user_id: int) -> QuotaReport:
        change = self._change(QuotaAction.GRANT, 5, "for the **jam** <@1>")
        return QuotaReport(quota=await self.view(user_id, asker.guild_id), changes=(change,))

    async def set(self, asker: Asker, user_id: int, amount: int, reason: str | None) -> QuotaChange:
        return self._change(QuotaAction.SET, amount, reason)

    async def grant(
        self, asker: Asker, user_id: int, amount: int, reason: str | None, *, hours: int = 24
    ) -> QuotaChange:
        return self._change(QuotaAction.GRANT, amount, reason, hours)

    async def reset(self, asker: Asker, user_id: int, reason: str | None) -> QuotaChange:
        return self._change(QuotaAction.RESET, 4, reason)

    def _change(self, action: QuotaAction, amount: int, reason: str | None, *more: int) -> QuotaChange:
        self.did.append((action, amount, reason, *more))
        return QuotaChange(
            id="01HCHANGE",
            account_id="01HACC",
            guild_id=7,
            action=action,
            actor_id=1,
            amount=amount,
            before=3,
            after=8,
            reason=reason,
            created_at=NOW,
        )


@dataclass
class FakeKeys:
    """Two vendors take keys; everybody has one of Meshy's, which works no longer."""

    given: list[tuple[str, str]] = field(default_factory=list)
    has: list[str] = field(default_factory=lambda: ["meshy"])
    refusal: Exception | None = None

    def titles(self) -> dict[str, str]:
        return {"tripo": "Tripo", "meshy": "Meshy"}

    async def set(self, asker: Asker, provider: str, secret: str) -> None:
        if self.refusal:
            raise self.refusal
        self.given.append((provider, secret))

    async def show(self, asker: Asker) -> list[KeyView]:
        return [
            KeyView(provider=name, title=self.titles()[name], since=NOW, works=name != "meshy")
            for name in self.has
        ]

    async def remove(self, asker: Asker, provider: str) -> None:
        if provider not in self.has:
            raise NoSuchKey(self.titles()[provider])
        self.has.remove(provider)


@dataclass
class FakeNotifying:
    """Remembers who chose what."""

    chosen: list[tuple[int, Notify]] = field(default_factory=list)

    async def choose(self, asker: Asker, how: Notify) -> None:
        self.chosen.append((asker.user_id, how))


def a_desk(
    *,
    jobs: Any = None,
    shelf: Any = None,
    quotas: Any = None,
    keys: Any = None,
    extras: Any = None,
    recipes: Any = None,
    browsing: Any = None,
    keeping: Any = None,
    notifying: Any = None,
    batches: Any = None,
    sheets: Any = None,
    cdn_hosts: frozenset[str] = frozenset(),
) -> Desk:
    """A desk; what is not given is a fresh fake."""
    core = jobs or FakeJobs()
    return Desk(
        jobs=core,
        batches=batches,
        sheets=sheets,
        shelf=shelf or FakeShelf(),
        quotas=quotas or FakeQuotas(),
        keys=keys or FakeKeys(),
        extras=extras or FakeExtras(),
        recipes=recipes or FakeRecipes(),
        browsing=browsing or FakeBrowsing(),
        keeping=keeping or FakeKeeping(),
        passes=None,  # type: ignore[arg-type] # no test of a command or a button asks for an address
        catalogue=Catalogue.load(),
        pictures=Pictures(core, cdn_hosts),
        notifying=notifying or FakeNotifying(),
        greetings=None,  # type: ignore[arg-type] # no test of a command or a button comes into a server
        mentions=Mentions(),
    )
