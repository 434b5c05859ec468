"""Reading a body field by field, and refusing it with every fault at once.

Discord answers a bad body with code 50035 and a tree of errors that follows the body's own shape. A `Field`
is a place in such a body: it reads its value, or notes what is wrong there and hands back something harmless,
so that the reading goes on and finds the other faults too. `Field.check` raises what was found.
"""

from collections.abc import Collection, Iterator
from typing import Any, Self

from sandbox.discord.refusals import Json, Refused


class _Absent:
    """Not sent at all, which is not the same as null."""


_ABSENT = _Absent()


class Field:
    """A place in a body, with a value or without."""

    def __init__(self, value: Any, *, _path: tuple[str, ...] = (), _errors: Json | None = None) -> None:
        self.value = value
        self._path = _path
        self._errors: Json = {} if _errors is None else _errors

    def __getitem__(self, key: str) -> "Field":
        value = self.value.get(key, _ABSENT) if isinstance(self.value, dict) else _ABSENT
        return Field(value, _path=(*self._path, key), _errors=self._errors)

    @property
    def sent(self) -> bool:
        """Whether the key is there, be it with null."""
        return self.value is not _ABSENT

    @property
    def given(self) -> bool:
        """Whether there is a value that is not null."""
        return self.value is not _ABSENT and self.value is not None

    def or_empty(self) -> "Field":
        """This place, or an empty object there if there is nothing."""
        return self if self.given else Field({}, _path=self._path, _errors=self._errors)

    def wrong(self, code: str, message: str) -> None:
        """Note a fault at this place."""
        place = self._errors
        for key in self._path:
            place = place.setdefault(key, {})
        place.setdefault("_errors", []).append({"code": code, "message": message})

    def check(self) -> None:
        """Refuse the whole body if anything in it was wrong."""
        if self._errors:
            raise Refused(50035, errors=self._errors)

    def required(self) -> bool:
        """Whether there is a value; its absence is a fault."""
        if not self.given:
            self.wrong("BASE_TYPE_REQUIRED", "This field is required")
        return self.given

    def text(self, low: int, high: int, default: str | None = None) -> str:
        """A string of ``low`` to ``high`` characters; with a default it may be left out."""
        if not self.given and default is not None:
            return default
        if not self.required():
            return ""
        if not isinstance(self.value, str):
            self.wrong("STRING_TYPE_CONVERT", "Could not interpret value as string.")
            return ""
        if not low <= len(self.value) <= high:
            self._bad_length(low, high)
        return self.value

    def integer(self, low: int, high: int, default: int | None = None) -> int:
        """A whole number between two bounds; with a default it may be left out."""
        if not self.given and default is not None:
            return default
        if not self.required():
            return low
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.wrong("NUMBER_TYPE_COERCE", f'Value "{self.value}" is not int.')
            return low
        if self.value < low:
            self.wrong("NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}.")
        if self.value > high:
            self.wrong("NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}.")
        return self.value

    def one_of(self, allowed: Collection[int], default: int | None = None) -> int:
        """One of a closed set of numbers."""
        if not self.given and default is not None:
            return default
        if not self.required():
            return 0
        if isinstance(self.value, bool) or self.value not in allowed:
            self.wrong("BASE_TYPE_CHOICES", f"Value must be one of {_listed(allowed)}.")
            return 0
        return int(self.value)

    def truth(self, *, default: bool = False) -> bool:
        """True or false."""
        if not self.given:
            return default
        if not isinstance(self.value, bool):
            self.wrong("BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
            return default
        return self.value

    def snowflake(self, default: int | None = None) -> int:
        """An id, as a string of digits or a number."""
        if not self.given and default is not None:
            return default
        if not self.required():
            return 0
        if isinstance(self.value, bool) or not str(self.value).isdecimal():
            self.wrong("NUMBER_TYPE_COERCE", f'Value "{self.value}" is not snowflake.')
            return 0
        return int(self.value)

    def items(self, low: int, high: int) -> list["Field"]:
        """The places of a list; one that was left out is empty."""
        if not self.given:
            if low:
                self.required()
            return []
        if not isinstance(self.value, list):
            self.wrong("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if not low <= len(self.value) <= high:
            self._bad_length(low, high)
        return list(self._children())

    def record(self) -> Self:
        """This place, which has to be an object."""
        if self.required() and not isinstance(self.value, dict):
            self.wrong("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return self

    def _children(self) -> Iterator["Field"]:
        for index, value in enumerate(self.value):
            yield Field(value, _path=(*self._path, str(index)), _errors=self._errors)

    def _bad_length(self, low: int, high: int) -> None:
        if low:
            self.wrong("BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
        else:
            self.wrong("BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")


def _listed(allowed: Collection[int]) -> str:
    return "{" + ", ".join(str(int(value)) for value in sorted(allowed)) + "}"
