"""What `make run` can be told, besides the settings of the service itself."""

from typing import Self

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from handelspuls import environment
from handelspuls.settings import PREFIX, Port


class LocalSettings(BaseSettings):
    """The local parts: how many workers, which ports, what the simulator does."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    workers: int = Field(default=1, ge=1, le=16, description="Worker processes that `make run` starts.")
    kafka_port: Port = Field(default=9092, description="Port of the embedded Kafka.")
    postgres_port: Port = Field(default=5433, description="Port of the embedded PostgreSQL.")
    first_metrics_port: Port = Field(
        default=9101, description="Port of intake's metrics; merge, database, simulator and workers follow it."
    )
    simulator: bool = Field(default=True, description="Whether `make run` starts the ERP simulator.")
    simulator_rate_per_minute: float = Field(default=60.0, gt=0, description="Live purchases a minute, on average.")
    simulator_seed: int = Field(default=1, description="The same seed gives the same municipality and events.")
    simulator_history: int = Field(default=60_000, ge=0, description="Purchases of the thirteen months before today.")

    @classmethod
    def from_environment(cls) -> Self:
        """Read the settings; one that is wrong raises CannotRun with its variable's name."""
        return environment.read(cls)
