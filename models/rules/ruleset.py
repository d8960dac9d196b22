"""The ruleset: rules as data, read from TOML, validated with the place of each mistake."""

import inspect
import tomllib
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.rules.predicates import PREDICATES
from models.rules.settings import RuleSettings
from models.vocabulary import CHANNELS, Channel, Outcome

Kind = Literal["order", "invoice", "refund"]


class RulesetError(ValueError):
    """A ruleset that cannot be used; the message names rule and field."""


class Condition(BaseModel):
    """One predicate with its parameters."""

    model_config = ConfigDict(frozen=True, extra="allow")

    predicate: str

    @property
    def parameters(self) -> dict[str, Any]:
        return dict(self.model_extra or {})

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        predicate = PREDICATES.get(self.predicate)
        if predicate is None:
            raise ValueError(f"unknown predicate {self.predicate!r}; there are {', '.join(sorted(PREDICATES))}")
        allowed = {
            name: each
            for name, each in inspect.signature(predicate).parameters.items()
            if each.kind == each.KEYWORD_ONLY
        }
        for name, value in self.parameters.items():
            if name not in allowed:
                raise ValueError(f"predicate {self.predicate} has no parameter {name!r}; it takes {list(allowed)}")
            if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
                raise ValueError(f"parameter {name!r} of {self.predicate} is a list of strings")
        missing = [name for name, each in allowed.items() if each.default is each.empty and name not in self.parameters]
        if missing:
            raise ValueError(f"predicate {self.predicate} needs {missing[0]!r}")
        return self


class Rule(BaseModel):
    """One rule: when all its conditions hold, the line has this outcome. The first that matches decides."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")
    applies_to: tuple[Kind, ...] = ("order",)
    when: tuple[Condition, ...]
    outcome: Outcome
    channel: Channel | Literal["stated", "excluded"]
    """A channel, or `stated`: the one the ERP states (else unknown), or `excluded`: that of the exclusion found."""
    reason: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")
    da: str
    en: str
    enabled: bool = True

    @model_validator(mode="after")
    def _channel_fits(self) -> Self:
        if isinstance(self.channel, Channel) and self.channel not in CHANNELS[self.outcome]:
            raise ValueError(f"channel {self.channel} does not belong to outcome {self.outcome}")
        return self


class Ruleset(BaseModel):
    """A versioned list of rules with its settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: str
    settings: RuleSettings = RuleSettings()
    rules: tuple[Rule, ...] = Field(min_length=1)

    @property
    def label(self) -> str:
        return f"{self.name}@{self.version}"

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        seen: set[str] = set()
        for rule in self.rules:
            if rule.id in seen:
                raise ValueError(f"rule id {rule.id!r} stands twice")
            seen.add(rule.id)
        for kind in ("order", "invoice", "refund"):
            if not any(_is_last_resort(rule, kind) for rule in self.rules):
                raise ValueError(
                    f"no last rule for kind {kind!r}: the last one that applies must say predicate 'always'"
                )
        return self


def _is_last_resort(rule: Rule, kind: str) -> bool:
    return rule.enabled and kind in rule.applies_to and all(each.predicate == "always" for each in rule.when)


def read_ruleset(text: str) -> Ruleset:
    """A ruleset from TOML text.

    Raises:
        RulesetError: with the line of a syntax error, or the rule and field of a wrong value.
    """
    try:
        return Ruleset.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise RulesetError(f"the ruleset is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RulesetError(f"the ruleset is wrong at {place or 'the top'}: {first['msg']}") from error
