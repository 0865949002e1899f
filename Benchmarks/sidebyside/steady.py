"""A fixed rate, the same for every server, and how long answers take then."""
import functools, pathlib
from . import generators, requirements
from .figures import parts, percentile
from .rounds import Contestant
from .stage import TOKEN
from .works import Work

SOURCE = pathlib.Path(__file__).with_name("steady.c")
CONNECTIONS = 64
SHARES = {"p50": 0.5, "p99": 0.99, "p99.9": 0.999}


def steady(stage, scale):
    program = requirements.compiled(SOURCE, stage.ground.folder)
    for peer in stage.peers():
        server = stage.server(peer)
        generate = functools.partial(
            generators.steady, program, server.port, "/traffic", TOKEN, CONNECTIONS, scale.rate, scale.seconds)
        yield Contestant(peer.name, f"{scale.rate:,}", functools.partial(_latencies, generate))


def _latencies(generate):
    load, times = generate()
    # Where nothing was answered there is a failure, and no time.
    return parts(load, *((name, "", percentile(times or [0], share)) for name, share in SHARES.items()))


ALL = [
    Work("steady", f"so many HTTP/1.1 requests a second on {CONNECTIONS} kept connections", "ms since the request was due",
         steady, parts=tuple(SHARES)),
]
