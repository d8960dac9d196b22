"""A request whose visitor left ends in one line of the log, any other failure is told."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

from sinks.web.measured import MeasuredRequests

SCOPE = {"type": "http", "path": "/league", "headers": []}


def asked(failure: Exception) -> None:
    async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise failure

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(_message: Message) -> None:
        return

    asyncio.run(MeasuredRequests(failing)(SCOPE, receive, send))


def test_a_visitor_who_leaves_in_mid_load_is_one_line() -> None:
    with capture_logs() as lines:
        asked(RuntimeError("No response returned."))
    assert [line["event"] for line in lines] == ["visitor_left"]


def test_another_failure_is_not_swallowed() -> None:
    with pytest.raises(RuntimeError, match="broken"):
        asked(RuntimeError("broken"))
