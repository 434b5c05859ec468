"""A batch's card and a plan's panel: whatever is on them, Discord takes it."""

import pytest
from discord import ui

from bot.jobs.batch_text import Line
from bot.jobs.batch_views import BatchView, LineOffer, PartView, SheetView
from bot.jobs.errors import UnknownClip
from bot.locales.catalogue import Catalogue
from bot.ui.batch_card import draw_batch, stills
from bot.ui.batch_panel import sheet_panel
from bot.ui.text import Voice
from storage.batches import Batch, BatchKind, Sheet
from storage.models import JobState, ModelState
from tests.bot.ui.views import NOW, a_file, a_job, a_model, a_picture

HOSTILE = "@[*_`" * 20
CATALOGUE = Catalogue.load()
VOICES = pytest.mark.parametrize("locale", ["en-US", "es-ES"])


def a_part(number: int, address: str) -> PartView:
    return PartView(
        model=a_model(id=f"01HM{number}", label=f"label{number}", name=HOSTILE),
        job=a_job(id=f"01HJ{number}", state=JobState.DONE),
        state=ModelState.COMPLETE,
        stage=None,
        progress=None,
        failed=None,
        can_retry=True,
        file=a_file(),
        still=a_picture(id=f"01HS{number}"),
        page=address,
    )


def a_batch(count: int, address: str) -> BatchView:
    batch = Batch(
        id="01HB",
        account_id="01HA",
        user_id=42,
        guild_id=7,
        interaction_id=1,
        locale="en-US",
        kind=BatchKind.VARIATIONS,
        model_id="01HM",
        created_at=NOW,
    )
    return BatchView(
        batch=batch,
        source=a_model(name=HOSTILE),
        parts=tuple(a_part(number, address) for number in range(count)),
        version=count,
        can_cancel=True,
        charged=10**9,
        reserved=10**9,
        left=10**9,
    )


def fits(view: ui.LayoutView) -> bool:
    return view.total_children_count <= 40 and view.content_length() <= 4000


@VOICES
@pytest.mark.parametrize("address", ["https://a.example/m/x/view", f"https://{'a' * 180}/m"])
def test_a_card_of_25_models_fits_whatever_they_are_called_and_wherever_they_lie(
    locale: str, address: str
) -> None:
    view = a_batch(25, address)

    card = draw_batch(
        view, Voice(catalogue=CATALOGUE, locale=locale), attached=stills(view, 10**7), refresh=True
    )

    assert fits(card)


@VOICES
def test_a_plan_of_25_lines_fits_with_an_error_beside_each(locale: str) -> None:
    error = UnknownClip(HOSTILE, (HOSTILE,))
    offers = tuple(
        LineOffer(line=Line(number=number, prompt=HOSTILE), errors=(error, error)) for number in range(25)
    )
    sheet = Sheet(id="01HS", account_id="01HA", text="", provider="", style="", project="", created_at=NOW)
    view = SheetView(sheet=sheet, lines=offers, left=1, refusal=None, at_once=2)

    assert fits(sheet_panel(Voice(catalogue=CATALOGUE, locale=locale), view))
