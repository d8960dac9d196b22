"""Where the secret that turns buyer ids into pseudonyms comes from."""

import os
import secrets
from pathlib import Path

from pydantic import SecretStr

from handelspuls.errors import CannotRun
from handelspuls.secret_files import secret_in
from handelspuls.settings import Settings

LOCAL_KEY_NAME = "privacy.key"
SHORTEST_KEY = 16


def privacy_key(settings: Settings) -> bytes:
    """Return the secret from the setting, else from its file; CannotRun if there is none or it is too short."""
    if settings.privacy_key is not None:
        return _checked(settings.privacy_key, "HANDELSPULS_PRIVACY_KEY")
    path = settings.privacy_key_file or settings.data_dir / LOCAL_KEY_NAME
    if not path.exists():
        raise CannotRun(
            f"No key for pseudonyms: {path} is not there. Set HANDELSPULS_PRIVACY_KEY or HANDELSPULS_PRIVACY_KEY_FILE."
        )
    return _checked(secret_in(path, "HANDELSPULS_PRIVACY_KEY_FILE"), str(path))


def ensure_local_key(data_dir: Path) -> Path:
    """Return the file of the local run's own secret, made at the first call and readable by its owner only."""
    path = data_dir / LOCAL_KEY_NAME
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_hex(32))
    return path


def _checked(secret: SecretStr, origin: str) -> bytes:
    key = secret.get_secret_value().strip()
    if len(key) < SHORTEST_KEY:
        raise CannotRun(
            f"The key for pseudonyms in {origin} is shorter than {SHORTEST_KEY} characters; use a longer one."
        )
    return key.encode()
