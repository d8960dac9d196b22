"""How the service logs: one structured line an outcome, for people on a terminal, as JSON elsewhere."""

import logging
import sys

import structlog

from handelspuls.settings import LogLevel
from sinks.outcomes import NAME as OUTCOMES

# Libraries that tell every request or rebalance step at the level info.
TALKATIVE = ("aiokafka", "faust", "alembic", "uvicorn.access", "httpx", "asyncio")
# Libraries whose warnings and errors are of things that they try again; what stays wrong is told by the processes.
TRYING_AGAIN = ("kafka", "mode")


def set_up_logs(*, process: str, level: LogLevel = "info", outcomes: bool = False, console: bool | None = None) -> None:
    """Send structlog and the standard library's loggers to standard error as lines that name `process`.

    `outcomes` asks for a line for what became of each record, whatever the level; `console` chooses lines for people; by default it is so when standard error is a terminal.
    """
    shared = _shared_steps()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_last_steps(console=console)],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    if outcomes:
        logging.getLogger(OUTCOMES).setLevel(logging.DEBUG)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.DEBUG if level == "debug" else logging.WARNING)
    for name in TRYING_AGAIN:
        logging.getLogger(name).setLevel(logging.DEBUG if level == "debug" else logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(process=process)


def _shared_steps() -> list[structlog.typing.Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _last_steps(*, console: bool | None) -> list[structlog.typing.Processor]:
    if sys.stderr.isatty() if console is None else console:
        # The other formatters show variables, and those hold what people sent.
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
