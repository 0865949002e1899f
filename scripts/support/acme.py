"""Certificates of a real gateway from Debian's pebble: acme.py PROGRAM [RENEWALS]

Names, addresses, each kind of proof, required client certificates, an external account, refused nonces, reused and slow validations,
a first start and a renewal under load, and renewals with gateway and order killed at random.
"""
import os, pathlib, random, re, signal, socket, ssl, subprocess, sys, tempfile, threading, time
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from hysteria import Hysteria
from pebble import Pebble, free_port

PROGRAM, RENEWALS = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20
TOKEN = "hg_" + "acme" * 11
NAME = "my.site.example"


def check(name, condition, detail=""):
    print(f"{'ok  ' if condition else 'FAIL'} {name}{': ' if detail else ''}{detail}", flush=True)
    if not condition: sys.exit(1)


def until(what, condition, patience=60):
    end = time.monotonic() + patience
    while not (result := condition()):
        if time.monotonic() > end: raise SystemExit(f"not within {patience} s: {what}")
        time.sleep(0.05)
    return result


class Gateway:
    """A gateway that gets its certificates from a pebble; to be used in a `with` statement, which ends it."""

    def __init__(self, folder, hysteria, tls_port, http_port, acme, further=""):
        self.folder, self.tls_port = pathlib.Path(folder), tls_port
        self.folder.mkdir(parents=True, exist_ok=True)
        self.config = self.folder / "config.yaml"
        self.text = f"""
listen: "127.0.0.1:{tls_port}"
redirect: "127.0.0.1:{http_port}"
threads: 1
upstream: {{address: "127.0.0.1:{hysteria.port}", secret: {hysteria.secret}}}
ledger: none
accessLog: none
limits: {{connectionsPerAddress: 500}}
{further}
tokens: [{{name: all, token: {TOKEN}, scopes: [traffic, metrics]}}]
"""
        self.configure(acme)
        self.log = self.folder / "log"
        self.process = None

    def configure(self, acme):
        self.config.write_text(self.text + acme + "\n")
        self.config.chmod(0o600)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        check("an orderly end", self.process.wait(30) == 0)

    def start(self):
        before = self.log.read_text().count("listening address") if self.log.exists() else 0
        self.process = subprocess.Popen([PROGRAM, "serve", "--config", self.config], stdout=subprocess.DEVNULL, stderr=open(self.log, "a"))
        until("the gateway listens", lambda: self.log.read_text().count("listening address") > before or self.ended())

    def ended(self):
        if self.process.poll() is not None: raise SystemExit(f"the gateway ended:\n{self.log.read_text()[-3000:]}")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def leaf(self, trust=None, name=NAME):
        """The certificate that a caller gets, and whether it is trusted."""
        context = ssl.create_default_context(cafile=trust) if trust else ssl._create_unverified_context()
        try:
            with socket.create_connection(("127.0.0.1", self.tls_port), 10) as plain, \
                    context.wrap_socket(plain, server_hostname=name) as secure:
                return secure.getpeercert(binary_form=True)
        except ssl.SSLCertVerificationError:
            return None


def section(pebble, names, folder, further=""):
    return (f"acme: {{names: {names}, folder: {folder}/acme, authority: {{url: \"{pebble.directory}\", trust: {pebble.trust}"
            f"{further.partition('|')[0]}}}{further.partition('|')[2]}}}")


def first_start(base, hysteria):
    """From nothing to a trusted certificate, under load: no request fails while it changes."""
    for names, name in ((NAME, NAME), ("127.0.0.1", "127.0.0.1"), (f"[{NAME}, 127.0.0.1, other.example]", NAME)):
        folder = pathlib.Path(tempfile.mkdtemp(dir=base))
        tls, plain = free_port(), free_port()
        with Pebble(folder / "pebble", tls, plain) as pebble:
            gateway = Gateway(folder / "gateway", hysteria, tls, plain, section(pebble, names, folder))
            began = time.monotonic()
            with gateway:
                ready = time.monotonic() - began
                url, header = f"https://127.0.0.1:{tls}/traffic", f"Authorization: Bearer {TOKEN}"
                loads = [subprocess.Popen(["wrk", "-t1", "-c16", "-d6", "-H", header, url], stdout=subprocess.PIPE, text=True),
                         subprocess.Popen(["h2load", "-c4", "-m4", "-D6", "-H", header, url], stdout=subprocess.PIPE, text=True)]
                until("a trusted certificate", lambda: gateway.leaf(pebble.folder / "root.pem", name))
                trusted = time.monotonic() - began
                wrk, h2load = (load.communicate()[0] for load in loads)
                check(f"a certificate for {names}", trusted < 10, f"ready after {ready:.2f} s, trusted after {trusted:.2f} s")
                requests = int(re.search(r"(\d+) requests in", wrk)[1])
                check("no request of wrk failed", requests > 100 and "Non-2xx" not in wrk and "Socket errors" not in wrk, f"{requests} requests")
                found = re.search(r"requests: (\d+) total, .* (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout", h2load)
                check("no request of h2load failed", found and int(found[2]) > 100 and found.group(3, 4, 5) == ("0", "0", "0"), f"{found[2]} requests")
                curl = subprocess.run(
                    ["curl", "-sS", "--cacert", pebble.folder / "root.pem", "--connect-to", f"::127.0.0.1:{tls}", "-H", header,
                     f"https://{name}:{tls}/traffic"], capture_output=True, text=True)
                check("curl trusts it", curl.returncode == 0, curl.stderr)
                check("one order for each certificate", pebble.orders() == names.count(",") + 1, f"{pebble.orders()} orders")


def kinds(base, hysteria):
    """Each kind of proof, and what authorities may want besides."""
    authority = subprocess.run([PROGRAM, "certificate", "callers.example", "--out", base / "callers"], capture_output=True)
    check("an authority for callers", authority.returncode == 0, authority.stderr.decode())
    required = f"clientCertificates: {{authority: {base}/callers/fullchain.pem, required: true}}"
    (base / "eab").write_text("zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W\n")
    (base / "eab").chmod(0o600)
    account = ("kid-1", (base / "eab").read_text().strip())
    cases = [
        ("tls-alpn-01 with required client certificates", "|, proofs: [tls-alpn-01]", required, {}),
        ("http-01", "|, proofs: [http-01]", "", {}),
        ("dns-01 for a wildcard", "dns", "", {}),
        ("an external account", f", externalAccount: {{id: kid-1, keyFile: {base}/eab}}|", "", {"account": account}),
        ("half of all nonces refused", "", "", {"PEBBLE_WFE_NONCEREJECT": "50"}),
        ("authorizations always reused", "", "", {"PEBBLE_AUTHZREUSE": "100"}),
        ("a chain of three certificates", "", "", {"PEBBLE_CHAIN_LENGTH": "3"}),
        ("slow validations", "", "", {"PEBBLE_VA_NOSLEEP": "0", "PEBBLE_VA_SLEEPTIME": "3"}),
    ]
    for title, options, further, settings in cases:
        folder = pathlib.Path(tempfile.mkdtemp(dir=base))
        tls, plain = free_port(), free_port()
        with Pebble(folder / "pebble", tls, plain, **settings) as pebble:
            names = NAME
            if options == "dns":
                names = f'"*.{NAME}"'
                options = f"|, dns: {{command: {pebble.text_record(folder / 'record')}, wait: 0s}}"
            with Gateway(folder / "gateway", hysteria, tls, plain, section(pebble, names, folder, options), further) as gateway:
                pair = lambda: list((folder / "acme").glob("*/*/current/fullchain.pem"))
                until(f"{title}\n{gateway.log.read_text()}", pair)
                check(title, pebble.orders() == 1, f"{pebble.orders()} order")


def from_files(base, hysteria):
    """From files to acme by a reload, and a pair that is not there yet at a start."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=base))
    tls, plain = free_port(), free_port()
    files = f"certificates: [{{certificate: {folder}/files/fullchain.pem, key: {folder}/files/privkey.pem}}]"
    with Pebble(folder / "pebble", tls, plain) as pebble:
        gateway = Gateway(folder / "gateway", hysteria, tls, plain, files)
        with gateway:
            placeholder = gateway.leaf()
            told = gateway.log.read_text()
            check("it starts without its files and says so", "is not there yet" in told, "with a placeholder")
            subprocess.run([PROGRAM, "certificate", NAME, "--out", folder / "files"], check=True, capture_output=True)
            own = until("the files are taken", lambda: gateway.leaf(folder / "files/fullchain.pem"))
            check("the files are taken when they are there", own != placeholder)
            seen, is_over = set(), threading.Event()

            def watch():
                while not is_over.is_set(): seen.add(gateway.leaf())
            watching = threading.Thread(target=watch)
            watching.start()
            gateway.configure(section(pebble, NAME, folder))
            issued = until("a trusted certificate", lambda: gateway.leaf(pebble.folder / "root.pem"))
            is_over.set()
            watching.join()
            check("from certificates to acme by a reload", seen <= {own, issued}, "callers saw the one or the other, and no placeholder")
            check("what is not there yet at a start is an error of check",
                  subprocess.run([PROGRAM, "check", "--config", broken(folder, gateway)], capture_output=True).returncode != 0)


def broken(folder, gateway):
    path = folder / "broken.yaml"
    path.write_text(gateway.text + "certificates: [{certificate: /nowhere/a.pem, key: /nowhere/b.pem}]\n")
    path.chmod(0o600)
    return path


def random_kills(base, hysteria, seed=1):
    """Renewals with the order and the gateway killed at random: one order each, and never a key without its certificate."""
    generator = random.Random(seed)
    folder = pathlib.Path(tempfile.mkdtemp(dir=base))
    tls, plain = free_port(), free_port()
    with Pebble(folder / "pebble", tls, plain, PEBBLE_VA_NOSLEEP="0", PEBBLE_VA_SLEEPTIME="1") as pebble:
        with Gateway(folder / "gateway", hysteria, tls, plain, section(pebble, NAME, folder)) as gateway:
            current, = until("the first certificate", lambda: list((folder / "acme").glob("*/*/current")))
            mismatches, is_over = [], threading.Event()

            def watch():
                while not is_over.is_set():
                    try:
                        # One folder, wherever the link leads meanwhile.
                        version = current.resolve()
                        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(version / "fullchain.pem", version / "privkey.pem")
                    except (OSError, ssl.SSLError) as error:
                        mismatches.append(repr(error))
                    time.sleep(0.002)
            watching = threading.Thread(target=watch)
            watching.start()
            kills, orders = 0, pebble.orders()
            for number in range(RENEWALS):
                # An order of the second in which the last certificate came may be that certificate's own.
                time.sleep(1.1)
                before = current.resolve()
                while current.resolve() == before:
                    command = [PROGRAM, "acme", "--config", gateway.config, "--now", "--force"]
                    order = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                    try:
                        said = order.communicate(timeout=generator.uniform(0.05, 3))[0].decode()
                        if order.returncode: raise SystemExit(f"renewal {number}: {said}\n{gateway.log.read_text()[-2000:]}")
                    except subprocess.TimeoutExpired:
                        order.kill()
                        order.communicate()
                        kills += 1
                    if generator.random() < 0.3:
                        gateway.kill()
                        gateway.start()
                        kills += 1
            is_over.set()
            watching.join()
            made, spoiled = pebble.orders() - orders, pebble.spoiled()
            check(f"{RENEWALS} renewals, {kills} kills: never a key without its certificate", not mismatches, "".join(mismatches[:3]))
            # Another one is needed where the gateway was killed in the middle of a validation, and where a process was killed while the
            # answer to its order was on its way.
            check("an order is gone on with and not made anew", made - spoiled <= RENEWALS + kills // 10,
                  f"{made} orders for {RENEWALS} renewals, {spoiled} of them spoiled by a validation of a killed gateway")
            leaf = until("the last one is served", lambda: gateway.leaf(pebble.folder / "root.pem"))
            served = ssl.PEM_cert_to_DER_cert((current / "fullchain.pem").read_text().split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n")
            check("the gateway serves the newest one", until("the newest", lambda: gateway.leaf() == served), f"{len(leaf)} bytes")


def main():
    with tempfile.TemporaryDirectory(prefix="test-acme-") as name:
        base = pathlib.Path(name)
        hysteria = Hysteria(3)
        hysteria.port = hysteria.start()
        first_start(base, hysteria)
        from_files(base, hysteria)
        kinds(base, hysteria)
        random_kills(base, hysteria)
    print("test-acme: all passed")


main()
