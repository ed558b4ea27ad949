"""What departments do with a summons: sign for it, excuse themselves, come and speak, or stay away (rules 8.4)."""
from datetime import datetime
from typing import Any

from backend.clocks import queries as calendars
from backend.core import adjustable, clock, ledger, moves, versions
from backend.core.actor import Actor
from backend.core.adjustable import Adjustable
from backend.core.problems import invalid
from backend.core.transaction import transaction
from backend.projects.actions import informing, row, settling, summoning
from backend.projects.models import Summons
from backend.projects.queries import reviews as found_reviews
from backend.projects.rules import handling, states, who
from backend.projects.rules import reviews as rules

LATE = "late"
"""Marks the reference of a word that came after the absence was deemed: it is kept, and refused."""


_SHORT = {rules.BY_ABSENCE: "deemed", rules.WITHOUT_REASONS: "without_reasons"}
"""As the ledger's narrow column has them."""


adjustable.declare(Adjustable(rules.SETTING, rules.CONSENT, rules.check_setting))


def _taken(
    review_id: str, department: str, actor: Actor, *, recorded: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The review and the department's summons, held; NotFound, then NotYourProject or NotYourDepartment."""
    review = found_reviews.row(review_id, actor, lock=True)
    found = found_reviews.summons_row(review_id, department, lock=True)
    if recorded:
        row.may_record(review, department, actor)
    elif not row.speaks(review, department, actor):
        raise who.NotYourDepartment()
    return review, found


def _move(review: dict[str, Any], found: dict[str, Any], verb: str) -> str:
    handling.check_running(review["project_state"])
    if found["outcome"] is not None:
        raise rules.AlreadyAnswered()
    return moves.move(rules.SUMMONS_MOVES, found["state"], verb, rules.SUMMONS_NAMES)


def _amend(found: dict[str, Any], **values: Any) -> None:
    row.amend(Summons, found, **values)
    found |= values | {"version": found["version"] + 1}


def _record(
    action: str, review: dict[str, Any], found: dict[str, Any], *, outcome: str = "done",
    at: datetime | None = None, **detail: Any
) -> None:
    ledger.record(
        action, "summons", found["id"], scope=review["district_code"], fields=("state", "outcome"),
        outcome=_SHORT.get(outcome, outcome),
        happened_at=at,
        detail={
            "project": review["project_number"], "review": review["n"], "department": found["department_code"],
            **detail,
        },
    )


def _due(review: dict[str, Any], after: datetime) -> datetime:
    present = calendars.present(review["calendar_stamp"])
    return rules.answer_due(after, present.calendar, present.closed(review["district_code"]))


@transaction
def sign(
    review_id: str, department: str, *, signed_by: str, signed_at: datetime, actor: Actor, now: datetime
) -> list[str]:
    """Record that a department signed for its summons; the references of review and department.

    Who signs only after the meeting was called to it too late: its written answer is awaited. NotFound,
    NotYourProject, NotYourDepartment, AlreadyAnswered, IllegalMove, StaleVersion; Invalid for a moment to come, or
    before the summons was served.
    """
    review, found = _taken(review_id, department, actor, recorded=True)
    state = _move(review, found, "sign")
    versions.check_seen(found, actor)
    signed = handling.check_signed(signed_at, now)
    if signed < found["served_at"] - handling.SKEW:
        raise invalid("signed_at", "不得早于送达时间", "Must not be before it was served.")
    signed = max(signed, found["served_at"])
    late = signed > review["meet_at"]
    due = _due(review, signed) if late else None
    _amend(found, state=state, signed_by=signed_by, signed_at=signed, answer_due_at=due)
    _record("summons.sign", review, found, at=signed, signed_by=signed_by, answer_due_at=clock.wire(due))
    if due is not None:
        _tell(review, found, "review_awaited", f"awaited:{found['times_served']}", actor, now, due=due)
    return [review_id, department]


@transaction
def excuse(review_id: str, department: str, *, reasons: str, actor: Actor, now: datetime) -> list[str]:
    """Excuse a department in writing, before the meeting: it answers within two working days after it.

    NotFound, NotYourDepartment, AlreadyAnswered, IllegalMove, MeetingBegun, StaleVersion.
    """
    review, found = _taken(review_id, department, actor, recorded=False)
    state = _move(review, found, "excuse")
    if now >= review["meet_at"]:
        raise rules.MeetingBegun()
    versions.check_seen(found, actor)
    due = _due(review, review["meet_at"])
    _amend(found, state=state, excuse=reasons, excused_at=now, answer_due_at=due)
    _record("summons.excuse", review, found, reasons=reasons, answer_due_at=clock.wire(due))
    about = informing.of_review(review)
    informing.tell(
        "review_excused", about, [review["agent_id"]], f"excused:{department}:{found['times_served']}", actor=actor,
        now=now, department=found["department_name"], due=due,
    )
    return [review_id, department]


def _tell(
    review: dict[str, Any], found: dict[str, Any], template: str, key: str, actor: Actor, now: datetime, **values: Any
) -> None:
    """Tell the department, its head too, and the project's agent."""
    about, department = informing.of_review(review), found["department_code"]
    informing.tell(
        template, about, [*informing.leading(about, department), review["agent_id"]], f"{key}:{department}",
        actor=actor, now=now, department=found["department_name"], **values,
    )


@transaction
def attend(
    review_id: str, department: str, *, attended: bool, decision: str | None = None, reasons: str | None = None,
    actor: Actor, now: datetime,
) -> list[str]:
    """Record whether a department came and what it said, or its written answer; the references.

    LATE stands behind them where the absence is deemed by now: what is said then is kept, and the caller refuses it.
    NotFound, NotYourProject, NotYourDepartment, MeetingNotBegun, AlreadyAnswered, IllegalMove, StaleVersion; Invalid
    for who came and said nothing, or stayed away and speaks though no written answer is awaited.
    """
    review, found = _taken(review_id, department, actor, recorded=True)
    if now < review["meet_at"]:
        raise rules.MeetingNotBegun()
    if found["outcome"] == rules.BY_ABSENCE or _lapse(review, found, actor=actor, now=now, exactly=False):
        _keep_late(review, found, decision, reasons, actor, now)
        return [review_id, department, LATE]
    _move(review, found, "attend")
    versions.check_seen(found, actor)
    if decision is None:
        if attended:
            raise invalid("decision", "到会部门须表明意见", "Who came has to say yes or no.")
        _stay_away(review, found, actor, now)
        return [review_id, department]
    called = found["state"] == rules.SIGNED and found["answer_due_at"] is None
    if not attended and called:
        raise invalid("decision", "未到会且未请假的，不记意见", "Who stayed away unexcused has no word at the meeting.")
    _answer(review, found, attended, decision, reasons, actor, now)
    return [review_id, department]


def _answer(
    review: dict[str, Any], found: dict[str, Any], attended: bool, decision: str, reasons: str | None, actor: Actor,
    now: datetime,
) -> None:
    given = reasons if reasons and reasons.strip() else None
    setting = adjustable.in_force(rules.SETTING, clock.local_date(now))
    said = rules.answer(decision, given, setting)
    _amend(
        found, attended=attended, decision=decision, reasons=given, outcome=said.outcome, counts_as=said.counts_as,
        answered_at=now, answered_by=actor.id,
    )
    _record(
        "summons.answer", review, found, outcome=said.outcome, attended=attended, decision=decision, reasons=given,
        counts_as=said.counts_as,
    )
    _tell(review, found, "review_answered", "answered", actor, now, outcome=rules.OUTCOME_NAMES[said.outcome].zh)
    own_word = row.speaks(review, found["department_code"], actor)
    settling.heard(review, found, own_word=own_word, actor=actor, now=now)
    settling.settle(review, found["department_code"], actor=actor, now=now)


def _stay_away(review: dict[str, Any], found: dict[str, Any], actor: Actor, now: datetime) -> None:
    """What an absence leads to: consent where it may, another serving, or a written answer that is awaited."""
    agenda = found_reviews.agenda(review["id"])
    may = rules.deemable(found["department_code"], agenda)
    follows = rules.absence(found["state"], found["signed_at"], review["meet_at"], deemable=may)
    if follows == rules.DEEMED:
        deem(review, found, review["meet_at"], actor=actor, now=now)
    elif follows == rules.AGAIN:
        summoning.serve_again(found, now=now, attended=False)
        _record("summons.serve_again", review, found, times_served=found["times_served"] + 1)
        summoning.tell(
            informing.of_review(review), review["meet_at"], found["department_code"], found["department_name"],
            found["times_served"] + 1, actor=actor, now=now,
        )
    else:
        due = found["answer_due_at"] or _due(review, review["meet_at"])
        _amend(found, attended=False, answer_due_at=due)
        _record("summons.stay_away", review, found, answer_due_at=clock.wire(due))
        _tell(review, found, "review_awaited", f"awaited:{found['times_served']}", actor, now, due=due)


def deem(review: dict[str, Any], found: dict[str, Any], effective_at: datetime, *, actor: Actor, now: datetime) -> None:
    """Within an act that holds review and summons: count the department's absence as consent as of a moment."""
    moves.move(rules.SUMMONS_MOVES, found["state"], "deem", rules.SUMMONS_NAMES)
    _amend(
        found, attended=False, outcome=rules.BY_ABSENCE, counts_as=rules.CONSENT, answered_at=effective_at,
    )
    _record(
        "summons.deem", review, found, outcome=rules.BY_ABSENCE, at=effective_at,
        effective_at=clock.wire(effective_at), detected_at=clock.wire(now),
    )
    _tell(review, found, "review_deemed", "deemed", actor, now)
    settling.settle(review, found["department_code"], actor=actor, now=now)


@transaction
def lapse(review_id: str, department: str, *, actor: Actor, now: datetime) -> bool:
    """Decide a summons whose written answer did not come, once; False where it came, or the calendar moved its end."""
    review = found_reviews.held(review_id)
    found = found_reviews.summons_row(review_id, department, lock=True)
    return _lapse(review, found, actor=actor, now=now, exactly=True)


def _lapse(review: dict[str, Any], found: dict[str, Any], *, actor: Actor, now: datetime, exactly: bool) -> bool:
    """``exactly``: also at the very moment of the end, when who comes first wins."""
    due = found["answer_due_at"]
    over = due is not None and (due < now or exactly and due == now)
    if not over or found["outcome"] is not None or review["project_state"] == states.ABANDONED:
        return False
    if not rules.deemable(found["department_code"], found_reviews.agenda(review["id"])):
        return False
    late = found["signed_at"] is not None and found["signed_at"] > review["meet_at"]
    due = _due(review, found["signed_at"] if late else review["meet_at"])
    if due > now:
        _amend(found, answer_due_at=due)
        _record("summons.lay_anew", review, found, answer_due_at=clock.wire(due))
        return False
    deem(review, found, due, actor=actor, now=now)
    return True


def _keep_late(
    review: dict[str, Any], found: dict[str, Any], decision: str | None, reasons: str | None, actor: Actor,
    now: datetime,
) -> None:
    """Keep what was said too late; the same sent twice is kept once."""
    last = found["late_answers"][-1] if found["late_answers"] else {}
    if decision is None or (last.get("decision"), last.get("reasons")) == (decision, reasons):
        return
    said = {"decision": decision, "reasons": reasons, "received_at": clock.wire(now)}
    _amend(found, late_answers=[*found["late_answers"], said])
    _record("summons.late_answer", review, found, outcome=decision, decision=decision, reasons=reasons)
