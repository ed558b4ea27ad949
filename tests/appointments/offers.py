"""Booking rules as the tests write them down."""
import orjson

from backend.appointments.rules.offer import EMPTY, offer_of


def rule(start=None, end=None, *, kind="recurring", on=None, **more):
    """A rule in the form of the wire; recurring ones hold Monday to Friday with one seat unless told."""
    made = {"kind": kind}
    if kind == "recurring":
        made["weekdays"] = [1, 2, 3, 4, 5]
    if kind != "closure":
        made["capacity"] = 1
    if start:
        made |= {"from": start, "to": end}
    return made | ({"date": on} if on else {}) | more


def service_body(code="a", minutes=30, **more):
    """A service in the form of the wire."""
    return {"code": code, "name": f"服务{code}", "minutes": minutes, **more}


def body(*rules, services=None, **more):
    """A whole body of booking rules."""
    offered = [service_body(code) for code in "ab"] if services is None else services
    return EMPTY | {"services": offered, "rules": list(rules)} | more


def offer(*rules, **more):
    """The offer that such a body makes."""
    return offer_of(orjson.dumps(body(*rules, **more)).decode(), 1)


def service(code="a", minutes=30, **more):
    """A service as the rules know it."""
    return offer(services=[service_body(code, minutes, **more)]).services[code]
