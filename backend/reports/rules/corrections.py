"""What a correction changes of a filed report, and what the register follows of it (rules 7.3). Pure.

Only what a correction changes is held against what stands today. What it leaves alone, or sends back as it was filed,
stays so, though a site has left office since, a checklist has a new version, or an admin has changed the register.
"""
from collections.abc import Mapping, Sequence
from typing import Any

from backend.reports.rules import filing, sites
from backend.reports.rules.filing import Body, Ground

LONGEST_REASON = 500
Entry = dict[str, Any]


def corrected(filed: Body, said: Body, reason: str, ground: Ground) -> tuple[Entry, list[Entry]]:
    """The whole text as it stands now, and the entries of the sites that are corrected, for the register.

    Invalid names the fields of the correction as it was sent.
    """
    known: dict[str, Entry] = {one["unit_code"]: {**one, "reason": None} for one in filed["sites"]}
    sent = _sent(said.get("sites") or (), known, reason, ground)
    filing.check_draft({**said, "sites": sent}, ground)
    told, entered = {}, {}
    for place, one in enumerate(sent):
        if len(one) > 1:
            register = ground.sites[one["unit_code"]]
            told[place] = sites.overlaid({**register, **known.get(one["unit_code"], {})}, one)
            entered[place] = sites.overlaid(register, one) if ground.newest else told[place]
    filing.check_corrected(said, entered, ground)
    known |= {one["unit_code"]: one for one in sites.without_gaps(filing.settled(told.values(), ground))}
    text = {**filed, **filing.told(said, ground), "sites": [known[code] for code in sorted(known)]}
    return text, filing.settled(entered.values(), ground)


def _sent(said: Sequence[Mapping[str, Any]], known: Mapping[str, Entry], reason: str, ground: Ground) -> list[Entry]:
    """What is said of each site without what stands so already; nothing of one that left office and is left alone."""
    found = []
    for one in said:
        code = one["unit_code"]
        before = {**ground.sites.get(code, {}), **known.get(code, {})}
        changes = _changes(before, one, reason) if before else dict(one)
        if changes or code in ground.sites:
            found.append({"unit_code": code, **changes})
    return found


def _changes(before: Mapping[str, Any], said: Mapping[str, Any], reason: str) -> Entry:
    """What a correction changes of a site, for the site's own reason or else the whole correction's; empty: nothing."""
    names = sites.changed(before, sites.overlaid(before, said))
    if not names:
        return {}
    found = {name: said[name] for name in names}
    if "readiness" in found:
        had = before["readiness"]
        found["readiness"] = {code: value for code, value in said["readiness"].items() if bool(had.get(code)) != value}
    return found | {"reason": said.get("reason") or reason[:LONGEST_REASON]}
