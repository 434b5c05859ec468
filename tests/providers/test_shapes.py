import pytest
from pydantic import BaseModel

from providers.errors import AnswerLost, ContractChanged, ProviderError
from providers.shapes import shaped


class Part(BaseModel):
    size: int


class Thing(BaseModel):
    name: str
    parts: list[Part] = []


def test_what_fits_is_read() -> None:
    thing = shaped("a vendor", Thing, {"name": "owl", "parts": [{"size": 2}], "more": True})

    assert thing == Thing(name="owl", parts=[Part(size=2)])


@pytest.mark.parametrize("kind", [ContractChanged, AnswerLost])
def test_what_does_not_fit_is_told_by_its_fields_and_never_by_its_content(
    kind: type[ProviderError],
) -> None:
    with pytest.raises(kind) as caught:
        shaped("a vendor", Thing, {"parts": [{"size": "tsk_secret"}]}, kind)

    assert caught.value.detail == "Thing: unexpected name, parts.0.size"
    assert "tsk_secret" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_what_is_no_object_at_all_is_told_as_well() -> None:
    with pytest.raises(ContractChanged, match="Thing: unexpected shape"):
        shaped("a vendor", Thing, "<html>")
