import contextlib
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.files import picture as pictures
from bot.files.errors import BadPicture
from bot.files.picture import LARGEST_SIZE, as_vendors_take_it, check_picture


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 256), mode: str = "RGB") -> bytes:
    out = BytesIO()
    Image.new(mode, size, 120).save(out, kind)
    return out.getvalue()


def reason(data: bytes) -> str:
    with pytest.raises(BadPicture) as caught:
        check_picture(data)
    return caught.value.reason


@pytest.mark.parametrize(
    ("kind", "content_type", "extension"),
    [("PNG", "image/png", ".png"), ("JPEG", "image/jpeg", ".jpg"), ("WEBP", "image/webp", ".webp")],
)
def test_three_kinds_are_told_apart_by_content(kind: str, content_type: str, extension: str) -> None:
    facts = check_picture(picture(kind))

    assert (facts.width, facts.height) == (300, 256)
    assert (facts.content_type, facts.extension) == (content_type, extension)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PPM"])
def test_other_kinds_are_no_pictures_to_us(kind: str) -> None:
    assert reason(picture(kind, (256, 256))) == "not_a_picture"


@pytest.mark.parametrize("data", [b"", b"hello", b"<svg/>", b"RIFF\x00\x00\x00\x00WAVE"])
def test_what_does_not_begin_like_a_picture_is_none(data: bytes) -> None:
    assert reason(data) == "not_a_picture"


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"RIFF\x00\x00\x00\x00WEBP"])
def test_what_only_begins_like_a_picture_is_broken(data: bytes) -> None:
    assert reason(data) == "broken"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_that_was_cut_off_is_broken(kind: str) -> None:
    noise = Image.effect_noise((400, 400), 90).convert("RGB")
    out = BytesIO()
    noise.save(out, kind)

    assert reason(out.getvalue()[: len(out.getvalue()) // 2]) == "broken"


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((255, 300), "too_small"),
        ((300, 255), "too_small"),
        ((1, 1), "too_small"),
        ((8193, 256), "too_large"),
        ((256, 9000), "too_large"),
    ],
)
def test_sides_have_limits(size: tuple[int, int], expected: str) -> None:
    with pytest.raises(BadPicture) as caught:
        check_picture(picture(size=size))

    assert caught.value.reason == expected
    assert (caught.value.facts["width"], caught.value.facts["height"]) == size


def test_the_limits_themselves_are_allowed() -> None:
    assert check_picture(picture(size=(256, 256))).width == 256
    assert check_picture(picture(size=(8192, 256), mode="L")).width == 8192


def test_a_heavy_file_is_refused_unread() -> None:
    assert reason(picture() + bytes(LARGEST_SIZE)) == "too_heavy"


def test_a_bomb_is_refused_by_its_header() -> None:
    bomb = bytearray(picture("PNG", (256, 256)))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    bomb[29:33] = zlib.crc32(bomb[12:29]).to_bytes(4, "big")

    assert reason(bytes(bomb)) == "too_large"


@given(st.data())
def test_no_bytes_crash_it(data: st.DataObject) -> None:
    base = bytearray(picture(data.draw(st.sampled_from(["PNG", "JPEG", "WEBP"])), (256, 256)))
    for _ in range(data.draw(st.integers(1, 8))):
        base[data.draw(st.integers(0, min(len(base), 400) - 1))] = data.draw(st.integers(0, 255))

    with contextlib.suppress(BadPicture):
        check_picture(bytes(base))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_what_every_vendor_takes_stays_as_it_is(kind: str) -> None:
    data = picture(kind)

    assert as_vendors_take_it(data) == (data, check_picture(data))


def test_webp_becomes_png_with_its_transparency() -> None:
    out = BytesIO()
    Image.new("RGBA", (300, 256), (200, 40, 0, 128)).save(out, "WEBP", lossless=True)

    data, facts = as_vendors_take_it(out.getvalue())

    assert facts == check_picture(data)
    assert (facts.content_type, facts.width, facts.height) == ("image/png", 300, 256)
    with Image.open(BytesIO(data)) as image:
        assert image.getpixel((0, 0)) == (200, 40, 0, 128)


def test_of_a_webp_that_moves_the_first_moment_is_kept() -> None:
    frames = [Image.new("RGB", (300, 256), shade) for shade in ((255, 0, 0), (0, 255, 0))]
    out = BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], lossless=True)

    data, _ = as_vendors_take_it(out.getvalue())

    with Image.open(BytesIO(data)) as image:
        assert image.getpixel((0, 0)) == (255, 0, 0, 255)


def test_a_photograph_that_is_too_heavy_as_png_becomes_jpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    out = BytesIO()
    Image.effect_noise((600, 600), 90).convert("RGB").save(out, "WEBP", quality=60)
    monkeypatch.setattr(pictures, "LARGEST_SIZE", 300_000)
    assert len(out.getvalue()) < 300_000

    data, facts = as_vendors_take_it(out.getvalue())

    assert (facts.content_type, facts.extension) == ("image/jpeg", ".jpg")
    assert len(data) < 300_000


def test_a_webp_that_is_no_picture_for_us_is_refused_as_before() -> None:
    with pytest.raises(BadPicture):
        as_vendors_take_it(picture("WEBP", (255, 300)))


@pytest.mark.parametrize(
    ("kind", "sound", "bomb"),
    [
        ("PNG", (4096, 4096), (8192, 8192)),
        ("JPEG", (6000, 5000), (8192, 8192)),
        ("WEBP", (3840, 2160), (4096, 4096)),
    ],
)
def test_a_small_file_of_many_pixels_is_not_decoded(
    kind: str, sound: tuple[int, int], bomb: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    decoded: list[bytes] = []
    monkeypatch.setattr(pictures, "_decode", decoded.append)

    assert check_picture(picture(kind, sound, "L")).width == sound[0]
    assert len(decoded) == 1
    with pytest.raises(BadPicture, match="too_large"):
        check_picture(picture(kind, bomb, "L"))
    assert len(decoded) == 1
