"""Who hears what, and what becomes of a listener that falls behind."""

from cms_backend.notification.bus import RESYNC, Bus, Subscription


def _heard(subscription: Subscription) -> list[str]:
    names = []
    while not subscription.queue.empty():
        message = subscription.queue.get_nowait()
        names.append("end" if message is None else message.data["what"])
    return names


async def test_a_message_for_some_is_heard_by_them_and_by_the_person_at_this_computer() -> None:
    bus = Bus()
    async with bus.subscribe(None) as here, bus.subscribe("did:a") as alice, bus.subscribe("did:b") as bob:
        bus.publish("contract", {"what": "secret"}, {"did:a"})
        bus.publish("log", {"what": "public"})
        assert _heard(here) == ["secret", "public"]
        assert _heard(alice) == ["secret", "public"]
        assert _heard(bob) == ["public"]


async def test_a_message_for_nobody_is_heard_by_the_person_at_this_computer_alone() -> None:
    bus = Bus()
    async with bus.subscribe(None) as here, bus.subscribe("did:a") as alice:
        bus.publish("contract", {"what": "new"}, ())
        assert (_heard(here), _heard(alice)) == (["new"], [])


async def test_who_falls_behind_is_told_to_read_again_and_holds_no_more_than_the_bound() -> None:
    bus = Bus()
    async with bus.subscribe(None) as slow:
        for number in range(2000):
            bus.publish("log", {"what": str(number)})
        assert slow.queue.qsize() <= slow.queue.maxsize
        assert "resync" in _heard(slow)
    assert RESYNC.data["what"] == "resync"


async def test_who_has_left_hears_nothing_more() -> None:
    bus = Bus()
    async with bus.subscribe(None) as gone:
        assert bus.has_listeners
    bus.publish("log", {"what": "later"})
    assert not bus.has_listeners
    assert _heard(gone) == []


async def test_closing_ends_every_stream_full_ones_and_later_ones_too() -> None:
    bus = Bus()
    async with bus.subscribe(None) as one:
        for number in range(one.queue.maxsize):
            bus.publish("log", {"what": str(number)})
        bus.close()
        assert _heard(one)[-1] == "end"
    async with bus.subscribe(None) as late:
        assert _heard(late) == ["end"]
