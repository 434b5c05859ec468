"""Words are looked at where a request asks for it, and only there."""

from sandbox.vendors.meshy.refusals import bad
from sandbox.vendors.meshy.ways import Ways
from sandbox.vendors.moderation import fails_at_once, fails_later


def screened(asked: object, ways: Ways, *texts: str) -> bool:
    """Whether the task is going to fail for its words; 400 where that is said at once."""
    found = bool(asked) and any(fails_at_once(text) or fails_later(text) for text in texts)
    if found and ways.moderation == "request":
        raise bad("The input was blocked by the safety filters.")
    return found


def admit_length(ways: Ways, **texts: str) -> None:
    """400 where a text is too long."""
    for name, text in texts.items():
        if len(text) > ways.prompt_most:
            raise bad(f"{name}: at most {ways.prompt_most} characters")
