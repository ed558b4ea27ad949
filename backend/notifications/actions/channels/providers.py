"""Text messages by Aliyun and Tencent, each one signed POST; no SDK."""
import os
from dataclasses import replace
from urllib.parse import urlsplit

from backend.notifications.actions.channels import webhook
from backend.notifications.rules import outcomes, signing
from backend.notifications.rules.outcomes import Message, Outcome
from backend.settings import Notices


class Aliyun:
    """SendSms of dysmsapi, V3 signature."""

    name, tells = "aliyun", True

    def __init__(self, chosen: Notices) -> None:
        self.url, self.host, self.chosen = _place(chosen, signing.ALIYUN_HOST)

    def send(self, message: Message) -> Outcome:
        """One number, one template."""
        request = signing.aliyun(
            message, key_id=self.chosen.key_id, secret=self.chosen.key_secret, sign_name=self.chosen.sign_name,
            code=self.chosen.templates[message.template], host=self.host, nonce=os.urandom(16).hex(),
        )
        return webhook.posted(
            self.url + request.path, request.body, request.headers, self.chosen, outcomes.of_aliyun
        )


class Tencent:
    """SendSms of sms, TC3 signature."""

    name, tells = "tencent", True

    def __init__(self, chosen: Notices) -> None:
        self.url, self.host, self.chosen = _place(chosen, signing.TENCENT_HOST)

    def send(self, message: Message) -> Outcome:
        """One number, one template."""
        request = signing.tencent(
            message, key_id=self.chosen.key_id, secret=self.chosen.key_secret, sign_name=self.chosen.sign_name,
            code=self.chosen.templates[message.template], app_id=self.chosen.app_id, region=self.chosen.region,
            host=self.host,
        )
        return webhook.posted(
            self.url + request.path, request.body, request.headers, self.chosen, outcomes.of_tencent
        )


def _place(chosen: Notices, host: str) -> tuple[str, str, Notices]:
    """Where to post (the provider's own host, unless the operator names another), and that it is allowed."""
    url = (chosen.sms_url or f"https://{host}").rstrip("/")
    place = urlsplit(url)
    return url, place.netloc, replace(chosen, hosts=chosen.hosts | {(place.hostname or "").lower()})
