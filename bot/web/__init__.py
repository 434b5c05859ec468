"""The bot's small site: lasting addresses of models, a page for each, signed links, health.

It asks nobody's name: whoever has a link may follow it, and a link cannot be guessed. The only
list is behind a personal link, which is good for an hour. Addresses are therefore never logged and
never passed on as a referrer.
"""

from bot.web.hooks import Hooks
from bot.web.mine import Mine
from bot.web.serving import serving
from bot.web.site import Library, site
from bot.web.viewer import Viewer
from bot.web.viewing import Viewing

__all__ = ["Hooks", "Library", "Mine", "Viewer", "Viewing", "serving", "site"]
