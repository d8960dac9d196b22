"""How a process proves to Kafka who it is: read once, from the environment and the files it names."""

import ssl
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from handelspuls import environment
from handelspuls.errors import CannotRun
from handelspuls.secret_files import secret_in
from models.brokers import Brokers, Login, Mechanism


class KafkaAccess(BaseSettings):
    """What belongs to KAFKA_BOOTSTRAP_SERVERS where the brokers ask for more than an address."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", validate_by_name=True, validate_by_alias=True)

    protocol: Literal["PLAINTEXT", "SSL", "SASL_SSL"] = Field(
        default="PLAINTEXT",
        validation_alias="KAFKA_SECURITY_PROTOCOL",
        description="SSL: encrypted, who we are by a certificate; SASL_SSL: encrypted, by user and password.",
    )
    ca_file: Path | None = Field(
        default=None,
        validation_alias="KAFKA_CA_FILE",
        description="PEM file of who signed the brokers' certificates; without it, the machine's own list.",
    )
    certificate_file: Path | None = Field(
        default=None,
        validation_alias="KAFKA_CERTIFICATE_FILE",
        description="PEM file of this process's certificate, with those between it and the brokers' root.",
    )
    key_file: Path | None = Field(
        default=None,
        validation_alias="KAFKA_KEY_FILE",
        description="PEM file of the certificate's key; without it, the key stands in the certificate's file.",
    )
    mechanism: Mechanism = Field(
        default=Mechanism.SCRAM_SHA_512,
        validation_alias="KAFKA_SASL_MECHANISM",
        description="SCRAM-SHA-512, SCRAM-SHA-256 or PLAIN.",
    )
    user: str | None = Field(default=None, validation_alias="KAFKA_USER", description="User of SASL_SSL.")
    password: SecretStr | None = Field(
        default=None, validation_alias="KAFKA_PASSWORD", description="The user's password."
    )
    password_file: Path | None = Field(
        default=None, validation_alias="KAFKA_PASSWORD_FILE", description="File that holds the password instead."
    )

    @classmethod
    def from_environment(cls) -> Self:
        """Read them; what is wrong raises CannotRun with the variable's name, and never its value."""
        return environment.read(cls)

    def brokers(self, servers: str) -> Brokers:
        """Those at this address. Raises CannotRun where the settings contradict each other or a file is not readable."""
        if self.protocol == "PLAINTEXT":
            self._require_nothing_to_protect()
            return Brokers(servers)
        return Brokers(servers, tls=self._tls(), login=self._login() if self.protocol == "SASL_SSL" else None)

    def _require_nothing_to_protect(self) -> None:
        """A password or a certificate says that the brokers were meant to be guarded."""
        given = (self.user, self.password, self.password_file, self.ca_file, self.certificate_file, self.key_file)
        if any(given):
            raise CannotRun(
                "KAFKA_SECURITY_PROTOCOL: it is PLAINTEXT, and a user, password or certificate is set, which nobody "
                "would ask for; set it to SASL_SSL or SSL."
            )

    def _tls(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context(cafile=self.ca_file)
        except (OSError, ssl.SSLError) as wrong:
            raise CannotRun(f"KAFKA_CA_FILE: {self.ca_file} holds no certificates ({_why(wrong)}).") from None
        if self.certificate_file is not None:
            try:
                context.load_cert_chain(self.certificate_file, self.key_file)
            except (OSError, ssl.SSLError) as wrong:
                raise CannotRun(
                    f"KAFKA_CERTIFICATE_FILE, KAFKA_KEY_FILE: {self.certificate_file} and {self.key_file or 'itself'} "
                    f"are no certificate and its key ({_why(wrong)})."
                ) from None
        return context

    def _login(self) -> Login:
        password = self.password or (
            secret_in(self.password_file, "KAFKA_PASSWORD_FILE") if self.password_file else None
        )
        if not self.user or password is None:
            raise CannotRun(
                "KAFKA_USER, KAFKA_PASSWORD: SASL_SSL needs both; the password may be in KAFKA_PASSWORD_FILE."
            )
        return Login(self.user, password, self.mechanism)


def _why(wrong: Exception) -> str:
    """Short, and without anything of what the file holds."""
    return (
        (isinstance(wrong, ssl.SSLError) and wrong.reason) or getattr(wrong, "strerror", None) or type(wrong).__name__
    )
