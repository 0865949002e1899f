"""Whether the gateway loses memory with its connections: valgrind over a few and over many, compared.

usage: leaks.py PROGRAM [FEW MANY]
"""
import pathlib, re, subprocess, sys, tempfile, time
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from callers import Callers
from gateway import Gateway

# One reload after so many connections.
RELOAD_EVERY = 50
# What is still reachable at the end are buffers and tables, which may have grown, but not something for each connection:
# their number may differ by this much of the difference in connections.
REACHABLE_GROWTH = 0.05
VALGRIND = ["valgrind", "--leak-check=full", "--show-leak-kinds=definite", "--errors-for-leak-kinds=none",
            "--num-callers=30", "--error-limit=no"]


def reloads(program):
    """Whether SIGHUP is something that the program knows; a program that does not ends with it."""
    with Gateway(program) as gateway:
        gateway.reload()
        time.sleep(1)
        return gateway.process.poll() is None


def lost(program, valgrind, connections, with_reloads):
    """What valgrind says after so many connections, in bytes by kind."""
    with Gateway(program, valgrind, handshake_timeout="60s", patience=180) as gateway:
        callers, done = Callers(gateway.port), 0
        for number in range(connections):
            callers.call(number)
            if with_reloads and number % RELOAD_EVERY == RELOAD_EVERY - 1:
                gateway.renew_identity()
                gateway.reload()
                done += 1
        if gateway.process.poll() is not None:
            sys.exit(f"the gateway ended with {gateway.process.returncode}:\n{gateway.log.read_text()[-3000:]}")
        if not callers.resumed:
            sys.exit("no session was resumed")
        status, output = gateway.stop()
    if status != 0:
        sys.exit(f"the gateway ended with {status}:\n{output[-3000:]}")
    found = {kind: int(size.replace(",", "")) for kind, size in
             re.findall(r"(definitely|indirectly|possibly) lost: ([\d,]+) bytes", output)}
    if not found and "All heap blocks were freed" not in output:
        sys.exit(f"valgrind said nothing of leaks:\n{output[-3000:]}")
    reachable = re.search(r"still reachable: ([\d,]+) bytes in ([\d,]+) blocks", output)
    found["reachable"], found["reachable blocks"] = (int(number.replace(",", "")) for number in reachable.groups())
    found["errors"] = int(re.search(r"ERROR SUMMARY: ([\d,]+)", output)[1].replace(",", ""))
    print(f"{connections} connections, {callers.resumed} resumed, {done} reloads: " +
          ", ".join(f"{kind} {value}" for kind, value in found.items()), flush=True)
    return found, output


def main():
    with tempfile.TemporaryDirectory() as folder:
        # Valgrind gives up on the debugging information of newer compilers; names of functions are left.
        program = f"{folder}/hysteria-gateway"
        subprocess.run(["strip", "--strip-debug", "-o", program, sys.argv[1]], check=True)
        shim = f"{folder}/sigsuspend.so"
        source = pathlib.Path(__file__).with_name("sigsuspend.c")
        subprocess.run(["clang", "-shared", "-fPIC", "-O1", "-o", shim, source], check=True)
        compare(program, ["env", f"LD_PRELOAD={shim}", *VALGRIND])


def compare(program, valgrind):
    few, many = map(int, sys.argv[2:4]) if len(sys.argv) > 2 else (200, 1000)
    with_reloads = reloads(program)
    if not with_reloads:
        print("this program does not reload on SIGHUP: without reloads")
    before, _ = lost(program, valgrind, few, with_reloads)
    after, output = lost(program, valgrind, many, with_reloads)
    wrong = [kind for kind in ("definitely", "indirectly") if after.get(kind, 0) > before.get(kind, 0)]
    if after["reachable blocks"] > before["reachable blocks"] + REACHABLE_GROWTH * (many - few):
        wrong.append("reachable")
    invalid = re.findall(r"== (Invalid (?:read|write|free).*|.*uninitialised.*)", output)
    if wrong or invalid:
        print(output)
        sys.exit(f"grows with the number of connections: {wrong}; wrong accesses: {len(invalid)}")
    print("nothing that is lost grows with the number of connections")


main()
