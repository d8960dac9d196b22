"""Secrets that stand in files, as Docker, Kubernetes and systemd hand them over."""

from pathlib import Path

from pydantic import SecretStr

from handelspuls.errors import CannotRun


def secret_in(path: Path, variable: str) -> SecretStr:
    """What the file holds, without the white space around it; CannotRun with the variable that names the file."""
    try:
        content = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as unreadable:
        reason = getattr(unreadable, "strerror", None) or "it is no text"
        raise CannotRun(f"{variable}: {path} cannot be read ({reason}).") from None
    if not content:
        raise CannotRun(f"{variable}: {path} is empty.")
    return SecretStr(content)
