"""Embeds of a legacy message: their lengths, one by one and together."""

from sandbox.discord.forms import Field
from sandbox.discord.refusals import Json

_MOST_TOGETHER = 6_000
_TEXTS = {"title": 256, "description": 4096, "url": 2048}
_PICTURES = ("image", "thumbnail")


def read(form: Field) -> tuple[Json, ...]:
    """Read a message's embeds; every fault is noted in the form."""
    embeds = tuple(_embed(item) for item in form.items(0, 10))
    if sum(_length(embed) for embed in embeds) > _MOST_TOGETHER:
        form.wrong("MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {_MOST_TOGETHER}")
    return embeds


def _embed(form: Field) -> Json:
    embed: Json = {"type": "rich"}
    form.record()
    for key, longest in _TEXTS.items():
        if form[key].given:
            embed[key] = form[key].text(0, longest)
    if form["color"].given:
        embed["color"] = form["color"].integer(0, 0xFFFFFF)
    if form["timestamp"].given:
        embed["timestamp"] = form["timestamp"].text(1, 64)
    for key in _PICTURES:
        if form[key].given:
            embed[key] = {"url": form[key].record()["url"].text(1, 2048)}
    if form["footer"].given:
        embed["footer"] = {"text": form["footer"].record()["text"].text(1, 2048)}
    if form["author"].given:
        embed["author"] = {"name": form["author"].record()["name"].text(1, 256)}
    embed["fields"] = [_field(item) for item in form["fields"].items(0, 25)]
    return embed


def _field(form: Field) -> Json:
    return {
        "name": form.record()["name"].text(1, 256),
        "value": form["value"].text(1, 1024),
        "inline": form["inline"].truth(),
    }


def _length(embed: Json) -> int:
    texts = [embed.get("title", ""), embed.get("description", "")]
    texts += [embed.get("footer", {}).get("text", ""), embed.get("author", {}).get("name", "")]
    texts += [field["name"] + field["value"] for field in embed["fields"]]
    return sum(map(len, texts))
