"""Pages of a long list."""


def pages_of(asked: int, rows: int, size: int) -> tuple[int, int]:
    """The page that is shown, at most the last one, and how many there are."""
    pages = max(1, -(-rows // size))
    return min(asked, pages), pages
