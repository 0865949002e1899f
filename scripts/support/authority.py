"""Has certbot and lego get certificates from the simulated authority: authority.py PROGRAM"""
import base64, os, pathlib, shutil, socket, subprocess, sys, tempfile

PROGRAM = sys.argv[1]
EAB = ("the-account", "a key of the external account")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Authority:
    """The simulator as a process; its folder has the certificates to trust."""

    def __init__(self, *external):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="test-authority-"))
        self.http, self.tls = free_port(), free_port()
        self.process = subprocess.Popen(
            [PROGRAM, str(self.http), str(self.tls), str(self.folder), *external],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        # It ends when its standard input does, and then says what was asked.
        _, self.log = self.process.communicate(timeout=30)
        if kind: sys.stderr.write(self.log)
        shutil.rmtree(self.folder)

    def run(self, *command):
        environment = {**os.environ, "REQUESTS_CA_BUNDLE": str(self.folder / "trust.pem"),
                       "LEGO_CA_CERTIFICATES": str(self.folder / "trust.pem"), "RECORDS": str(self.folder)}
        end = subprocess.run(command, env=environment, text=True, capture_output=True, timeout=300)
        if end.returncode != 0:
            raise AssertionError(f"{' '.join(map(str, command))}\n{end.stdout}{end.stderr}")
        return end.stdout + end.stderr

    def certbot(self, command, *options):
        own = self.folder / "certbot"
        return self.run("certbot", command, "--non-interactive", "--server", self.url, "--config-dir", own / "config",
                        "--work-dir", own / "work", "--logs-dir", own / "logs", *options)

    def certbot_get(self, *options):
        self.certbot("certonly", "--agree-tos", "--register-unsafely-without-email", "--cert-name", "it",
                     "--http-01-port", str(self.http), "--http-01-address", "127.0.0.1", *options)
        return self.folder / "certbot/config/live/it/fullchain.pem"

    def lego(self, command, *options):
        # Its options stand before its command.
        *before, name = options
        self.run("lego", "--server", self.url, "--email", "ops@site.test", "--accept-tos", "--path", self.folder / "lego",
                 "--domains", name, *before, *command)
        return self.folder / f"lego/certificates/{name.replace('*', '_')}.crt"

    def verify(self, chain, *names):
        """Whether the chain leads to the root, and is for these names and no other."""
        self.run("openssl", "verify", "-x509_strict", "-CAfile", self.folder / "root.pem", "-untrusted", chain, chain)
        text = self.run("openssl", "x509", "-in", chain, "-noout", "-ext", "subjectAltName").splitlines()[1]
        found = sorted(part.strip().removeprefix("DNS:") for part in text.split(","))
        if found != sorted(names): raise AssertionError(f"the certificate is for {found}, not for {names}")


def hook(folder):
    """Writes a record where the simulator reads it: for certbot by its variables, for lego by its arguments."""
    script = folder / "hook"
    script.write_text(
        '#!/bin/sh -eu\n'
        'case "${1:-}" in\n'
        'present) echo "$3" >>"$RECORDS/${2%.}" ;;\n'
        'cleanup) rm -f "$RECORDS/${2%.}" ;;\n'
        '*) echo "$CERTBOT_VALIDATION" >>"$RECORDS/_acme-challenge.$CERTBOT_DOMAIN" ;;\n'
        'esac\n')
    script.chmod(0o755)
    return script


def with_certbot(authority):
    authority.verify(authority.certbot_get("--standalone", "-d", "one.test", "-d", "two.test"), "one.test", "two.test")
    yield "http-01, two names"
    authority.certbot("renew", "--force-renewal", "--no-random-sleep-on-renew")
    yield "renewed"
    authority.certbot("revoke", "--cert-name", "it", "--no-delete-after-revoke")
    yield "revoked"
    chain = authority.certbot_get("--manual", "--preferred-challenges", "dns", "--manual-auth-hook", hook(authority.folder),
                                  "-d", "*.wild.test", "-d", "wild.test")
    authority.verify(chain, "*.wild.test", "wild.test")
    yield "dns-01, a wildcard"
    authority.certbot("unregister")
    yield "unregistered"


def with_lego(authority):
    authority.verify(authority.lego(["run"], "--http", "--http.port", f"127.0.0.1:{authority.http}", "h.test"), "h.test")
    yield "http-01"
    options = ["--tls", "--tls.port", f"127.0.0.1:{authority.tls}"]
    authority.verify(authority.lego(["run"], *options, "t.test"), "t.test")
    yield "tls-alpn-01"
    authority.lego(["renew", "--days", "1000", "--no-random-sleep"], *options, "t.test")
    yield "renewed"
    os.environ["EXEC_PATH"] = str(hook(authority.folder))
    os.environ["EXEC_PROPAGATION_TIMEOUT"] = "1"
    authority.verify(authority.lego(["run"], "--dns", "exec", "--dns.disable-cp", "*.wild.test"), "*.wild.test")
    yield "dns-01, a wildcard"


def with_external_account(authority):
    key = base64.urlsafe_b64encode(EAB[1].encode()).decode().rstrip("=")
    chain = authority.certbot_get("--standalone", "--eab-kid", EAB[0], "--eab-hmac-key", key, "-d", "eab.test")
    authority.verify(chain, "eab.test")
    yield "certbot"
    options = ["--eab", "--kid", EAB[0], "--hmac", key, "--tls", "--tls.port", f"127.0.0.1:{authority.tls}"]
    authority.verify(authority.lego(["run"], *options, "eab.test"), "eab.test")
    yield "lego"


def main():
    for name, scenario, external in (("certbot", with_certbot, ()), ("lego", with_lego, ()),
                                     ("external accounts", with_external_account, EAB)):
        with Authority(*external) as authority:
            for step in scenario(authority):
                print(f"ok   {name}: {step}", flush=True)
        # Refused nonces are part of it; anything else that is refused is a client that the simulator does not understand.
        for line in authority.log.splitlines():
            if line.startswith("POST ") and line.split()[2] not in ("200", "201") and line.split()[3] != "badNonce":
                raise AssertionError(f"{name}: {line}")
    print("test-authority: all passed")


main()
