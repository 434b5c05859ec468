"""What a trainer does with pictures: weights, behind which a version of a model will stand."""

import asyncio
import io
import tarfile
import zipfile
from collections.abc import Mapping
from typing import Any

from sandbox.vendors.replicate.inputs import ModelDied, Read
from sandbox.vendors.replicate.products import Made, Product

WEIGHTS = "trained_model.tar"
INSIDE = "output/flux_train_replicate/lora.safetensors"
PICTURES = (".png", ".jpg", ".jpeg", ".webp")


async def train(given: Mapping[str, Any], read: Read) -> Product:
    """Weights from a zip of pictures; ``ModelDied`` where there are none in it."""
    file = await read(given["input_images"])
    await asyncio.to_thread(_look, file.data)
    words = str(given["trigger_word"]).encode()

    async def make() -> bytes:
        return _packed(words)

    return Product(files={WEIGHTS: Made(make=make, content_type="application/x-tar")}, output=WEIGHTS)


def _look(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise ModelDied("input_images must be a zip or tar file") from error
    if not any(name.lower().endswith(PICTURES) for name in names):
        raise ModelDied("No images found in the input archive")


def _packed(words: bytes) -> bytes:
    """A tar with a file in the place of the weights: enough to be told apart."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        entry = tarfile.TarInfo(INSIDE)
        entry.size = len(words)
        archive.addfile(entry, io.BytesIO(words))
    return target.getvalue()
