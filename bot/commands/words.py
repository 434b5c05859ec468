"""Commands' own words: from the catalogue, in each language that Discord asks for."""

from discord import Locale, app_commands

from bot.locales.catalogue import FALLBACK, Catalogue

_KEY = "key"


def word(catalogue: Catalogue, key: str) -> app_commands.locale_str:
    """A description in English that knows where its translations are."""
    return app_commands.locale_str(catalogue.text(key, FALLBACK), **{_KEY: key})


class CatalogueTranslator(app_commands.Translator):
    """Answers discord.py, which asks for every word in every language that Discord has."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002 # the key says enough
    ) -> str | None:
        """The word in that language; ``None`` leaves it in English."""
        key = string.extras.get(_KEY)
        if key is None or locale.value.startswith(FALLBACK) or not self._catalogue.speaks(locale.value):
            return None
        return self._catalogue.text(key, locale.value)
