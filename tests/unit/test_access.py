import ast
import ssl
from pathlib import Path

import pytest
from pydantic import SecretStr

from handelspuls.access import KafkaAccess
from handelspuls.errors import CannotRun
from handelspuls.settings import Settings, with_password
from models.brokers import Brokers, connection
from models.denied import AUTHORITY, CERTIFICATE, LOGIN, PROTOCOL, RIGHTS, advice, told
from tests.guarded import Authority

FOLDERS = ("models", "streams", "sinks", "handelspuls", "deploy")
ROOT = Path(__file__).parents[2]
CLIENTS = {"KafkaProducer", "KafkaConsumer", "KafkaAdminClient", "AIOKafkaProducer", "AIOKafkaConsumer"}
PASSWORD = "secret of the tests"  # noqa: S105 - nobody's


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = (*KafkaAccess.model_fields.values(), *Settings.model_fields.values())
    for name in (str(field.validation_alias) for field in fields if field.validation_alias):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def given(monkeypatch: pytest.MonkeyPatch, **variables: object) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, str(value))
    return Settings.from_environment()


def test_brokers_that_ask_nothing_are_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, KAFKA_BOOTSTRAP_SERVERS="a:1, b:2")
    assert connection(settings.kafka_bootstrap_servers) == {"bootstrap_servers": ["a:1", "b:2"]}


def test_a_user_with_a_password_comes_by_scram_over_tls(monkeypatch: pytest.MonkeyPatch, authority: Authority) -> None:
    settings = given(
        monkeypatch,
        KAFKA_SECURITY_PROTOCOL="SASL_SSL",
        KAFKA_CA_FILE=authority.file,
        KAFKA_USER="handelspuls-worker",
        KAFKA_PASSWORD=PASSWORD,
    )
    told_to = connection(settings.kafka_bootstrap_servers)
    context = told_to.pop("ssl_context")
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert told_to == {
        "bootstrap_servers": ["127.0.0.1:9092"],
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "handelspuls-worker",
        "sasl_plain_password": PASSWORD,
    }


def test_a_certificate_is_shown_instead_of_a_password(monkeypatch: pytest.MonkeyPatch, authority: Authority) -> None:
    papers = authority.issue("handelspuls-worker")
    settings = given(
        monkeypatch,
        KAFKA_SECURITY_PROTOCOL="SSL",
        KAFKA_CA_FILE=authority.file,
        KAFKA_CERTIFICATE_FILE=papers.certificate,
        KAFKA_KEY_FILE=papers.key,
    )
    assert connection(settings.kafka_bootstrap_servers)["security_protocol"] == "SSL"


def test_passwords_may_stand_in_files(monkeypatch: pytest.MonkeyPatch, authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{PASSWORD}\n", encoding="utf-8")
    settings = given(
        monkeypatch,
        KAFKA_SECURITY_PROTOCOL="SASL_SSL",
        KAFKA_USER="u",
        KAFKA_PASSWORD_FILE=tmp_path / "password",
        DATABASE_URL="postgresql+psycopg://handelspuls@db:5432/handelspuls?sslmode=verify-full&sslrootcert=/ca.pem",
        DATABASE_PASSWORD_FILE=tmp_path / "password",
    )
    assert connection(settings.kafka_bootstrap_servers)["sasl_plain_password"] == PASSWORD
    assert settings.database_url == (
        "postgresql+psycopg://handelspuls:secret%20of%20the%20tests@db:5432/handelspuls"
        "?sslmode=verify-full&sslrootcert=/ca.pem"
    )


def test_a_password_of_a_file_goes_before_the_one_in_the_address() -> None:
    assert with_password("postgresql+psycopg://u:old@h/d", SecretStr("a@b/c")) == "postgresql+psycopg://u:a%40b%2Fc@h/d"


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"KAFKA_USER": "u"}, "KAFKA_SECURITY_PROTOCOL: it is PLAINTEXT, and a user"),
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT"}, "KAFKA_SECURITY_PROTOCOL: Input should be"),
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_USER": "u"}, "KAFKA_USER, KAFKA_PASSWORD: SASL_SSL needs both"),
        (
            {"KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_USER": "u", "KAFKA_PASSWORD_FILE": "/absent"},
            "KAFKA_PASSWORD_FILE: /absent cannot be read",
        ),
        (
            {"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_CA_FILE": "/absent"},
            "KAFKA_CA_FILE: /absent holds no certificates",
        ),
        (
            {"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_CERTIFICATE_FILE": __file__},
            "KAFKA_CERTIFICATE_FILE, KAFKA_KEY_FILE: .* are no certificate and its key",
        ),
        ({"DATABASE_PASSWORD_FILE": "/absent"}, "DATABASE_PASSWORD_FILE: /absent cannot be read"),
    ],
)
def test_what_contradicts_itself_is_told_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], message: str
) -> None:
    with pytest.raises(CannotRun, match=message):
        given(monkeypatch, **variables)


def test_no_secret_shows_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch, authority: Authority) -> None:
    settings = given(
        monkeypatch,
        KAFKA_SECURITY_PROTOCOL="SASL_SSL",
        KAFKA_CA_FILE=authority.file,
        KAFKA_USER="u",
        KAFKA_PASSWORD=PASSWORD,
        DATABASE_URL=f"postgresql+psycopg://u:{PASSWORD}@h/d",
    )
    brokers = settings.kafka_bootstrap_servers
    assert isinstance(brokers, Brokers)
    printed = (repr(settings), str(settings), repr(KafkaAccess.from_environment()), repr(brokers), repr(brokers.login))
    assert all(PASSWORD not in each for each in (*printed, repr(connection(brokers))))


def clients() -> list[tuple[str, ast.Call]]:
    """Every client of Kafka that the service makes, with where."""
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    return [
        (f"{path.relative_to(ROOT)}:{node.lineno}", node)
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CLIENTS
    ]


def test_every_client_of_kafka_is_told_how_to_come_in() -> None:
    told_how = [
        (place, any(word.arg is None and "connection(" in ast.unparse(word.value) for word in node.keywords))
        for place, node in clients()
    ]
    assert len(told_how) > 10
    assert [place for place, is_told in told_how if not is_told] == []


class TopicAuthorizationFailedError(Exception):
    """As both clients call it."""


def test_a_missing_right_is_told_with_what_to_do() -> None:
    assert told(TopicAuthorizationFailedError("erp.purchases")).endswith(f"erp.purchases; {RIGHTS}")
    assert told(ValueError("no")) == "ValueError: no"


def refused(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, reason)
    error.reason = reason
    return error


def test_what_stands_between_us_and_the_broker_is_told_with_what_to_do() -> None:
    untrusted = ssl.SSLCertVerificationError(1, "certificate verify failed")
    untrusted.verify_message = "self-signed certificate"
    assert AUTHORITY in advice(untrusted, has_tls=True, has_login=True)
    assert CERTIFICATE in advice(refused("TLSV13_ALERT_CERTIFICATE_REQUIRED"), has_tls=True, has_login=False)
    assert "does not speak TLS" in advice(refused("WRONG_VERSION_NUMBER"), has_tls=True, has_login=True)
    assert advice(None, has_tls=True, has_login=True) == LOGIN
    assert advice(None, has_tls=False, has_login=False) == PROTOCOL
