"""Debian's pebble: an authority for certificates that forgets all when it ends, and the DNS server that it asks."""
import json, os, pathlib, socket, ssl, subprocess, time, urllib.request


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server: return server.getsockname()[1]


class Pebble:
    """A running pebble; to be used in a `with` statement, which ends it."""

    def __init__(self, folder, tls_port, http_port, validity=None, account=None, **environment):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        # Pebble brings no certificate for its own server.
        self.trust, key = self.folder / "fullchain.pem", self.folder / "privkey.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
             "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", self.trust],
            check=True, capture_output=True)
        self.port, self.management, self.dns, self.dns_control = (free_port() for _ in range(4))
        self.directory = f"https://127.0.0.1:{self.port}/dir"
        settings = {
            "listenAddress": f"127.0.0.1:{self.port}", "managementListenAddress": f"127.0.0.1:{self.management}",
            "certificate": str(self.trust), "privateKey": str(key),
            "httpPort": http_port, "tlsPort": tls_port}
        if validity: settings["certificateValidityPeriod"] = validity
        if account: settings |= {"externalAccountBindingRequired": True, "externalAccountMACKeys": dict([account])}
        (self.folder / "pebble.json").write_text(json.dumps({"pebble": settings}))
        self.environment = {"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0"} | environment
        self.log = self.folder / "pebble.log"

    def __enter__(self):
        log = open(self.log, "w")
        unused = [f"127.0.0.1:{free_port()}" for _ in range(3)]
        self.server = subprocess.Popen(
            ["pebble-challtestsrv", "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-dns01", f"127.0.0.1:{self.dns}",
             "-management", f"127.0.0.1:{self.dns_control}", "-http01", "", "-https01", "", "-tlsalpn01", ""],
            stdout=log, stderr=log)
        self.process = subprocess.Popen(
            ["pebble", "-config", self.folder / "pebble.json", "-dnsserver", f"127.0.0.1:{self.dns}"],
            stdout=log, stderr=log, env=os.environ | self.environment)
        end = time.monotonic() + 30
        while True:
            try:
                self.root = self.ask(f"https://127.0.0.1:{self.management}/roots/0")
                break
            except OSError:
                if time.monotonic() > end: raise SystemExit(f"pebble does not start:\n{self.log.read_text()[-2000:]}")
                time.sleep(0.1)
        (self.folder / "root.pem").write_bytes(self.root)
        return self

    def __exit__(self, *_):
        for process in (self.process, self.server):
            process.terminate()
            process.wait()

    def ask(self, url):
        with urllib.request.urlopen(url, context=ssl.create_default_context(cafile=self.trust), timeout=10) as answer: return answer.read()

    def orders(self):
        """How many orders were made so far."""
        return self.log.read_text(errors="replace").count("Added order ")

    def spoiled(self):
        """How many of them a failed validation has made worthless."""
        return self.log.read_text(errors="replace").count("set INVALID by invalid authz")

    def text_record(self, script):
        """Writes a program with lego's `exec` contract that sets records here."""
        control = f"http://127.0.0.1:{self.dns_control}"
        script.write_text(f"""#!/bin/sh
set -eu
case $1 in
    present) exec curl -sSf -d "{{\\"host\\":\\"$2\\",\\"value\\":\\"$3\\"}}" {control}/set-txt ;;
    cleanup) exec curl -sSf -d "{{\\"host\\":\\"$2\\"}}" {control}/clear-txt ;;
esac
""")
        script.chmod(0o700)
        return script
