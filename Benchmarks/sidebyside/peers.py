"""Who is compared: how each is found, configured and started."""
import dataclasses, pathlib, re

TEMPLATES = pathlib.Path(__file__).resolve().parent.parent / "configurations"


@dataclasses.dataclass(frozen=True)
class Peer:
    """A program that takes part."""

    name: str
    template: str
    # The words after the program's name; {} is the configuration.
    arguments: tuple
    version: tuple
    # Of the system, where it has one.
    package: str = ""
    # Where it has its work done better: the path by the name of the work.
    paths: dict = dataclasses.field(default_factory=dict)
    # More words with which it is one process, as valgrind needs it; None if valgrind cannot run it.
    alone: tuple = ()

    def path(self, work):
        return self.paths.get(work, "/traffic")


GATEWAY = Peer("gateway", "gateway.yaml", ("serve", "--config", "{}"), ("--version",))
NGINX = Peer("nginx", "nginx.conf", ("-c", "{}"), ("-v",), "nginx-light", {"cached": "/cached/traffic"},
             alone=("-g", "master_process off;"))
HAPROXY = Peer("haproxy", "haproxy.cfg", ("-db", "-f", "{}"), ("-v",), "haproxy")
CADDY = Peer("caddy", "Caddyfile", ("run", "--adapter", "caddyfile", "--config", "{}"), ("version",), alone=None)
ALL = {peer.name: peer for peer in (GATEWAY, NGINX, HAPROXY, CADDY)}


def configuration(template, values):
    """The template with its @NAMES@ replaced. Nothing may stay unreplaced but what is not a name in capitals."""
    text = (TEMPLATES / template).read_text()
    return re.sub(r"@([A-Z]+)@", lambda name: str(values[name[1]]), text)
