"""Commodity categories: UNSPSC and CPV codes in one written form, their prefixes, and what is more special than what.

Written `UNSPSC:14111507`. In both schemes trailing zeros say "nothing more special": pairs in UNSPSC, single ones in CPV.
"""

import re
from functools import lru_cache

from models.facts import Category

UNSPSC = "UNSPSC"
CPV = "CPV"

_LIST_IDS = {"TST": UNSPSC, "UNSPSC": UNSPSC, "STI": CPV, "CPV": CPV}
"""UNCL 7143 codes as Peppol and OIOUBL use them in `listID`, and the plain names."""

_CPV_WITH_CHECK_DIGIT = re.compile(r"(\d{8})-\d")
_CPV_FULL_LENGTH = 8
_CPV_DIVISION = 2
_PAIR = 2
_DIGITS = re.compile(r"\d{1,10}")


def normalised(scheme: str, code: str) -> Category:
    """A category with its scheme's usual name and its code without spaces and check digit; unknown schemes are kept."""
    name = scheme.strip().upper()
    known = _LIST_IDS.get(name)
    if known is None:
        return Category(scheme=scheme.strip(), code=code.strip())
    digits = code.replace(" ", "").replace(".", "")
    checked = _CPV_WITH_CHECK_DIGIT.fullmatch(digits) if known == CPV else None
    return Category(scheme=known, code=checked.group(1) if checked else digits)


@lru_cache(maxsize=65_536)
def written(category: Category) -> str:
    """`UNSPSC:14111507`: normalised, whole."""
    plain = normalised(category.scheme, category.code)
    return f"{plain.scheme}:{plain.code}"


@lru_cache(maxsize=65_536)
def significant(category: Category) -> str:
    """Written, without the trailing zeros that say nothing: what a prefix has to begin with."""
    plain = normalised(category.scheme, category.code)
    return f"{plain.scheme}:{_trimmed(plain)}"


@lru_cache(maxsize=65_536)
def prefixes(category: Category) -> tuple[str, ...]:
    """Every written prefix that covers the category, the most special first; none for schemes that match nothing."""
    plain = normalised(category.scheme, category.code)
    if plain.scheme not in (UNSPSC, CPV) or not plain.code.isdigit():
        return ()
    code = _trimmed(plain)
    return tuple(f"{plain.scheme}:{code[:length]}" for length in range(len(code), 0, -1))


def matches(prefix: str, category: Category) -> bool:
    """Does a prefix as reference and rules write it (`UNSPSC:1411`) cover the category?"""
    return prefix in prefixes(category)


@lru_cache(maxsize=65_536)
def category_of(text: str) -> Category:
    """The category of `UNSPSC:14111507`, whatever stands there; what is no known code matches nothing."""
    scheme, _, code = text.partition(":")
    return normalised(scheme, code)


def parsed(text: str) -> Category:
    """The category of `UNSPSC:1411`; a code without a known scheme is a ValueError that says how to write it."""
    plain = category_of(text)
    if plain.scheme not in (UNSPSC, CPV) or not _DIGITS.fullmatch(plain.code):
        raise ValueError(f"“{text}” is no category; write UNSPSC:14111507 or CPV:30197630, or the first digits of one")
    return plain


def as_prefix(text: str) -> str:
    """A prefix in the form that `prefixes` gives; `UNSPSC:14110000` means `UNSPSC:1411`."""
    return significant(category_of(text))


def _trimmed(category: Category) -> str:
    code = category.code
    if category.scheme == UNSPSC:
        while len(code) > _PAIR and len(code) % _PAIR == 0 and code.endswith("00"):
            code = code[:-_PAIR]
    elif category.scheme == CPV and len(code) == _CPV_FULL_LENGTH:
        code = code.rstrip("0").ljust(_CPV_DIVISION, "0")
    return code
