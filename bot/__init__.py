"""The verbs: commands, jobs, cards, the site. Everything meets in ``bot.app``."""
