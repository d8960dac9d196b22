"""The whole service where Kafka and PostgreSQL ask who comes: TLS, users, and each process with its own rights only."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from aiokafka.errors import TopicAuthorizationFailedError
from sqlalchemy import make_url

from handelspuls.access import KafkaAccess
from models.denied import AUTHORITY, CERTIFICATE, LOGIN, NOT_TLS, RIGHTS
from models.rights import Kind, Operation, Right, rights
from models.topics import ORDERS, PARTIALS, PURCHASES, REJECTED, SHADOW, UNITS
from sinks.database.sink import plain_url
from streams.outbox import Outbox, Record
from tests.chaos.verdict import differences
from tests.guarded import Authority, Doors, give_password, grant, revoke
from tests.guarded_postgres import OWNER, READER, guarded_postgres, let_in
from tests.system.hostile import ORDER, write_reference, written
from tests.system.servers import Server, steady_port
from tests.system.service import PREFIX, PRIVACY_KEY, ROOT, Service, started, wait_until

pytestmark = pytest.mark.timeout(900)  # two servers and thirteen commands, on whatever machine
RIGHTS_OF = rights("handelspuls", 1)
COMMANDS = {
    "handelspuls": ("topics", "reference", "rejected"),
    "handelspuls-intake": ("intake",),
    "handelspuls-worker": ("worker",),
    "handelspuls-merge": ("merge",),
    "handelspuls-database": ("database",),
    "handelspuls-canary": ("canary",),
    "procurement-office": ("decide",),
    "erp": ("send",),
}
USERS = {
    "w1": "handelspuls-worker",
    "intake": "handelspuls-intake",
    "merge": "handelspuls-merge",
    "database": "handelspuls-database",
}
BY_CERTIFICATE = {"handelspuls-merge", "handelspuls-canary", "procurement-office"}
"""The others come with a password."""
SAID_WITHIN_S = 120.0
PAGES = (
    "/",
    "/unit/K",
    "/league",
    "/purchases",
    "/rejected",
    "/pipeline",
    "/api/v1/units/K",
    "/livez",
    "/readyz",
    "/metrics",
)


class GuardedService(Service):
    """Each process comes as its own user, and has the rights that models/rights.py lists for it."""

    def __init__(self, folder: Path) -> None:
        self.doors = Doors(Authority(folder))
        super().__init__(folder, broker_also=self.doors.properties())
        self.postgres = Server(
            partial(guarded_postgres, folder=folder / "postgres", port=steady_port(), authority=self.doors.authority)
        )
        self.secrets = [PRIVACY_KEY]
        self.said: list[str] = []
        """By the commands."""

    def guard(self) -> None:
        for user, commands in COMMANDS.items():
            grant(self.bootstrap, user, RIGHTS_OF[user])
            self.own |= dict.fromkeys(commands, self._as(user))
        passwords = let_in(self.postgres.running)
        self.secrets += passwords.values()
        for user, command in ((OWNER, "database"), (READER, "web"), (READER, "decide"), (READER, "rejected")):
            self.own[command] = self.own.get(command, {}) | self._database_as(user, passwords[user])
        self.also = {
            "HANDELSPULS_LOG_LEVEL": "debug",
            "HANDELSPULS_API_KEYS": f"{self.secrets[-1]}-of-api erp/test-town",
        }
        self.secrets.append(f"{self.secrets[-1]}-of-api")

    def _as(self, user: str) -> dict[str, str]:
        if user in BY_CERTIFICATE:
            return self.doors.with_certificate(user)
        self.secrets.append(give_password(self.bootstrap, user))
        return self.doors.with_password(user, self.secrets[-1])

    def _database_as(self, user: str, password: str) -> dict[str, str]:
        """The owner's password in a file, the reader's in the URL."""
        tls = {"sslmode": "verify-full", "sslrootcert": str(self.doors.authority.file)}
        url = make_url(self.database_url).set(username=user, password=password).update_query_dict(tls)
        if user == READER:
            return {"DATABASE_URL": url.render_as_string(hide_password=False)}
        file = self.folder / "database-password"
        file.write_text(password, encoding="utf-8")
        without = url._replace(password=None).render_as_string()
        return {"DATABASE_URL": without, "DATABASE_PASSWORD_FILE": str(file)}

    def do(self, *arguments: str) -> None:
        """A command as its user."""
        done = self.run(*arguments)
        self.said += [done.stdout, done.stderr]
        assert done.returncode == 0, done.stdout + done.stderr

    def refused(self, *arguments: str, **more: str) -> str:
        """What a command says that is not let in."""
        command = [sys.executable, "-m", "handelspuls", *arguments]
        environment = self.environment | self.own[arguments[0]] | {name: text for name, text in more.items() if text}
        for name in (name for name, text in more.items() if not text):
            environment.pop(name)
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 2, done.stdout + done.stderr
        return done.stderr


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_reference(tmp_path_factory.mktemp("reference"))


@pytest.fixture(scope="module")
def service(reference: Path) -> Iterator[GuardedService]:
    with (
        TemporaryDirectory(prefix="handelspuls-guarded-") as folder,
        started(GuardedService(Path(folder)), reference=reference, workers=1) as running,
    ):
        assert isinstance(running, GuardedService)
        yield running


@pytest.fixture(scope="module")
def sent(service: GuardedService, reference: Path) -> None:
    """Orders, a document, something broken and a decision, each by who may; then everything is worked on."""
    del reference
    events = service.folder / "events.jsonl"
    events.write_bytes(b"\n".join(written(f"G-{number}") for number in range(1, 13)) + b"\n")
    service.do("send", str(events), str(ORDER))
    service.do("send", "--as-is", _file(service, "bad.json", b'{"not": "an event"}'))
    service.do("canary", "--once", "--within", "60")
    service.settle()
    decided = (
        "erp%2Ftest-town~G-1",
        "--outcome",
        "off_channel",
        "--channel",
        "phone",
        "--reason",
        "aftalt",
        "--by",
        "x",
    )
    service.do("decide", *decided)
    service.settle()


def _file(service: Service, name: str, content: bytes) -> str:
    path = service.folder / name
    path.write_bytes(content)
    return str(path)


@pytest.mark.usefixtures("sent")
def test_each_process_judges_sums_up_and_stores_with_its_own_rights_and_no_others(
    service: GuardedService, reference: Path
) -> None:
    assert differences(service, reference) == []
    told = service.tap.last_by_key(ORDERS)
    assert len(told) == 13 + 1  # with the document and the canary's
    assert told["erp%2Ftest-town~G-1"]["rule"] == "decision"
    assert service.tap.of(UNITS)
    assert len(service.tap.of(REJECTED)) == 1


@pytest.mark.usefixtures("sent")
def test_no_secret_stands_in_any_log_topic_page_or_row(service: GuardedService) -> None:
    """Every process writes its log at the level debug."""
    service.tap.catch_up()
    pages = [service.page(path) for path in PAGES]
    assert {page.status_code for page in pages} == {200}
    streaming = [process for name, process in service.processes.items() if name not in {"web", "database"}]
    output = {
        "logs": b"".join(path.read_bytes() for path in service.logs),
        "commands": "".join(service.said).encode(),
        "topics": repr(list(service.tap.records.values())).encode(),
        "pages": b"".join(page.content + repr(page.headers).encode() for page in pages),
        "metrics": repr([sample for process in streaming for sample in process.samples()]).encode(),
        "rows": repr(service.rows("select * from revisions") + service.rows("select * from rejections")).encode(),
    }
    assert all(output.values())
    assert len(service.secrets) == len(set(service.secrets)) > 7
    assert [
        (where, secret) for where, text in output.items() for secret in service.secrets if secret.encode() in text
    ] == []


@contextmanager
def without(service: GuardedService, taken: Mapping[str, Right]) -> Iterator[None]:
    for name, right in taken.items():
        assert [held for held in RIGHTS_OF[USERS[name]] if held.name == right.name]
        revoke(service.bootstrap, USERS[name], [right])
    try:
        yield
    finally:
        for name, right in taken.items():
            grant(service.bootstrap, USERS[name], [right])


@pytest.mark.usefixtures("sent")
def test_without_one_of_its_rights_a_process_says_which_and_what_to_do(
    service: GuardedService, reference: Path
) -> None:
    taken = {
        "w1": Right(Kind.TOPIC, ORDERS, (Operation.WRITE,)),
        "intake": Right(Kind.TRANSACTIONAL_ID, f"{PREFIX}.intake.", (Operation.WRITE,), is_prefix=True),
        "merge": Right(Kind.GROUP, f"{PREFIX}.merge", (Operation.READ,), is_prefix=True),
        "database": Right(Kind.TOPIC, UNITS, (Operation.READ,)),
    }
    for name in taken:
        service.kill(name)
    with without(service, taken):
        service.start(*taken)
        service.do("send", _file(service, "more.jsonl", written("M-1")))
        for name, right in taken.items():
            log = service.processes[name].log
            wait_until(f"{name} says what is missing", partial(_says, log, right), within_s=SAID_WITHIN_S, every_s=0.5)
        for name in taken:
            service.kill(name)
    service.start(*taken)
    service.settle()
    assert differences(service, reference) == []


def _says(log: Path, right: Right) -> bool:
    said = (line for line in log.read_text(encoding="utf-8").splitlines() if RIGHTS in line)
    return any(right.name in line for line in said)


@pytest.mark.usefixtures("sent")
def test_a_transaction_says_which_topic_it_may_not_write_to_whenever_the_broker_answers(
    service: GuardedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer comes while the other topics are still looked up, or after all was sent."""
    for name, text in service.own["worker"].items():
        monkeypatch.setenv(name, text)
    brokers = KafkaAccess.from_environment().brokers(service.own["worker"]["KAFKA_BOOTSTRAP_SERVERS"])

    async def refused(number: int, others: tuple[str, ...]) -> str:
        records = [Record(topic, 0, b"k", b"v") for topic in (PURCHASES, *others)]
        outbox = Outbox(
            bootstrap_servers=brokers,
            transactional_id=f"{PREFIX}.purchases.refused-{number}",
            transaction_timeout_ms=10_000,
        )
        async with outbox:
            with pytest.raises(TopicAuthorizationFailedError) as answer:
                await outbox.transaction(records)
        return str(answer.value)

    for number, others in enumerate(((), (ORDERS,), (ORDERS, REJECTED, PARTIALS, SHADOW))):
        assert PURCHASES in asyncio.run(refused(number, others))


def test_who_is_not_let_in_is_told_why(service: GuardedService) -> None:
    wrong = (
        ({"KAFKA_PASSWORD": "wrong"}, LOGIN),
        ({"KAFKA_CA_FILE": ""}, AUTHORITY),
        ({"KAFKA_BOOTSTRAP_SERVERS": service.bootstrap}, NOT_TLS),
        ({"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_BOOTSTRAP_SERVERS": service.doors.by_certificate}, CERTIFICATE),
    )
    file = _file(service, "none.jsonl", written("N-1"))
    with ThreadPoolExecutor() as at_once:
        told = list(at_once.map(lambda one: service.refused("send", file, **one[0]), wrong))
    for (_, sentence), answer in zip(wrong, told, strict=True):
        assert sentence in answer


def test_postgresql_takes_the_service_by_tls_only_and_shows_whom_it_talks_to(service: GuardedService) -> None:
    url = make_url(service.own["web"]["DATABASE_URL"])
    with psycopg.connect(plain_url(url.render_as_string(hide_password=False))) as connection:
        assert connection.execute("select ssl from pg_stat_ssl where pid = pg_backend_pid()").fetchall() == [(True,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("delete from revisions")
    for wrong in ({"sslmode": "disable"}, {"sslrootcert": "system"}):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(plain_url(url.update_query_dict(wrong).render_as_string(hide_password=False))).close()
