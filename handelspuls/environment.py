"""Settings from the environment; what is wrong is said by the variable's name, and never with its value."""

from typing import TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from handelspuls.errors import CannotRun

S = TypeVar("S", bound=BaseSettings)


def read(model: type[S]) -> S:
    """The settings of a model. Raises CannotRun, with a sentence that names each variable that is wrong, and how."""
    try:
        return model()
    except ValidationError as wrong:
        prefix = model.model_config.get("env_prefix", "")
        told = (f"{_variable(str(error['loc'][0]), prefix)}: {error['msg']}" for error in wrong.errors())
        raise CannotRun("; ".join(told) + ".") from None


def _variable(location: str, prefix: str) -> str:
    """Those with a name of their own are told by it; `prefix` belongs before those that go by a field's name."""
    return location if location.isupper() else f"{prefix}{location.upper()}"
