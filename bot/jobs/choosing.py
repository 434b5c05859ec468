"""Which vendor does it, behind which key, and why another cannot."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.jobs.circuits import Circuits, Trouble
from bot.jobs.errors import CannotDo, KeyUnusable, NoVendor, UnknownVendor, VendorInTrouble
from bot.jobs.plan import OWNER_KEY
from bot.jobs.rules import Rules
from bot.jobs.vendors import Vendors
from providers.base import Provider
from providers.capabilities import Capabilities
from storage.database import Transaction
from storage.models import Account, Stage, StageRun, VendorKey

AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A vendor and the key it is used with."""

    provider: Provider
    """For its facts: it may be behind another key."""
    credential: str = OWNER_KEY
    refused: bool = False
    """The vendor no longer takes the member's key. The owner's does not stand in for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a plan asks of a vendor."""

    generate: bool = False
    pictures: int = 0
    rig: bool = False
    file: bool = False
    """The rig is for a file that another vendor, or another key, made."""
    clips: tuple[str, ...] = ()
    style: str | None = None
    polycount: int | None = None
    retexture: bool = False
    remesh: int | None = None
    """To so many faces."""
    convert: str | None = None
    """To this format."""
    negative: bool = False
    """It says what should not be in it."""

    def lacks(self, can: Capabilities) -> str | None:
        """What of it a vendor cannot do: a word; ``None``: nothing."""
        gaps = {
            "words": self.generate and not self.pictures and not can.words,
            "pictures": self.pictures > 0 and not can.max_pictures,
            "many_pictures": self.pictures > can.max_pictures,
            "negative": self.negative and not can.negative_prompt_max,
            "rig": self.rig and not can.rig,
            "rig_files": self.rig and self.file and not can.rig_files,
            "animate": bool(self.clips) and not can.animate,
            "retexture": self.retexture and not can.retexture,
            "remesh": self.remesh is not None and not can.remesh,
            "convert": self.convert is not None and self.convert not in can.formats,
        }
        return next((word for word, missing in gaps.items() if missing), None)

    def fits(self, provider: Provider) -> bool:
        """Whether a vendor can do all of it, its own names and numbers included."""
        can = provider.capabilities()
        return (
            self.lacks(can) is None
            and (self.style is None or self.style in can.styles)
            and (self.polycount is None or self.polycount in can.polycount)
            and (self.remesh is None or self.remesh in can.remesh)
            and set(self.clips) <= set(provider.clips({}))
        )

    @property
    def stages(self) -> tuple[Stage, ...]:
        """One for each thing that is paid for."""
        asked = {
            Stage.GENERATE: self.generate,
            Stage.RIG: self.rig,
            Stage.ANIMATE: bool(self.clips),
            Stage.RETEXTURE: self.retexture,
            Stage.REMESH: self.remesh is not None,
            Stage.CONVERT: self.convert is not None,
        }
        return tuple(stage for stage, wanted in asked.items() if wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    """Chooses. ``default`` is a vendor's name, ``auto``, or empty for the first there is."""

    vendors: Vendors
    circuits: Circuits
    rules: Rules
    default: str = ""

    async def usable(self, tx: Transaction, account: Account | None) -> list[Choice]:
        """Every vendor that this member can use; behind their own key where they have one."""
        keys = await tx.vendor_keys.of_account(account.id) if account else []
        own = {key.provider: key for key in keys}
        return [
            _own(provider, own[name]) if name in own else Choice(provider=provider)
            for name, provider in self.vendors.kinds.items()
            if name in own or name in self.vendors.owned
        ]

    async def choose(self, tx: Transaction, account: Account | None, named: str | None, wish: Wish) -> Choice:
        """The vendor for a plan.

        Raises:
            NoVendor: there is none at all.
            UnknownVendor: none of that name can be used.
            CannotDo: it cannot do what is asked; says who can.
            VendorInTrouble: it could, but not now.
        """
        usable = await self.usable(tx, account)
        if not usable:
            raise NoVendor
        wanted = (named or self._usual(usable)).lower()
        if wanted == AUTO:
            return self._cheapest(usable, wish)
        choice = next((one for one in usable if one.provider.name == wanted), None)
        if choice is None:
            raise UnknownVendor(wanted, tuple(one.provider.name for one in usable))
        if named is None and not wish.fits(choice.provider):  # nobody asked for the default by name
            return self._cheapest([choice, *usable], wish)
        word = wish.lacks(choice.provider.capabilities())
        if word:
            raise CannotDo(choice.provider.title, word, _titles(usable, wish))
        return self._well(choice, usable, wish)

    async def best_for(
        self, tx: Transaction, account: Account | None, named: str | None, made: StageRun | None, wish: Wish
    ) -> Choice:
        """Who works on what an earlier run made: its own vendor where that can, else as ``choose`` has it.

        Raises:
            NoVendor, UnknownVendor, CannotDo, VendorInTrouble: as ``choose``.
        """
        usable = await self.usable(tx, account) if made and named is None else ()
        maker = next((one.provider for one in usable if made and one.provider.name == made.provider), None)
        at_home = maker.name if maker and wish.fits(maker) else None
        return await self.choose(tx, account, named or at_home, wish)

    def _usual(self, usable: Sequence[Choice]) -> str:
        """The owner's default; the first that there is, for a member who cannot use that one."""
        names = [one.provider.name for one in usable]
        return self.default if self.default in {AUTO, *names} else names[0]

    async def source(self, tx: Transaction, account: Account | None, run: StageRun) -> Choice:
        """The very vendor and key of an earlier run, whose task only they can see.

        Raises:
            KeyUnusable: a key that is another member's, was removed, or is refused.
            VendorInTrouble: not now.
        """
        if run.credential == OWNER_KEY and run.provider in self.vendors.owned:
            return self._well(Choice(provider=self.vendors.kinds[run.provider]), (), Wish())
        for choice in await self.usable(tx, account):
            same = (choice.provider.name, choice.credential) == (run.provider, run.credential)
            if same and not choice.refused:
                return self._well(choice, (), Wish())
        raise KeyUnusable(self.title(run.provider))

    def title(self, name: str) -> str:
        """A vendor's name as people write it; also of one that is no longer there."""
        provider = self.vendors.kinds.get(name)
        return provider.title if provider else name.title()

    def price(self, choice: Choice, wish: Wish) -> int:
        """Credits for all of it; nothing where it is paid with the member's own key."""
        if choice.credential != OWNER_KEY:
            return 0
        often = {Stage.ANIMATE: _paid_clips(choice.provider, wish)}
        return sum(
            self.rules.price(stage, choice.provider.name) * often.get(stage, 1) for stage in wish.stages
        )

    def seconds(self, choice: Choice, wish: Wish) -> int:
        """How long the whole usually takes, by the vendor's own figures; clips are made side by side."""
        steps = _steps(choice.provider, wish)
        return sum(choice.provider.estimate(step, pictures=wish.pictures).seconds for step in steps)

    def trouble(self, choice: Choice) -> Trouble | None:
        """What is wrong there at present, if anything."""
        if choice.refused:
            return Trouble.REFUSED
        return self.circuits.trouble(choice.provider.name, choice.credential)

    def _cheapest(self, usable: Sequence[Choice], wish: Wish) -> Choice:
        able = [one for one in usable if wish.fits(one.provider)]
        if not able:
            return _nearest(usable, wish)
        well = [one for one in able if self.trouble(one) is None]
        if not well:
            return self._well(able[0], able, wish)
        return min(well, key=lambda one: (self.price(one, wish), _dollars(one.provider, wish)))

    def _well(self, choice: Choice, usable: Sequence[Choice], wish: Wish) -> Choice:
        trouble = self.trouble(choice)
        if trouble:
            others = [one for one in usable if one is not choice and self.trouble(one) is None]
            raise VendorInTrouble(choice.provider.title, trouble.value, _titles(others, wish))
        return choice


def _own(provider: Provider, key: VendorKey) -> Choice:
    useless = key.refused_at is not None or not key.secret
    return Choice(provider=provider, credential=key.id, refused=useless)


def _nearest(usable: Sequence[Choice], wish: Wish) -> Choice:
    """Nobody can do it all: one that lacks only a name or a number, whose refusal tells which.

    Raises:
        CannotDo: each lacks more than that.
    """
    words = [wish.lacks(one.provider.capabilities()) for one in usable]
    if None in words:
        return usable[words.index(None)]
    raise CannotDo(usable[0].provider.title, str(words[0]), ())


def _titles(choices: Sequence[Choice], wish: Wish) -> tuple[str, ...]:
    return tuple(one.provider.title for one in choices if wish.fits(one.provider))


def _paid_clips(provider: Provider, wish: Wish) -> int:
    """How many clips are asked for that do not come with the rig."""
    free = provider.capabilities().rig_clips if wish.rig else ()
    return sum(clip not in free for clip in wish.clips)


def _steps(provider: Provider, wish: Wish) -> Counter[str]:
    """The vendor's own steps, and how often each is taken."""
    clips = _paid_clips(provider, wish)
    often = {Stage.ANIMATE: -(-clips // provider.capabilities().clips_at_once)}
    steps: Counter[str] = Counter()
    for stage in wish.stages:
        for step in provider.expand(stage.value, pictures=wish.pictures):
            steps[step] += often.get(stage, 1)
    return +steps


def _dollars(provider: Provider, wish: Wish) -> int:
    return sum(
        provider.estimate(step, pictures=wish.pictures).usd_micros * often
        for step, often in _steps(provider, wish).items()
    )
