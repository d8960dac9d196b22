"""Numbers with valid check digits that belong to nobody.

GLN and GTIN use 952, the GS1 prefix for demonstrations and examples; CVR numbers start at 99000000,
far above any that has been handed out.
"""

from functools import cache

GS1_DEMONSTRATION_PREFIX = "952"
FIRST_CVR = 99_000_000
CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)
CVR_MODULUS = 11


def gs1_check_digit(digits: str) -> int:
    """The last digit of a GLN or GTIN (GS1 General Specifications, 7.9)."""
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -weighted % 10


def gln(number: int) -> str:
    """A global location number; numbers below one million are units, above suppliers."""
    digits = f"{GS1_DEMONSTRATION_PREFIX}0{number:08d}"
    return f"{digits}{gs1_check_digit(digits)}"


def gtin(number: int) -> str:
    digits = f"{GS1_DEMONSTRATION_PREFIX}1{number:08d}"
    return f"{digits}{gs1_check_digit(digits)}"


def is_cvr(digits: str) -> bool:
    return sum(weight * int(digit) for weight, digit in zip(CVR_WEIGHTS, digits, strict=True)) % CVR_MODULUS == 0


@cache
def _cvrs(count: int) -> tuple[str, ...]:
    found: list[str] = []
    number = FIRST_CVR
    while len(found) < count:
        if is_cvr(str(number)):
            found.append(str(number))
        number += 1
    return tuple(found)


def cvr(number: int) -> str:
    """The CVR number at this place among the invented ones."""
    return _cvrs(1_000)[number]
