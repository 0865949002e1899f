"""The load generators that others have written: wrk for HTTP/1.1, h2load for HTTP/2. They run on the load's cores."""
import dataclasses, re, subprocess
from . import machine
from .load import Load

MILLISECONDS = {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}


def wrk(url, token, seconds, connections, headers=()):
    """Requests on so many connections, each when the one before it is answered."""
    fields = [f"Authorization: Bearer {token}", *headers]
    return read_wrk(_run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency",
         *(word for field in fields for word in ("-H", field)), url]))


def h2load(url, token, seconds, connections, streams):
    """HTTP/2 requests on so many streams of so many connections."""
    return read_h2load(_run(
        ["h2load", "-t1", f"-c{connections}", f"-m{streams}", "-D", str(seconds),
         "-H", f"authorization: Bearer {token}", url]), seconds)


def h2load_times(url, token, operations, connections, streams, fields=(), http1=False):
    """So many requests, no more and no less, over HTTP/2 or HTTP/1.1. No time is told."""
    text = _run(["h2load", "-t1", f"-c{connections}", f"-m{streams}", f"-n{operations}", *(["--h1"] if http1 else []),
                 *(word for field in (f"authorization: Bearer {token}", *fields) for word in ("-H", field)), url])
    load = read_h2load(text, 0)
    return dataclasses.replace(load, failed=operations - load.operations)


def steady(program, port, path, token, connections, rate, seconds):
    """Requests at a fixed rate. Returns what was done, and the milliseconds of each answer since its request was due."""
    said = _run([str(program), str(port), path, token, *map(str, (connections, rate, seconds))])
    times = [int(line) for line in said.split()]
    good = [time / 1000 for time in times if time >= 0]
    return Load(len(good), seconds, len(times) - len(good)), good


def read_wrk(text):
    """What wrk has printed."""
    done = _find(r"(\d+) requests in ([\d.]+)(us|ms|s|m)", text)
    p99 = _find(r"99%\s+([\d.]+)(us|ms|s|m)", text)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    failed = (int(refused[1]) if refused else 0) + (sum(map(int, errors.groups())) if errors else 0)
    seconds = float(done[2]) * MILLISECONDS[done[3]] / 1000
    return Load(int(done[1]), seconds, failed, float(p99[1]) * MILLISECONDS[p99[2]])


def read_h2load(text, seconds):
    """What h2load has printed. Requests in flight when the time is over count as neither done nor failed."""
    done = _find(r"(\d+) done, \d+ succeeded, (\d+) failed", text)
    good = _find(r"status codes: (\d+) 2xx", text)
    # Those that failed are among the done ones, unless their connection ended first.
    return Load(int(good[1]), seconds, max(int(done[2]), int(done[1]) - int(good[1])))


def _run(command):
    ended = subprocess.run(["taskset", "-c", machine.as_text(machine.load_cores()), *command], stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if ended.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {ended.returncode}:\n{ended.stdout[-2000:]}")
    return ended.stdout


def _find(pattern, text):
    found = re.search(pattern, text)
    if not found:
        raise SystemExit(f"the load generator says nothing like '{pattern}':\n{text[-2000:]}")
    return found
