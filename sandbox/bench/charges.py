"""Members who spend all they have at once: charges a second, and whether anybody got more than their quota.

A charge is a job with its reserve in the ledger, on the disk before anybody is told. Each member has
both hands at it, each typing the next command as soon as the last was answered, and wants
more than the quota allows. The ledger is read from outside.
"""

import asyncio
from pathlib import Path
from typing import TextIO

from sandbox.bench.figures import Figure
from sandbox.bench.members import Members
from sandbox.bench.under_way import STILL, read, settled
from sandbox.playground import playground

FOLDER = Path(".bench")
PRICE, MODELS, WISHES = 2, 10, 12
"""Credits for a model, models in a quota, and how many each wants."""
HANDS = 2
SETTINGS = {"QUOTA_ALLOWANCE": str(PRICE * MODELS), "PRICE_GENERATE": str(PRICE), "MEMBER_WAITING": "1000"}
CHARGES = "SELECT count(*), min(created_at), max(created_at) FROM ledger WHERE kind = 'reserve'"
OVER = f"""
    SELECT count(*) FROM (
        SELECT account_id FROM ledger WHERE kind IN ('reserve', 'release')
        GROUP BY account_id HAVING sum(amount) > {PRICE * MODELS})
"""  # noqa: S608 - a number of ours


async def figures(log: TextIO, *, members: int = 100, folder: Path = FOLDER) -> list[Figure]:
    """Takes about half a minute."""
    async with playground(folder, log=log, speed=STILL, settings=SETTINGS) as ground:
        people = Members.join(ground.discord, members, min(members, 20))
        await ground.connected()
        hands = (_spend(people, number) for number in range(members) for _ in range(HANDS))
        await asyncio.gather(*hands)
        await settled(folder, CHARGES)  # an answer comes before its job is stored
        charges, first, last = (await read(folder, CHARGES))[0]
        over = (await read(folder, OVER))[0][0]
    what = f"quota charges, {members} members at once"
    rate = 1000 * charges / max(1, last - first)
    return [
        Figure(what=what, value=rate, unit="a second", note=f"{charges} of {members * MODELS} affordable"),
        Figure(what=f"{what}, over their quota", value=over, unit="members", goal=0),
    ]


async def _spend(people: Members, member: int) -> None:
    for _ in range(WISHES // HANDS):
        await people.type(member, wait=True)
