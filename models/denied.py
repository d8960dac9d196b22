"""What to do when Kafka does not let a process in, or not do what it must: said wherever its errors are told."""

import ssl
from collections.abc import Iterator

RIGHTS = "Kafka knows this user and does not allow it this: give it the rights that docs/security.md lists for it"
LOGIN = "it takes no such user and password: see KAFKA_USER, KAFKA_PASSWORD and KAFKA_SASL_MECHANISM"
AUTHORITY = "nobody in KAFKA_CA_FILE has signed its certificate, or that is of another host than the address"
CERTIFICATE = "it does not take our certificate, or wants one: see KAFKA_CERTIFICATE_FILE and KAFKA_KEY_FILE"
PROTOCOL = "if it wants TLS, a user or a certificate, say so: KAFKA_SECURITY_PROTOCOL"
NOT_TLS = "what listens there does not speak TLS: see KAFKA_SECURITY_PROTOCOL and the port"


def told(error: BaseException) -> str:
    """The error's name, what it says, and what to do about a right that is missing. Both clients name those alike."""
    said = f"{type(error).__name__}: {error}"
    return f"{said}; {RIGHTS}" if is_right_missing(error) else said


def is_right_missing(error: BaseException) -> bool:
    """Whether somebody must grant something before another attempt can succeed."""
    return any("AuthorizationFailed" in type(each).__name__ for each in _causes(error))


def advice(refused: ssl.SSLError | None, *, has_tls: bool, has_login: bool) -> str:
    """What to do where the client does not get through and `refused` is all that TLS has to say."""
    if isinstance(refused, ssl.SSLCertVerificationError):
        return f"{AUTHORITY} ({refused.verify_message})"
    if refused is not None:
        is_alert = "ALERT" in (refused.reason or "")
        return f"{CERTIFICATE if is_alert else NOT_TLS} ({refused.reason})"
    if has_login:
        return LOGIN
    return CERTIFICATE if has_tls else PROTOCOL


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and what it came from."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
