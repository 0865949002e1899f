"""Callers in processes of their own, on the load's cores."""
import json, pathlib, subprocess, sys
from . import machine
from .load import Load


class Caller:
    """A running `sidebyside.caller`; to be used in a `with` statement, which ends it with its connections."""

    def __init__(self, port, path, token, niceness=0):
        self.process = subprocess.Popen(
            ["taskset", "-c", machine.as_text(machine.load_cores()), "nice", f"-n{niceness}", sys.executable, "-B",
             "-m", "sidebyside.caller", str(port), path, token], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
            cwd=pathlib.Path(__file__).resolve().parent.parent)

    def begin(self, *words):
        """Has it begin something, so that several callers can be at it at once; `end` waits for its report."""
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def end(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"a caller ended with {self.process.wait()}")
        return Load(**{"seconds": 0, **json.loads(line)})

    def kill(self):
        """Ends it at once: the kernel closes all of its connections."""
        self.process.kill()

    def do(self, *words):
        self.begin(*words)
        return self.end()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
