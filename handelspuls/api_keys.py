"""The keys that let others send events over HTTP: read once, from the environment and the file it names."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from handelspuls.errors import CannotRun
from handelspuls.secret_files import secret_in
from sinks.web.keys import ApiKey, UnusableKeysError, read_keys

KEYS, KEYS_FILE = "HANDELSPULS_API_KEYS", "HANDELSPULS_API_KEYS_FILE"


class ApiAccess(BaseSettings):
    """Who may post events to the web process; without a key nobody may."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", validate_by_name=True, validate_by_alias=True)

    keys: SecretStr | None = Field(
        default=None,
        validation_alias=KEYS,
        description="Keys that may post events, each with its sources: `key source source`, several between `;`.",
    )
    keys_file: Path | None = Field(
        default=None, validation_alias=KEYS_FILE, description="File that holds such keys, one on each line."
    )

    @classmethod
    def from_environment(cls) -> Self:
        """Read them; any text is one, so nothing can be wrong yet."""
        return cls()

    def known(self) -> tuple[ApiKey, ...]:
        """The keys of both; CannotRun, without a key in its words, if they cannot be read."""
        stated = [] if self.keys is None else [(KEYS, self.keys)]
        if self.keys_file is not None:
            stated.append((KEYS_FILE, secret_in(self.keys_file, KEYS_FILE)))
        try:
            return tuple(key for origin, text in stated for key in _read(origin, text))
        except UnusableKeysError as wrong:
            raise CannotRun(str(wrong)) from None


def _read(origin: str, text: SecretStr) -> tuple[ApiKey, ...]:
    try:
        return read_keys(text.get_secret_value())
    except UnusableKeysError as wrong:
        raise UnusableKeysError(f"{origin}: {wrong}") from None
