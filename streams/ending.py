"""How a process ends itself when going on would be wrong."""

import logging
import os
import sys
from collections.abc import Callable
from typing import NoReturn

import structlog

log = structlog.get_logger(__name__)

EXIT_BROKEN = 70  # EX_SOFTWARE of sysexits.h
End = Callable[[str, BaseException | None], None]


def end_process(why: str, error: BaseException | None = None) -> NoReturn:
    """At once, without giving anything back: what is not committed is repeated by whoever comes next."""
    log.critical("the process ends itself", why=why, exc_info=error)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(EXIT_BROKEN)
