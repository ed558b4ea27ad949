"""The ways out of the house, behind one port; which are open is said once at the start of a process."""
from typing import Protocol

from backend.notifications import rules
from backend.notifications.actions.channels import console, providers, webhook
from backend.notifications.rules import templates
from backend.notifications.rules.outcomes import Message, Outcome
from backend.settings import BadSetting, Settings


class Channel(Protocol):
    """A way out. ``tells``: somebody may report, by a receipt, whether a message arrived."""

    name: str
    tells: bool

    def send(self, message: Message) -> Outcome:
        """Try once, within seconds, and say what became of it; no database, no second try."""


_open: dict[str, Channel] = {}


def use(settings: Settings) -> None:
    """Open the channels of these settings for this process; BadSetting where a template has no code."""
    _open.clear()
    _open.update({rules.RESIDENT: _for_residents(settings), rules.ACCOUNT: _for_staff(settings)})


def to(audience: str) -> Channel:
    """The channel to residents or to staff; a RuntimeError before :func:`use`."""
    if audience not in _open:
        raise RuntimeError("no channels are open")
    return _open[audience]


def tells_residents() -> bool:
    """Whether the channel to residents can tell that a message arrived; without one nothing can."""
    return rules.RESIDENT in _open and _open[rules.RESIDENT].tells


def _for_residents(settings: Settings) -> Channel:
    chosen = settings.notices
    if chosen.sms == "webhook":
        return webhook.Webhook(chosen.sms_url or "", chosen)
    if chosen.sms in ("aliyun", "tencent"):
        lacking = [code for code in templates.for_residents() if not chosen.templates.get(code)]
        if lacking:
            raise BadSetting(f"DAIBAN_SMS_TEMPLATES lacks a code for {lacking[0]}")
        return providers.Aliyun(chosen) if chosen.sms == "aliyun" else providers.Tencent(chosen)
    return console.Console(settings.data_dir)


def _for_staff(settings: Settings) -> Channel:
    chosen = settings.notices
    if chosen.staff == "webhook":
        return webhook.Webhook(chosen.staff_url or "", chosen)
    return console.Console(settings.data_dir)
