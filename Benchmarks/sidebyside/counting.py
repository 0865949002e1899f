"""Instructions and system calls by operation: what CPU time cannot tell on a busy machine.

Each is counted over a few operations and over many of the same server, and the difference is shared out among those that
are more: the first connections, and whatever else happens once, are in both.
"""
import functools
from . import generators, instruments
from .callers import Caller
from .figures import Sample
from .load import Load
from .stage import TOKEN, Stage
from .works import url


def _requests(path, connections, streams, http1):
    def perform(peer, count, server):
        return generators.h2load_times(url(server, peer.path(path)), TOKEN, count, connections, streams, http1=http1)
    return perform


def _connections(word):
    def perform(_, count, server):
        with Caller(server.port, "/traffic", TOKEN) as caller:
            return caller.do("times", count, word)
    return perform


# What performs the work so often, and how often in the short run and in the long one.
WORKS = {
    "relay": (_requests("relay", 64, 1, True), 640, 3840),
    "cached": (_requests("cached", 64, 1, True), 640, 3840),
    "h2": (_requests("h2", 16, 16, False), 1280, 6400),
    "handshake": (_connections("fresh"), 20, 120),
    "resume": (_connections("resume"), 20, 120),
}
PARTS = {"instructions": instruments.instructions, "calls": instruments.calls}
# nginx alone has another answer to it.
ONLY = {"cached": ("gateway", "nginx")}


def samples(work, part, ground):
    """The samples by (server, setting, part), of those that can be counted."""
    perform, few, many = WORKS[work]
    taken = {}
    with Stage(ground) as stage:
        for peer in stage.peers():
            if peer.name not in ONLY.get(work, (peer.name,)):
                continue
            count = PARTS[part](stage, peer)
            if count:
                # The very first ones fill caches.
                count(functools.partial(perform, peer, few))
                (less, first), (more, load) = (count(functools.partial(perform, peer, times)) for times in (few, many))
                taken[(peer.name, "", part)] = [Sample(by_operation(less, few, more, many),
                                                       Load(load.operations, 0, load.failed + first.failed), part, part)]
    return taken


def by_operation(less, few, more, many):
    """What each of the operations cost that the long run had more than the short one."""
    return (more - less) / (many - few)
