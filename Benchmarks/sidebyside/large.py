"""An answer with very many users, as it is and compressed."""
import functools
from . import answers, exchange, generators
from .figures import cpu_per_operation, parts
from .rounds import Contestant
from .stage import TOKEN
from .works import Work, url

FIELDS = {"plain": [], "gzip": ["Accept-Encoding: gzip"]}
CONNECTIONS = 4
# By number, and not by time: what is begun and not completed would count.
ANSWERS = 40


def large(stage, scale):
    servers = [(peer, stage.server(peer, users=scale.large)) for peer in stage.peers()]
    for setting, fields in FIELDS.items():
        for peer, server in servers:
            size, note = _look(peer, server, scale.large, fields)
            yield Contestant(peer.name, setting, functools.partial(_measure, server, fields, size, note))


def _look(peer, server, users, fields):
    """What an answer takes, and what is to be said of it. It has to be the right one."""
    head, rest = exchange.last(server.port, "/traffic", TOKEN, *fields)
    if exchange.content(head, rest) != answers.traffic(users):
        raise SystemExit(f"{peer.name} does not answer with what the upstream says")
    return len(head) + 4 + len(rest), "not compressed" if fields and not exchange.is_compressed(head) else ""


def _measure(server, fields, size, note):
    before = server.cpu_seconds()
    load = generators.h2load_times(url(server, "/traffic"), TOKEN, ANSWERS, CONNECTIONS, 1, fields, http1=True)
    cpu = cpu_per_operation(server.cpu_seconds() - before, load) / 1000
    return parts(load, ("cpu", "ms of CPU", cpu), ("bytes", "KiB", size / 1024), note=note)


ALL = [
    Work("large", "HTTP/1.1 answers with very many users, by answer", "", large, parts=("cpu", "bytes")),
]
