"""What a generator of load reports."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Load:
    """What was done in so many seconds; `failed` is what got no answer, or another one than 200."""

    operations: int
    seconds: float
    failed: int
    # The time within which 99 of 100 were answered, in milliseconds, from generators that tell.
    p99: float = None
    # The time of the slowest answer, in milliseconds, likewise.
    longest: float = None

    def __post_init__(self):
        # A server that does nothing at all does not get away with it.
        if not self.operations and not self.failed:
            object.__setattr__(self, "failed", 1)
