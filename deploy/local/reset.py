"""`make reset`: removes what the local run has stored, unless a run is going on."""

import shutil
import sys

from deploy.local.run import only_run
from deploy.local.supervisor import COULD_NOT_RUN
from handelspuls.errors import CannotRun
from handelspuls.settings import Settings


def main() -> int:
    """Remove the data folder; 2 with a sentence when it is in use."""
    try:
        data_dir = Settings.from_environment().data_dir
        if data_dir.exists():
            with only_run(data_dir):
                shutil.rmtree(data_dir)
    except CannotRun as reason:
        print(reason, file=sys.stderr)
        return COULD_NOT_RUN
    print(f"{data_dir} is empty; the next `make run` starts over.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
