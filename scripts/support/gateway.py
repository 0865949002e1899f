"""A gateway on a port of its own on 127.0.0.1, for scripts that look at it from outside."""
import os, pathlib, re, shutil, signal, subprocess, tempfile, time

# Nothing answers at the usual upstream's address: /healthz does not need it.
UPSTREAM = '{address: "127.0.0.1:9", secret: unused}'
CONFIGURATION = """\
listen: "127.0.0.1:0"
threads: {threads}
upstream: {upstream}
certificates: [{{certificate: certificate.pem, key: key.pem}}]
tokens: [{tokens}]
limits: {{connectionsPerAddress: {per_address}, handshakeTimeout: {handshake_timeout}{limits}}}
metrics: {metrics}
accessLog: none
{further}
"""

# Of threads, as /proc gives them.
STATES = {"R": "running", "S": "waiting", "D": "waiting for a disk", "T": "stopped", "t": "traced", "Z": "a zombie"}


class Gateway:
    """A running gateway; to be used in a `with` statement, which ends it."""

    def __init__(self, program, wrapper=(), threads=1, per_address=256, handshake_timeout="10s", patience=20,
                 upstream=UPSTREAM, tokens=None, limits="", metrics="{}", further=""):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gateway-"))
        self.renew_identity()
        configuration = self.folder / "config.yaml"
        tokens = tokens or f'{{name: nobody, hash: "sha256:{os.urandom(32).hex()}", scopes: [traffic]}}'
        configuration.write_text(CONFIGURATION.format(
            threads=threads, upstream=upstream, tokens=tokens, per_address=per_address, handshake_timeout=handshake_timeout,
            limits=limits, metrics=metrics, further=further))
        configuration.chmod(0o600)
        self.log = self.folder / "log"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen([*wrapper, program, "serve", "--config", configuration], stdout=log, stderr=log)
        self.port = self._port(patience)

    def renew_identity(self):
        """Replaces the certificate and its key, as a renewal does."""
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", self.folder / "new.key",
             "-out", self.folder / "new.pem"], check=True, capture_output=True)
        os.rename(self.folder / "new.key", self.folder / "key.pem")
        os.rename(self.folder / "new.pem", self.folder / "certificate.pem")

    def _port(self, patience):
        """Waits until it listens. Patience is in seconds of its own CPU time, for a busy machine may give it little of that;
        where it uses none, it ends after five times as long."""
        end = time.monotonic() + 5 * patience
        while time.monotonic() < end and self.process.poll() is None and self.cpu_seconds() < patience:
            found = re.search(r"listening.*address=127\.0\.0\.1:(\d+)", self.log.read_text())
            if found:
                return int(found[1])
            time.sleep(0.05)
        state = self.state()
        _, output = self.stop()
        raise SystemExit(f"the gateway does not serve: {state}\n{output}")

    def state(self):
        """What it is doing, for a message about why it does not do something else."""
        if self.process.poll() is not None:
            return f"it ended with {self.process.returncode}"
        threads = []
        for task in sorted(pathlib.Path(f"/proc/{self.process.pid}/task").iterdir()):
            name, rest = (task / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
            threads.append(f"{name} is {STATES.get(rest.split()[0], rest.split()[0])}")
        return f"it runs, has used {self.cpu_seconds():.1f} s of CPU, and its threads are: {', '.join(threads)}"

    def resident_kib(self):
        """The memory that is its own, in KiB."""
        return int(re.search(r"Pss:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text())[1])

    def cpu_seconds(self):
        """The CPU time that its threads have used."""
        try:
            tasks = pathlib.Path(f"/proc/{self.process.pid}/task").iterdir()
            return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
        except (FileNotFoundError, ProcessLookupError):
            return 0  # It has just ended.

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def stop(self):
        """Shuts it down gracefully and returns its exit status and what it printed."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        output = self.log.read_text()
        shutil.rmtree(self.folder, ignore_errors=True)
        return self.process.returncode, output

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.folder.exists():
            self.stop()
