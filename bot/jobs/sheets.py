"""Plans before they are started: kept as written for a day, and read anew each time they are looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.jobs import ledger
from bot.jobs.batch_text import Line, read_lines
from bot.jobs.batch_views import LineOffer, SheetView
from bot.jobs.batches import Batches
from bot.jobs.checking import checked, cleaned, wish_of
from bot.jobs.choosing import AUTO
from bot.jobs.clock import DAY
from bot.jobs.errors import JobError, LinesWrong, NoSuchList, UnknownVendor
from bot.jobs.keeping import project_name
from bot.jobs.orders import Address, Asker, GenerateOrder
from bot.jobs.shelf import matching_clips
from storage.batches import Batch, Sheet
from storage.database import Transaction
from storage.models import Account

KEPT = DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """Reads plans, and makes batches of them."""

    batches: Batches

    async def write(
        self, asker: Asker, text: str, *, provider: str = "", style: str = "", project: str = ""
    ) -> SheetView:
        """Keep a plan and say what it would come to.

        Raises:
            NothingListed, TooManyLines, NameTooLong, UnknownVendor.
        """
        project_name(project)
        jobs = self.batches.jobs
        async with jobs.db.begin() as tx:
            now = self.batches.clock.now()
            account = await tx.accounts.ensure(asker.user_id, id=self.batches.ids.new(), now=now)
            sheet = Sheet(
                id=self.batches.ids.new(),
                account_id=account.id,
                text=text,
                provider=provider,
                style=style,
                project=project,
                created_at=now,
            )
            view = await self._view(tx, asker, account, sheet)
            await tx.sheets.insert(sheet)
            await tx.sheets.forget(now - KEPT)
        return view

    async def get(self, asker: Asker, sheet_id: str) -> Sheet:
        """A plan as it was written.

        Raises:
            NoSuchList.
        """
        async with self.batches.jobs.db.read() as tx:
            return (await self._own(tx, asker, sheet_id))[1]

    async def start(self, asker: Asker, sheet_id: str, address: Address) -> Batch:
        """Have all of it made. A plan is started once.

        Raises:
            NoSuchList.
            LinesWrong: some of its lines cannot be made.
            JobError: it cannot be had now; nothing was stored or charged, and the plan stays.
        """
        batches = self.batches
        async with batches.jobs.db.begin() as tx:
            account, sheet = await self._own(tx, asker, sheet_id)
            view = await self._view(tx, asker, account, sheet)
            wrong = tuple(one.line.number for one in view.lines if one.errors)
            if wrong:
                raise LinesWrong(wrong)
            orders = [order_of(one.line, sheet) for one in view.lines]
            batch = await batches.insert(tx, asker, orders, address, project=sheet.project)
            await tx.sheets.take(sheet.id)
        batches.started(batch)
        return batch

    async def check(self, asker: Asker, sheet_id: str) -> None:
        """Whether it could be started now. Raises what ``start`` would."""
        async with self.batches.jobs.db.read() as tx:
            account, sheet = await self._own(tx, asker, sheet_id)
            view = await self._view(tx, asker, account, sheet)
        wrong = tuple(one.line.number for one in view.lines if one.errors)
        if wrong:
            raise LinesWrong(wrong)
        if view.refusal:
            raise view.refusal

    async def _own(self, tx: Transaction, asker: Asker, sheet_id: str) -> tuple[Account, Sheet]:
        account = await tx.accounts.by_user(asker.user_id)
        sheet = await tx.sheets.get(sheet_id)
        if account is None or sheet is None or sheet.account_id != account.id:
            raise NoSuchList
        return account, sheet

    async def _view(self, tx: Transaction, asker: Asker, account: Account, sheet: Sheet) -> SheetView:
        jobs = self.batches.jobs
        lines = read_lines(sheet.text, await self._clips(tx, account, sheet.provider))
        offers = tuple([await self._offer(tx, account, line, sheet) for line in lines])
        rules = jobs.opening.rules
        standing = await ledger.position(tx, account, asker.guild_id, rules, self.batches.clock.now())
        view = SheetView(
            sheet=sheet, lines=offers, left=standing.left, refusal=None, at_once=max(1, rules.running)
        )
        try:
            await jobs.proposals.afford(tx, asker, account, view.price)
        except JobError as refusal:
            return replace(view, refusal=refusal)
        return view

    async def _clips(self, tx: Transaction, account: Account, named: str) -> Sequence[str]:
        """What those vendors play that may be chosen; what people ask for most first."""
        usable = await self.batches.jobs.proposals.choosing.usable(tx, account)
        chosen = [one.provider for one in usable if named in {"", AUTO, one.provider.name}]
        if not chosen:
            raise UnknownVendor(named, tuple(one.provider.name for one in usable))
        return matching_clips(list(dict.fromkeys(clip for one in chosen for clip in one.clips({}))), "")

    async def _offer(self, tx: Transaction, account: Account, line: Line, sheet: Sheet) -> LineOffer:
        if line.errors:
            return LineOffer(line=line, errors=line.errors)
        choosing = self.batches.jobs.proposals.choosing
        try:
            order = cleaned(order_of(line, sheet))
            wish = wish_of(order)
            choice = await choosing.choose(tx, account, order.provider, wish)
            checked(order, choice.provider)
        except JobError as error:
            return LineOffer(line=line, errors=(error,))
        return LineOffer(
            line=line,
            errors=(),
            vendor=choice.provider.title,
            price=choosing.price(choice, wish),
            seconds=choosing.seconds(choice, wish),
        )


def order_of(line: Line, sheet: Sheet) -> GenerateOrder:
    """What a line asks for."""
    return GenerateOrder(
        prompt=line.prompt,
        rig=line.rig,
        clips=line.clips,
        style=sheet.style or None,
        provider=sheet.provider or None,
    )
