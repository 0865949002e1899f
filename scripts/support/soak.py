"""A gateway under a mixed crowd for a while: nothing may be wrong, and nothing may be left.

usage: soak.py PROGRAM SECONDS [KIND …]

KINDs are those of crowd.py and crowd_http2.py who come and go, instead of all of them. Those who keep their connections are always there.
"""
import collections, hashlib, json, multiprocessing, os, pathlib, re, statistics, subprocess, sys, threading, time
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import crowd, crowd_http2
from gateway import Gateway
from hysteria import Hysteria

# The crowd comes and goes so often. The first time is for warming up: buffers, tables and the allocator find their sizes.
ROUNDS = 4
# Of each kind that comes and goes; and who keep their connections throughout, by the version of HTTP.
EACH, KEPT, KEPT_HTTP2 = 3, 24, 8
USERS = 2000
# So much more memory may be in use after the last round than after the first. What the allocator keeps in holes differs by 1 to
# 2 MiB from round to round. In five minutes there are some 50,000 connections: 100 bytes lost with each would be seen.
GROWTH_KIB = 4 * 1024
# While the crowd is there, the memory of the last third of the time may differ so much from that of the second third: by a part of
# it, and by what one crowd takes more than another.
DRIFT, DRIFT_KIB = 0.1, 4 * 1024
# What is left of a crowd that went away is gone behind these. They are above what a busy machine may take from one who behaves.
LIMITS = ", headTimeout: 10s, bodyTimeout: 10s, idleTimeout: 20s"
PATIENCE = 30
# So long callers may take to come to the end of what they are at: the most patient ones wait for the gateway to lose its own.
GOODBYE = 120
# So long Hysteria may at most be at writing an answer. It holds a lock meanwhile that the traffic of all users needs.
HYSTERIA_PATIENCE = 2


def drive(callers, stop, results):
    """Has each caller call until told to stop, and hands in what came of it."""
    counts, wrong = collections.Counter(), []

    def run(caller):
        kind = type(caller).__name__
        while not stop.is_set():
            try:
                caller.call()
                counts[kind] += 1
            except crowd.Wrong as error:
                wrong.append(f"{kind}: {error}")
            except crowd.GONE as error:
                counts[f"{kind}, cut off"] += 1
                if caller.must_succeed:
                    wrong.append(f"{kind}: {error!r}")
                    # Its connection is no good any more.
                    break
        caller.close()

    threads = [threading.Thread(target=run, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put((counts, wrong[:20], len(wrong)))


def start(callers):
    """A process of callers; returns how to tell them to stop, and how to wait for what came of it."""
    stop, results = multiprocessing.Event(), multiprocessing.Queue()
    process = multiprocessing.Process(target=drive, args=(callers, stop, results), daemon=True)
    process.start()

    def outcome():
        outcome = results.get(timeout=GOODBYE)
        process.join(10)
        return outcome
    return stop.set, outcome


class H2Load:
    """h2load, which asks as much as a core can, again and again. It looks at each status, and counts what it is given."""
    COUNT = 2000

    def __init__(self, port, tokens):
        self.asked, self.failures, self.port, self.tokens = 0, [], port, tokens
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.stopped.is_set():
            for token in (self.tokens[0], self.tokens[1]):
                output = subprocess.run(
                    ["h2load", "-n", str(self.COUNT), "-c", "8", "-m", "10", "-H", f"authorization: Bearer {token.text}",
                     f"https://127.0.0.1:{self.port}/traffic"], capture_output=True, text=True).stdout
                size = self.COUNT * len(token.bodies["/traffic"])
                self.asked += self.COUNT
                if not (f" {self.COUNT} succeeded, 0 failed, 0 errored, 0 timeout" in output
                        and f"status codes: {self.COUNT} 2xx" in output
                        and re.search(rf"\({size}\) data", output)):
                    self.failures.append(f"h2load, of {size} bytes: {output[-1000:]}")

    def end(self):
        self.stopped.set()
        self.thread.join()
        return self.asked, self.failures[:5]


class MemoryUnderLoad:
    """The memory of a gateway, looked at twice a second."""

    def __init__(self, gateway):
        self.gateway, self.samples, self.stopped = gateway, [], threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.stopped.wait(0.5) and self.gateway.process.poll() is None:
            self.samples.append(self.gateway.resident_kib())

    def end(self):
        """The median of the second third of the time, and that of the last, in KiB."""
        self.stopped.set()
        self.thread.join()
        third = len(self.samples) // 3
        return statistics.median(self.samples[third:2 * third] or [0]), statistics.median(self.samples[2 * third:] or [0])


def descriptors(gateway):
    """How many descriptors the gateway has open."""
    return len(os.listdir(f"/proc/{gateway.process.pid}/fd"))


def settle(gateway, hysteria, most):
    """Waits for the descriptors of those who left to be closed; returns how many are open then, but for those to Hysteria."""
    end = time.monotonic() + PATIENCE
    while (count := descriptors(gateway) - hysteria.open) > most and time.monotonic() < end:
        time.sleep(0.1)
    return count


def wait(seconds):
    """Waits, and returns how long at most the machine let nobody run meanwhile: then time limits may have passed."""
    longest, now = 0, time.monotonic()
    end = now + seconds
    while now < end:
        time.sleep(min(0.1, end - now))
        longest, now = max(longest, time.monotonic() - now), time.monotonic()
    return longest


def soak(program, seconds, kinds):
    hysteria = Hysteria(USERS)
    upstream = f'{{address: "127.0.0.1:{hysteria.start()}", secret: {hysteria.secret}}}'
    tokens = [crowd.Token(f"hg_{os.urandom(24).hex()}", hysteria, user) for user in [None, *hysteria.users[1:40]]]
    entries = ", ".join(
        f'{{name: token-{number}, hash: "sha256:{hashlib.sha256(token.text.encode()).hexdigest()}", '
        + "scopes: [traffic, online, kick]"
        + (f", users: [{token.user}]" if token.user else "") + "}" for number, token in enumerate(tokens))
    failures = []
    with Gateway(program, threads=2, upstream=upstream, tokens=entries, limits=LIMITS) as gateway:
        before = descriptors(gateway)
        kept = [start([crowd.Kept(gateway.port, tokens, seed) for seed in range(KEPT)]),
                start([crowd_http2.KeptHTTP2(gateway.port, tokens, seed) for seed in range(KEPT_HTTP2)])]
        quiet, totals, standstill = [], collections.Counter(), 0
        under_load = MemoryUnderLoad(gateway)
        for number in range(ROUNDS):
            # In processes: one of Python's would be the bottleneck.
            callers = [kind(gateway.port, tokens, 1000 * number + 10 * index + copy)
                       for index, kind in enumerate(kinds) for copy in range(EACH)]
            crowds = [start(callers[part::4]) for part in range(4)]
            load = H2Load(gateway.port, tokens)
            standstill = max(standstill, wait(seconds / ROUNDS))
            # Those who are let go now take their time for it.
            finish(crowds, totals, failures)
            asked, wrong = load.end()
            totals["h2load"] += asked
            failures += wrong
            open_now = settle(gateway, hysteria, before + KEPT + KEPT_HTTP2)
            quiet.append(gateway.resident_kib())
            print(f"round {number + 1}: {sum(totals.values())} calls by those who come and go, {open_now} descriptors, "
                  f"{quiet[-1] / 1024:.1f} MiB, {gateway.cpu_seconds():.1f} s of CPU", flush=True)
        second, last = under_load.end()
        finish(kept, totals, failures)
        after = settle(gateway, hysteria, before)
        status, output = gateway.stop()
    print(json.dumps(dict(sorted(totals.items()))))
    growth = quiet[-1] - quiet[0]
    print(f"{hysteria.calls} calls to Hysteria, the longest answer took {hysteria.longest * 1000:.0f} ms to be taken; "
          f"descriptors: {before} before, {after} after")
    print(f"memory, in KiB: {growth:+} from the first round to the last, when the crowd is gone; under it "
          f"{second:.0f} in the second third of the time, {last:.0f} in the last")
    failures += [f"to Hysteria: {call}" for call in hysteria.wrong[:20]]
    if hysteria.longest > HYSTERIA_PATIENCE + standstill:
        failures.append(f"Hysteria had to wait {hysteria.longest:.1f} s for an answer to be taken")
    if growth > GROWTH_KIB:
        failures.append(f"memory grew by {growth} KiB, which is more than {GROWTH_KIB}")
    if last > second * (1 + DRIFT) + DRIFT_KIB:
        failures.append(f"memory under the crowd grew by {last - second:.0f} KiB in the last third of the time")
    if after > before:
        failures.append(f"{after - before} descriptors are left")
    if status != 0 or "Fatal error" in output:
        failures.append(f"the gateway ended with {status}: {output[-2000:]}")
    failures += [f"no call of {kind.__name__} came to its end" for kind in [crowd.Kept, crowd_http2.KeptHTTP2, *kinds]
                 if not totals[kind.__name__]
                 and not (kind.may_be_cut_off and totals[f"{kind.__name__}, cut off"])]
    if failures:
        if standstill > 5:
            failures.append(f"the machine stood still for {standstill:.0f} s: some of it may be due to that")
        sys.exit("\n".join(failures))
    print("every answer was right, and nothing is left")


def finish(crowds, totals, failures):
    """Tells all of them to stop before it waits for the first."""
    for stop, _ in crowds:
        stop()
    for _, outcome in crowds:
        counts, wrong, number = outcome()
        totals.update(counts)
        failures += wrong + ([f"and {number - len(wrong)} more"] if number > len(wrong) else [])


if __name__ == "__main__":
    passing = crowd.PASSING + crowd_http2.PASSING
    names = {kind.__name__: kind for kind in passing}
    unknown = [name for name in sys.argv[3:] if name not in names]
    if len(sys.argv) < 3 or unknown:
        sys.exit(f"{__doc__}\nKINDs: {', '.join(names)}")
    soak(sys.argv[1], float(sys.argv[2]), [names[name] for name in sys.argv[3:]] or passing)
