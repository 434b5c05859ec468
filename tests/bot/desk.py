"""A desk with a core that remembers what it was asked, and refuses what a test wants refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.jobs.choosing import Wish
from bot.jobs.errors import NoSuchKey, NoSuchModel, PictureUnusable
from bot.jobs.keys import KeyView
from bot.jobs.orders import Address, Asker, GenerateOrder, Order, Picture
from bot.jobs.views import CancelTerms, JobView, ModelView, QuotaReport, QuotaView, VendorOffer
from bot.locales.catalogue import Catalogue
from bot.ui.desk import Desk
from storage.models import Job, Model, ModelState, QuotaAction, QuotaChange, Stage
from tests.bot.ui.views import JOB_ID, NOW, a_job, a_model

CLIPS = ("walk", "run", "idle")


@dataclass
class FakeJobs:
    """``refusals`` by verb: raised once, in order."""

    started: list[tuple[Order, Address]] = field(default_factory=list)
    askers: list[Asker] = field(default_factory=list)
    did: list[tuple[str, str]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    discarded: list[str] = field(default_factory=list)
    shown: list[Address] = field(default_factory=list)
    refreshed: list[Address] = field(default_factory=list)
    copied: int = 0
    refusals: dict[str, list[Exception]] = field(default_factory=dict)
    terms: CancelTerms = field(default_factory=lambda: CancelTerms(job_id=JOB_ID, returned=2, charged=0))

    def _may(self, verb: str) -> None:
        if self.refusals.get(verb):
            raise self.refusals[verb].pop(0)

    async def check(self, asker: Asker, order: Order) -> int:
        self.askers.append(asker)
        self._may("check")
        return 2

    async def start(self, asker: Asker, order: Order, address: Address) -> Job:
        self._may("start")
        self.started.append((order, address))
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

    async def again(self, asker: Asker, model_id: str) -> GenerateOrder:
        self.copied += 1
        return GenerateOrder(prompt="a brass owl")

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


def _listed(model: Model) -> ModelView:
    return ModelView(
        model=model,
        state=ModelState.RIGGED,
        url=f"https://models.example/{model.label}",
        rigged=True,
        clips=(),
    )


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


def a_desk(
    *,
    jobs: Any = None,
    shelf: Any = None,
    quotas: Any = None,
    keys: Any = None,
    cdn_hosts: frozenset[str] = frozenset(),
) -> Desk:
    """A desk; what is not given is a fresh fake."""
    return Desk(
        jobs=jobs or FakeJobs(),
        shelf=shelf or FakeShelf(),
        quotas=quotas or FakeQuotas(),
        keys=keys or FakeKeys(),
        catalogue=Catalogue.load(),
        cdn_hosts=cdn_hosts,
    )
