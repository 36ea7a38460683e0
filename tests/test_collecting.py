"""Collecting: the collector rests while it is told to, and then looks at what was made meanwhile."""

import gc
import weakref

from api.collecting import collecting_on_request


class Ring:
    """An object that only it itself refers to."""

    def __init__(self) -> None:
        self.itself = self


def test_what_was_made_meanwhile_is_looked_at_when_asked_and_not_before() -> None:
    with collecting_on_request() as collect:
        assert not gc.isenabled()
        gone = weakref.ref(Ring())
        assert gone() is not None
        collect()
        assert gone() is None
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with collecting_on_request():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
