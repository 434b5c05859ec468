"""What else can be done with a model, and what each would cost."""

from dataclasses import dataclass

from bot.files import lighter, printing
from bot.jobs import lineage, rights
from bot.jobs.choosing import Choice, Choosing, Wish
from bot.jobs.errors import JobError
from bot.jobs.links import Links
from bot.jobs.orders import Asker
from bot.jobs.plan import OUR_FORMATS
from bot.jobs.proposing import visible
from bot.jobs.remaking import VENDOR_FORMATS
from bot.jobs.rules import USUAL_FACES
from bot.jobs.states import best_model_file
from bot.jobs.views import FileView, MoreView
from storage.database import Database, Transaction
from storage.models import Account, Artifact, ArtifactKind, Model, StageRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """The read side of what a finished model offers."""

    db: Database
    choosing: Choosing
    links: Links

    async def view(self, asker: Asker, model_id: str) -> MoreView:
        """All that this person could do with it now.

        Raises:
            NoSuchModel.
        """
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            model = await visible(tx, asker, account, model_id)
            artifacts = await tx.artifacts.of_model(model.id)
            best = best_model_file(artifacts)
            shape = await lineage.shape(tx, model)
            owns = rights.owns(account, model)
            painter = await self._worker(tx, account, shape, Wish(retexture=True))
            mesher = await self._worker(tx, account, shape, Wish(remesh=USUAL_FACES))
            copies = [one for one in artifacts if one.kind is ArtifactKind.COPY]
            pictured = any(one.kind is ArtifactKind.PREVIEW for one in artifacts)
            sculptor = await self._able(tx, account, None, Wish(generate=True, pictures=1))
            return MoreView(
                model=model,
                owns=owns,
                may_act=rights.may_act(asker, account, model),
                retexture=self._price(painter, Wish(retexture=True)),
                remesh=self._price(mesher, Wish(remesh=USUAL_FACES)),
                faces=await _faces(tx, mesher, shape),
                formats=await self._formats(tx, account, best) if best and owns else {},
                lighter=owns and best is not None and lighter.installed(),
                reference=self._price(sculptor, Wish(generate=True, pictures=1)) if pictured else None,
                copies=await self._copies(model, copies),
            )

    async def _formats(self, tx: Transaction, account: Account | None, best: Artifact) -> dict[str, int]:
        made = await tx.runs.get(best.run_id) if best.run_id else None
        prices: dict[str, int] = {}
        for kind in VENDOR_FORMATS:
            wish = Wish(convert=kind)
            price = self._price(await self._able(tx, account, made, wish), wish)
            if price is not None:
                prices[kind] = price
        return prices | (dict.fromkeys(OUR_FORMATS, 0) if printing.installed() else {})

    async def _worker(
        self, tx: Transaction, account: Account | None, made: StageRun | None, wish: Wish
    ) -> Choice | None:
        return await self._able(tx, account, made, wish) if made else None

    async def _able(
        self, tx: Transaction, account: Account | None, made: StageRun | None, wish: Wish
    ) -> Choice | None:
        """Who would do it now; nobody, where that is refused."""
        try:
            return await self.choosing.best_for(tx, account, None, made, wish)
        except JobError:
            return None

    def _price(self, choice: Choice | None, wish: Wish) -> int | None:
        return self.choosing.price(choice, wish) if choice else None

    async def _copies(self, model: Model, copies: list[Artifact]) -> tuple[FileView, ...]:
        newest = sorted(copies, key=lambda one: (-one.created_at, one.id))
        return tuple([FileView(artifact=one, url=await self.links.of(model, one)) for one in newest])


async def _faces(tx: Transaction, choice: Choice | None, shape: StageRun | None) -> range:
    """Fewer than the model has, and as many as the vendor makes."""
    able = choice.provider.capabilities().remesh if choice else range(0)
    has = await lineage.triangles(tx, shape) if shape else None
    return range(able.start, max(able.start, min(able.stop, has or able.stop)))
