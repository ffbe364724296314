"""Whatever can happen to a home: kills, disks that fail, clocks that jump, old backups that come back."""

from __future__ import annotations

import random
import signal
import threading
from collections.abc import Callable

from tests.chaos.soak.faults import CLOCK_JUMPS, DiskFault
from tests.chaos.soak.home import Home
from tests.chaos.soak.restore import Backups

_FIRST_BACKUP = 8.0
"""Seconds after which there is something to back up."""


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
        home.stop.wait(_FIRST_BACKUP)
        self._backups.make()
        deck: list[Callable[[], None]] = []
        while not home.stop.wait(self._chance.uniform(0.3, 8.0)):
            if not deck:
                deck = self._deck()
            deck.pop()()
            assert home.backend is not None
            if home.up.is_set() and home.backend.process.poll() is not None:
                home.end(signal.SIGTERM)
                self._start()
        self._backups.bring_back(self._chance)

    def _deck(self) -> list[Callable[[], None]]:
        """Every kind of trouble, the common ones more often, in an order of chance."""
        deck = [
            *[self._kill] * 5,
            *[self._disk] * 4,
            *[self._clock] * 3,
            *[self._start_on_a_bad_disk] * 2,
            self._end,
            self._backups.make,
            lambda: self._backups.bring_back(self._chance),
        ]
        self._chance.shuffle(deck)
        return deck

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
