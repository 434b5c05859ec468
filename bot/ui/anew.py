"""The same request once more: the model that it made is offered before anything is paid again."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.jobs.errors import JobError
from bot.jobs.orders import GenerateOrder, Order
from bot.ui.answering import asker, begin
from bot.ui.desk import Desk, Interaction
from bot.ui.items import CardButton, CardSelect
from bot.ui.model_panel import Card
from bot.ui.panels import panel
from bot.ui.text import clip
from storage.models import Model

_NAME_LENGTH = 60


class _MadeBefore(Exception):
    """These pictures and words made ``model``."""

    def __init__(self, model: Model) -> None:
        super().__init__(model.id)
        self.model = model


async def begin_new(
    desk: Desk,
    interaction: Interaction,
    order: GenerateOrder,
    complete: Callable[[], Awaitable[GenerateOrder]],
    *,
    project: str = "",
) -> None:
    """``begin``, unless the asker made the very same before: then say so in private, and ask.

    Pictures are only known once they are there; the card that was opened for them goes again.

    Raises:
        JobError: it was refused; nothing was started or charged.
    """
    if not order.picture_count and (model := await _made_before(desk, interaction, order)):
        await _offer(desk, interaction, model)
        return

    async def compared() -> Order:
        full = await complete()
        found = await _made_before(desk, interaction, full) if order.picture_count else None
        if found:
            await desk.jobs.discard_pictures(full.pictures)
            raise _MadeBefore(found)
        return full

    try:
        await begin(desk, interaction, order, compared, project=project)
    except _MadeBefore as before:
        await _offer(desk, interaction, before.model)


async def _made_before(desk: Desk, interaction: Interaction, order: GenerateOrder) -> Model | None:
    """What is wrong with a request is for ``begin`` to say."""
    try:
        return await desk.recipes.made_before(asker(interaction), order)
    except JobError:
        return None


async def _offer(desk: Desk, interaction: Interaction, model: Model) -> None:
    voice = desk.voice(interaction)
    name = clip(model.name, _NAME_LENGTH)
    question = voice.say("panel.made_before", name=name, label=model.label, at=model.created_at)
    view = panel(question, Card.to(voice, model.id), Anew.to(voice, model.id))
    if interaction.response.is_done():
        await interaction.followup.send(view=view, ephemeral=True)
    else:
        await interaction.response.send_message(view=view, ephemeral=True)


class Anew(CardButton, route="anew", sign="🎲"):
    """Target: the model that the same request made."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Start just the same, with its seed where one was chosen."""
        who, model_id = asker(interaction), self.targets[0]
        order = await desk.recipes.order(who, model_id, seed=True)

        async def complete() -> Order:
            if not isinstance(order, GenerateOrder) or not order.picture_count:
                return order
            return replace(order, pictures=await desk.recipes.copies_of_pictures(who, model_id))

        await begin(desk, interaction, order, complete)


ITEMS: tuple[type[CardButton | CardSelect], ...] = (Anew,)
"""What the question may hold besides the model's own."""
