"""Tests of the package as it is installed: in a Debian of its own with systemd, with a simulated Hysteria, by the commands
that README.md prints.

usage: package.py PACKAGE ROOT [LINE]…

Each LINE is one more line for the [Service] section of the unit, to see that the tests fail where the sandbox is too narrow:
'SystemCallFilter=~@network-io'.
"""
import http.client, json, os, pathlib, re, shutil, socket, ssl, subprocess, sys, tempfile, threading, time
from commands import Commands, filled
from hysteria import Hysteria
from machine import CannotBoot, Machine
from pebble import Pebble

NAME = "my.site.com"
UNIT = "hysteria-gateway"
SETTINGS = "/etc/hysteria-gateway/config.yaml"
DROP_INS = f"/etc/systemd/system/{UNIT}.service.d"
ACME = f"/var/lib/hysteria/acme/certificates/acme-v02.api.letsencrypt.org-directory/{NAME}"
EXPOSURE = 1.5
# For what a busy machine does late, in seconds.
PATIENCE = 90
HYSTERIA = """\
listen: :443
{certificate}
auth: {{type: password, password: some_password}}
"""


def until(condition, what):
    """Waits until it is true, and returns what it returned."""
    end = time.monotonic() + PATIENCE
    while not (result := condition()):
        if time.monotonic() > end: raise AssertionError(f"after {PATIENCE} s still not: {what}")
        time.sleep(0.1)
    return result


def check(condition, message):
    if not condition: raise AssertionError(message)


TESTS = []


def test(method):
    """The tests run in the order in which they stand: each begins with what the one before has left."""
    TESTS.append(method)
    return method


class PackageTests:
    """One system, from the first installation to the last."""

    def __init__(self, machine, folder, package):
        self.machine, self.folder, self.package = machine, folder, package
        self.readme = Commands("README.md", "Install it beside Hysteria")
        self.operations = Commands("docs/operations.md", "Restart and upgrade")
        self.version = subprocess.check_output(["dpkg-deb", "-f", package, "Version"], text=True).strip()
        self.hysteria = Hysteria(3)
        self.hysteria.secret = "some_secret"
        self.hysteria.start(9999)
        self.token = self.entry = None
        self.started = time.monotonic()
        self.make_identity()

    # What a server has before the package comes.

    def make_identity(self):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90",
             "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", self.folder / "key.pem",
             "-out", self.folder / "certificate.pem"], check=True, capture_output=True)
        self.certificate, self.key = ((self.folder / name).read_text() for name in ("certificate.pem", "key.pem"))
        # How the README's curl finds the server, and that it may trust it.
        (self.folder / ".curlrc").write_text(
            f'resolve = "{NAME}:443:127.0.0.1"\ncacert = "{self.folder}/certificate.pem"\nsilent\nshow-error\nfail\n')

    def install_hysteria(self):
        self.machine.write("/etc/hysteria/server.crt", self.certificate)
        self.machine.write("/etc/hysteria/server.key", self.key, 0o600)
        self.configure_hysteria("tls: {cert: /etc/hysteria/server.crt, key: /etc/hysteria/server.key}")

    def configure_hysteria(self, certificate):
        text = HYSTERIA.format(certificate=certificate) + self.readme.block("trafficStats", "yaml")
        self.machine.write("/etc/hysteria/config.yaml", text)

    # What the tests look at.

    def property(self, name, unit=UNIT):
        return self.machine.run(f"systemctl show --value -p {name} {unit}").stdout.strip()

    def main_process(self):
        """The number of the gateway's process, inside."""
        number = self.property("MainPID")
        check(number != "0", f"{UNIT} does not run: {self.property('ActiveState')}, {self.property('Result')}")
        return number

    def journal(self):
        return self.machine.run(f"journalctl --no-pager -o cat -u {UNIT}", check=False).stdout

    def tokens(self, *names):
        """The configuration that the README prints, for the certificate that Hysteria has, with a token of each name."""
        text = filled(self.printed(), {f"acme: {NAME}\n": ""})
        return text + "".join(f"  - {{name: {name}, token: {self.token_of(name)}, scopes: [traffic]}}\n" for name in names)

    def printed(self):
        """The configuration that the README prints, with the token that was made."""
        return filled(self.readme.block("hysteria: /etc/hysteria/config.yaml", "yaml"), {"sha256:…": self.entry})

    def token_of(self, name):
        return f"{name}-0123456789abcdef"

    def configure(self, text):
        """As an editor does it: owner and mode stay."""
        self.machine.run(f"cat >{SETTINGS} <<'END'\n{text}\nEND")

    def ask(self, token=None, address="127.0.0.1", trust=None):
        """The status and body of one request on a connection of its own."""
        context = ssl.create_default_context(cafile=trust or self.folder / "certificate.pem")
        with socket.create_connection((address, 443), timeout=PATIENCE) as raw:
            with context.wrap_socket(raw, server_hostname=NAME) as connection:
                client = http.client.HTTPConnection(NAME)
                client.sock = connection
                client.request("GET", "/traffic", headers={"Authorization": f"Bearer {token or self.token}"})
                answer = client.getresponse()
                return answer.status, answer.read()

    def expect_figures(self, token=None):
        status, body = self.ask(token)
        check(status == 200 and json.loads(body) == self.hysteria.traffic, f"status {status}, {body[:300]!r}")

    def serves(self, token=None, trust=None):
        try:
            return self.ask(token, trust=trust)[0] == 200
        except OSError:
            return False

    def package_as(self, version):
        """The same package as a later version that brings another configuration, in the place of the first one."""
        unpacked = self.folder / "unpacked"
        subprocess.run(["dpkg-deb", "-R", self.package, unpacked], check=True)
        control = unpacked / "DEBIAN/control"
        control.write_text(re.sub(r"^Version: .*$", f"Version: {version}", control.read_text(), flags=re.M))
        (unpacked / SETTINGS[1:]).write_text("# The configuration that the later version brings.\n")
        subprocess.run(["dpkg-deb", "--root-owner-group", "-b", unpacked, self.machine.root / "root/.build/hysteria-gateway.deb"],
                       check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(unpacked)

    # The tests.

    @test
    def is_as_debian_has_it(self):
        """lintian finds no error in the package, and nothing to warn of"""
        found = subprocess.run(["lintian", "--fail-on", "error,warning", self.package], capture_output=True, text=True)
        check(found.returncode == 0, found.stdout + found.stderr)

    @test
    def installs(self):
        """the package installs with nothing but what it depends on, and starts nothing"""
        self.install_hysteria()
        build = self.machine.root / "root/.build"
        build.mkdir()
        shutil.copy(self.package, build / "hysteria-gateway.deb")
        self.readme.block("scripts/package")
        self.started = time.monotonic()
        self.machine.run(self.readme.block("apt-get install"))
        check(self.property("ActiveState") == "inactive", "the service runs before it is configured")
        state = self.machine.run(f"systemctl is-enabled {UNIT}", check=False).stdout.strip()
        check(state == "disabled", f"the service is {state}, expected disabled")
        mode = self.machine.run(f"stat -c '%a %U %G' {SETTINGS}").stdout.strip()
        check(mode == "640 root hysteria-gateway", f"{SETTINGS} is {mode}")
        self.machine.run("hysteria-gateway --version")

    @test
    def brings_manual_and_completions(self):
        """there is a manual page of each command, and completions for bash, zsh and fish"""
        commands = re.findall(r"^  ([a-z]+) ", self.machine.run("hysteria-gateway --help").stdout.split("SUBCOMMANDS:")[1], re.M)
        check("serve" in commands, f"the commands are {commands}")
        for name in [UNIT, *(f"{UNIT}-{command}" for command in commands)]:
            page = self.machine.run(f"zcat /usr/share/man/man1/{name}.1.gz").stdout
            found = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z"], input=page, capture_output=True, text=True)
            check(found.returncode == 0 and not found.stderr, f"{name}.1: {found.stderr}")
        for path in ("bash-completion/completions/hysteria-gateway", "zsh/vendor-completions/_hysteria-gateway",
                     "fish/vendor_completions.d/hysteria-gateway.fish"):
            for command in commands:
                check(command in self.machine.read(f"/usr/share/{path}"), f"{path} does not know {command}")
        self.machine.run("bash -n /usr/share/bash-completion/completions/hysteria-gateway")

    @test
    def units_are_clean(self):
        """systemd has no complaint about the units"""
        found = self.machine.run(f"systemd-analyze verify --man=no {UNIT}.service {UNIT}.socket 2>&1").stdout
        check(not found.strip(), found)

    @test
    def exposure(self):
        """systemd calls the service's exposure 1.5 at most"""
        found = self.machine.run(f"systemd-analyze security --no-pager {UNIT}.service").stdout
        level = float(re.search(r"Overall exposure level for .*: ([0-9.]+)", found)[1])
        check(level <= EXPOSURE, f"it is {level}")

    @test
    def makes_a_token(self):
        """the README's command makes a token, and its configuration takes the hash"""
        found = self.machine.run(self.readme.block("hysteria-gateway token")).stdout
        self.token = re.search(r"^ *(hg_\S+)$", found, re.M)[1]
        self.entry = re.search(r"sha256:[0-9a-f]{64}", found)[0]
        self.configure(self.tokens())

    @test
    def key_of_root(self):
        """a key that only root may read: check says so, and the README has what helps"""
        command = next(line for line in self.readme.block("enable --now").splitlines() if " check " in line)
        found = self.machine.run(command, check=False)
        check(found.returncode == 1 and "/etc/hysteria/server.key" in found.stdout, found.stdout)
        self.machine.run(self.readme.block("chgrp"))
        found = self.machine.run(command, check=False)
        check(found.returncode == 0, found.stdout)

    @test
    def starts(self):
        """the README's commands check the configuration, enable and start the service"""
        self.machine.run(self.readme.block("enable --now"))
        check(self.property("ActiveState") == "active", self.property("ActiveState"))
        check(self.property("UnitFileState") == "enabled", self.property("UnitFileState"))

    @test
    def answers(self):
        """the README's curl has the figures over TLS"""
        script = filled(self.readme.block("curl "), {"hg_…": self.token})
        found = subprocess.run(["/bin/sh", "-e", "-c", script], env={"PATH": os.environ["PATH"], "CURL_HOME": str(self.folder)},
                               capture_output=True, text=True)
        check(found.returncode == 0, found.stderr)
        check(json.loads(found.stdout) == self.hysteria.traffic, found.stdout)
        check(self.ask(address="::1")[0] == 200, "not over IPv6")
        print(f"     (first answer {time.monotonic() - self.started:.0f} s after apt-get install began)")

    @test
    def takes_nothing_from_the_sandbox_amiss(self):
        """the log of the start has nothing that the sandbox has refused"""
        found = [line for line in self.journal().splitlines() if re.search("not permitted|denied|SIGSYS|error", line, re.I)]
        check(not found, "\n".join(found))

    @test
    def reloads(self):
        """systemctl reload takes a new token, and the process stays"""
        process = self.main_process()
        self.configure(self.tokens("laptop"))
        self.machine.run(f"systemctl reload {UNIT}")
        until(lambda: self.serves(self.token_of("laptop")), "the new token opens")
        self.expect_figures()
        check(self.main_process() == process, "another process serves")

    @test
    def keeps_a_broken_configuration_out(self):
        """a broken configuration is kept out: the log names its line, and the old one stays in effect"""
        process = self.main_process()
        self.configure(self.tokens("laptop") + "listne: 1\n")
        self.machine.run(f"systemctl reload {UNIT}")
        until(lambda: re.search(rf"{SETTINGS}:\d+.*listne", self.journal()), "the log names the key")
        self.expect_figures(self.token_of("laptop"))
        check(self.main_process() == process, "another process serves")

    @test
    def fails_once(self):
        """started with a broken configuration the service fails once, with 78, and starts when it is mended"""
        self.main_process()
        failed = self.machine.run(f"systemctl restart {UNIT}", check=False)
        check(failed.returncode != 0, "it started")
        check(self.property("ExecMainStatus") == "78", f"exit status {self.property('ExecMainStatus')}")
        check(self.property("ActiveState") == "failed", self.property("ActiveState"))
        self.configure(self.tokens())
        self.machine.run(f"systemctl start {UNIT}")
        self.expect_figures()

    @test
    def comes_back_when_killed(self):
        """killed with SIGKILL, the gateway is there again"""
        process = self.main_process()
        self.machine.run(f"kill -KILL {process}")
        until(lambda: self.property("MainPID") not in ("0", process) and self.property("ActiveState") == "active", "it runs again")
        self.expect_figures()

    @test
    def watchdog(self):
        """stopped with SIGSTOP, the gateway is replaced by systemd's watchdog"""
        self.machine.write(f"{DROP_INS}/watchdog.conf", "[Service]\nWatchdogSec=5\n")
        self.machine.run(f"systemctl daemon-reload && systemctl restart {UNIT}")
        process = self.main_process()
        self.machine.run(f"kill -STOP {process}")
        until(lambda: self.property("MainPID") not in ("0", process) and self.property("ActiveState") == "active", "it runs again")
        check("Watchdog timeout" in self.journal(), "the journal says nothing of a watchdog")
        self.expect_figures()
        self.machine.run(f"rm {DROP_INS}/watchdog.conf && systemctl daemon-reload && systemctl restart {UNIT}")

    @test
    def refuses_no_connection(self):
        """with the socket unit, none of 200 requests over 4 restarts is refused"""
        self.machine.run(self.operations.block("hysteria-gateway.socket"))
        done, refused = [], []

        def ask():
            while len(done) + len(refused) < 200 or restarting.is_alive():
                try:
                    self.expect_figures()
                    done.append(1)
                except (OSError, http.client.HTTPException, AssertionError) as error:
                    refused.append(repr(error))

        def restart():
            for number in range(1, 5):
                # Evenly among the requests.
                until(lambda: len(done) + len(refused) >= 40 * number, f"{40 * number} requests are over")
                self.machine.run(f"systemctl restart {UNIT}")

        restarting = threading.Thread(target=restart)
        restarting.start()
        callers = [threading.Thread(target=ask) for _ in range(4)]
        for thread in callers: thread.start()
        for thread in [*callers, restarting]: thread.join()
        check(not refused and len(done) >= 200, f"{len(refused)} of {len(done) + len(refused)} were: {refused[:3]}")
        self.machine.run(f"systemctl disable --now {UNIT}.socket && systemctl restart {UNIT}")

    @test
    def upgrades(self):
        """an upgrade replaces a running gateway, and keeps the administrator's configuration with its owner and mode"""
        process = self.main_process()
        self.configure("# mine\n" + self.tokens())
        self.machine.run(f"chown hysteria-gateway:adm {SETTINGS} && chmod 0600 {SETTINGS}")
        before = self.machine.read(SETTINGS)
        self.package_as(self.version + "+1")
        self.machine.run("apt-get install -o Dpkg::Options::=--force-confold ./.build/hysteria-gateway.deb")
        until(self.serves, "the later version serves")
        check(self.main_process() != process, "the old process still runs")
        check(self.machine.read(SETTINGS) == before, "the configuration is another one")
        mode = self.machine.run(f"stat -c '%a %U %G' {SETTINGS}").stdout.strip()
        check(mode == "600 hysteria-gateway adm", f"{SETTINGS} is {mode}")
        self.machine.run(f"chown root:hysteria-gateway {SETTINGS} && chmod 0640 {SETTINGS}")

    @test
    def certificate_by_itself(self):
        """acme gets a certificate within the unit's sandbox, and a person sees it"""
        trust = "/etc/ssl/pebble.pem"
        with Pebble(self.folder / "pebble", 443, 80) as pebble:
            self.machine.write(trust, pebble.trust.read_text())
            line = f'acme: {{names: {NAME}, authority: {{url: "{pebble.directory}", trust: {trust}}}}}'
            self.configure(filled(self.printed(), {f"acme: {NAME}": line}))
            until(lambda: self.serves(trust=pebble.folder / "root.pem"), f"a certificate\n{self.journal()[-3000:]}")
            said = self.machine.run("runuser -u hysteria-gateway -- hysteria-gateway acme").stdout
            check(f"{NAME}: expires at" in said, said)
            modes = self.machine.run("stat -c '%a %U' /var/lib/hysteria-gateway/acme /var/lib/hysteria-gateway/acme/*/*/current/privkey.pem")
            check("600 hysteria-gateway" in modes.stdout.splitlines()[-1], modes.stdout)
        self.configure(self.tokens())
        until(self.serves, "the certificate that Hysteria has")

    @test
    def certificate_of_acme(self):
        """where only Hysteria's user may read the certificate, the README's drop-in serves, and still does after an upgrade"""
        self.machine.run("adduser --system --group --quiet --home /var/lib/hysteria hysteria")
        for name, text in ((f"{NAME}.crt", self.certificate), (f"{NAME}.key", self.key)):
            self.machine.write(f"{ACME}/{name}", text, 0o600)
        self.machine.run("chown -R hysteria:hysteria /var/lib/hysteria && chmod -R go= /var/lib/hysteria")
        self.configure_hysteria(f"acme: {{domains: [{NAME}], email: me@{NAME}}}")
        self.machine.run("rm /etc/hysteria/server.key")
        self.machine.run(self.readme.block("User=hysteria"))
        self.machine.run(f"systemctl restart {UNIT}")
        self.expect_figures()
        check(self.machine.run(f"stat -c %U /proc/{self.main_process()}").stdout.strip() == "hysteria", "not as hysteria")
        process = self.main_process()
        self.package_as(self.version + "+2")
        self.machine.run(self.readme.block("apt-get install"))
        until(lambda: self.serves() and self.main_process() != process, "the later version serves")

    @test
    def is_removed(self):
        """removed, it serves no more, and its configuration stays"""
        remove, self.purge = self.readme.block("apt-get remove").splitlines()
        self.machine.run(remove)
        try:
            self.ask()
            raise AssertionError("it still serves")
        except ConnectionRefusedError:
            pass
        check("hysteria-gateway" in self.machine.run(f"stat -c %G {SETTINGS}").stdout, f"{SETTINGS} has another group")
        self.machine.run("! test -e /usr/bin/hysteria-gateway")

    @test
    def is_installed_again(self):
        """installed again, it has the configuration and serves"""
        self.machine.run(self.readme.block("apt-get install"))
        check(self.property("UnitFileState") == "enabled", f"it is {self.property('UnitFileState')}, and was enabled before")
        self.machine.run(f"systemctl start {UNIT}")
        self.expect_figures()

    @test
    def is_purged(self):
        """purged while it serves, it leaves nothing behind but the administrator's drop-in"""
        self.machine.run(self.purge)
        found = self.machine.run(
            f"find / -xdev -name '*{UNIT}*' ! -path '{DROP_INS}*' ! -path '/root/*' ! -path '/proc/*' ! -path '/sys/*'").stdout
        check(not found.strip(), f"it leaves {found}")
        check(self.property("LoadState") == "not-found", self.property("LoadState"))

    @test
    def starts_from_scratch(self):
        """after a purge an installation starts from scratch"""
        self.machine.run(f"rm -r {DROP_INS}")
        self.machine.run(self.readme.block("apt-get install"))
        mode = self.machine.run(f"stat -c '%a %U %G' {SETTINGS}").stdout.strip()
        check(mode == "640 root hysteria-gateway", f"{SETTINGS} is {mode}")
        check(self.property("ActiveState") == "inactive", "it runs before it is configured")

    @test
    def nothing_was_asked_amiss(self):
        """Hysteria was asked with its secret, and for nothing else"""
        check(self.hysteria.calls > 0 and not self.hysteria.wrong, f"{self.hysteria.calls} calls, wrong: {self.hysteria.wrong[:3]}")

    @test
    def documents_are_run(self):
        """each command that the README prints about installing has been run"""
        check(not self.readme.left(), "not run:\n" + "\n".join(self.readme.left()))

    def run(self):
        """Runs them all, and returns whether all are passed."""
        failed = 0
        for method in TESTS:
            try:
                method(self)
                print(f"ok   {method.__doc__}", flush=True)
            except Exception as error:
                failed += 1
                reason = str(error) if isinstance(error, AssertionError) else repr(error)
                print(f"FAIL {method.__doc__}\n     " + reason.strip().replace("\n", "\n     "), flush=True)
        if failed: print("The journal of the service, its end:\n" + "\n".join(self.journal().splitlines()[-40:]))
        print(f"{len(TESTS) - failed} passed, {failed} failed")
        return failed == 0


def main(package, archive, lines):
    with tempfile.TemporaryDirectory() as folder, Machine(archive) as machine:
        # The README's commands as they are, with nobody there to say yes.
        machine.write("/etc/apt/apt.conf.d/yes", 'APT::Get::Assume-Yes "true";\n')
        if lines: machine.write(f"{DROP_INS}/narrower.conf", "\n".join(["[Service]", *lines, ""]))
        try:
            machine.boot()
        except CannotBoot as error:
            print("test-package: nothing was tested, because no Debian with systemd can be booted here. It takes root's rights, a "
                  f"kernel with namespaces and cgroups, and no container around that forbids them.\n{error}\n0 passed, 1 failed")
            return 1
        return 0 if PackageTests(machine, pathlib.Path(folder), package).run() else 1


if __name__ == "__main__":
    if len(sys.argv) < 3: sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
