"""Rounds: in each, every contestant has its turn, and another one begins."""
import dataclasses, typing


@dataclasses.dataclass(frozen=True)
class Contestant:
    """One server with one setting, and what measures it once: a sample, or a list of one for each figure of the work."""

    server: str
    setting: str
    measure: typing.Callable


def samples(contestants, rounds, warm_up=True):
    """The samples of the rounds by (server, setting, part), and how much failed in the round that warms up, which counts for
    nothing else."""
    taken, failed = {}, 0
    for number in range(rounds + warm_up):
        first = number % len(contestants)
        for one in contestants[first:] + contestants[:first]:
            measured = one.measure()
            parts = measured if isinstance(measured, list) else [measured]
            if warm_up and number == 0:
                # All of them are of the same load.
                failed += parts[0].load.failed
            else:
                for sample in parts:
                    taken.setdefault((one.server, one.setting, sample.part), []).append(sample)
    # As they were given, whoever began the first round.
    order = [(one.server, one.setting) for one in contestants]
    return dict(sorted(taken.items(), key=lambda item: order.index(item[0][:2]))), failed
