"""Why a Kafka that listens lets nobody in: the clients only say that they did not get through."""

import socket
import ssl
from contextlib import suppress

from models.brokers import connection, tls_of
from models.denied import advice

CONNECT_S = 2.0


def address(server: str) -> tuple[str, int]:
    """Host and port of `host:port`."""
    host, _, port = server.strip().rpartition(":")
    return host.strip("[]"), int(port)


def why_not(bootstrap_servers: str) -> str:
    """What stands between us and the first of the servers that listens, and what to do about it."""
    for server in bootstrap_servers.split(","):
        with suppress(ConnectionError, TimeoutError):
            told_to = connection(bootstrap_servers)
            return advice(
                refused_by(server, bootstrap_servers),
                has_tls="ssl_context" in told_to,
                has_login="sasl_mechanism" in told_to,
            )
    return "it does not answer"


def refused_by(server: str, bootstrap_servers: str) -> ssl.SSLError | None:
    """What the broker has against our TLS; nothing where it takes it, or none is used."""
    tls = tls_of(bootstrap_servers)
    host, port = address(server)
    with socket.create_connection((host, port), timeout=CONNECT_S) as plain:
        if tls is None:
            return None
        try:
            with tls.wrap_socket(plain, server_hostname=host) as guarded, suppress(TimeoutError):
                guarded.recv(1)  # it looks at our certificate after the handshake
        except ssl.SSLError as refused:
            return refused
    return None
