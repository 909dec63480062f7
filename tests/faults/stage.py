"""A process with the program in memory that forks a child per act, under strace where asked.

A fork of a warm process costs a tenth of a fresh start: that is what makes every point affordable.
The child says what it has done through a pipe or file by ``writev``, which no trial interferes with.
"""

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from dataclasses import dataclass
from pathlib import Path

from tests.faults.trial import NotTested, need

CALLS = "pwrite64,write,fsync,fdatasync,sync,ftruncate,unlink,unlinkat,rename,mkdir"
"""The calls that change what lies on a disk."""


@dataclass
class Outcome:
    """How a child ended and what it had said until then."""

    status: int
    said: list[dict]
    calls: list[str]
    """Names of the calls it made, in order, where they were recorded."""

    @property
    def killed(self) -> bool:
        return os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) == signal.SIGKILL

    def words(self, word: str) -> list[dict]:
        return [item for item in self.said if item["word"] == word]


class Stage:
    """Runs acts, one at a time, each in a child of its own."""

    def __init__(self, **environment_: str) -> None:
        environment = (
            os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"} | environment_
        )
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.stage"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
            cwd=Path(__file__).parents[2],
        )  # fmt: skip
        self._folder = Path(tempfile.mkdtemp(prefix="stage-"))
        self._number = 0

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stdin.close()
        self._server.wait()
        self._server.stdout.close()
        shutil.rmtree(self._folder)

    def start(
        self,
        act: str,
        place: Path,
        *,
        inject: str = "",
        count: bool = False,
        out: Path | None = None,
        **args,
    ) -> int:
        """Begin an act; return the process id of its child."""
        self._number += 1
        self._out = out or self._folder / f"said-{self._number}"
        self._trace = self._folder / "trace"
        strace = None
        if inject or count:
            need("strace")
            names = inject.partition(":")[0] if inject else CALLS
            strace = ["-f", "-o", str(self._trace), "-e", f"trace={names}", "-e", "signal=none"]
            strace += ["-e", f"inject={inject}"] if inject else []
        order = {
            "act": act,
            "place": str(place),
            "args": args,
            "strace": strace,
            "out": str(self._out),
        }
        self._server.stdin.write(json.dumps(order) + "\n")
        self._server.stdin.flush()
        self._counted = count
        return self._answer()["pid"]

    def end(self) -> Outcome:
        """Wait for the child's end."""
        status = self._answer()["status"]
        lines = self._out.read_text("utf-8").splitlines() if self._out.is_file() else []
        calls = []
        if self._counted:
            calls = [
                name
                for line in self._trace.read_text("utf-8", "replace").splitlines()
                if (name := line.split(maxsplit=1)[1].partition("(")[0]) in CALLS.split(",")
            ]
        if self._out.is_file():
            self._out.unlink()
        return Outcome(status, [json.loads(line) for line in lines], calls)

    def run(self, act: str, place: Path, **options) -> Outcome:
        self.start(act, place, **options)
        return self.end()

    def _answer(self) -> dict:
        line = self._server.stdout.readline()
        if not line:
            raise RuntimeError("the stage has gone")
        answer = json.loads(line)
        if "missing" in answer:
            raise NotTested(answer["missing"])
        return answer


# --- the server ---------------------------------------------------------------------------------


class Step:
    """What an act gets: where to work, with what, and how to say how far it is."""

    def __init__(self, place: Path, args: dict, out: str) -> None:
        self.place, self.args = place, args
        self._out = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def say(self, word: str, **more) -> None:
        os.writev(
            self._out, [(json.dumps({"word": word, **more}, ensure_ascii=False) + "\n").encode()]
        )


def _act(order: dict, go: int) -> None:
    """Be the child: wait until strace has hold of us, act, leave without any tidying up."""
    from tests.faults import acts
    from union_desk.errors import UserError

    code = 0
    try:
        place = Path(order["place"])
        os.environ["UNION_DESK_STATE"] = str(place / "state")
        step = Step(place, order["args"], order["out"])
        acts.watch(step)
        os.read(go, 1)
        try:
            acts.ACTS[order["act"]](step)
        except UserError as error:
            step.say("refused", code=error.code, sentence=error.sentence, step=error.step)
            code = 1
        except BaseException:
            step.say("bug", trace=traceback.format_exc())
            code = 2
    finally:
        os._exit(code)


def _attached(strace: subprocess.Popen) -> bool:
    for line in strace.stderr:
        if "attached" in line:
            return True
        if "attach:" in line or "Operation not permitted" in line:
            return False
    return False


def serve() -> None:
    from tests.faults import acts  # noqa: F401 - the whole program, once
    from tests.faults.scene import package

    package()
    gc.collect()
    gc.freeze()  # a collection in a child would copy every page of its parent
    for line in sys.stdin:
        order = json.loads(line)
        ready, go = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(go)
            _act(order, ready)
        os.close(ready)
        strace = None
        if order["strace"]:
            strace = subprocess.Popen(
                ["strace", *order["strace"], "-p", str(pid)], stderr=subprocess.PIPE, text=True
            )
            if not _attached(strace):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                _reply(missing="strace may not attach here")
                continue
        _reply(pid=pid)
        os.write(go, b"g")
        os.close(go)
        _, status = os.waitpid(pid, 0)
        if strace:
            strace.communicate()
        _reply(status=status)


def _reply(**answer) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
