"""Small private messages with something to click: questions, choices, lists."""

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.jobs.views import ModelView
from bot.ui.text import Voice, clip

URL_LENGTH = 512
"""Longest address that a link button takes."""
_NAME_LENGTH = 60


def panel(text: str, *items: ui.Item[Any]) -> ui.LayoutView:
    """Words and a row of things to click."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    if items:
        view.add_item(ui.ActionRow(*items))
    return view


def model_list(voice: Voice, models: Sequence[ModelView], *turns: ui.Item[Any]) -> ui.LayoutView:
    """One page of a member's models, each with its link, and the buttons that turn the page."""
    view = ui.LayoutView(timeout=None)
    container = ui.Container[ui.LayoutView](ui.TextDisplay(voice.say("list.title")))
    for model in models:
        container.add_item(_line(voice, model))
    if not models:
        container.add_item(ui.TextDisplay(voice.say("list.past_end" if turns else "list.none")))
    if turns:
        container.add_item(ui.ActionRow(*turns))
    view.add_item(container)
    return view


def _line(voice: Voice, view: ModelView) -> ui.Item[Any]:
    words = ui.TextDisplay[ui.LayoutView](
        voice.say(
            "list.line",
            name=clip(view.model.name, _NAME_LENGTH),
            label=view.model.label,
            state=voice.label(f"state.{view.state}"),
            created=view.model.created_at,
        )
    )
    if view.url is None or len(view.url) > URL_LENGTH:
        return words
    return ui.Section(words, accessory=ui.Button(label=voice.label("button.download"), url=view.url))
