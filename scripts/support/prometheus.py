"""A Prometheus on a port of its own on 127.0.0.1, with its figures in a folder of its own."""
import json, pathlib, re, subprocess, time, urllib.error, urllib.parse, urllib.request


class Prometheus:
    """A running Prometheus; to be used in a `with` statement, which ends it."""

    def __init__(self, program, configuration, folder):
        self.log = pathlib.Path(folder, "prometheus.log")
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [program, "--config.file", configuration, "--storage.tsdb.path", pathlib.Path(folder, "figures"),
                 "--web.listen-address", "127.0.0.1:0"], stdout=log, stderr=log)
        self.site = None

    def __enter__(self):
        until("Prometheus listens", self.listens)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def listens(self):
        if self.process.poll() is not None:
            raise SystemExit(f"Prometheus ended with {self.process.returncode}:\n{self.log.read_text()}")
        found = re.search(r'"Listening on" address=(127\.0\.0\.1:\d+)', self.log.read_text())
        if not found or "ready to receive web requests" not in self.log.read_text(): return False
        self.site = f"http://{found[1]}"
        return True

    def ask(self, path, **parameters):
        """What `/api/v1` says; an error of its own, as for a query that it does not understand, ends the script."""
        try:
            with urllib.request.urlopen(f"{self.site}/api/v1/{path}?{urllib.parse.urlencode(parameters)}", timeout=30) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise SystemExit(f"Prometheus does not take {parameters}: {error.read().decode()}")

    def query(self, expression):
        """The samples of an expression now: their labels and their values."""
        return [(sample["metric"], float(sample["value"][1])) for sample in self.ask("query", query=expression)["result"]]


def until(what, condition, patience=60):
    """Waits until a condition holds, and returns what it returned."""
    end = time.monotonic() + patience
    while not (result := condition()):
        if time.monotonic() > end: raise SystemExit(f"not within {patience} s: {what}")
        time.sleep(0.2)
    return result
