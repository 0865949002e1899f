"""The arithmetic: from samples to the rows of the table."""
import dataclasses, statistics
from .load import Load


@dataclasses.dataclass(frozen=True)
class Sample:
    """What one server did in one round. The figure is what servers are compared by; less is better."""

    figure: float
    load: Load


@dataclasses.dataclass(frozen=True)
class Row:
    """One server at one work. A ratio is the median of the ratios within each round, for what disturbs the machine
    disturbs those who follow one another in a round alike."""

    work: str
    setting: str
    server: str
    unit: str
    median: float
    least: float
    most: float
    # To the first server with the same setting.
    beside_first: float
    # To the same server with the first setting.
    beside_itself: float
    per_second: float
    p99: float
    failed: int


def cpu_per_operation(seconds, load):
    """Microseconds of CPU time for each operation."""
    return seconds * 1e6 / max(1, load.operations)


def rows(work, unit, samples):
    """The rows of a work, from its samples by (server, setting), in the order in which they are to appear."""
    if not samples:
        return []
    first_server, first_setting = next(iter(samples))
    return [_row(work, setting, server, unit, own, first=samples.get((first_server, setting)),
                 itself=samples.get((server, first_setting)))
            for (server, setting), own in samples.items()]


def _row(work, setting, server, unit, own, first, itself):
    values = [sample.figure for sample in own]
    loads = [sample.load for sample in own]
    p99s = [load.p99 for load in loads if load.p99 is not None]
    return Row(
        work, setting, server, unit, statistics.median(values), min(values), max(values),
        beside_first=ratio(own, first), beside_itself=ratio(own, itself),
        per_second=statistics.median(load.operations / load.seconds if load.seconds else 0 for load in loads),
        p99=statistics.median(p99s) if p99s else None, failed=sum(load.failed for load in loads))


def ratio(samples, others):
    """The median of the ratios within each round, or None where there is nothing to compare with."""
    pairs = [(one.figure, other.figure) for one, other in zip(samples, others or []) if other.figure]
    return statistics.median(one / other for one, other in pairs) if pairs else None
