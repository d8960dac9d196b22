"""Where the traces of a process go: a setting of its own, as nothing else looks at it."""

from typing import Self

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from handelspuls import environment
from handelspuls.settings import PREFIX


class TraceSettings(BaseSettings):
    """Without an endpoint nothing is sent."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    otlp_endpoint: str = Field(
        default="",
        pattern=r"^(https?://\S+)?$",
        description="OpenTelemetry collector that takes traces, OTLP over HTTP, such as http://collector:4318; empty: none.",
    )
    otlp_share: float = Field(
        default=0.01,
        ge=0,
        le=1,
        description="Share of the traces that is sent there, beside those that their senders recorded.",
    )

    @classmethod
    def from_environment(cls) -> Self:
        """Read them; one that is wrong raises CannotRun with its variable's name."""
        return environment.read(cls)
