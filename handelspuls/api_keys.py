"""Where the keys come from that let others send events over HTTP."""

from handelspuls.errors import CannotRun
from handelspuls.settings import Settings
from sinks.web.keys import ApiKey, UnusableKeysError, read_keys


def api_keys(settings: Settings) -> tuple[ApiKey, ...]:
    """The keys of the setting and of its file; CannotRun, without a key in its words, if they cannot be read."""
    stated = [] if settings.api_keys is None else [("HANDELSPULS_API_KEYS", settings.api_keys.get_secret_value())]
    path = settings.api_keys_file
    if path is not None:
        try:
            stated.append((str(path), path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError) as unreadable:
            raise CannotRun(f"The API keys in {path} cannot be read ({type(unreadable).__name__}).") from None
    keys: list[ApiKey] = []
    for origin, text in stated:
        try:
            keys += read_keys(text)
        except UnusableKeysError as wrong:
            raise CannotRun(f"{origin}: {wrong}") from None
    return tuple(keys)
