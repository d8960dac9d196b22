"""Addresses: percent-encoded paths and queries without empty parameters."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode


def quoted(part: str) -> str:
    """An id as one segment of a path; ids may hold `%` and `/` themselves."""
    return quote(part, safe="~")


def href(path: str, **parameters: object) -> str:
    """A path with its query; what is None or empty is left out."""
    return with_query(path, parameters)


def with_query(path: str, parameters: Mapping[str, object]) -> str:
    given = {name: value for name, value in parameters.items() if value is not None and value != ""}
    return f"{path}?{urlencode(given)}" if given else path


def is_local(address: str) -> bool:
    """Whether an address stays on this site: a path, not a scheme, a host or a header break."""
    return address.startswith("/") and address[1:2] not in {"/", "\\"} and address.isprintable()
