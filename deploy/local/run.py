"""`make run`: checks, starts everything, shows how far it is, and ends it all on Ctrl-C."""

import fcntl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from honcho.printer import Printer

from deploy.local.broker import answers
from deploy.local.checks import require_folder, require_free_ports, require_python
from deploy.local.parts import SETUP, Part, Plan, plan
from deploy.local.progress import Step, database_answers, follow, page_answers, records_in
from deploy.local.settings import LocalSettings
from deploy.local.supervisor import COULD_NOT_RUN, Supervisor
from handelspuls.entrance import COMMANDS
from handelspuls.errors import CannotRun
from handelspuls.privacy import ensure_local_key
from handelspuls.settings import Settings
from models import topics

HISTORY_POLL_S = 10.0


def main() -> int:
    """Run until told to end; 0, or 2 with a sentence when it could not run."""
    try:
        return run(settings=Settings.from_environment(), local=LocalSettings.from_environment())
    except CannotRun as reason:
        print(reason, file=sys.stderr)
        return COULD_NOT_RUN


def run(*, settings: Settings, local: LocalSettings) -> int:
    """Check, start and supervise everything that the settings ask for."""
    require_python()
    require_folder(settings.data_dir)
    with only_run(settings.data_dir):
        key_file = settings.privacy_key_file or ensure_local_key(settings.data_dir.absolute())
        planned = plan(settings=settings, local=local, key_file=key_file)
        require_free_ports(planned.ports)
        supervisor = Supervisor(
            parts=_built(planned), log_folder=settings.data_dir / "logs", printer=Printer(sys.stdout)
        )
        teller = threading.Thread(
            target=_tell, kwargs={"planned": planned, "local": local, "supervisor": supervisor}, daemon=True
        )
        teller.start()
        return supervisor.run()


@contextmanager
def only_run(data_dir: Path) -> Iterator[None]:
    """Hold the data folder for one run at a time; CannotRun while another holds it."""
    with (data_dir / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotRun(
                f"Another run uses {data_dir}: end it with Ctrl-C, or set HANDELSPULS_DATA_DIR to another folder."
            ) from None
        yield


def _built(planned: Plan) -> list[Part]:
    return [part for part in planned.parts if COMMANDS[part.command.rpartition(" ")[2]].is_built()]


def _tell(*, planned: Plan, local: LocalSettings, supervisor: Supervisor) -> None:
    supervisor.say("starting; Ctrl-C ends all of it")
    steps = _steps(planned, local=local, supervisor=supervisor)
    if follow(steps, say=supervisor.say, stopping=lambda: supervisor.stopping):
        for line in _addresses(planned):
            supervisor.say(line)
        _follow_history(planned, local=local, supervisor=supervisor)


def _follow_history(planned: Plan, *, local: LocalSettings, supervisor: Supervisor) -> None:
    """Say how much of the history has been sent until all of it has: a purchase is one record or several."""
    while local.simulator and not supervisor.stopping:
        sent = records_in(planned.kafka, topics.PURCHASES)
        if sent >= local.simulator_history:
            return
        supervisor.say(_history(sent, local))
        time.sleep(HISTORY_POLL_S)


def _history(sent: int, local: LocalSettings) -> str:
    return f"history: {sent:,} records sent, {local.simulator_history:,} purchases wanted"


def _steps(planned: Plan, *, local: LocalSettings, supervisor: Supervisor) -> list[Step]:
    def sent() -> int:
        return records_in(planned.kafka, topics.PURCHASES)

    def history() -> str:
        return _history(sent(), local)

    def setup_done() -> bool:
        return supervisor.is_done(SETUP)

    simulated = [
        Step(lambda: sent() > 0, "the simulator sends history", history),
        Step(lambda: records_in(planned.kafka, topics.ORDERS) > 0, "the first judgement is out", history),
    ]
    return [
        Step(lambda: answers(planned.kafka), f"Kafka answers at {planned.kafka}"),
        Step(lambda: database_answers(planned.database_url), "PostgreSQL answers"),
        Step(setup_done, "topics are there and the reference data is loaded"),
        *(simulated if local.simulator else []),
        Step(lambda: page_answers(planned.page), f"the page answers at {planned.page}"),
    ]


def _addresses(planned: Plan) -> list[str]:
    return [
        f"page      {planned.page}",
        f"API       {planned.page}/docs",
        *(f"metrics   {address}  {name}" for name, address in planned.metrics.items()),
        f"Kafka     {planned.kafka}",
        "Ctrl-C ends all of it; the next `make run` goes on where it was; `make reset` starts over",
    ]


if __name__ == "__main__":
    sys.exit(main())
