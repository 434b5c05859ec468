"""What is over by midnight, here too: else it would be counted as the bot's.

The world outside is in the same process and keeps what was said and made. And discord.py
lets go of a private message's buttons after a quarter of an hour, by a clock that we do not move.
"""

import gc

from discord.ui import LayoutView

from sandbox.vendors.making import Shelf
from tests.stories.house import House


async def forget(house: House) -> None:
    """Messages, uploads and finished files of today, and buttons that cannot be pressed any more."""
    world = house.discord.world
    for channel in world.channels:
        for message in world.messages(channel):
            world.forget(message)
    world.uploads.clear()
    for one in gc.get_objects():
        if type(one) is Shelf:
            one._files.clear()
        elif type(one) is LayoutView and one.timeout:
            one.stop()
