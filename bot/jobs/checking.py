"""What an order has to be like, before and after a vendor is chosen for it. Pure."""

from dataclasses import replace

from bot.jobs import text
from bot.jobs.choosing import Wish
from bot.jobs.errors import (
    FrontMissing,
    NothingAsked,
    PolycountFixed,
    PolycountOutOfRange,
    PromptTooLong,
    TooManyClips,
    UnknownClip,
    UnknownStyle,
)
from bot.jobs.orders import GenerateOrder
from bot.jobs.plan import rig_facts
from bot.jobs.rules import MAX_CLIPS
from providers.base import Provider
from storage.models import StageRun


def cleaned(order: GenerateOrder) -> GenerateOrder:
    """An order for a new model as it is meant: what holds at every vendor is checked here.

    Raises:
        JobError: the leaf says what is wrong with it.
    """
    prompt = text.prompt(order.prompt)
    count = order.picture_count or sum(picture is not None for picture in order.pictures)
    if not prompt and not count:
        raise NothingAsked
    if order.pictures and order.pictures[0] is None:
        raise FrontMissing
    if len(order.clips) > MAX_CLIPS:
        raise TooManyClips(MAX_CLIPS)
    return replace(order, prompt=prompt, negative_prompt=text.clean(order.negative_prompt))


def wish_of(order: GenerateOrder) -> Wish:
    """What an order asks of a vendor."""
    return Wish(
        generate=True,
        pictures=order.picture_count or sum(picture is not None for picture in order.pictures),
        rig=order.rig or bool(order.clips),
        clips=tuple(clip.strip().lower().replace(" ", "_") for clip in order.clips),
        style=order.style,
        polycount=order.polycount,
        negative=bool(order.negative_prompt),
    )


def checked(order: GenerateOrder, provider: Provider) -> GenerateOrder:
    """The order with its clips as this vendor names them.

    Raises:
        JobError: the leaf says what this vendor does not take.
    """
    can = provider.capabilities()
    if len(order.prompt) > can.prompt_max:
        raise PromptTooLong(can.prompt_max, len(order.prompt))
    if len(order.negative_prompt) > can.negative_prompt_max:
        raise PromptTooLong(can.negative_prompt_max, len(order.negative_prompt))
    if order.style is not None and order.style not in can.styles:
        raise UnknownStyle(order.style, can.styles)
    if order.polycount is not None and not can.polycount:
        raise PolycountFixed(provider.title)
    if order.polycount is not None and order.polycount not in can.polycount:
        raise PolycountOutOfRange(can.polycount.start, can.polycount.stop - 1)
    return replace(order, clips=checked_clips(order.clips, provider, None) if order.clips else ())


def checked_clips(clips: tuple[str, ...], provider: Provider, rig: StageRun | None) -> tuple[str, ...]:
    """Clips that the rig can play, each once; at least one.

    Raises:
        TooManyClips, UnknownClip: with what is possible.
    """
    if not clips:
        raise UnknownClip("", ())
    if len(clips) > MAX_CLIPS:
        raise TooManyClips(MAX_CLIPS)
    return text.known_clips(clips, provider.clips(rig_facts(rig)))
