"""The circuit breaker, with a clock of the test's own."""

from __future__ import annotations

from rag.generation.circuit import CircuitBreaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def tripped(clock: Clock) -> CircuitBreaker:
    breaker = CircuitBreaker(failures=3, rest_s=30, clock=clock)
    for _ in range(3):
        assert breaker.allows()
        breaker.failed()
    return breaker


def test_it_opens_after_failures_in_a_row() -> None:
    assert not tripped(Clock()).allows()


def test_a_success_in_between_starts_the_count_anew() -> None:
    breaker = CircuitBreaker(failures=3, rest_s=30, clock=Clock())
    for failed in (True, True, False, True, True):
        breaker.failed() if failed else breaker.succeeded()
    assert breaker.allows()


def test_after_the_rest_one_call_may_try() -> None:
    clock = Clock()
    breaker = tripped(clock)
    clock.now += 29.9
    assert not breaker.allows()
    clock.now += 0.2
    assert breaker.allows()
    assert not breaker.allows()


def test_the_trial_decides() -> None:
    clock = Clock()
    breaker = tripped(clock)
    clock.now += 31
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    clock.now += 31
    assert breaker.allows()
    breaker.succeeded()
    assert breaker.allows()
    assert breaker.allows()


def test_a_trial_that_never_reports_does_not_shut_it_for_ever() -> None:
    clock = Clock()
    breaker = tripped(clock)
    clock.now += 31
    assert breaker.allows()
    clock.now += 31
    assert breaker.allows()


def test_it_tells_how_many_calls_in_a_row_have_failed() -> None:
    clock = Clock()
    breaker = CircuitBreaker(failures=3, rest_s=30, clock=clock)
    assert breaker.failures == 0
    breaker.failed()
    breaker.failed()
    assert breaker.failures == 2
    clock.now += 3600  # time alone heals nothing: only an answer does
    assert breaker.failures == 2
    breaker.succeeded()
    assert breaker.failures == 0
