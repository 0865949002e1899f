"""A gateway that is killed and started again, before a Hysteria that knows the truth."""
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import urllib.request

TOKEN = "hg_" + "test" * 10
SECRET = "the-secret-of-hysteria"


class Gateway:
    """The program in a folder of its own; killed and started again as a test likes."""

    def __init__(self, program, hysteria, read="2s", has_ledger=True):
        self.program = program
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="test-ledger-"))
        self.process = None
        # The same one after each start, as whoever asks by an address needs it.
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-keyout", self.folder / "key.pem", "-out", self.folder / "certificate.pem"],
            check=True, stderr=subprocess.DEVNULL)
        os.chmod(self.folder / "key.pem", 0o600)
        # Hysteria's own file: only then does another process at its port mean another Hysteria.
        own = self.folder / "hysteria.yaml"
        own.write_text(f"trafficStats: {{listen: '127.0.0.1:{hysteria.port}', secret: {SECRET}}}\n")
        os.chmod(own, 0o600)
        ledger = f"{{file: {self.folder}/state/ledger.sqlite, read: {read}, timeZone: UTC}}" if has_ledger else "none"
        config = self.folder / "config.yaml"
        config.write_text(f"""
listen: "127.0.0.1:{self.port}"
threads: 1
hysteria: {self.folder}/hysteria.yaml
certificates: [{{certificate: certificate.pem, key: key.pem}}]
ledger: {ledger}
accessLog: none
tokens:
  - {{name: all, token: {TOKEN}, scopes: [traffic, online, metrics{', usage, clear' if has_ledger else ''}]}}
""")
        os.chmod(config, 0o600)
        self.context = ssl.create_default_context(cafile=str(self.folder / "certificate.pem"))
        self.log = open(self.folder / "log", "ab")

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "serve", "--config", str(self.folder / "config.yaml")],
            stdout=self.log, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            self.log.write(line.encode())
            if "listening" in line and "address=" in line:
                break
        else:
            sys.exit(f"the gateway ended; see {self.folder}/log")
        # Nobody may block on what it says from now on.
        threading.Thread(target=self.drain, args=(self.process.stderr,), daemon=True).start()

    def drain(self, stream):
        for line in stream:
            self.log.write(line.encode())

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=30) != 0:
            sys.exit(f"the gateway ended with {self.process.returncode}; see {self.folder}/log")

    def get(self, path, timeout=10, **headers):
        request = urllib.request.Request(f"https://127.0.0.1:{self.port}{path}")
        request.add_header("Authorization", f"Bearer {TOKEN}")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        with urllib.request.urlopen(request, timeout=timeout, context=self.context) as answer:
            return answer.read().decode()

    def usage(self):
        answer = json.loads(self.get("/usage?by=total&from=2020-01-01&to=2100-01-01"))
        return {user["user"]: (user["tx"], user["rx"]) for user in answer["users"]}

    def metrics(self):
        totals = {}
        for line in self.get("/metrics").splitlines():
            if line.startswith("hysteria_traffic_bytes_total{"):
                labels, value = line.rsplit(" ", 1)
                user = labels.split('user="')[1].split('"')[0]
                index = 0 if 'direction="uplink"' in labels else 1
                totals.setdefault(user, [0, 0])[index] = int(value)
        return {user: tuple(total) for user, total in totals.items()}
