"""A gateway under a mixed crowd for a while: nothing may be wrong, and nothing may be left.

usage: soak.py PROGRAM SECONDS [KIND …]

KINDs are those of crowd.py who come and go, instead of all of them. Those who keep their connections are always there.
"""
import collections, hashlib, json, multiprocessing, os, pathlib, sys, threading, time
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import crowd
from gateway import Gateway
from hysteria import Hysteria

# The crowd comes and goes so often. The first time is for warming up: buffers, tables and the allocator find their sizes.
ROUNDS = 4
# Of each kind that comes and goes; and who keep their connections throughout.
EACH, KEPT = 3, 24
USERS = 2000
# So much more memory may be in use after the last round than after the first. What the allocator keeps in holes differs by 1 to
# 2 MiB from round to round. In five minutes there are some 50,000 connections: 100 bytes lost with each would be seen.
GROWTH_KIB = 4 * 1024
# What is left of a crowd that went away is gone behind these. They are above what a busy machine may take from one who behaves.
LIMITS = ", headTimeout: 10s, bodyTimeout: 10s, idleTimeout: 20s"
PATIENCE = 30


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
    """A process of callers; returns how to end it and get what came of it."""
    stop, results = multiprocessing.Event(), multiprocessing.Queue()
    process = multiprocessing.Process(target=drive, args=(callers, stop, results))
    process.start()

    def end():
        stop.set()
        outcome = results.get(timeout=90)
        process.join(10)
        return outcome
    return end


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
        kept = start([crowd.Kept(gateway.port, tokens, seed) for seed in range(KEPT)])
        memory, totals, standstill = [], collections.Counter(), 0
        for number in range(ROUNDS):
            # In processes: one of Python's would be the bottleneck.
            callers = [kind(gateway.port, tokens, 1000 * number + 10 * index + copy)
                       for index, kind in enumerate(kinds) for copy in range(EACH)]
            ends = [start(callers[part::4]) for part in range(4)]
            standstill = max(standstill, wait(seconds / ROUNDS))
            for end in ends:
                collect(end(), totals, failures)
            open_now = settle(gateway, hysteria, before + KEPT)
            memory.append(gateway.resident_kib())
            print(f"round {number + 1}: {sum(totals.values())} calls by those who come and go, {open_now} descriptors, "
                  f"{memory[-1] / 1024:.1f} MiB, {gateway.cpu_seconds():.1f} s of CPU", flush=True)
        collect(kept(), totals, failures)
        after = settle(gateway, hysteria, before)
        status, output = gateway.stop()
    print(json.dumps(dict(sorted(totals.items()))))
    growth = memory[-1] - memory[0]
    print(f"{hysteria.calls} calls to Hysteria; descriptors: {before} before, {after} after; "
          f"memory: {growth:+} KiB since the first round")
    failures += [f"to Hysteria: {call}" for call in hysteria.wrong[:20]]
    if growth > GROWTH_KIB:
        failures.append(f"memory grew by {growth} KiB, which is more than {GROWTH_KIB}")
    if after > before:
        failures.append(f"{after - before} descriptors are left")
    if status != 0 or "Fatal error" in output:
        failures.append(f"the gateway ended with {status}: {output[-2000:]}")
    failures += [f"no call of {kind.__name__} came to its end" for kind in [crowd.Kept, *kinds]
                 if not totals[kind.__name__] and not totals[f"{kind.__name__}, cut off"]]
    if failures:
        if standstill > 5:
            failures.append(f"the machine stood still for {standstill:.0f} s: some of it may be due to that")
        sys.exit("\n".join(failures))
    print("every answer was right, and nothing is left")


def collect(outcome, totals, failures):
    counts, wrong, number = outcome
    totals.update(counts)
    failures += wrong + ([f"and {number - len(wrong)} more"] if number > len(wrong) else [])


if __name__ == "__main__":
    names = {kind.__name__: kind for kind in crowd.PASSING}
    unknown = [name for name in sys.argv[3:] if name not in names]
    if len(sys.argv) < 3 or unknown:
        sys.exit(f"{__doc__}\nKINDs: {', '.join(names)}")
    soak(sys.argv[1], float(sys.argv[2]), [names[name] for name in sys.argv[3:]] or crowd.PASSING)
