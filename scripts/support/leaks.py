"""Whether the gateway loses memory with its connections and reloads: valgrind over a few and over many, compared.

usage: leaks.py PROGRAM SECONDS [FEW MANY]

After so many seconds it gives up and prints what was running.
"""
import collections, pathlib, re, subprocess, sys, tempfile, time
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from callers import Callers
from gateway import Gateway

# One reload after so many connections.
RELOAD_EVERY = 20
# What is in use at the end are buffers and tables, which may have grown, but neither something for each connection nor for
# each reload: from one place there may come so many blocks more.
GROWTH = 10
# So many blocks more may there be in all: the end may come before the last signal handlers are gone, or with one thread more.
GROWTH_IN_ALL = 80
# A place is so many calls.
DEPTH = 12
KINDS = ("definitely lost", "indirectly lost", "possibly lost", "still reachable")
# A thread that waits for others in a loop must not keep them from running: hence the fair scheduler, where there is one.
VALGRIND = ["valgrind", "--leak-check=full", "--show-leak-kinds=all", "--errors-for-leak-kinds=none", "--num-callers=30",
            "--error-limit=no", "--fair-sched=try",
            f"--suppressions={pathlib.Path(__file__).with_name('valgrind.supp')}"]


class Outcome:
    """What valgrind says at the end of a program."""

    def __init__(self, output):
        self.output = re.sub(r"(?m)^==\d+== ?", "", output)
        self.blocks = {}
        for kind in (*KINDS, "suppressed"):
            found = re.search(rf"{kind}: ([\d,]+) bytes in ([\d,]+) blocks", self.output)
            if not found:
                sys.exit(f"valgrind said nothing of leaks:\n{output[-3000:]}")
            self.blocks[kind] = int(found[2].replace(",", ""))
        self.errors = int(re.search(r"ERROR SUMMARY: ([\d,]+)", self.output)[1].replace(",", ""))

    def by_stack(self):
        """How many blocks that are not suppressed came from each place."""
        records, functions = collections.Counter(), r"(?:(?: +at| +by) 0x.*\n)+"
        for blocks, stack in re.findall(rf"in ([\d,]+) blocks are .*\n({functions})", self.output):
            place = "\n".join(re.sub(r"0x[0-9A-F]+: ", "", stack).splitlines()[:DEPTH])
            records[place] += int(blocks.replace(",", ""))
        return records

    def wrong_accesses(self):
        """Each report of an access that is wrong, or of a value that nothing was written to."""
        return re.findall(r"(?:Invalid |Use of uninit|Conditional jump|Syscall param|Mismatched|Source and dest).*\n(?:.+\n)*",
                          self.output)


def outcome(program, valgrind, connections, deadline):
    """What valgrind says after so many connections."""
    with Gateway(program, valgrind, handshake_timeout="60s", patience=30) as gateway:
        callers, reloads = Callers(gateway.port), 0
        for number in range(connections):
            try:
                callers.call(number)
                if number % RELOAD_EVERY == RELOAD_EVERY - 1:
                    reloads += 1
                    reload(gateway, reloads, deadline)
                if time.monotonic() > deadline:
                    raise TimeoutError("the time is over")
            except OSError as error:
                sys.exit(f"connection {number} of {connections}: {error}; {gateway.state()}\n"
                         f"{threads(gateway)}\n{gateway.log.read_text()[-3000:]}")
        status, output = gateway.stop()
    if status != 0:
        sys.exit(f"the gateway ended with {status}:\n{output[-3000:]}")
    if not callers.resumed:
        sys.exit("no session was resumed")
    result = Outcome(output)
    print(f"{connections} connections, {callers.resumed} resumed, {reloads} reloads; blocks: " +
          ", ".join(f"{kind} {count}" for kind, count in result.blocks.items()) + f"; errors: {result.errors}", flush=True)
    return result


def reload(gateway, number, deadline):
    """Has a new certificate taken, and waits until it is."""
    gateway.renew_identity()
    gateway.reload()
    while gateway.log.read_text().count("changed=certificates") < number:
        if time.monotonic() > deadline or gateway.process.poll() is not None:
            raise TimeoutError(f"reload {number} was not done")
        time.sleep(0.02)


def threads(gateway):
    """Where the program is, by valgrind itself."""
    try:
        return subprocess.run(["vgdb", f"--pid={gateway.process.pid}", "--wait=5", "v.info", "scheduler"],
                              capture_output=True, text=True, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"valgrind does not say where: {error}"


def compare(program, valgrind):
    few, many = map(int, sys.argv[3:5]) if len(sys.argv) > 3 else (200, 1000)
    deadline = time.monotonic() + float(sys.argv[2])
    before, after = outcome(program, valgrind, few, deadline), outcome(program, valgrind, many, deadline)
    # Nothing may be lost, however often. What is only possibly so are the stacks of threads and the runtime's tables.
    wrong = [kind for kind in KINDS[:2] if after.blocks[kind] > 0]
    if sum(after.blocks[kind] - before.blocks[kind] for kind in KINDS[2:]) > GROWTH_IN_ALL:
        wrong.append("all")
    grown = (after.by_stack() - before.by_stack()).most_common()
    wrong += [f"{more} blocks from one place" for _, more in grown if more > GROWTH]
    if wrong:
        for place, more in grown[:20]:
            print(f"{more} blocks more from\n{place}\n")
    invalid = before.wrong_accesses() + after.wrong_accesses()
    for report in invalid:
        print(report)
    if wrong or invalid or after.errors or before.errors:
        sys.exit(f"lost, or growing with connections and reloads: {', '.join(wrong) or 'nothing'}; "
                 f"wrong accesses: {max(len(invalid), after.errors)}")
    print("nothing is lost, and nothing grows with the number of connections and reloads")


def main():
    with tempfile.TemporaryDirectory() as folder:
        # Valgrind gives up on the debugging information of newer compilers; names of functions are left.
        program = f"{folder}/hysteria-gateway"
        subprocess.run(["strip", "--strip-debug", "-o", program, sys.argv[1]], check=True)
        shim = f"{folder}/sigsuspend.so"
        source = pathlib.Path(__file__).with_name("sigsuspend.c")
        subprocess.run(["clang", "-shared", "-fPIC", "-O1", "-o", shim, source], check=True)
        compare(program, ["env", f"LD_PRELOAD={shim}", *VALGRIND])


main()
