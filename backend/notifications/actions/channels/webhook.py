"""A POST of JSON to the operator's own gateway, signed; only to hosts on his list."""
import os

import orjson

from backend.core import clock, outbound
from backend.notifications.rules import outcomes, signing
from backend.notifications.rules.outcomes import Message, Outcome
from backend.settings import Notices


class Webhook:
    """What came to a gateway twice has the same ``id``; the signature is that of receipts."""

    name, tells = "webhook", True

    def __init__(self, url: str, chosen: Notices) -> None:
        self.url, self.chosen = url, chosen

    def send(self, message: Message) -> Outcome:
        """Post the notice; what 2xx, 4xx, 5xx and silence mean stands in ``rules.outcomes``."""
        body = orjson.dumps({
            "id": message.id, "template": message.template, "audience": message.audience, "to": message.to,
            "text": message.text, "values": dict(message.params),
        })
        timestamp, nonce = str(clock.to_micros(message.at) // 1_000_000), os.urandom(12).hex()
        return posted(self.url, body, {
            "Content-Type": "application/json",
            "X-Daiban-Timestamp": timestamp,
            "X-Daiban-Nonce": nonce,
            "X-Daiban-Signature": signing.seal(self.chosen.webhook_secret, timestamp, nonce, body),
        }, self.chosen, outcomes.of_webhook)


def posted(url: str, body: bytes, headers: dict[str, str], chosen: Notices, reading: outcomes.Reading) -> Outcome:
    """Post within the time allowed; an unsent request is refused, one without an answer unclear."""
    try:
        answer = outbound.post(url, body, headers, hosts=chosen.hosts, private=chosen.private)
    except outbound.NotSent as error:
        return outcomes.refused(str(error))
    except outbound.Unclear as error:
        return Outcome(outcomes.UNCLEAR, str(error))
    return reading(answer.status, answer.body)
