"""From frames to files: a GIF that plays everywhere, and a still picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from bot.files.previews.limits import GIF, STILL

BACKDROP = (84, 89, 103)
"""Behind the model: stands off from black, from white, and from both of Discord's themes."""
LARGEST = 2 * 1024 * 1024 - 64 * 1024
"""Bytes of a GIF; Discord's smallest limit for attachments has room for it beside a model."""
_ALIKE = 8
"""So far apart, in the most different of three parts, two colours are one to Pillow."""
_SHRINKS = ((1.0, 256), (1.0, 96), (0.75, 96), (0.5, 64), (0.375, 32))
"""Share of the side, and colours: what is tried until the film is small enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """Square pictures in order, and milliseconds between them."""

    frames: Sequence[Image.Image]
    pause: int


def develop(film: Film, folder: Path) -> None:
    """Write the film as a GIF that goes on for ever, and its first frame as a WebP."""
    (folder / GIF).write_bytes(_small_enough(film))
    film.frames[0].save(folder / STILL, "WEBP", quality=90, method=4)


def _small_enough(film: Film) -> bytes:
    """As fine as ``LARGEST`` allows."""
    for scale, colours in _SHRINKS:
        data = _gif(_scaled(film.frames, scale), film.pause, colours)
        if len(data) <= LARGEST:
            break
    return data


def _scaled(frames: Sequence[Image.Image], scale: float) -> list[Image.Image]:
    side = round(frames[0].width * scale)
    return [frame if scale == 1 else frame.resize((side, side), Image.Resampling.LANCZOS) for frame in frames]


def _gif(frames: Sequence[Image.Image], pause: int, colours: int) -> bytes:
    """One palette for all frames, so that what stays the same is stored once."""
    palette = _palette(frames, colours)
    flat = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    out = BytesIO()
    flat[0].save(out, "GIF", save_all=True, append_images=flat[1:], duration=pause, loop=0, optimize=False)
    return out.getvalue()


def _palette(frames: Sequence[Image.Image], colours: int) -> Image.Image:
    """Colours for all frames; the backdrop's is there exactly, and none that it is mistaken for."""
    chosen = _contact_sheet(frames).quantize(colours - 1, Image.Quantize.MEDIANCUT).getpalette() or []
    triples = zip(*[iter(chosen)] * 3, strict=True)
    kept = [one for one in triples if max(map(_apart, one, BACKDROP)) > _ALIKE]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for one in (*kept[: colours - 1], BACKDROP) for part in one])
    return palette


def _apart(one: int, other: int) -> int:
    return abs(one - other)


def _contact_sheet(frames: Sequence[Image.Image]) -> Image.Image:
    """Some of the frames side by side: all colours that occur."""
    some = frames[:: max(1, len(frames) // 6)]
    side = frames[0].width // 2
    sheet = Image.new("RGB", (side * len(some), side))
    for place, frame in enumerate(some):
        sheet.paste(frame.resize((side, side)), (side * place, 0))
    return sheet
