"""CPR numbers in ids: a keyed pseudonym stands where one was written, before anything leaves the reader.

The rule: in whatever is said, `DDMMYY-SSSS` (a hyphen or a space between) is a CPR number, and the same number meets
itself again. Ten digits in a row may as well be an order, an account or a P number: they are one only where they stand
for a person (the buyer, an identifier whose scheme says so) and in free text, which is masked (personal.py).
"""

import re
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from models.contract.personal import DAY_AND_MONTH, HYPHENS

Pseudonym = Callable[[str], str]
Said = TypeVar("Said")

_encode = msgspec.json.Encoder().encode
_APART = rf"[{HYPHENS} \u00a0]"
_MAYBE = re.compile(rf"{_APART}(?<=[{HYPHENS} \u00a00-9]{{6}}{_APART})[0-9]{{4}}(?![0-9])")
"""Quick to search for, as it begins with what is rare: most of what is said holds nothing like it."""
_MAYBE_PLAIN = tuple(re.compile(rb"%c(?<=[- 0-9]{6}%c)[0-9]{4}(?![0-9])" % (apart, apart)) for apart in (b"-", b" "))
"""The same of plain ASCII; each begins with one character, which is found faster than any of two."""
_BEYOND_ASCII = b"\xe2", b"\xc2\xa0"
"""How the other hyphens and spaces begin in UTF-8."""
_UUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_WRITTEN = re.compile(rf"{_UUID}|(?<![0-9])({DAY_AND_MONTH}[0-9]{{2}}{_APART}{{1,3}}[0-9]{{4}})(?![0-9])")


def is_nameless(plain: bytes) -> bool:
    """Is there nothing like a CPR number in any text of JSON without escapes? What is made of it holds none either."""
    if any(pattern.search(plain) for pattern in _MAYBE_PLAIN):
        return False
    return plain.isascii() or not any(mark in plain for mark in _BEYOND_ASCII)


def unnamed_text(text: str, *, pseudonym: Pseudonym) -> str:
    """The text with a pseudonym in place of each written CPR number."""
    if not _MAYBE.search(text):
        return text

    def instead(found: re.Match[str]) -> str:
        return pseudonym(found[1]) if found[1] else found[0]

    parts = text.splitlines(keepends=True)
    return "".join(_WRITTEN.sub(instead, part) if _MAYBE.search(part) else part for part in parts)


def unnamed(said: Said, *, pseudonym: Pseudonym) -> Said:
    """What was said, in all its texts; a digest, from which the number could be guessed, goes the same way."""
    text = _encode(said).decode()
    hidden = unnamed_text(text, pseudonym=pseudonym)
    if hidden == text:
        return said
    result: Any = msgspec.json.decode(hidden, type=type(said))
    if hasattr(result, "stamp"):
        stamp = msgspec.structs.replace(result.stamp, digest=pseudonym(result.stamp.digest))
        result = msgspec.structs.replace(result, stamp=stamp)
    unnamed_value: Said = result
    return unnamed_value
