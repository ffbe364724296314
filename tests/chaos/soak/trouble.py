"""Whatever can happen to a home: kills, disks that fail, clocks that jump, old backups that come back."""

from __future__ import annotations

import random
import signal
import threading
from collections.abc import Callable

from tests.chaos.soak.faults import CLOCK_JUMPS, DiskFault
from tests.chaos.soak.home import Home
from tests.chaos.soak.restore import Backups


class Trouble(threading.Thread):
    """Whatever can happen to one home, at random moments, until the soak ends; then all is well again."""

    def __init__(self, home: Home, chance: random.Random) -> None:
        super().__init__(name=f"trouble-{home.number}", daemon=True)
        self._home = home
        self._chance = chance
        self._backups = Backups(home, home.path.parent)

    def run(self) -> None:
        """See the class."""
        home = self._home
        while not home.stop.wait(self._chance.uniform(0.3, 8.0)):
            what, weights = zip(*self._happenings(), strict=True)
            self._chance.choices(what, weights)[0]()
            assert home.backend is not None
            if home.up.is_set() and home.backend.process.poll() is not None:
                home.end(signal.SIGTERM)
                self._start()

    def _happenings(self) -> tuple[tuple[Callable[[], None], int], ...]:
        return (
            (self._kill, 35),
            (self._end, 8),
            (self._disk, 25),
            (self._clock, 16),
            (self._start_on_a_bad_disk, 8),
            (self._backups.make, 4),
            (lambda: self._backups.bring_back(self._chance), 4),
        )

    def _start(self) -> None:
        self._home.hardware.at_start = None
        if not self._home.start():
            self._home.tally.find(f"home {self._home.number}: it does not start on a sound disk")
            self._home.stop.set()

    def _kill(self) -> None:
        self._home.end(signal.SIGKILL)
        self._home.tally.count("kills")
        self._start()

    def _end(self) -> None:
        self._home.end(signal.SIGTERM)
        self._home.tally.count("stops")
        self._start()

    def _disk(self) -> None:
        fault = DiskFault.drawn(self._chance)
        home = self._home
        assert home.backend is not None
        home.hardware.tell(home.backend, fault.commands)
        home.tally.count("disk faults")
        home.stop.wait(self._chance.uniform(0.1, 1.5))
        if self._chance.random() < 0.4:
            self._kill()
        else:
            home.hardware.tell(home.backend, fault.ends)

    def _clock(self) -> None:
        self._home.hardware.clock(self._chance.choice(CLOCK_JUMPS))
        self._home.tally.count("clock jumps")

    def _start_on_a_bad_disk(self) -> None:
        home = self._home
        home.end(signal.SIGKILL)
        home.tally.count("kills")
        fault = DiskFault.drawn(self._chance)
        home.hardware.at_start = fault
        if home.start():
            assert home.backend is not None
            home.stop.wait(self._chance.uniform(0.1, 1.0))
            home.hardware.tell(home.backend, fault.ends)
            home.hardware.at_start = None
        else:
            self._start()
