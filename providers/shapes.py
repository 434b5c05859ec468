"""What a vendor says, read as a model: what does not fit is told by its fields, never by its content."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from providers.errors import ContractChanged, ProviderError

Shape = TypeVar("Shape", bound=BaseModel)


def shaped(
    provider: str, shape: type[Shape], data: Any, error: type[ProviderError] = ContractChanged
) -> Shape:
    """Data as a model; raises ``error`` where it is something else."""
    try:
        return shape.model_validate(data)
    except ValidationError as problem:
        fields = ", ".join(".".join(map(str, part["loc"])) for part in problem.errors())
        raise error(provider, f"{shape.__name__}: unexpected {fields or 'shape'}") from None
