"""What ``check`` has to say of one thing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How one thing stands; ``mend`` says what to do, or what would be better."""

    ok: bool
    what: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{'✅' if self.ok else '❌'} {self.what}.{' ' if self.mend else ''}{self.mend}"
