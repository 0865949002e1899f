"""Very many connections that end at once, and somebody else who asks meanwhile."""
import functools, time
from .callers import Caller
from .figures import cpu_per_operation, parts
from .load import Load
from .rounds import Contestant
from .stage import TOKEN
from .works import Work

ENDINGS = ("closed", "reset")
PATIENCE = 30
# Connections to the upstream may come meanwhile.
SPARE = 16


def churn(stage, scale):
    for ending in ENDINGS:
        for peer in stage.peers():
            yield Contestant(peer.name, ending, functools.partial(_end, stage.server(peer), scale.churn, ending))


def _end(server, count, ending):
    """Ends the process of the callers: the kernel closes their connections faster than any program could. It is the least
    important one there is, so that who asks besides does not wait for the core."""
    arguments = (server.port, "/traffic", TOKEN)
    with Caller(*arguments) as watcher, Caller(*arguments, niceness=19) as crowd:
        load = crowd.do("open", count)
        if ending == "reset":
            crowd.do("abort")
        watcher.begin("watch")
        time.sleep(0.2)
        left, cpu, begin = server.descriptors() - count + SPARE, server.cpu_seconds(), time.monotonic()
        crowd.kill()
        while server.descriptors() > left and time.monotonic() - begin < PATIENCE:
            time.sleep(0.001)
        seconds, cpu = time.monotonic() - begin, server.cpu_seconds() - cpu
        watcher.begin("lost")
        watched, _ = watcher.end(), watcher.end()
    return ended(load, watched, seconds, cpu, kept=max(0, server.descriptors() - left))


def ended(load, watched, seconds, cpu, kept):
    """The figures. Connections that the server keeps have failed, and so has what was asked besides and not answered."""
    failed = load.failed + watched.failed + kept
    return parts(Load(load.operations, 0, failed),
                 ("cpu", "us of CPU by connection", cpu_per_operation(cpu, load)),
                 ("time", "ms until all are given back", seconds * 1000),
                 ("latency", "ms, the slowest answer to another", watched.longest))


ALL = [
    Work("churn", "very many connections that end at once, each after one request", "", churn, rounds=3,
         parts=("cpu", "time", "latency")),
]
