"""One condition of a rule: a predicate of the closed set with its parameters, validated."""

import inspect
import re
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

from models.rules.predicates import PREDICATES
from models.vocabulary import StatedChannel

EXCLUDING = frozenset({"supplier_is_excluded", "account_is_excluded"})
"""The predicates that find which exclusion it is."""

_CODE = re.compile(r"\d{2,10}")


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
            _verify_words(name, value)
        missing = [name for name, each in allowed.items() if each.default is each.empty and name not in self.parameters]
        if missing:
            raise ValueError(f"predicate {self.predicate} needs {missing[0]!r}")
        return self


def _verify_words(name: str, words: list[str]) -> None:
    """A word that can never be met is a slip of the pen."""
    if name == "channels":
        stated = [each.value for each in StatedChannel]
        if unknown := [word for word in words if word not in stated]:
            raise ValueError(f"no ERP can state the channel {unknown[0]!r}; there are {', '.join(stated)}")
    elif wrong := [word for word in words if not _CODE.fullmatch(word)]:
        raise ValueError(f"{wrong[0]!r} is no beginning of a code; write its first two to ten digits")
