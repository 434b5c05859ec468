import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pytest
import pytest_asyncio
from discord import ui

from bot.jobs.cards import About
from bot.jobs.errors import NoSuchModel
from bot.jobs.views import JobView
from bot.locales.catalogue import Catalogue
from bot.ui.messenger import (
    Attachment,
    EditFailed,
    EditRefused,
    FilesTooLarge,
    MessageGone,
    TokenDead,
    TryLater,
)
from bot.ui.presenter import Presenter
from storage.errors import DatabaseUnavailable, StoreUnavailable
from storage.models import Artifact, Card, JobState
from tests.bot.ui.clockwork import Clockwork
from tests.bot.ui.views import (
    JOB_ID,
    NOW,
    a_card,
    a_file,
    a_finished_view,
    a_job,
    a_model,
    a_picture,
    a_stage,
    a_view,
)

MINUTE = 60


class FakeShelf:
    """Jobs as they stand at present; a test changes them."""

    def __init__(self) -> None:
        self.views: dict[str, JobView] = {JOB_ID: a_view()}
        self.unreadable: set[str] = set()
        self.trouble: list[Exception] = []

    async def view(self, job_id: str) -> JobView:
        if self.trouble:
            raise self.trouble.pop()
        return self.views[job_id]

    async def read_file(self, artifact: Artifact, limit: int) -> bytes:
        assert artifact.size <= limit
        if artifact.id in self.unreadable:
            raise StoreUnavailable("files")
        return b"x" * 10

    def progress(self, percent: int, job_id: str = JOB_ID) -> None:
        view = self.views[job_id]
        self.views[job_id] = replace(view, stages=(a_stage(progress=percent),))

    def finish(self) -> None:
        self.views[JOB_ID] = a_finished_view()


class FakeCards:
    """The messages, as the database would keep them."""

    def __init__(self, *cards: Card) -> None:
        self.cards = {card.id: card for card in cards}
        self.writes = 0
        self.left_behind: list[str] = []

    async def about(self, job_id: str) -> About:
        return About(cards=tuple(c for c in self.cards.values() if c.job_id == job_id and not c.gone))

    async def rendered(self, card_id: str, version: int, files: str) -> None:
        self.writes += 1
        self.cards[card_id] = replace(self.cards[card_id], rendered_version=version, files=files)

    async def gone(self, card_id: str) -> None:
        self.cards[card_id] = replace(self.cards[card_id], gone=True)

    async def behind(self) -> list[str]:
        return self.left_behind

    @property
    def only(self) -> Card:
        (card,) = self.cards.values()
        return card


@dataclass(kw_only=True)
class Edit:
    at: int
    way: str
    card: Card
    text: str
    buttons: list[str]
    files: list[str] | None


@dataclass
class FakeMessenger:
    """Discord, as far as it edits messages; ``answers`` says what fails, by way."""

    clock: Clockwork
    edits: list[Edit] = field(default_factory=list)
    answers: dict[str, list[EditFailed | None]] = field(default_factory=dict)
    during: Callable[[], None] = lambda: None

    async def edit_by_token(
        self, card: Card, view: ui.LayoutView, files: Sequence[Attachment] | None
    ) -> None:
        self._edit("token", card, view, files)

    async def edit_as_bot(self, card: Card, view: ui.LayoutView, files: Sequence[Attachment] | None) -> None:
        self._edit("bot", card, view, files)

    def _edit(self, way: str, card: Card, view: ui.LayoutView, files: Sequence[Attachment] | None) -> None:
        self.during()
        answers = self.answers.get(way)
        if answers and (failure := answers.pop(0)) is not None:
            raise failure
        children = list(view.walk_children())
        edit = Edit(
            at=self.clock.now(),
            way=way,
            card=card,
            text="\n".join(item.content for item in children if isinstance(item, ui.TextDisplay)),
            buttons=[item.custom_id for item in children if isinstance(item, ui.DynamicItem)],
            files=None if files is None else [file.name for file in files],
        )
        self.edits.append(edit)


class Studio:
    """A presenter with everything around it."""

    def __init__(self, *cards: Card) -> None:
        self.stop = asyncio.Event()
        self.clock = Clockwork()
        self.shelf = FakeShelf()
        self.cards = FakeCards(*cards or [a_card()])
        self.messenger = FakeMessenger(self.clock)
        self.presenter = Presenter(
            shelf=self.shelf,  # type: ignore[arg-type] # a fake of the same shape
            cards=self.cards,  # type: ignore[arg-type]
            catalogue=Catalogue.load(),
            messenger=self.messenger,  # type: ignore[arg-type]
            clock=self.clock,
        )

    def open(self) -> None:
        self.running = asyncio.create_task(self.presenter.run(self.stop))

    async def close(self) -> None:
        self.stop.set()
        await self.running

    @property
    def edits(self) -> list[Edit]:
        return self.messenger.edits

    async def change(self, seconds: float = 0) -> None:
        self.presenter.changed(JOB_ID)
        await self.clock.turn(seconds)

    async def progress(self, percent: int, seconds: float) -> None:
        self.shelf.progress(percent)
        self.presenter.progressed(JOB_ID)
        await self.clock.turn(seconds)


Open = Callable[..., Studio]


@pytest_asyncio.fixture
async def studio() -> AsyncIterator[Open]:
    opened: list[Studio] = []

    def open_studio(*cards: Card) -> Studio:
        opened.append(Studio(*cards))
        opened[-1].open()
        return opened[-1]

    yield open_studio
    for one in opened:
        await one.close()


async def test_a_change_is_drawn_at_once_and_recorded(studio: Open) -> None:
    it = studio()
    await it.change()

    assert [edit.way for edit in it.edits] == ["token"]
    assert "Shape" in it.edits[0].text
    assert it.cards.only.rendered_version == 1


async def test_many_changes_make_few_edits_and_the_latest_wins(studio: Open) -> None:
    it = studio()
    for percent in range(1, 51):
        await it.progress(percent, 0.1)
    await it.clock.turn(3)

    assert all(b.at - a.at >= 2500 for a, b in pairwise(it.edits))
    assert len(it.edits) == 3
    assert "50%" in it.edits[-1].text


async def test_what_happened_does_not_wait_for_the_next_edit_of_progress(studio: Open) -> None:
    it = studio()
    await it.progress(10, 0)
    await it.progress(20, 0.1)
    it.shelf.progress(99)
    await it.change(0)

    assert [edit.at - it.edits[0].at for edit in it.edits] == [0, 100]
    assert "99%" in it.edits[-1].text


async def test_nothing_new_is_no_edit(studio: Open) -> None:
    it = studio()
    for _ in range(5):
        await it.change(3)
    assert len(it.edits) == 1


async def test_progress_alone_writes_nothing_down(studio: Open) -> None:
    it = studio(a_card(rendered_version=1))
    for percent in (10, 20, 30):
        it.shelf.progress(percent)
        await it.change(3)
    assert len(it.edits) == 3
    assert it.cards.writes == 0


async def test_a_change_that_does_not_show_still_counts_as_drawn(studio: Open) -> None:
    it = studio()
    await it.change(3)
    it.shelf.views[JOB_ID] = a_view(job=a_job(version=2))
    await it.change(3)
    assert len(it.edits) == 1
    assert it.cards.only.rendered_version == 2


async def test_files_are_sent_once_and_then_left_alone(studio: Open) -> None:
    it = studio()
    await it.change(3)
    it.shelf.finish()
    await it.change(3)
    it.shelf.views[JOB_ID] = a_finished_view(left=5)
    await it.change(3)
    assert [edit.files for edit in it.edits] == [None, ["a-brass-owl.png", "a-brass-owl.glb"], None]


async def test_a_deleted_model_takes_its_files_off_the_card(studio: Open) -> None:
    it = studio(a_card(files="01HFPREVIEW,01HFMODEL"))
    gone = a_model(deleted_at=NOW)
    it.shelf.views[JOB_ID] = a_finished_view(model=gone, model_file=None, preview=None)
    await it.change()
    assert it.edits[0].files == []
    assert "deleted" in it.edits[0].text
    assert it.cards.only.files == ""


async def test_a_file_that_cannot_be_read_does_not_keep_the_card_from_being_drawn(studio: Open) -> None:
    it = studio()
    it.shelf.finish()
    it.shelf.unreadable = {a_file().id}
    await it.change()
    assert it.edits[0].files == ["a-brass-owl.png"]
    assert it.cards.only.files == a_picture().id


async def test_files_that_discord_finds_too_large_are_left_out(studio: Open) -> None:
    it = studio()
    it.shelf.finish()
    it.messenger.answers["token"] = [FilesTooLarge()]
    await it.change(6)
    assert [edit.files for edit in it.edits] == [["a-brass-owl.png"]]


async def test_once_the_token_is_old_the_bot_edits(studio: Open) -> None:
    it = studio(a_card(token_expires_at=NOW))
    await it.change()
    assert [edit.way for edit in it.edits] == ["bot"]


async def test_a_token_that_dies_early_is_replaced_by_the_bot_in_the_same_breath(studio: Open) -> None:
    it = studio()
    it.messenger.answers["token"] = [TokenDead()]
    await it.change()
    assert [edit.way for edit in it.edits] == ["bot"]


async def test_where_only_the_token_can_edit_its_death_ends_the_edits_but_not_the_card(studio: Open) -> None:
    it = studio(a_card(bot_may_edit=False, token_expires_at=NOW))
    await it.change(5)
    assert it.edits == []
    assert not it.cards.only.gone


async def test_a_token_that_dies_early_where_the_bot_cannot_help_leaves_the_card_for_a_refresh(
    studio: Open,
) -> None:
    it = studio(a_card(bot_may_edit=False))
    it.messenger.answers["token"] = [TokenDead()]
    await it.change(5)
    assert (it.edits, it.cards.only.gone) == ([], False)


async def test_a_card_that_only_the_token_can_edit_offers_a_refresh_from_minute_13(studio: Open) -> None:
    it = studio(a_card(bot_may_edit=False))
    await it.change(12.9 * MINUTE)
    assert not any("refresh" in button for button in it.edits[-1].buttons)
    await it.clock.turn(0.2 * MINUTE)
    assert any("refresh" in button for button in it.edits[-1].buttons)


async def test_a_card_that_the_bot_can_edit_needs_no_refresh(studio: Open) -> None:
    it = studio()
    await it.change(14 * MINUTE)
    it.shelf.progress(50)
    await it.change(5)
    assert not any("refresh" in button for button in it.edits[-1].buttons)


async def test_a_fresh_token_after_a_refresh_is_used(studio: Open) -> None:
    it = studio(a_card(bot_may_edit=False))
    await it.change(16 * MINUTE)
    fresh = replace(it.cards.only, token="fresh", token_expires_at=it.clock.now() + 15 * MINUTE * 1000)
    it.cards.cards[fresh.id] = fresh
    await it.change()
    assert it.edits[-1].card.token == "fresh"
    assert not any("refresh" in button for button in it.edits[-1].buttons)


async def test_a_message_that_is_gone_is_not_tried_again(studio: Open) -> None:
    it = studio()
    it.messenger.answers["token"] = [MessageGone()]
    await it.change(5)
    await it.change(5)
    assert it.edits == []
    assert it.cards.only.gone


async def test_when_discord_is_down_it_is_tried_again_ever_more_rarely(studio: Open) -> None:
    it = studio()
    tried: list[int] = []
    it.messenger.during = lambda: tried.append(it.clock.now())
    it.messenger.answers["token"] = [TryLater()] * 3
    await it.change(60)

    assert [(b - a) // 1000 for a, b in pairwise(tried)] == [5, 10, 20]
    assert len(it.edits) == 1


async def test_a_failed_edit_changes_nothing_but_being_behind(studio: Open) -> None:
    it = studio()
    it.messenger.answers["token"] = [EditRefused("400 50035")]
    await it.change(5)
    assert (it.cards.writes, it.cards.only.gone) == (0, False)

    it.shelf.progress(10)
    await it.change()
    assert len(it.edits) == 1


@pytest.mark.parametrize("answer", [None, EditRefused("400 50035"), MessageGone(), TokenDead()], ids=repr)
async def test_nothing_of_a_card_is_kept_in_memory_once_its_job_has_ended(
    studio: Open, answer: EditFailed | None
) -> None:
    it = studio(a_card(bot_may_edit=False))
    await it.change(5)
    it.shelf.finish()
    it.messenger.answers["token"] = [answer] if answer else []

    await it.change(5)

    assert it.presenter._painter._memories == {}


async def test_nothing_is_kept_of_a_card_that_got_out_of_reach(studio: Open) -> None:
    it = studio(a_card(bot_may_edit=False))
    await it.change(5)

    it.cards.cards = {name: replace(card, token=None) for name, card in it.cards.cards.items()}
    it.shelf.finish()
    await it.change(5)

    assert it.presenter._painter._memories == {}


async def test_a_database_that_is_busy_is_asked_again(studio: Open) -> None:
    it = studio()
    it.shelf.trouble = [DatabaseUnavailable("locked")]
    await it.change(15)
    assert len(it.edits) == 1


async def test_a_mistake_with_one_job_does_not_stop_the_next_look(studio: Open) -> None:
    it = studio()
    it.shelf.trouble = [RuntimeError("a mistake"), NoSuchModel()]
    await it.change(5)
    await it.change(5)
    await it.change(5)
    assert len(it.edits) == 1


async def test_every_message_of_a_job_is_drawn_in_its_readers_language(studio: Open) -> None:
    it = studio(a_card(), a_card(id="01HCARD2", channel_id=8, message_id=9, locale="es-ES"))
    await it.change()
    assert ["Shape" in it.edits[0].text, "Forma" in it.edits[1].text] == [True, True]


async def test_a_channel_gets_four_edits_in_five_seconds_and_its_jobs_take_turns(studio: Open) -> None:
    jobs = [f"01HJ0B0000000000000000000{n}" for n in range(6)]
    it = studio(*(a_card(id=f"01HCARD{n}", job_id=job, message_id=n) for n, job in enumerate(jobs)))
    for job in jobs:
        it.shelf.views[job] = a_view(job=a_job(id=job))
    for tick in range(60):
        for job in jobs:
            it.shelf.progress(tick, job)
            it.presenter.changed(job)
        await it.clock.turn(0.5)

    times = [edit.at for edit in it.edits]
    assert all(later - earlier >= 5000 for earlier, later in zip(times, times[4:], strict=False))
    counts = [sum(edit.card.job_id == job for edit in it.edits) for job in jobs]
    assert sum(counts) >= 20
    assert max(counts) - min(counts) <= 1


async def test_a_busy_channel_does_not_slow_another(studio: Open) -> None:
    busy = [a_card(id=f"01HCARD{n}", job_id=f"busy{n}", message_id=n) for n in range(9)]
    it = studio(*busy, a_card(id="01HQUIET", channel_id=77))
    for card in busy:
        it.shelf.views[card.job_id] = a_view(job=a_job(id=card.job_id))
        it.presenter.changed(card.job_id)
    await it.change()
    assert "01HQUIET" in [edit.card.id for edit in it.edits]


async def test_at_start_what_is_behind_is_drawn(studio: Open) -> None:
    it = studio()
    it.cards.left_behind = [JOB_ID]
    await it.clock.turn()
    assert len(it.edits) == 1


async def test_what_changes_before_discord_knows_us_is_drawn_once_it_does() -> None:
    it = Studio()
    await it.change(60)
    assert it.edits == []

    it.open()
    await it.clock.turn()
    assert len(it.edits) == 1
    await it.close()


async def test_however_much_is_behind_a_hundred_are_drawn_at_a_time(studio: Open) -> None:
    it = studio()
    await it.close()
    jobs = [f"behind{number}" for number in range(230)]
    cards = [a_card(id=job, job_id=job, channel_id=n, message_id=n) for n, job in enumerate(jobs)]
    it = Studio(*cards)
    it.shelf.views = {job: a_view(job=a_job(id=job)) for job in jobs}
    it.cards.left_behind = jobs

    it.open()
    most = 0
    for _ in range(60):
        await it.clock.turn(0.5)
        most = max(most, sum(task.get_name().startswith("cards of") for task in asyncio.all_tasks()))
    await it.close()

    assert sorted(edit.card.job_id for edit in it.edits) == sorted(jobs)
    assert most == 100


async def test_after_closing_nothing_is_under_way(studio: Open) -> None:
    it = studio()
    it.messenger.answers["token"] = [TryLater()]
    await it.change(1)
    await it.close()
    await it.change(60)
    assert it.edits == []


async def test_the_final_card_of_a_job_that_ends_during_an_edit_is_drawn(studio: Open) -> None:
    it = studio()

    def end_meanwhile() -> None:
        if it.shelf.views[JOB_ID].job.state is JobState.LIVE:
            it.shelf.finish()
            it.presenter.changed(JOB_ID)

    it.messenger.during = end_meanwhile
    await it.change(3)
    assert "done in" in it.edits[-1].text
    assert it.cards.only.rendered_version == 9
