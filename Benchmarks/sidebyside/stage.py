"""Brings servers up for one work, each configured alike, and ends them all when it is done."""
import contextlib, dataclasses, itertools, pathlib
from . import answers, exchange, machine, peers
from .server import Server, free_port

TOKEN, SECRET = "bench-token-0123456789abcdef", "upstream-secret"


@dataclasses.dataclass(frozen=True)
class Ground:
    """What all works have in common."""

    folder: pathlib.Path
    identity: pathlib.Path
    # Where each peer that takes part is, by its name. The first is the one that others are compared with.
    programs: dict
    descriptors: int
    _numbers: itertools.count = dataclasses.field(default_factory=itertools.count)

    @property
    def busy_connections(self):
        """So many can a server have, each with another to the upstream."""
        return self.descriptors // 2

    @property
    def idle_connections(self):
        """So many can a server have beside a hundred busy ones."""
        return self.descriptors - 2000

    def new_folder(self, name):
        folder = self.folder / f"{next(self._numbers)}-{name}"
        folder.mkdir()
        return folder


class Stage(contextlib.ExitStack):
    """To be used in a `with` statement, at whose end nothing of it runs."""

    def __init__(self, ground, upstream=None):
        """`upstream` is the nginx for that, where the one that serves is another."""
        super().__init__()
        self.ground, self.upstreams = ground, {}
        self.upstream_program = upstream or ground.programs.get("nginx", "nginx")

    def peers(self):
        return [peers.ALL[name] for name in self.ground.programs]

    def server(self, peer, threads=1, users=answers.SMALL_USERS):
        """A running server that has given the right answer once."""
        folder, port = self.ground.new_folder(peer.name), free_port()
        command = [word.format(folder / "configuration") for word in (self.ground.programs[peer.name], *peer.arguments)]
        self._configure(folder, peer.template, PORT=port, THREADS=threads, UPSTREAM=self._upstream(users).port)
        # What Go and Caddy take from the environment; the others know nothing of it.
        environment = {"GOMAXPROCS": str(threads), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
        server = self._start(peer.name, command, port, machine.server_cores(threads), folder, environment)
        for path in {"/traffic", *peer.paths.values()}:
            if exchange.body(port, path, TOKEN) != answers.traffic(users):
                raise SystemExit(f"{peer.name} does not answer {path} with what the upstream says")
        return server

    def _upstream(self, users):
        if users not in self.upstreams:
            folder, port = self.ground.new_folder("upstream"), free_port()
            (folder / "answers").mkdir()
            (folder / "answers" / "traffic").write_bytes(answers.traffic(users))
            self._configure(folder, "upstream.conf", PORT=port)
            command = [self.upstream_program, "-c", str(folder / "configuration")]
            self.upstreams[users] = self._start("the upstream", command, port, machine.load_cores(), folder)
        return self.upstreams[users]

    def _configure(self, folder, template, **values):
        file = folder / "configuration"
        file.touch(0o600)
        file.write_text(peers.configuration(template, {
            "FOLDER": folder, "IDENTITY": self.ground.identity, "TOKEN": TOKEN, "SECRET": SECRET,
            "CONNECTIONS": self.ground.descriptors - 500, **values}))

    def _start(self, *arguments):
        server = Server(*arguments)
        self.callback(server.stop)
        return server
