"""The command: from the command line to the exit status."""
import contextlib, dataclasses, pathlib, shutil, signal, sys, tempfile
from . import counting, figures, identity, machine, options, requirements, table, verdict
from .rounds import samples
from .stage import Ground, Stage

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments=None):
    chosen = options.parse(arguments)
    for number in ENDING:
        signal.signal(number, _end)
    with _folder() as folder:
        return _run(chosen, folder)


def _end(number, _):
    """Shuts everything down, servers and callers included; a second signal must not interrupt that."""
    for other in ENDING:
        signal.signal(other, signal.SIG_IGN)
    sys.exit(128 + number)


def _run(chosen, folder):
    descriptors = machine.raise_descriptor_limit()
    programs = requirements.programs(chosen)
    versions = {name: requirements.version(name, program) for name, program in programs.items()}
    ground = Ground(folder, identity.make(folder / "identity", chosen.key), programs, descriptors)
    scale = _allowed(chosen.scale, ground)
    before = machine.description()
    print(before)
    print("; ".join(f"{name} {version}" for name, version in versions.items()), flush=True)
    rows, failures = [], []
    for work in (options.WORKS[name] for name in chosen.work):
        print(table.heading(work), flush=True)
        measured, failed = _measure(work, ground, scale, [one for one in counting.PARTS if getattr(chosen, one)])
        rows += measured
        print(table.text(measured), flush=True)
        failures += [f"{work.name}: {failed} failed while warming up"] if failed else []
    print(f"\nin the end: {machine.description()}")
    if chosen.json:
        chosen.json.write_text(table.as_json(before, versions, scale, rows))
    failures += verdict.problems(rows, chosen.expect, options.WORKS)
    for line in failures:
        print(f"NOT GOOD: {line}")
    return 1 if failures else 0


def _measure(work, ground, scale, counts):
    with Stage(ground) as stage:
        contestants = list(work.contestants(stage, scale))
        taken, failed = samples(contestants, work.rounds or scale.rounds, warm_up=not work.rounds)
    if work.name in counting.WORKS:
        for part in counts:
            taken.update(counting.samples(work.name, part, ground))
    return figures.rows(work.name, work.unit, taken), failed


def _allowed(scale, ground):
    """The scale without what needs more open files than this process may have."""
    possible = dataclasses.replace(
        scale, connections=tuple(count for count in scale.connections if count <= ground.busy_connections),
        crowd=min(scale.crowd, ground.idle_connections), churn=min(scale.churn, ground.idle_connections))
    if possible != scale:
        requirements.say(f"a process may have {ground.descriptors} open files: raise the limit for the largest works")
    return possible


@contextlib.contextmanager
def _folder():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="benchmark-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
