"""The local copies of the tables are lost, damaged, or another version's."""

import json
from pathlib import Path

import rocksdict

from streams.store import IDENTITY_KEY
from tests.chaos.fault import Faults
from tests.chaos.scene import Scene

fault = Faults()


@fault("the local store of a worker is gone", times=2)
def store_wiped(scene: Scene, times: int) -> int:
    for _ in range(times):
        scene.wait_for_more(10)
        scene.kill("w1", "merge")
        scene.wipe("w1")
        scene.start("w1", "merge")
    return times


@fault("files of the local stores are overwritten with noise", times=4, short=2)
def store_damaged(scene: Scene, times: int) -> int:
    for turn in range(times):
        scene.wait_for_more(10)
        scene.stop("w1")
        for path in _files(scene.store_of("w1"), "*.sst" if turn % 2 else "MANIFEST-*"):
            _spoil(path, scene)
        scene.start("w1")
    return times


def _files(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.rglob(pattern))


def _spoil(path: Path, scene: Scene) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 512] = scene.chance.randbytes(min(512, len(content) - middle))
    path.write_bytes(content)


@fault("the local stores are of an older format", times=2)
def store_older(scene: Scene, times: int) -> int:
    for _ in range(times):
        scene.wait_for_more(10)
        scene.stop("w1")
        for path in [path for path in scene.store_of("w1").iterdir() if _is_whole(path)]:
            database = rocksdict.Rdict(str(path), rocksdict.Options(raw_mode=True))
            written = json.loads(database[IDENTITY_KEY] or b"{}")
            database[IDENTITY_KEY] = json.dumps(written | {"format": 0}).encode()
            database.close()
        scene.start("w1")
    return times


def _is_whole(path: Path) -> bool:
    """Of a partition that went to another worker, what an earlier fault damaged still lies there."""
    try:
        rocksdict.Rdict(str(path), rocksdict.Options(raw_mode=True)).close()
    except Exception as error:
        if "Corruption" in str(error):
            return False
        raise
    return True
