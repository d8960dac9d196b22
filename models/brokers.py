"""The Kafka brokers: their address, and with it the way to speak to who answers there."""

import ssl
from enum import StrEnum
from typing import Any, Self

import msgspec
from pydantic import SecretStr


class Mechanism(StrEnum):
    """How a user proves to be the one, as Kafka names it."""

    SCRAM_SHA_512 = "SCRAM-SHA-512"
    SCRAM_SHA_256 = "SCRAM-SHA-256"
    PLAIN = "PLAIN"


class Login(msgspec.Struct, frozen=True):
    """A user with a password."""

    user: str
    password: SecretStr
    mechanism: Mechanism = Mechanism.SCRAM_SHA_512


class Hidden(str):
    """A secret that a library wants as text, and shows when it tells what it was told."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'**********'"


class Brokers(str):
    """`host:port`, several separated by commas; encrypted where it has a TLS context, which may hold a certificate.

    It stands wherever an address stands: to most, all that matters is where Kafka is. A plain address is one of brokers
    that ask nobody who he is.
    """

    __slots__ = ("login", "tls")
    tls: ssl.SSLContext | None
    login: Login | None

    def __new__(cls, servers: str, *, tls: ssl.SSLContext | None = None, login: Login | None = None) -> Self:
        made = super().__new__(cls, servers)
        made.tls, made.login = tls, login
        return made


def tls_of(servers: str) -> ssl.SSLContext | None:
    """The TLS that the brokers are spoken to with, if it is any."""
    return servers.tls if isinstance(servers, Brokers) else None


def connection(servers: str) -> dict[str, Any]:
    """What a client of Kafka is told of its brokers: kafka-python and aiokafka take the same words."""
    told: dict[str, Any] = {"bootstrap_servers": [each.strip() for each in servers.split(",")]}
    if not isinstance(servers, Brokers) or servers.tls is None:
        return told
    told |= {"security_protocol": "SSL", "ssl_context": servers.tls}
    if servers.login is None:
        return told
    return told | {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": servers.login.mechanism.value,
        "sasl_plain_username": servers.login.user,
        "sasl_plain_password": Hidden(servers.login.password.get_secret_value()),
    }
