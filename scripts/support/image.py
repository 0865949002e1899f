"""Tests of the container image, as a runtime starts it, with a simulated Hysteria.

usage: image.py ARCHIVE KUBERNETES-VALIDATE

Runs in a network of its own, whose loopback the containers share.
"""
import hashlib, http.client, json, os, pathlib, re, signal, socket, ssl, subprocess, sys, tempfile, threading, time
import yaml
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from hysteria import Hysteria

NAME = "my.site.com"
TOKEN = "hg_" + "image0123456789" * 3
USER = 65532
# What the README of the image says of its size, with some room.
MOST_BYTES = 40_000_000
# For what a busy machine does late, in seconds.
PATIENCE = 90
RESTRICTED = ["--read-only", "--read-only-tmpfs=false", "--cap-drop", "all", "--security-opt", "no-new-privileges",
              "--network", "host", "--pids-limit", "0"]
KUBERNETES, COMPOSE = "packaging/kubernetes.yaml", "packaging/compose.yaml"


def run(*command, check=True):
    result = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if check and result.returncode != 0:
        raise AssertionError(f"exit status {result.returncode} of {command}: {result.stdout[-1000:]}{result.stderr[-2000:]}")
    return result


def check(condition, message):
    if not condition: raise AssertionError(message)


def until(condition, what):
    end = time.monotonic() + PATIENCE
    while not (result := condition()):
        if time.monotonic() > end: raise AssertionError(f"after {PATIENCE} s still not: {what}")
        time.sleep(0.1)
    return result


TESTS = []


def test(method):
    """They run in the order in which they stand."""
    TESTS.append(method)
    return method


class ImageTests:
    def __init__(self, archive, validator, folder):
        self.validator, self.folder = validator, folder
        loaded = run("podman", "load", "-q", "-i", archive).stdout
        self.image = re.search(r"Loaded image: (\S+)", loaded)[1]
        self.hysteria = Hysteria(3)
        self.port = self.hysteria.start()
        self.settings, self.certificates = folder / "gateway", folder / "certificates"
        for part in (self.settings, self.certificates): part.mkdir()
        self.renew()
        self.configure()

    # What is mounted.

    def renew(self):
        """A certificate of another key, put in place as a renewal does it."""
        new = [self.folder / name for name in ("fullchain.pem", "privkey.pem")]
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90", "-subj",
            f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-out", new[0], "-keyout", new[1])
        for path in reversed(new):
            os.chown(path, 0, USER)
            path.chmod(0o640)
            path.rename(self.certificates / path.name)

    def configure(self, further=""):
        path = self.settings / "config.yaml"
        path.write_text(f"""\
listen: ":8443"
upstream: {{address: "127.0.0.1:{self.port}", secret: {self.hysteria.secret}}}
certificates: [{{certificate: /certificates/fullchain.pem, key: /certificates/privkey.pem}}]
tokens: [{{name: image, hash: "sha256:{hashlib.sha256(TOKEN.encode()).hexdigest()}", scopes: [traffic]}}]
{further}""")
        os.chown(path, 0, USER)
        path.chmod(0o640)

    def command(self, *options):
        return ["podman", "run", "--detach", *RESTRICTED, "-v", f"{self.settings}:/etc/hysteria-gateway:ro",
                "-v", f"{self.certificates}:/certificates:ro", *options, self.image]

    # What is looked at.

    def connect(self, verify=True):
        context = ssl.create_default_context(cafile=self.certificates / "fullchain.pem")
        raw = socket.create_connection(("127.0.0.1", 8443), timeout=PATIENCE)
        return context.wrap_socket(raw, server_hostname=NAME)

    def ask(self):
        with self.connect() as connection:
            client = http.client.HTTPConnection(NAME)
            client.sock = connection
            client.request("GET", "/traffic", headers={"Authorization": f"Bearer {TOKEN}"})
            answer = client.getresponse()
            return answer.status, answer.read()

    def serves(self):
        try:
            return self.ask()[0] == 200
        except OSError:
            return False

    def started(self, *options):
        """A container that serves; its name."""
        container = run(*self.command(*options)).stdout.strip()
        until(lambda: self.serves() or not self.property(container, "State.Running") == "true", "an answer")
        check(self.serves(), f"it does not serve: {self.log(container)}")
        return container

    def property(self, container, name):
        return run("podman", "inspect", "--format", "{{." + name + "}}", container).stdout.strip()

    def log(self, container):
        result = run("podman", "logs", container)
        return result.stdout + result.stderr

    def is_healthy(self, container):
        return run("podman", "healthcheck", "run", container, check=False).returncode == 0

    def remove(self, container):
        run("podman", "rm", "-f", "-t", "0", container)

    # The tests.

    @test
    def the_image_says_how_it_is_run(self):
        image = json.loads(run("podman", "image", "inspect", self.image).stdout)[0]
        settings = image["Config"]
        check(settings["User"] == f"{USER}:{USER}", settings)
        check(settings["Entrypoint"] == ["/usr/bin/hysteria-gateway"] and settings["Cmd"] == ["serve"], settings)
        check(image["Healthcheck"]["Test"] == ["CMD", "/usr/bin/hysteria-gateway", "check", "--serving"], image["Healthcheck"])
        check(settings["StopSignal"] in ("SIGTERM", "15"), settings)
        check("8443/tcp" in settings["ExposedPorts"], settings)
        version = settings["Labels"]["org.opencontainers.image.version"]
        check(self.image.endswith(f":{version}"), self.image)
        said = run("podman", "run", "--rm", "--network", "none", self.image, "--version").stdout
        check(said.startswith(f"hysteria-gateway {version} "), said)

    @test
    def it_is_small_and_has_no_shell(self):
        size = int(run("podman", "image", "inspect", "--format", "{{.Size}}", self.image).stdout)
        print(f"    {size / 1e6:.1f} MB")
        check(size < MOST_BYTES, f"{size} bytes, which is more than {MOST_BYTES}")
        for program in ("/bin/sh", "/usr/bin/apt-get", "/usr/bin/openssl"):
            result = run("podman", "run", "--rm", "--network", "none", "--entrypoint", program, self.image, check=False)
            check(result.returncode == 127, f"{program}: {result.returncode}, {result.stderr}")

    @test
    def each_file_of_a_package_has_its_record_and_its_licence(self):
        container = run("podman", "create", self.image).stdout.strip()
        with tempfile.TemporaryDirectory() as folder:
            for path in ("/var/lib/dpkg/status.d", "/usr/share/doc", "/usr/lib"):
                run("podman", "cp", f"{container}:{path}", folder)
            packages = {path.name for path in pathlib.Path(folder, "status.d").iterdir()}
            check({"hysteria-gateway", "libc6", "libssl3", "libyaml-0-2", "libnghttp2-14", "libsqlite3-0", "zlib1g", "tzdata"} <= packages, packages)
            unlicensed = {name for name in packages if not pathlib.Path(folder, "doc", name, "copyright").is_file()}
            check(not unlicensed, unlicensed)
        self.remove(container)

    @test
    def it_serves_without_any_right(self):
        container = self.started()
        status, body = self.ask()
        check(json.loads(body) == self.hysteria.traffic, body[:300])
        process = self.property(container, "State.Pid")
        fields = dict(re.findall(r"^(\w+):\t(.*)$", pathlib.Path(f"/proc/{process}/status").read_text(), re.M))
        check(set(fields["Uid"].split()) == set(fields["Gid"].split()) == {str(USER)}, fields)
        for kind in ("CapEff", "CapPrm", "CapBnd", "CapInh", "CapAmb"): check(int(fields[kind], 16) == 0, (kind, fields[kind]))
        check(fields["NoNewPrivs"] == "1", fields)
        mounts = pathlib.Path(f"/proc/{process}/mounts").read_text().splitlines()
        check(any(line.split()[1] == "/" and "ro" in line.split()[3].split(",") for line in mounts), mounts)
        self.remove(container)

    @test
    def it_is_healthy_while_it_serves(self):
        container = self.started()
        check(self.is_healthy(container), "not healthy while it serves")
        # A mistake that is not taken does not matter.
        self.configure("nothingKnown: 1\n")
        check(self.is_healthy(container), "not healthy for a mistake that it has not taken")
        self.configure()
        process = int(self.property(container, "State.Pid"))
        os.kill(process, signal.SIGSTOP)
        check(not self.is_healthy(container), "healthy while it stands still")
        os.kill(process, signal.SIGCONT)
        until(lambda: self.is_healthy(container), "healthy again")
        self.remove(container)

    @test
    def a_renewed_certificate_is_taken_from_the_folder(self):
        container = self.started()
        self.renew()
        # Only the new one is trusted from here on.
        until(self.serves, "served with the new certificate")
        check(self.property(container, "RestartCount") == "0" and self.property(container, "State.Running") == "true", "restarted")
        self.remove(container)

    @test
    def a_key_that_it_may_not_read_is_told(self):
        key = self.certificates / "privkey.pem"
        key.chmod(0o600)
        container = run(*self.command()).stdout.strip()
        code = run("podman", "wait", container).stdout.strip()
        log = self.log(container)
        check(code == "78" and "/certificates/privkey.pem" in log, f"{code}: {log}")
        check("Permission denied" in log or "may not read" in log or "permission" in log.lower(), log)
        key.chmod(0o640)
        self.remove(container)

    @test
    def a_stop_finishes_what_is_under_way(self):
        container = self.started()
        with self.connect() as connection:
            connection.sendall(f"GET /traffic HTTP/1.1\r\nHost: {NAME}\r\n".encode())
            # It has read that much once it has answered another caller behind it.
            self.ask()
            stop = threading.Thread(target=run, args=("podman", "stop", "-t", "15", container))
            stop.start()
            until(lambda: "stopping" in self.log(container), "the stop in its log")
            connection.sendall(f"Authorization: Bearer {TOKEN}\r\n\r\n".encode())
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            check(answer.status == 200 and json.loads(answer.read()) == self.hysteria.traffic, answer.status)
        stop.join()
        check(self.property(container, "State.ExitCode") == "0", self.property(container, "State.ExitCode"))
        self.remove(container)

    @test
    def the_demo_runs_in_it(self):
        container = run("podman", "run", "--detach", "--read-only", "--network", "host", self.image, "demo", "--port", "0").stdout.strip()
        until(lambda: "https://localhost:" in self.log(container), "the demo's page")
        run("podman", "stop", "-t", "15", container)
        check(self.property(container, "State.ExitCode") == "0", self.log(container))
        self.remove(container)

    @test
    def the_kubernetes_example_is_valid(self):
        run(self.validator, "--strict", KUBERNETES)

    @test
    def the_gateway_of_the_kubernetes_example_serves(self):
        documents = list(yaml.safe_load_all(pathlib.Path(KUBERNETES).read_text()))
        secrets = {document["metadata"]["name"]: document for document in documents if document["kind"] == "Secret"}
        pod = next(document for document in documents if document["kind"] == "Deployment")["spec"]["template"]["spec"]
        gateway = next(container for container in pod["containers"] if container["name"] == "gateway")
        check(self.image.endswith("/" + gateway["image"]), f"{gateway['image']} is not {self.image}")
        # As a kubelet would: secrets as files, the settings as options, the probe as it stands.
        text = secrets["hysteria-gateway"]["stringData"]["config.yaml"]
        check("address: 127.0.0.1:9999, secret: some_secret" in text, text)
        text = text.replace("127.0.0.1:9999, secret: some_secret", f"127.0.0.1:{self.port}, secret: {self.hysteria.secret}")
        text = re.sub(r"sha256:0{64}", "sha256:" + hashlib.sha256(TOKEN.encode()).hexdigest(), text)
        path = self.settings / "config.yaml"
        path.write_text(text)
        for link, target in (("tls.crt", "fullchain.pem"), ("tls.key", "privkey.pem")):
            (self.certificates / link).symlink_to(target)
        context = gateway["securityContext"]
        check(context["runAsNonRoot"] and context["readOnlyRootFilesystem"] and not context["allowPrivilegeEscalation"], context)
        container = self.started("--user", f"{context['runAsUser']}:{context['runAsGroup']}")
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            run("podman", "exec", container, *gateway[probe]["exec"]["command"])
        self.remove(container)
        self.configure()

    @test
    def the_compose_example_is_valid(self):
        text = run("docker-compose", "-f", COMPOSE, "config").stdout
        gateway = yaml.safe_load(text)["services"]["gateway"]
        check(self.image.endswith("/" + gateway["image"]), f"{gateway['image']} is not {self.image}")
        # What the tests above have run it with.
        check(gateway["read_only"] and gateway["cap_drop"] == ["ALL"], gateway)
        check(gateway["security_opt"] == ["no-new-privileges:true"], gateway)


def main(archive, validator):
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="image-") as folder:
        # Others than root have to get to what is mounted.
        os.chmod(folder, 0o755)
        tests = ImageTests(archive, validator, pathlib.Path(folder))
        try:
            for method in TESTS:
                name = method.__name__.replace("_", " ")
                began = time.monotonic()
                try:
                    method(tests)
                    passed += 1
                    print(f"ok    {name} ({time.monotonic() - began:.1f} s)", flush=True)
                except Exception as error:
                    failed += 1
                    print(f"FAIL  {name}: {type(error).__name__}: {error}", flush=True)
                    run("podman", "rm", "-f", "-a", "-t", "0", check=False)
                    tests.configure()
        finally:
            run("podman", "rm", "-f", "-a", "-t", "0", check=False)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    if len(sys.argv) != 3: sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
