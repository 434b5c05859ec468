"""How fast the vendor works: its own time, which can run faster or slower than the clock."""

from sandbox.clock import Clock


class Pace:
    """Milliseconds of work done since the start. Factor 10 is ten times as fast, 0 stands still."""

    def __init__(self, clock: Clock, factor: float = 1.0) -> None:
        self._clock = clock
        self._since = clock.now()
        self._done = 0.0
        self.factor = factor

    def now(self) -> float:
        """Work done so far."""
        return self._done + (self._clock.now() - self._since) * self.factor

    def set(self, factor: float) -> None:
        """Work at another speed from now on; what is done stays done."""
        self._done, self._since = self.now(), self._clock.now()
        self.factor = factor

    def when(self, work: float) -> int:
        """The clock's time at which so much work was done, at the present speed."""
        if self.factor == 0:
            return self._clock.now()
        return round(self._since + (work - self._done) / self.factor)
