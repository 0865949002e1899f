"""The arithmetic: from samples to the rows of the table."""
import dataclasses, math, statistics
from .load import Load


@dataclasses.dataclass(frozen=True)
class Sample:
    """What one server did in one round. The figure is what servers are compared by; less is better."""

    figure: float
    load: Load
    # Which figure it is, and its unit, of a work that has several.
    part: str = ""
    unit: str = ""
    # What is to be known of it besides.
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Row:
    """One server at one work. A ratio is the median of the ratios within each round, for what disturbs the machine
    disturbs those who follow one another in a round alike."""

    work: str
    setting: str
    part: str
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
    note: str


def cpu_per_operation(seconds, load):
    """Microseconds of CPU time for each operation."""
    return seconds * 1e6 / max(1, load.operations)


def percentile(values, share):
    """The least of the values that so large a share of them is not above (nearest rank)."""
    values = sorted(values)
    return values[max(0, math.ceil(share * len(values)) - 1)]


def parts(load, *named, note=""):
    """Samples of one load, by (part, unit, figure). What failed counts with the first."""
    others = dataclasses.replace(load, failed=0) if load.operations else load
    return [Sample(figure, others if index else load, part, unit, note)
            for index, (part, unit, figure) in enumerate(named)]


def rows(work, unit, samples):
    """The rows of a work, from its samples by (server, setting, part): servers side by side, in the order in which settings,
    parts and servers come first."""
    if not samples:
        return []
    first_server, first_setting, _ = next(iter(samples))
    order = [list(dict.fromkeys(key[place] for key in samples)) for place in range(3)]
    keys = sorted(samples, key=lambda key: [order[place].index(key[place]) for place in (1, 2, 0)])
    return [_row(work, setting, part, server, unit, samples[(server, setting, part)],
                 first=samples.get((first_server, setting, part)), itself=samples.get((server, first_setting, part)))
            for server, setting, part in keys]


def _row(work, setting, part, server, unit, own, first, itself):
    values = [sample.figure for sample in own]
    loads = [sample.load for sample in own]
    p99s = [load.p99 for load in loads if load.p99 is not None]
    return Row(
        work, setting, part, server, own[0].unit or unit, statistics.median(values), min(values), max(values),
        beside_first=ratio(own, first), beside_itself=ratio(own, itself),
        per_second=statistics.median(load.operations / load.seconds if load.seconds else 0 for load in loads),
        p99=statistics.median(p99s) if p99s else None, failed=sum(load.failed for load in loads), note=own[0].note)


def ratio(samples, others):
    """The median of the ratios within each round, or None where there is nothing to compare with."""
    pairs = [(one.figure, other.figure) for one, other in zip(samples, others or []) if other.figure]
    return statistics.median(one / other for one, other in pairs) if pairs else None
