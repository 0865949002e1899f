"""The works of one setting each: requests, connections, memory."""
import dataclasses, functools, typing
from . import generators
from .callers import Caller
from .figures import Sample, cpu_per_operation
from .rounds import Contestant
from .stage import TOKEN

REQUEST, CONNECTION = "us of CPU by request", "us of CPU by connection"


@dataclasses.dataclass(frozen=True)
class Work:
    """Something that servers are compared by. `contestants` starts them on a stage."""

    name: str
    about: str
    unit: str
    contestants: typing.Callable
    # So many rounds, whatever is asked for, and none to warm up: for what hardly changes, or takes long to prepare.
    rounds: int = 0
    # The figures of a work that has several.
    parts: tuple = ("",)
    # Whether a bound is for the ratio to the same server with the first setting, instead of to the first server.
    beside_itself: bool = False


def timed(server, generate):
    """Measures the server's CPU time while the load is generated."""
    before = server.cpu_seconds()
    load = generate()
    return Sample(cpu_per_operation(server.cpu_seconds() - before, load), load)


def url(server, path):
    return f"https://localhost:{server.port}{path}"


def by_wrk(work, headers=(), only=None):
    """Contestants under 64 connections of wrk."""
    def contestants(stage, scale):
        for peer in stage.peers():
            if only and peer.name not in only:
                continue
            server = stage.server(peer)
            generate = functools.partial(
                generators.wrk, url(server, peer.path(work)), TOKEN, scale.seconds, 64, headers)
            yield Contestant(peer.name, "", functools.partial(timed, server, generate))
    return contestants


def by_h2load(stage, scale):
    for peer in stage.peers():
        server = stage.server(peer)
        generate = functools.partial(generators.h2load, url(server, "/traffic"), TOKEN, scale.seconds, 16, 16)
        yield Contestant(peer.name, "", functools.partial(timed, server, generate))


def by_caller(word):
    """Contestants who get one connection after the other."""
    def contestants(stage, scale):
        for peer in stage.peers():
            server = stage.server(peer)
            caller = stage.enter_context(Caller(server.port, "/traffic", TOKEN))
            yield Contestant(peer.name, "", functools.partial(
                timed, server, functools.partial(caller.do, word, scale.seconds)))
    return contestants


def idle(stage, scale):
    for peer in stage.peers():
        server = stage.server(peer)
        generators.wrk(url(server, "/traffic"), TOKEN, 1, 64)
        yield Contestant(peer.name, "", functools.partial(_memory, stage, server, scale.idle))


def _memory(stage, server, connections):
    caller = stage.enter_context(Caller(server.port, "/traffic", TOKEN))
    before = server.pss_kib()
    load = caller.do("open", connections)
    figure = (server.pss_kib() - before) / connections
    return Sample(figure, dataclasses.replace(load, failed=load.failed + caller.do("lost").failed))


ALL = [
    Work("relay", "HTTP/1.1 requests on 64 kept connections", REQUEST, by_wrk("relay")),
    Work("cached", "the same; nginx answers from its one-second cache", REQUEST,
         by_wrk("cached", only=("gateway", "nginx"))),
    Work("h2", "HTTP/2 requests on 16 connections with 16 streams each", REQUEST, by_h2load),
    Work("new", "a new, resumed connection for each HTTP/1.1 request, 64 at once", REQUEST,
         by_wrk("new", ["Connection: close"])),
    Work("handshake", "a full TLS 1.3 handshake with one request", CONNECTION, by_caller("fresh")),
    Work("resume", "a resumed TLS 1.3 handshake with one request", CONNECTION, by_caller("resume")),
    Work("idle", "memory for each idle connection, after one request", "KiB by connection", idle, rounds=1),
]
