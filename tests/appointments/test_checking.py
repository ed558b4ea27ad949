"""Booking rules that make no sense are refused, naming the field."""
import pytest

from backend.appointments.rules import checking
from backend.core.problems import Invalid
from tests.appointments.offers import body, rule, service_body


def refused(*rules, **more):
    try:
        checking.check(body(*rules, **more))
    except Invalid as problem:
        return sorted(problem.errors)
    return []


def cutoff(kind, value):
    return [service_body("a", cutoff={"kind": kind, "value": value})]


@pytest.mark.parametrize(("rules", "fields"), [
    ([rule("09:00", "10:15")], ["rules.0.to"]),
    ([rule("09:00", "09:00")], ["rules.0.to"]),
    ([rule("09:00", "10:00"), rule("09:30", "10:30")], ["rules.1.from"]),
    ([rule("09:00", "10:00"), rule("10:00", "11:00"), rule("09:00", "10:00", desk="2")], []),
    ([rule("09:00", "10:00", weekdays=[1]), rule("09:00", "10:00", weekdays=[2])], []),
    ([rule("09:00", "10:00", weekdays=[1, 1])], ["rules.0.weekdays"]),
    ([rule("09:00", "10:00", weekdays=[])], ["rules.0.weekdays"]),
    ([rule("09:00", "10:00", on="2026-10-01")], ["rules.0.date"]),
    ([rule("09:00", "10:00", kind="one_day")], ["rules.0.date"]),
    ([rule("09:00", "10:00", kind="weekend_duty")], []),
    ([rule("09:00", "10:00", services=["zz"])], ["rules.0.services"]),
    ([rule("09:00", "10:00", capacity=1, self_capacity=2)], ["rules.0.self_capacity"]),
    ([rule(kind="closure", on="2026-10-01")], []),
    ([rule(kind="closure", on="2026-10-01", capacity=1)], ["rules.0.capacity"]),
    ([{"kind": "closure", "date": "2026-10-01", "from": "09:00"}], ["rules.0.to"]),
    ([{"kind": "recurring"}], [f"rules.0.{name}" for name in ("capacity", "from", "to", "weekdays")]),
    ([rule("00:00", "24:00", desk=str(n)) for n in range(42)], ["rules"]),
])
def test_a_rule_that_makes_no_sense_is_named(rules, fields):
    assert refused(*rules) == fields


@pytest.mark.parametrize(("kind", "value", "fine"), [
    ("minutes_before", 0, True), ("minutes_before", "12:00", False), ("working_day_close", 1, True),
    ("working_day_close", 0, False), ("working_day_close", 31, False), ("working_day_time", "12:00", True),
    ("working_day_time", 720, False),
])
def test_a_cutoffs_value_is_what_its_kind_asks_for(kind, value, fine):
    assert refused(services=cutoff(kind, value)) == ([] if fine else ["services.0.cutoff.value"])


def test_a_service_is_named_once():
    assert refused(services=[service_body("a"), service_body("a")]) == ["services.1.code"]
