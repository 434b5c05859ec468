"""What the owner decides, read once at the door and never changed.

Values come from a mapping (the environment) and from a ``.env`` file under it.
Everything that is wrong is told at once, by the variable's name, and never with
a secret's value. Only ``bot.app`` and ``bot.__main__`` import this; whoever
needs a setting gets it as a plain value.
"""

from bot.settings.problems import Problem, UnusableSettings
from bot.settings.reading import Settings
from bot.settings.sources import Stranger, strangers
from bot.settings.template import example

__all__ = ["Problem", "Settings", "Stranger", "UnusableSettings", "example", "strangers"]
