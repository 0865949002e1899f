"""What counts instructions and system calls of a server: perf, where the machine lets it, else valgrind and strace.

Each starts a server on a stage and returns a function that has something done with it, and returns the count and what was
done; None where that server cannot be counted.
"""
import dataclasses, functools, re, shlex, signal, subprocess, time
from . import processes, requirements
from .stage import Stage

PATIENCE = 120


def instructions(stage, peer):
    if _perf_counts("instructions:u"):
        return _by_perf("instructions:u", stage, peer)
    return _by_valgrind(stage, peer)


def calls(stage, peer):
    if _perf_counts("raw_syscalls:sys_enter"):
        return _by_perf("raw_syscalls:sys_enter", stage, peer)
    return _by_strace(stage, peer)


@functools.cache
def _perf_counts(event):
    try:
        said = subprocess.run(["perf", "stat", "-x", ",", "-e", event, "true"], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)
    except FileNotFoundError:
        return False
    return said.returncode == 0 and read_perf(said.stderr) is not None


def _by_perf(event, stage, peer):
    command = ["perf", "stat", "-x", ",", "-e", event, "-p"]
    return functools.partial(_attached, stage.server(peer), lambda pids: [*command, ",".join(pids)], read_perf)


def _by_strace(stage, peer):
    requirements.install({"strace": "strace"})
    command = ["strace", "-c", "-f", "-U", "calls,name"]
    return functools.partial(
        _attached, stage.server(peer), lambda pids: [*command, *(f"--attach={pid}" for pid in pids)], read_strace)


def _attached(server, command, read, perform):
    """Counts from outside."""
    counter = subprocess.Popen(
        command([str(pid) for pid in processes.family(server.process.pid)]), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        # Neither of them says when it has begun. What the server does by itself meanwhile falls out with the difference.
        time.sleep(1)
        load = perform(server)
        counter.send_signal(signal.SIGINT)
        _, said = counter.communicate(timeout=PATIENCE)
    finally:
        counter.kill()
        counter.wait()
    return _found(read(said), counter.args[0], said), load


def _by_valgrind(stage, peer):
    """A server under valgrind from its start on, which counts once it has started. As valgrind knows fewer instructions
    than today's processors, OpenSSL takes other ways than it would without."""
    if peer.alone is None:
        requirements.say(f"{peer.name} does not run under valgrind: its instructions are not counted")
        return None
    requirements.install({"valgrind": "valgrind", "strip": "binutils"})
    folder = stage.ground.new_folder("valgrind")
    program, report, watched = folder / "program", folder / "report", folder / "watched"
    # Without what debuggers read, not all of which valgrind understands.
    subprocess.run(["strip", "-g", "-o", program, stage.ground.programs[peer.name]], check=True)
    words = ["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={report}", str(program)]
    watched.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@" {shlex.join(peer.alone)}\n')
    watched.chmod(0o700)
    ground = dataclasses.replace(stage.ground, programs={**stage.ground.programs, peer.name: str(watched)})
    own = stage.enter_context(Stage(ground, upstream=stage.ground.programs.get("nginx")))
    server = own.server(peer)
    # Once and for all: its sums are wrong when it is told to stop and to go on.
    _tell(server, "--instr=on")
    return functools.partial(_under_valgrind, server, report)


def _under_valgrind(server, report, perform):
    load = perform(server)
    # Writes what was counted, and begins again.
    _tell(server, "--dump")
    newest = max(report.parent.glob(f"{report.name}.*"), key=lambda file: int(file.suffix[1:]))
    said = newest.read_text()
    return _found(read_callgrind(said), "callgrind", said), load


def _tell(server, what):
    subprocess.run(["callgrind_control", what, str(server.process.pid)], stdin=subprocess.DEVNULL, check=True, timeout=PATIENCE,
                   capture_output=True)


def _found(count, counter, said):
    if count is None:
        raise SystemExit(f"{counter} counts nothing:\n{said[-2000:]}")
    return count


def read_perf(text):
    """The number of a `perf stat -x,` of one event, or None if it was not counted."""
    found = re.search(r"^(\d+),", text, re.MULTILINE)
    return int(found[1]) if found else None


def read_strace(text):
    """The number of calls in the last line of a `strace -c -U calls,name`."""
    found = re.search(r"^ *(\d+) total$", text, re.MULTILINE)
    return int(found[1]) if found else None


def read_callgrind(text):
    """The number of instructions in a report of callgrind."""
    found = re.search(r"^(?:summary|totals): (\d+)$", text, re.MULTILINE)
    return int(found[1]) if found else None
