import random
from io import BytesIO
from pathlib import Path

from PIL import Image

from bot.files.previews.film import BACKDROP, LARGEST, Film, develop
from bot.files.previews.limits import GIF, SIDE, STILL


def noise(seed: int) -> Image.Image:
    """What no GIF can press together."""
    chance = random.Random(seed)  # noqa: S311 - a picture
    return Image.frombytes("RGB", (SIDE, SIDE), chance.randbytes(3 * SIDE * SIDE))


def test_even_noise_becomes_a_film_that_fits(tmp_path: Path) -> None:
    develop(Film(frames=[noise(seed) for seed in range(8)], pause=100), tmp_path)

    data = (tmp_path / GIF).read_bytes()
    assert len(data) <= LARGEST
    with Image.open(BytesIO(data)) as film:
        assert (film.n_frames, film.info["duration"], film.info["loop"]) == (8, 100, 0)  # type: ignore[attr-defined] # a GIF's


def test_the_backdrop_keeps_its_colour(tmp_path: Path) -> None:
    frame = Image.new("RGB", (SIDE, SIDE), BACKDROP)
    frame.paste(noise(1).crop((0, 0, 300, 300)), (100, 100))

    develop(Film(frames=[frame, frame.rotate(90)], pause=80), tmp_path)

    with Image.open(tmp_path / GIF) as film:
        assert film.convert("RGB").getpixel((5, 5)) == BACKDROP
    with Image.open(tmp_path / STILL) as still:
        assert still.size == (SIDE, SIDE)
