"""Rounds: in each, every contestant has its turn, and another one begins."""
import dataclasses, typing


@dataclasses.dataclass(frozen=True)
class Contestant:
    """One server with one setting, and what measures it once."""

    server: str
    setting: str
    measure: typing.Callable


def samples(contestants, rounds, warm_up=True):
    """The samples of the rounds by (server, setting), and how much failed in the round that warms up, which counts for
    nothing else."""
    taken, failed = {(one.server, one.setting): [] for one in contestants}, 0
    for number in range(rounds + warm_up):
        first = number % len(contestants)
        for one in contestants[first:] + contestants[:first]:
            sample = one.measure()
            if warm_up and number == 0:
                failed += sample.load.failed
            else:
                taken[(one.server, one.setting)].append(sample)
    return taken, failed
