"""Pictures that were handed over: what kind of file they are, and what colours they show."""

import io

import numpy as np
from PIL import Image

from sandbox.shapes.texture import Colour


def is_picture(data: bytes) -> bool:
    """PNG, JPEG or WebP, by their first bytes."""
    return data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or (
        data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    )


def colours_of(data: bytes, *, most: int = 4) -> tuple[Colour, ...]:
    """The colours of what a picture shows, the most frequent first; the background's is left out."""
    with Image.open(io.BytesIO(data)) as picture:
        small = picture.convert("RGB").resize((96, 96))
    reduced = small.quantize(8)
    palette = np.array((reduced.getpalette() or [])[: 8 * 3], dtype=float).reshape(-1, 3) / 255
    places = np.asarray(reduced)
    border = np.concatenate([places[0], places[-1], places[:, 0], places[:, -1]])
    behind = int(np.bincount(border).argmax())
    frequent = np.argsort(-np.bincount(places[16:-16, 16:-16].ravel(), minlength=len(palette)))
    chosen = [palette[index] for index in frequent if index != behind][:most]
    return tuple((float(r), float(g), float(b)) for r, g, b in chosen)
