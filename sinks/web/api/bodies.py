"""The body of a request, as far as it may be large."""

from fastapi import HTTPException, Request

LARGEST = 4 << 20
"""Bytes of one request: a few purchases of the largest size; more is for the command line."""
TOO_LARGE = 413


async def body_of(request: Request, *, hint: str) -> bytes:
    """All of it; one that is too large is refused before it is read to its end, with what to do instead."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise HTTPException(TOO_LARGE, f"At most {LARGEST >> 20} MiB are taken at once; {hint}.")
    return bytes(body)
