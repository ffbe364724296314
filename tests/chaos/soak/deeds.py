"""What people do at their homes: contracts are opened, signed across homes, amended, ended; files go to and fro."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field

import httpx

from cms_backend.core.events import Action
from tests.chaos.soak.home import Home, Stopped
from tests.support.backend_contracts import Sent, Story, party_of

EVIDENCE = {"Content-Type": "application/vnd.cms.proof+json"}
_REVISIONS = 4


@dataclass
class Tale:
    """A contract whose log is that of its first home, between the people of all its homes."""

    story: Story
    homes: tuple[Home, ...]
    signed: set[int] = field(default_factory=set)
    over: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def own(self) -> Home:
        """Where its log is."""
        return self.homes[0]

    @property
    def path(self) -> str:
        """Its place in the API."""
        return f"/contracts/{self.story.contract}"


def carry(tale: Tale, giver: Home, taker: Home) -> bool:
    """Hand the evidence file of a contract from one home to another; False when it was not taken."""
    given = giver.get(f"{tale.path}/evidence")
    if given.is_success:
        taken = taker.post("/contracts/import", content=given.content, headers=EVIDENCE)
        giver.tally.count("files carried")
        if taken.is_success:
            return True
        given = taken
    giver.tally.find(
        f"{tale.story.contract}: not carried from {giver.number} to {taker.number}: {given.text[:300]}"
    )
    return False


class Person(threading.Thread):
    """Works at a home until the soak ends."""

    def __init__(self, home: Home, others: list[Home], tales: list[Tale], chance: random.Random) -> None:
        super().__init__(name=f"person-{home.number}", daemon=True)
        self._home = home
        self._others = others
        self._tales = tales
        self._chance = chance

    def run(self) -> None:
        """See the class."""
        try:
            self._home.know_the_log()
            while not self._home.stop.is_set():
                self._next()
                self._home.look()
        except Stopped:
            pass
        except Exception as error:  # a fault of the soak itself must not pass for a quiet night
            self._home.tally.find(f"home {self._home.number}: the person stopped: {error!r}")
            raise

    def _next(self) -> None:
        mine = [tale for tale in self._tales if self._home in tale.homes and not tale.over]
        if not mine or self._chance.random() < 0.15:
            self._open()
            return
        tale = self._chance.choice(mine[-30:])
        if not tale.lock.acquire(blocking=False):
            return
        try:
            self._go_on(tale)
        finally:
            tale.lock.release()

    def _open(self) -> None:
        homes = (self._home, *self._chance.sample(self._others, self._chance.randint(1, len(self._others))))
        parties = tuple(party_of(home.person, name=f"Person {home.number}") for home in homes)
        story = Story(log=self._home.log, owner=self._home.person, parties=parties)
        tale = Tale(story, homes)
        with tale.lock:
            self._tales.append(tale)
            self._tell(tale, self._home, story.create())
            self._tell(tale, self._home, story.propose())
        self._home.tally.count("contracts")

    def _go_on(self, tale: Tale) -> None:
        story, number = tale.story, self._home.number
        drawn = self._chance.random()
        if number not in tale.signed and drawn < 0.7:
            self._decide(tale, story.sign(self._home.person))
            tale.signed.add(number)
        elif drawn < 0.85:
            self._decide(tale, story.comment(self._home.person, f"Is this net? {self._chance.random()}"))
        elif self._home is not tale.own:
            carry(tale, tale.own, self._home)
        elif len(tale.signed) == len(tale.homes) and drawn < 0.95:
            details = {"reason": "", "effective_on": None}
            self._tell(tale, self._home, story.spine(Action.terminated, self._home.person, details))
            tale.over = True
        elif story.document is not None and story.document.document.revision < _REVISIONS:
            self._tell(tale, self._home, story.propose(title=f"Lift maintenance {self._chance.random()}"))
            tale.signed.clear()

    def _decide(self, tale: Tale, sent: Sent) -> None:
        """At another home than the log's own the event is kept there, and goes to the log in a file."""
        if self._home is tale.own:
            self._tell(tale, self._home, sent)
            return
        carry(tale, tale.own, self._home)
        self._tell(tale, self._home, sent)
        if carry(tale, self._home, tale.own):
            tale.own.acknowledged[tale.story.contract].add(sent.parsed.digest)

    def _tell(self, tale: Tale, home: Home, sent: Sent) -> None:
        path = "/contracts" if sent.parsed.action is Action.created else f"{tale.path}/events"
        answer = home.post(path, json=sent.body)
        self._acknowledge(tale, home, sent, answer)
        if self._chance.random() < 0.1:
            # Somebody whose line broke sends again what was taken long ago.
            again = home.post(path, json=sent.body)
            if again.status_code != httpx.codes.OK:
                home.tally.find(f"sent again: {again.status_code} {again.text[:200]}")

    @staticmethod
    def _acknowledge(tale: Tale, home: Home, sent: Sent, answer: httpx.Response) -> None:
        digest = sent.parsed.digest
        if not answer.is_success or answer.json()["digest"] != digest:
            home.tally.find(f"{tale.story.contract}: {sent.parsed.action} was refused: {answer.text[:300]}")
            return
        home.acknowledged[tale.story.contract].add(digest)
        home.tally.count("acknowledged")
