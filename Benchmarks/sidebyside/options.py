"""The command line."""
import argparse, dataclasses, os, pathlib
from . import churn, counting, growth, identity, large, peers, steady, works

WORKS = {work.name: work for work in (*works.ALL, *growth.ALL, *steady.ALL, *large.ALL, *churn.ALL)}
PEERS = [name for name in peers.ALL if name != "gateway"]


@dataclasses.dataclass(frozen=True)
class Scale:
    """How much of everything."""

    rounds: int = 9
    seconds: int = 1
    connections: tuple = (1, 64, 1_000, 10_000)
    users: tuple = (10, 1_000, 50_000)
    idle: int = 2_000
    crowd: int = 10_000
    # Requests a second.
    rate: int = 20_000
    # Users in a large answer.
    large: int = 50_000
    churn: int = 10_000


QUICK = Scale(rounds=3, connections=(1, 64, 1_000), users=(10, 1_000), idle=1_000, crowd=1_000,
              large=10_000, churn=1_000)

EPILOG = """\
works:
""" + "".join(f"  {work.name:12} {work.about}\n" for work in WORKS.values()) + """
A figure is the server's own CPU time by request or connection, from the scheduler's account, unless its line says
otherwise. Where a work has several, each has a name: steady.p99, large/gzip.bytes, churn/reset.latency. A ratio is the
median of the ratios within each round. The first of the peers is the one that the others are compared with.

examples:
  Benchmarks/run --quick                                  all works, small, in a few minutes
  Benchmarks/run --work relay,h2 --peers nginx,haproxy    two works beside two peers
  Benchmarks/run --expect relay=0.58 --expect crowd=1.5   fails if a ratio of the gateway is above the bound
  Benchmarks/run --expect users/50,000=1                  likewise, for one setting
  Benchmarks/run --work steady --expect steady.p99=1      likewise, for one of several figures
  Benchmarks/run --work relay,resume --instructions       instructions beside CPU time

The exit status is 1 if a request failed or a ratio is above its bound.
"""


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="Benchmarks/run", formatter_class=argparse.RawDescriptionHelpFormatter, epilog=EPILOG,
        description="Runs this program, nginx, HAProxy and Caddy side by side on the same work and prints a table.")
    parser.add_argument("--work", type=_some_of(WORKS), default=list(WORKS), metavar="A,B",
                        help="which works; all by default")
    parser.add_argument("--peers", type=_some_of(PEERS), default=PEERS, metavar="A,B",
                        help=f"of {', '.join(PEERS)}; or none")
    parser.add_argument("--rounds", type=_positive, metavar="N",
                        help=f"{Scale.rounds} by default; with --quick {QUICK.rounds}")
    parser.add_argument("--seconds", type=_positive, metavar="N",
                        help="for each server in each round; 1 by default")
    parser.add_argument("--rate", type=_positive, metavar="N", help=f"requests a second in steady; {Scale.rate:,} by default")
    parser.add_argument("--instructions", action="store_true", help="instructions in user mode by operation as well, in "
                        f"{', '.join(counting.WORKS)}: by perf, or where there are no counters by valgrind, in minutes")
    parser.add_argument("--calls", action="store_true", help="system calls by operation as well, in the same works: by "
                        "perf, or by strace")
    parser.add_argument("--quick", action="store_true",
                        help="fewer rounds, connections and users: to see that it works")
    parser.add_argument("--key", choices=identity.KINDS, default="ecdsa", help="the key of the certificate")
    parser.add_argument("--program", type=pathlib.Path, default=os.environ.get("PROGRAM"), metavar="FILE",
                        help="a gateway that is built already; $PROGRAM by default")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="writes the figures to a file as well")
    parser.add_argument("--expect", type=_bound, action="append", default=[], metavar="WORK[/SETTING][.FIGURE]=BOUND",
                        help="a ratio of the gateway that is still good: beside the first peer; for threads and crowd, "
                        "beside itself with one thread and without the crowd")
    options = parser.parse_args(arguments)
    given = {name: getattr(options, name) for name in ("rounds", "seconds", "rate") if getattr(options, name)}
    options.scale = dataclasses.replace(QUICK if options.quick else Scale(), **given)
    for name, _, part, _ in options.expect:
        if name not in options.work:
            parser.error(f"--expect {name}: this work is not asked for")
        if part in counting.PARTS and not getattr(options, part):
            parser.error(f"--expect {name}.{part}: needs --{part}")
    return options


def _some_of(names):
    names = list(names)

    def choose(text):
        chosen = [] if text == "none" else text.split(",")
        for name in chosen:
            if name not in names:
                raise argparse.ArgumentTypeError(f"'{name}' is none of {', '.join(names)}")
        return chosen
    return choose


def _positive(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number above 0")
    return int(text)


def _bound(text):
    """The work, the setting and the figure or none, and the bound."""
    try:
        key, bound = text.rsplit("=", 1)
        key, _, part = key.partition(".")
        name, _, setting = key.partition("/")
        if name not in WORKS:
            raise argparse.ArgumentTypeError(f"'{name}' is none of {', '.join(WORKS)}")
        known = [*WORKS[name].parts, *(counting.PARTS if name in counting.WORKS else ())]
        if part not in known:
            raise argparse.ArgumentTypeError(
                f"'{part}' is no figure of {name}, which has {', '.join(f'{name}.{one}' if one else name for one in known)}")
        return name, setting.replace(",", ""), part, float(bound)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not like relay=0.58") from None
