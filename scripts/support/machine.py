"""A system of its own, booted with systemd from a folder, with a network of its own: systemd-nspawn without machined or D-Bus."""
import ctypes, os, pathlib, shutil, signal, subprocess, tempfile, time

CLONE_NEWNET = 0x40000000
# What systemd takes for `poweroff`: SIGRTMIN+4, in the C library's numbers.
POWER_OFF = 38
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}


class CannotBoot(Exception):
    """Why no system runs, in plain words."""


class Machine:
    """To be used in a `with` statement, which ends the system and removes its files."""

    def __init__(self, archive):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="machine-", dir="/var/tmp"))
        self.root = self.folder / "root"
        self.console = self.folder / "console"
        self.nspawn = self.leader = None
        self.root.mkdir()
        try:
            subprocess.run(["tar", "--numeric-owner", "-xf", archive, "-C", self.root], check=True)
        except BaseException:
            shutil.rmtree(self.folder)
            raise

    def boot(self, patience=120):
        """Returns when systemd has started everything. From then on this process is in the system's network."""
        command = ["systemd-nspawn", "--quiet", "--boot", "--private-network", "--register=no", "--keep-unit", "--console=pipe",
                   "--link-journal=no", "--timezone=off", "--resolv-conf=off", "--directory", self.root]
        with open(self.console, "w") as console:
            self.nspawn = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=console, stderr=console)
        end = time.monotonic() + patience
        while not (state := self.state()):
            if self.nspawn.poll() is not None:
                raise CannotBoot(f"systemd-nspawn ended with {self.nspawn.returncode}: {self.console.read_text()[-2000:]}")
            if time.monotonic() > end:
                raise CannotBoot(f"no systemd answers in it after {patience} s: {self.console.read_text()[-2000:]}")
            time.sleep(0.1)
        if state not in ("running", "degraded"):
            raise CannotBoot(f"its systemd is {state}: {self.console.read_text()[-2000:]}")
        self.enter_network()

    def state(self):
        """What systemd says of itself once the start is over; empty until then."""
        self.leader = self.leader or self.first_process()
        if not self.leader: return ""
        answer = self.run("systemctl is-system-running", check=False).stdout.strip()
        return answer if answer in ("running", "degraded", "maintenance") else ""

    def first_process(self):
        """Its PID 1, as it is numbered outside."""
        for child in pathlib.Path(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children").read_text().split():
            status = pathlib.Path(f"/proc/{child}/status").read_text()
            numbers = next(line for line in status.splitlines() if line.startswith("NSpid:")).split()[1:]
            if len(numbers) > 1 and numbers[-1] == "1": return int(child)

    def enter_network(self):
        """Before there are threads: it counts for this one, and for those that it starts."""
        library = ctypes.CDLL(None, use_errno=True)
        with open(f"/proc/{self.leader}/ns/net") as network:
            if library.setns(network.fileno(), CLONE_NEWNET) != 0:
                raise CannotBoot(f"its network cannot be entered: {os.strerror(ctypes.get_errno())}")

    def run(self, script, check=True, **environment):
        """Runs lines of sh in it, as root; stdout has both outputs."""
        command = ["nsenter", "--target", str(self.leader), "--mount", "--uts", "--ipc", "--net", "--pid",
                   "/bin/sh", "-e", "-c", "cd /root\n" + script]
        result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                env=ENVIRONMENT | environment)
        if check and result.returncode != 0:
            raise AssertionError(f"exit status {result.returncode} of: {script.strip()}\n{result.stdout.strip()}")
        return result

    def read(self, path):
        return self.run(f"cat '{path}'").stdout

    def write(self, path, text, mode=0o644):
        file = self.root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.nspawn and self.nspawn.poll() is None:
            if self.leader: os.kill(self.leader, POWER_OFF)
            try:
                self.nspawn.wait(60)
            except subprocess.TimeoutExpired:
                self.nspawn.send_signal(signal.SIGKILL)
                self.nspawn.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
