"""A Kafka that asks who comes: certificates of an authority of the test's own, users, rights."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import trustme
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ResourcePattern,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from kafka.admin import ACLResourcePatternType as PatternType

from deploy.local.child import LOOPBACK, free_port
from models.rights import Right


class Papers(NamedTuple):
    """Files of a certificate and its key."""

    certificate: Path
    key: Path


class Authority:
    """Signs certificates, and keeps them in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._authority = trustme.CA()
        self.file = folder / "ca.pem"
        self._authority.cert_pem.write_to_path(self.file)

    def issue(self, name: str, *hosts: str) -> Papers:
        """A certificate of this name, and of these hosts; by default of this machine's loopback address."""
        made = self._authority.issue_cert(*(hosts or (LOOPBACK, "localhost")), common_name=name)
        papers = Papers(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        papers.certificate.write_bytes(b"".join(blob.bytes() for blob in made.cert_chain_pems))
        papers.key.write_bytes(_pkcs8(made.private_key_pem.bytes()))
        papers.key.chmod(0o600)
        return papers


def _pkcs8(key: bytes) -> bytes:
    """The one form of keys that Kafka reads."""
    return load_pem_private_key(key, None).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class Doors:
    """What makes an embedded Kafka ask who comes: by password (SASL_SSL) or by certificate (SSL).

    The address that the broker has anyway stays open, for the administration. Who is given no right may nothing.
    """

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        self._passwords, self._certificates = free_port(), free_port()
        self.by_password = f"{LOOPBACK}:{self._passwords}"
        self.by_certificate = f"{LOOPBACK}:{self._certificates}"

    def properties(self) -> dict[str, str]:
        """For the broker's settings; the words in braces are filled in by who starts it."""
        papers = self.authority.issue("kafka")
        store = papers.key.with_suffix(".store.pem")
        store.write_bytes(papers.key.read_bytes() + papers.certificate.read_bytes())
        guarded = f"PASSWORDS://{self.by_password},CERTIFICATES://{self.by_certificate}"
        open_door = f"PLAINTEXT://{LOOPBACK}:{{port}}"
        return {
            "listeners": f"{open_door},CONTROLLER://{LOOPBACK}:{{controller_port}},{guarded}",
            "advertised.listeners": f"{open_door},{guarded}",
            "listener.security.protocol.map": (
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PASSWORDS:SASL_SSL,CERTIFICATES:SSL"
            ),
            "sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "listener.name.passwords.scram-sha-512.sasl.jaas.config": (
                "org.apache.kafka.common.security.scram.ScramLoginModule required;"
            ),
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(store),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self.authority.file),
            "listener.name.certificates.ssl.client.auth": "required",
            "listener.name.certificates.ssl.principal.mapping.rules": "RULE:^CN=([^,]+).*$/$1/,DEFAULT",
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:ANONYMOUS",
        }

    def with_password(self, user: str, password: str) -> dict[str, str]:
        """The environment of a process that comes in as this user."""
        return {
            "KAFKA_BOOTSTRAP_SERVERS": self.by_password,
            "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "KAFKA_CA_FILE": str(self.authority.file),
            "KAFKA_USER": user,
            "KAFKA_PASSWORD": password,
        }

    def with_certificate(self, user: str) -> dict[str, str]:
        papers = self.authority.issue(user)
        return {
            "KAFKA_BOOTSTRAP_SERVERS": self.by_certificate,
            "KAFKA_SECURITY_PROTOCOL": "SSL",
            "KAFKA_CA_FILE": str(self.authority.file),
            "KAFKA_CERTIFICATE_FILE": str(papers.certificate),
            "KAFKA_KEY_FILE": str(papers.key),
        }


def new_secret() -> str:
    return f"secret-{secrets.token_urlsafe(16)}"


def give_password(open_door: str, user: str) -> str:
    """The password that the user has from now on."""
    password = new_secret()
    made = UserScramCredentialUpsertion(user, ScramMechanism.SCRAM_SHA_512, password)
    with administration(open_door) as admin:
        refused = {name: why for name, why in admin.alter_user_scram_credentials([made]).items() if why}
    assert not refused, refused
    return password


def grant(open_door: str, user: str, rights: Iterable[Right]) -> None:
    with administration(open_door) as admin:
        result = admin.create_acls(list(_entries(user, rights)))
    assert not result["failed"], result


def revoke(open_door: str, user: str, rights: Iterable[Right]) -> None:
    with administration(open_door) as admin:
        admin.delete_acls(list(_entries(user, rights)))


@contextmanager
def administration(open_door: str) -> Iterator[Any]:
    with closing(KafkaAdminClient(bootstrap_servers=open_door)) as admin:
        yield admin


def _entries(user: str, rights: Iterable[Right]) -> Iterator[ACL]:
    for right in rights:
        pattern = PatternType.PREFIXED if right.is_prefix else PatternType.LITERAL
        resource = ResourcePattern(ResourceType[right.kind.name], right.name, pattern)
        for operation in right.operations:
            yield ACL(f"User:{user}", "*", ACLOperation[operation.name], ACLPermissionType.ALLOW, resource)
