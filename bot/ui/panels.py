"""Small private messages with something to click: questions and choices."""

from typing import Any

from discord import ui

URL_LENGTH = 512
"""Longest address that a link button takes."""


def panel(text: str, *items: ui.Item[Any]) -> ui.LayoutView:
    """Words and a row of things to click."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    if items:
        view.add_item(ui.ActionRow(*items))
    return view
