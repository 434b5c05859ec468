"""Models and their versions: which there are, who may run them, and how they drift."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sandbox.clock import Clock
from sandbox.vendors.replicate import schemas
from sandbox.vendors.replicate.accounts import Account
from sandbox.vendors.replicate.catalogue import Recipe
from sandbox.vendors.replicate.refusals import Refusal, no_such_version, not_found

COG_VERSION = "0.9.20"
SITE = "https://replicate.com"
LEAVING = 60_000
"""Milliseconds from the deletion of a version until it is gone."""


@dataclass(frozen=True, kw_only=True, eq=False)  # not slotted: its schema is worked out once
class Version:
    """A model as it was at a time; ``renames`` are the names by which fields go since it drifted."""

    id: str
    recipe: Recipe
    created_at: int
    renames: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def schema(self) -> dict[str, Any]:
        """Its OpenAPI document."""
        recipe = self.recipe
        fields = {self._name(name): spec for name, spec in recipe.inputs.items()}
        output = dict(recipe.output)
        if "properties" in output:
            output["properties"] = self.renamed(output["properties"])
        return schemas.document(fields, [self._name(name) for name in recipe.required], output)

    def given(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Every input of the recipe, by the recipe's names; what was not said is as by default."""
        said = {name: body[self._name(name)] for name in self.recipe.inputs if self._name(name) in body}
        return {**schemas.defaults(self.recipe.inputs), **said}

    def renamed(self, output: Any) -> Any:
        """An output by this version's names."""
        if not isinstance(output, dict):
            return output
        return {self._name(name): value for name, value in output.items()}

    def _name(self, name: str) -> str:
        return self.renames.get(name, name)


@dataclass(slots=True, kw_only=True)
class Model:
    """One model with its versions, the newest first. ``facts`` are what its owner says of it."""

    owner: str
    name: str
    description: str | None = None
    official: bool = False
    visibility: str = "public"
    created_at: int
    facts: dict[str, Any] = field(default_factory=dict)
    versions: list[Version] = field(default_factory=list)
    runs: int = 0

    @property
    def full_name(self) -> str:
        """``owner/name``."""
        return f"{self.owner}/{self.name}"

    def seen_by(self, account: Account) -> bool:
        """Whether it is public, or one's own."""
        return self.visibility == "public" or self.owner == account.name


class Hub:
    """All models."""

    def __init__(self, clock: Clock, recipes: Sequence[Recipe]) -> None:
        self._clock = clock
        self._models: dict[str, Model] = {}
        self._leaving: dict[Version, int] = {}
        for recipe in recipes:
            self._publish(recipe)

    def _publish(self, recipe: Recipe) -> None:
        owner, name = recipe.name.split("/")
        model = self.add(Model(owner=owner, name=name, created_at=self._clock.now()))
        model.description, model.official = recipe.description, recipe.official
        model.versions = [Version(id=recipe.version, recipe=recipe, created_at=model.created_at)]

    def add(self, model: Model) -> Model:
        """A new model; 409 where there is one of that name."""
        if model.full_name in self._models:
            raise Refusal(409, "A model with that name and owner already exists", title="Conflict")
        self._models[model.full_name] = model
        return model

    def remove(self, model: Model) -> None:
        """It is gone."""
        del self._models[model.full_name]

    def release(self, model: Model, recipe: Recipe) -> None:
        """A new version."""
        version = Version(id=recipe.version, recipe=recipe, created_at=self._clock.now())
        model.versions.insert(0, version)

    def withdraw(self, version: Version) -> None:
        """The version will be gone soon."""
        self._leaving.setdefault(version, self._clock.now() + LEAVING)

    def advance(self) -> None:
        """Let go what is to be gone by now."""
        due = [version for version, at in self._leaving.items() if at <= self._clock.now()]
        for version in due:
            del self._leaving[version]
        for model in self._models.values() if due else ():
            model.versions = [version for version in model.versions if version not in due]

    def all(self, account: Account) -> Iterator[Model]:
        """What an account sees."""
        return (model for model in self._models.values() if model.seen_by(account))

    def model(self, name: str, account: Account) -> Model:
        """A model by ``owner/name``; 404."""
        model = self._models.get(name)
        if model is None or not model.seen_by(account):
            raise not_found()
        return model

    def official(self, name: str, account: Account) -> Version:
        """What runs when an official model is called by name; 404 for any other model."""
        model = self.model(name, account)
        if not model.official:
            raise not_found()
        return model.versions[0]

    def version(self, reference: str, account: Account, *, community_by_name: bool) -> Version:
        """What runs for a ``version``: ``owner/name``, ``owner/name:<id>`` or ``<id>``; 422."""
        name, _, number = reference.partition(":") if "/" in reference else ("", "", reference)
        seen = [model for model in self.all(account) if name in {"", model.full_name}]
        if name and not number:
            named = (model for model in seen if model.official or community_by_name)
            found = [version for model in named for version in model.versions[:1]]
        else:
            found = [version for model in seen for version in model.versions if version.id == number]
        if found and not found[0].recipe.trains:
            return found[0]
        raise no_such_version()

    def kind(self, place: Mapping[str, str], body: Mapping[str, Any]) -> str | None:
        """The name of the model that a creation is for, as far as it can be told."""
        if "owner" in place:
            return f"{place['owner']}/{place['name']}"
        name, _, number = str(body.get("version", "")).partition(":")
        known = (model for model in self._models.values() for version in model.versions if version.id == name)
        return name if number or "/" in name else next((model.full_name for model in known), None)

    def ran(self, name: str) -> None:
        """Count a run of a model, if it is still there."""
        if name in self._models:
            self._models[name].runs += 1

    def named(self, version: Version) -> Model:
        """The model that a version is of; an own one may be gone: 404."""
        for model in self._models.values():
            if version in model.versions:
                return model
        raise not_found()

    def drift(self, name: str, renames: Mapping[str, str], *, retire: bool) -> Version:
        """A new version of a model in which some fields have other names; the old ones may go."""
        model = self._models.get(name)
        if model is None or not model.versions:
            raise Refusal(400, f"no model with a version is called {name!r}")
        old = model.versions[0]
        known = old.recipe.inputs.keys() | old.recipe.output.get("properties", {}).keys()
        if unknown := renames.keys() - known:
            raise Refusal(400, f"no such fields: {', '.join(sorted(unknown))}")
        new = Version(
            id=secrets.token_hex(32),
            recipe=old.recipe,
            created_at=self._clock.now(),
            renames={**old.renames, **renames},
        )
        model.versions = [new] if retire else [new, *model.versions]
        return new
