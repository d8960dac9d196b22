"""Pseudonyms: what a buyer's id becomes before anything leaves the process that read it."""

import hashlib
from collections.abc import Callable

from models.contract.personal import CPR

LONGEST_KEY = hashlib.blake2b.MAX_KEY_SIZE


def keyed(key: bytes) -> Callable[[str], str]:
    """A keyed hash of ids, the same for the same key; without the key nobody finds the way back.

    A CPR number is the same however it is written: `010190-1234` and `0101901234`.
    """
    if not key:
        raise ValueError("the key of the pseudonyms is empty: set one, and keep it secret")
    secret = key if len(key) <= LONGEST_KEY else hashlib.blake2b(key).digest()

    def pseudonym(buyer: str) -> str:
        if CPR.fullmatch(buyer):
            buyer = "".join(filter(str.isdigit, buyer))
        return "b-" + hashlib.blake2b(buyer.encode(), digest_size=8, key=secret).hexdigest()

    return pseudonym
