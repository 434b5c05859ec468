"""``python -m tests.soak --days 30 --seed 1``: weeks of the bot's life in minutes; says what grew.

The whole house of the stories in one process, on a clock that is moved. At the end of each
day a line tells what is held and what is kept, at the end of all whether anything grows that
should not. The same seed lives the same days.
What the bot logs meanwhile is in ``soak.log``.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path

from bot import log
from tests.soak.judging import grown, left_over
from tests.soak.life import CALLERS, VENDORS, live_a_day
from tests.soak.reading import Reading, read
from tests.stories.house import open_house

JOBS = 10


def main() -> int:
    """Live, tell and judge."""
    said = argparse.ArgumentParser(prog="python -m tests.soak")
    said.add_argument("--days", type=int, default=30)
    said.add_argument("--jobs", type=int, default=JOBS, help=f"a day, about ({JOBS})")
    said.add_argument("--seed", type=int, default=1)
    given = said.parse_args()
    with tempfile.TemporaryDirectory() as folder, Path("soak.log").open("w", encoding="utf-8") as told:
        log.set_up(form="console", level="info", stream=told)
        chance = random.Random(given.seed)
        complaints = asyncio.run(_lived(Path(folder), given.days, given.jobs, chance))
    for complaint in complaints:
        print(complaint)
    print(f"days={given.days} grown_or_left={len(complaints)}")
    return 1 if complaints else 0


async def _lived(folder: Path, days: int, jobs: int, chance: random.Random) -> list[str]:
    readings: list[Reading] = []
    complaints: list[str] = []
    async with open_house(folder, vendors=VENDORS, quota_allowance=1000) as house:
        for vendor in CALLERS:
            await house.subscribe(vendor)
        for day in range(1, days + 1):
            await live_a_day(house, chance, jobs)
            readings.append(read(house))
            print(f"day {day}: {readings[-1]}", flush=True)
            complaints += [f"day {day}: {one}" for one in left_over(folder, house.clock.now())]
    return complaints + grown(readings)


if __name__ == "__main__":
    sys.exit(main())
