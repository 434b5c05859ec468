"""Changing the owner's secret key: everything that is sealed is sealed anew.

Batch by batch, each in one transaction: a text is sealed by the one key or by the other
and opens all the time, whenever this is cut off. To do it again is to go on with it.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from storage import key_file
from storage.database import Database, Transaction
from storage.lock import lock_engine
from storage.schema import require_current
from storage.secrets import Seal, SecretBox
from storage.stores.sealed import SealedStore

BATCH = 200

Which = Callable[[Transaction], SealedStore[Any]]
_STORES: Mapping[str, Which] = {"cards": lambda tx: tx.cards, "vendor_keys": lambda tx: tx.vendor_keys}

Tally = Mapping[str, Counter[Seal]]
"""How many sealed texts each table has, by the key that they open with."""


async def rotate(database: Path, secrets: Callable[[], SecretBox], new_key_in: Path | None) -> Tally:
    """Seal everything with the current key; gives what was found before.

    ``new_key_in`` is the key's file where a new key is to be made there first, ``None`` where
    the owner has put both keys into the settings. No engine may work meanwhile: it would not
    know the new key. Raises ``EngineRunning``, and every other ``StorageError``.
    """
    with lock_engine(database):
        await asyncio.to_thread(require_current, database)
        if new_key_in:
            await asyncio.to_thread(key_file.renew, new_key_in)
        box = await asyncio.to_thread(secrets)
        async with Database.open(database, box) as db:
            found = {table: await _reseal(db, box, which) for table, which in _STORES.items()}
        if new_key_in:
            await asyncio.to_thread(key_file.forget_previous, new_key_in)
        return found


async def survey(db: Database, box: SecretBox) -> Tally:
    """What is sealed with which key; changes nothing."""
    return {table: await _count(db, box, which) for table, which in _STORES.items()}


async def _reseal(db: Database, box: SecretBox, which: Which) -> Counter[Seal]:
    found, last = Counter[Seal](), ""
    while True:
        async with db.begin() as tx:
            batch = await which(tx).sealed_after(last, BATCH)
            seals = {one.row_id: box.look(one.text) for one in batch}
            earlier = [one for one in batch if seals[one.row_id] is Seal.EARLIER]
            await which(tx).put_sealed({one.row_id: box.reseal(one.text) for one in earlier})
        if not batch:
            return found
        found.update(seals.values())
        last = batch[-1].row_id


async def _count(db: Database, box: SecretBox, which: Which) -> Counter[Seal]:
    found, last = Counter[Seal](), ""
    while True:
        async with db.read() as tx:
            batch = await which(tx).sealed_after(last, BATCH)
        if not batch:
            return found
        found.update(box.look(one.text) for one in batch)
        last = batch[-1].row_id
