"""What comes in is broken, or judging itself is; the reference changes while workers die."""

import time
from pathlib import Path
from tempfile import mkdtemp

from models.topics import REJECTED
from models.vocabulary import RejectionCode
from streams.failpoint import Point
from tests.chaos.fault import Faults
from tests.chaos.scene import Scene
from tests.system.corrections import corrected

fault = Faults()


@fault("hostile input only: every kind of it, between good records", times=200)
def poison(scene: Scene, times: int) -> int:
    return scene.send_poison(times)


@fault("judging itself fails now and then; what it refused is sent again", times=2, short=1, rate=40)
def judging_fails(scene: Scene, times: int) -> int:
    for _ in range(times):
        scene.kill("w1", "w2")
        scene.start("w1", "w2", HANDELSPULS_FAILPOINT=f"{Point.JUDGING}:raise:{scene.chance.randint(7, 29)}")
        scene.wait_for_more(30)
        for name in ("w1", "w2"):
            scene.stop(name)
        scene.start("w1", "w2")
    scene.settle()
    failed = _failed(scene)
    assert failed, "judging did not fail once"
    every = ("--code", RejectionCode.INTERNAL_ERROR, "--on-error", "drop")  # hostile input among them is given up
    done = scene.service.run("rejected", "--resend", *every)
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    still = scene.service.run("rejected", "--resend", *every)
    assert "0 sent again, 0 given up, 0 left open" in still.stderr, still.stdout + still.stderr
    return failed


def _failed(scene: Scene) -> int:
    answers = (dict(record.headers)["code"].decode() for record in scene.service.tap.of(REJECTED))
    return sum(code == RejectionCode.INTERNAL_ERROR for code in answers)


@fault("another reference set, and back, while workers are killed", times=2, rate=30)
def reference_changed(scene: Scene, times: int) -> int:
    for turn in range(times):
        scene.wait_for_more(10)
        before = scene.reference
        scene.reference = scene.first_reference if turn % 2 else corrected(before, Path(mkdtemp(dir=before.parent)))
        scene.run("reference", "load", str(scene.reference), "--force")
        for _ in range(3):
            time.sleep(scene.chance.uniform(0.2, 2))
            scene.restart(scene.chance.choice(("w1", "w2")))
    return times
