"""Good inputs turned into others: pieces flipped, cut, doubled, swapped with another's, or replaced by what is often fatal."""

from collections.abc import Callable, Sequence
from random import Random

FATAL = tuple(
    text.encode("utf-8", errors="surrogatepass")
    for text in (
        *(
            "",
            "\0",
            "\ud800",
            "\ufffe",
            "\u202e",
            "é",
            "\x1b",
            "\r\n",
            '"',
            "'",
            "\\",
            "\\u0000",
            "{",
            "}",
            "[",
            "]",
            ",",
            ";",
        ),
        *("null", "true", "-0", "1e999", "-1e999", "NaN", "Infinity", "9" * 40, "0.0000001", "1.234,5", "1_000"),
        *(
            "2026-02-30",
            "9999-12-31T23:59:60Z",
            "0000-00-00",
            "24:00:00",
            "+25:00",
            "order.placed",
            "document",
            "~",
            "%2F",
        ),
        *(
            "<",
            ">",
            "</",
            "<!--",
            "<![CDATA[",
            "]]>",
            "&amp;",
            "&#0;",
            "&x;",
            "<?xml",
            "<!DOCTYPE",
            " xmlns=''",
            "<a/>",
        ),
        *("[" * 300, '{"a":' * 300, "010203-1234", "=1+1", "../..", " " * 300),
    )
)
MOST_CHANGES = 4
LONGEST_CUT = 60


def mutated(chance: Random, corpus: Sequence[bytes]) -> bytes:
    """One of the corpus with one to four changes."""
    value = chance.choice(corpus)
    for _ in range(chance.randint(1, MOST_CHANGES)):
        value = chance.choice(CHANGES)(value, chance, corpus)
    return value


def _flipped(value: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(value) + 1)
    return value[:at] + bytes([chance.randrange(256)]) + value[at + 1 :]


def _cut(value: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(value) + 1)
    return value[:at] + value[at + chance.randint(1, LONGEST_CUT) :]


def _doubled(value: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(value) + 1)
    piece = value[at : at + chance.randint(1, LONGEST_CUT)]
    return value[:at] + piece * chance.randint(2, 3) + value[at + len(piece) :]


def _with_another_s(value: bytes, chance: Random, corpus: Sequence[bytes]) -> bytes:
    other = chance.choice(corpus)
    at, there = chance.randrange(len(value) + 1), chance.randrange(len(other) + 1)
    return value[:at] + other[there : there + LONGEST_CUT] + value[at + chance.randrange(LONGEST_CUT) :]


def _with_something_fatal(value: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(value) + 1)
    return value[:at] + chance.choice(FATAL) + value[at + chance.randrange(20) :]


CHANGES: tuple[Callable[[bytes, Random, Sequence[bytes]], bytes], ...] = (
    _flipped,
    _cut,
    _doubled,
    _with_another_s,
    _with_something_fatal,
    _with_something_fatal,
)
