"""The ruleset: rules as data, read from TOML, validated with the place of each mistake."""

import tomllib
from collections.abc import Sequence
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from models.rules.condition import EXCLUDING, Condition
from models.rules.places import line_of, rule_at
from models.rules.settings import RuleSettings
from models.vocabulary import CHANNELS, Channel, Outcome

Kind = Literal["order", "invoice", "refund"]
KINDS: tuple[Kind, ...] = ("order", "invoice", "refund")


class RulesetError(ValueError):
    """A ruleset that cannot be used; the message names line, rule and field of each mistake."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = tuple(sentences)


class Rule(BaseModel):
    """One rule: when all its conditions hold, the line has this outcome. The first that matches decides."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")
    applies_to: tuple[Kind, ...] = ("order",)
    when: tuple[Condition, ...] = Field(min_length=1)
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
        if self.channel == "stated" and self.outcome is not Outcome.OFF_CHANNEL:
            raise ValueError("channel stated is for outcome off_channel only")
        if self.channel == "excluded" and self.outcome is not Outcome.EXCLUDED:
            raise ValueError("channel excluded is for outcome excluded only")
        if self.channel == "excluded" and EXCLUDING.isdisjoint(each.predicate for each in self.when):
            raise ValueError(
                f"channel excluded needs a condition that finds an exclusion: {', '.join(sorted(EXCLUDING))}"
            )
        return self


class Ruleset(BaseModel):
    """A versioned list of rules with its settings; who wrote and approved it may stand at its top."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[^\s@|%]{1,64}$")
    version: str = Field(pattern=r"^[^\s@|%]{1,64}$")
    active: bool = True
    """Is it to be the active one when it is loaded with a folder of reference data?"""
    author: str = ""
    approver: str = ""
    comment: str = ""
    settings: RuleSettings = RuleSettings()
    rules: tuple[Rule, ...] = Field(min_length=1)

    @property
    def label(self) -> str:
        return f"{self.name}@{self.version}"

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        seen: set[str] = set()
        for index, rule in enumerate(self.rules):
            if rule.id in seen:
                raise PydanticCustomError("rule_twice", "this rule's id stands twice", {"index": index, "field": "id"})
            seen.add(rule.id)
        for kind in KINDS:
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
        RulesetError: with the line of a syntax error, or line, rule and field of every wrong value.
    """
    try:
        return Ruleset.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise RulesetError([f"the ruleset is not TOML: {error}"]) from error
    except ValidationError as error:
        raise RulesetError(list(dict.fromkeys(_sentence(text, one) for one in error.errors()))) from error


def _sentence(text: str, error: ErrorDetails) -> str:
    """`the ruleset is wrong at line 34, rule 'own-catalogue', field when.1: …`."""
    location: list[str | int] = list(error["loc"])
    index = error.get("ctx", {}).get("index")
    if index is not None and not location:
        location = ["rules", index, error["ctx"]["field"]]
    return f"the ruleset is wrong at {_place(text, location)}: {error['msg'].removeprefix('Value error, ')}"


def _place(text: str, location: list[str | int]) -> str:
    line = line_of(text, location)
    parts = [f"line {line}"] if line is not None else []
    fields = location
    if len(location) > 1 and location[0] == "rules" and isinstance(location[1], int):
        parts.append(f"rule {rule_at(text, location[1]) or location[1] + 1!r}")
        fields = location[2:]
    if fields:
        parts.append(f"field {'.'.join(str(part) for part in fields)}")
    return ", ".join(parts) or "the top"
