"""Every setting of the service: read once, from the environment, into one frozen value."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote, urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from handelspuls import environment
from handelspuls.access import KafkaAccess
from handelspuls.secret_files import secret_in
from streams.failpoint import PATTERN

Port = Annotated[int, Field(ge=0, le=65535)]
LogLevel = Literal["debug", "info", "warning", "error"]
PREFIX = "HANDELSPULS_"


class Settings(BaseSettings):
    """What a process of the service can be told; each default works against `make run`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", validate_by_name=True, validate_by_alias=True
    )

    kafka_bootstrap_servers: str = Field(
        default="127.0.0.1:9092",
        validation_alias="KAFKA_BOOTSTRAP_SERVERS",
        description="Kafka brokers to start from, as host:port, several separated by commas.",
    )
    database_url: str = Field(
        default="postgresql+psycopg://postgres@127.0.0.1:5433/handelspuls",
        validation_alias="DATABASE_URL",
        repr=False,
        description="PostgreSQL, as a SQLAlchemy URL of the psycopg driver.",
    )
    database_password_file: Path | None = Field(
        default=None,
        validation_alias="DATABASE_PASSWORD_FILE",
        description="File that holds the password of PostgreSQL's user, instead of the URL.",
    )
    app: str = Field(
        default="handelspuls",
        pattern=r"^[a-z][a-z0-9-]{0,31}$",
        description="First part of the name of every group, transactional id, changelog and folder.",
    )
    generation: int = Field(default=1, ge=1, description="Counts rebuilds; second part of those names.")
    instance: str = Field(
        default="w1", pattern=r"^[A-Za-z0-9_-]{1,32}$", description="Name of this worker, the same after a restart."
    )
    data_dir: Path = Field(default=Path(".data"), description="Folder of the table stores and local secrets.")
    web_host: str = Field(default="127.0.0.1", description="Address the page and the API listen on.")
    web_port: Port = Field(default=8080, description="Port of the page and the API.")
    metrics_port: Port = Field(default=0, description="Port of this process's Prometheus metrics; 0 exposes none.")
    flush_interval_ms: int = Field(default=300, ge=10, description="How often changed cells leave a worker, in ms.")
    snapshot_interval_ms: int = Field(
        default=500, ge=10, description="Shortest time between two snapshots of one unit, in ms."
    )
    stall_timeout_s: float = Field(
        default=60.0, gt=0, description="A worker with lag that stands still this long ends itself, in seconds."
    )
    rejudge_share: float = Field(
        default=0.3,
        gt=0,
        le=1,
        description="Largest share of a worker's time that a sweep after new reference may take.",
    )
    partitions: int = Field(default=4, ge=1, description="Partitions of the purchase topics, fixed for a generation.")
    session_timeout_s: float = Field(
        default=10.0, ge=6, description="A consumer silent this long loses its partitions, in seconds."
    )
    privacy_key: SecretStr | None = Field(
        default=None, description="Secret that turns buyer ids into pseudonyms, at least 16 characters."
    )
    privacy_key_file: Path | None = Field(
        default=None, description="File that holds the secret; without it, privacy.key in the data folder."
    )
    failpoint: str = Field(
        default="",
        pattern=PATTERN,
        description="For tests only: a place where this process dies, fails or hangs, such as sent:kill:3.",
    )
    language: Literal["da", "en"] = Field(default="da", description="Language of pages and reports.")
    log_level: LogLevel = Field(default="info", description="Least severe log line that is shown.")
    log_outcomes: bool = Field(
        default=False,
        description="A log line for what became of each record; refusals and failures have theirs always.",
    )

    @classmethod
    def from_environment(cls) -> Self:
        """Read the settings and the files they name; what is wrong raises CannotRun with its variable's name."""
        stated = environment.read(cls)
        return stated.model_copy(update=_guarded(stated))


def _guarded(stated: Settings) -> dict[str, Any]:
    """The addresses of what asks who we are: with the answer."""
    brokers = KafkaAccess.from_environment().brokers(stated.kafka_bootstrap_servers)
    guarded: dict[str, Any] = {"kafka_bootstrap_servers": brokers} if brokers.tls else {}
    if stated.database_password_file is None:
        return guarded
    password = secret_in(stated.database_password_file, "DATABASE_PASSWORD_FILE")
    return guarded | {"database_url": with_password(stated.database_url, password)}


def with_password(url: str, password: SecretStr) -> str:
    """The same URL; a password in it gives way."""
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    told = f"{user.partition(':')[0]}:{quote(password.get_secret_value(), safe='')}@{host}"
    return parts._replace(netloc=told).geturl()
