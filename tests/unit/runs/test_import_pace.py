from bulkpo.runs.delivery.throttle import Throttle


def test_more_are_let_through_while_answers_stay_quick() -> None:
    pace = Throttle(12)
    assert pace.allowed == 8
    for _ in range(20):
        pace.answered(0.3)
    assert pace.allowed == 12


def test_trouble_halves_it_but_one_storm_counts_once() -> None:
    pace = Throttle(12)
    for _ in range(20):
        pace.answered(0.3)
    for _ in range(12):
        pace.troubled()
    assert pace.allowed == 6
    for _ in range(8):
        pace.answered(0.3)
    pace.troubled()
    assert pace.allowed == 3


def test_it_shrinks_when_requests_only_wait_for_each_other_and_never_below_one() -> None:
    pace = Throttle(12)
    pace.answered(0.02)
    for _ in range(400):
        pace.answered(0.2)
    assert pace.allowed == 1


def test_short_answers_that_wait_for_each_other_leave_a_few_under_way() -> None:
    pace = Throttle(12)
    pace.answered(0.001)
    for _ in range(400):
        pace.answered(0.04)
    assert pace.allowed == 4
