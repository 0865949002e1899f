"""A running server, pinned to its cores."""
import os, signal, socket, subprocess, time
from . import machine, processes

PATIENCE = 30


class Server:
    """Runs from its creation on until `stop`."""

    def __init__(self, name, command, port, cores, folder, environment=None):
        self.name, self.port, self.log = name, port, folder / "log"
        with open(self.log, "w") as log:
            # A session of its own: Ctrl-C is for the benchmark, which then shuts its servers down.
            self.process = subprocess.Popen(
                ["taskset", "-c", machine.as_text(cores), *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **(environment or {})}, start_new_session=True)
        try:
            self._wait_until_listening()
        except BaseException:
            self.stop()
            raise

    def _wait_until_listening(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"{self.name} does not serve:\n{self.log.read_text()[-2000:]}")

    def cpu_seconds(self):
        return processes.cpu_seconds(self.process.pid)

    def pss_kib(self):
        return processes.pss_kib(self.process.pid)

    def descriptors(self):
        return processes.descriptors(self.process.pid)

    def stop(self):
        """Ends it, and what is left of it after five seconds."""
        members = processes.family(self.process.pid) if self.process.poll() is None else []
        if members:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            for member in members:
                _kill(member)
            self.process.wait()


def _kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def free_port():
    """A free one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
