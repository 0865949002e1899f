"""The works that grow: more connections, larger answers, more threads, and a crowd beside those who are busy."""
import dataclasses, functools
from . import generators
from .callers import Caller
from .figures import Sample
from .rounds import Contestant
from .stage import TOKEN
from .works import REQUEST, Work, timed, url


def connections(stage, scale):
    """All are opened before the first is measured, those of different servers at the same time."""
    opened = []
    for count in scale.connections:
        for peer in stage.peers():
            server = stage.server(peer)
            caller = stage.enter_context(Caller(server.port, "/traffic", TOKEN))
            caller.begin("open", count)
            opened.append((peer, count, server, caller))
    for peer, count, server, caller in opened:
        _all_well(peer, caller.end())
        yield Contestant(peer.name, f"{count:,}", functools.partial(
            timed, server, functools.partial(caller.do, "run", scale.seconds)))


def users(stage, scale):
    for count in scale.users:
        for peer in stage.peers():
            yield _busy(peer, f"{count:,}", stage.server(peer, users=count), scale, timed)


def threads(stage, scale):
    for count in (1, 2):
        for peer in stage.peers():
            yield _busy(peer, str(count), stage.server(peer, threads=count), scale, timed)


def crowd(stage, scale):
    """Two servers of each kind, so that both are measured in the same round."""
    opened = []
    for peer in stage.peers():
        alone, crowded = stage.server(peer), stage.server(peer)
        caller = stage.enter_context(Caller(crowded.port, "/traffic", TOKEN))
        caller.begin("open", scale.crowd)
        opened.append((peer, alone, crowded, caller))
    for peer, _, _, caller in opened:
        _all_well(peer, caller.end())
    for peer, alone, _, _ in opened:
        yield _busy(peer, "0", alone, scale, _p99)
    for peer, _, crowded, caller in opened:
        yield _busy(peer, f"{scale.crowd:,}", crowded, scale, functools.partial(_p99, caller=caller))


def _busy(peer, setting, server, scale, measure):
    generate = functools.partial(generators.wrk, url(server, "/traffic"), TOKEN, scale.seconds, 64)
    return Contestant(peer.name, setting, functools.partial(measure, server, generate))


def _p99(_, generate, caller=None):
    load = generate()
    lost = caller.do("lost").failed if caller else 0
    return Sample(load.p99, dataclasses.replace(load, failed=load.failed + lost))


def _all_well(peer, load):
    if load.failed:
        raise SystemExit(f"{peer.name}: {load.failed} of {load.operations} connections failed when they were opened")


ALL = [
    Work("connections", "HTTP/1.1 requests on so many kept connections", REQUEST, connections),
    Work("users", "HTTP/1.1 requests on 64 kept connections, with so many users in the answer", REQUEST, users),
    Work("threads", "HTTP/1.1 requests on 64 kept connections, with so many threads", REQUEST, threads,
         beside_itself=True),
    Work("crowd", "HTTP/1.1 requests on 64 kept connections beside so many idle ones", "ms for 99 of 100", crowd,
         beside_itself=True),
]
