"""Settings of the channels are checked at start; each provider is posted to as it wants."""
import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from backend.core import clock
from backend.notifications.actions import channels
from backend.notifications.rules import templates
from backend.notifications.rules.outcomes import Message
from backend.settings import BadSetting, Notices, Settings, from_environment
from tests.conftest import START

CODES = {code: f"SMS_{n}" for n, code in enumerate(templates.for_residents())}
MESSAGE = Message(
    "n1", "errand_resumed", "resident", "13805761234", "恢复", START, (("number", "1"), ("item", "a"), ("due", "b"))
)
KEYS = {"DAIBAN_SMS_KEY_ID": "id", "DAIBAN_SMS_KEY_SECRET": "s", "DAIBAN_SMS_SIGN_NAME": "代办"}
HOOK = {"DAIBAN_SMS": "webhook", "DAIBAN_SMS_URL": "https://gw.test/send", "DAIBAN_WEBHOOK_SECRET": "s" * 16}


@pytest.fixture
def codes(tmp_path):
    path = tmp_path / "codes.json"
    path.write_text(json.dumps(CODES))
    return {"DAIBAN_SMS_TEMPLATES": str(path)}


@pytest.mark.parametrize(("env", "told"), [
    ({"DAIBAN_SMS": "pigeon"}, "DAIBAN_SMS must be one of"),
    ({"DAIBAN_STAFF_NOTICES": "sms"}, "DAIBAN_STAFF_NOTICES must be one of"),
    ({"DAIBAN_SMS": "webhook"}, "DAIBAN_SMS=webhook needs DAIBAN_SMS_URL"),
    (HOOK, "DAIBAN_WEBHOOK_HOSTS must name the host of DAIBAN_SMS_URL, gw.test"),
    (HOOK | {"DAIBAN_WEBHOOK_HOSTS": "gw.test:80"}, "must name the host"),
    (HOOK | {"DAIBAN_WEBHOOK_HOSTS": "gw.test", "DAIBAN_WEBHOOK_SECRET": ""}, "needs DAIBAN_WEBHOOK_SECRET"),
    (HOOK | {"DAIBAN_WEBHOOK_SECRET": "short"}, "DAIBAN_WEBHOOK_SECRET must have at least 16"),
    (HOOK | {"DAIBAN_SMS_URL": "gw.test"}, "DAIBAN_SMS_URL must be an http"),
    (HOOK | {"DAIBAN_SMS_URL": "https://gw.test:x/"}, "DAIBAN_SMS_URL must be an http"),
    ({"DAIBAN_WEBHOOK_PRIVATE": "maybe"}, "DAIBAN_WEBHOOK_PRIVATE must be one of"),
    ({"DAIBAN_RECEIPT_SECRET": "short"}, "DAIBAN_RECEIPT_SECRET must have at least 16"),
    ({"DAIBAN_SMS": "aliyun"}, "DAIBAN_SMS=aliyun needs DAIBAN_SMS_KEY_ID"),
    (KEYS | {"DAIBAN_SMS": "aliyun"}, "DAIBAN_SMS=aliyun needs DAIBAN_SMS_TEMPLATES"),
    ({"DAIBAN_SMS_TEMPLATES": "/nowhere.json"}, "DAIBAN_SMS_TEMPLATES must name a readable JSON file"),
    ({"DAIBAN_STAFF_NOTICES": "webhook", "DAIBAN_STAFF_URL": "https://x.test"}, "DAIBAN_WEBHOOK_HOSTS"),
])
def test_a_bad_setting_is_one_clear_line(env, told):
    with pytest.raises(BadSetting, match=told) as refused:
        from_environment(env)
    assert "\n" not in str(refused.value)


def test_a_provider_needs_all_it_signs_with(codes, tmp_path):
    with pytest.raises(BadSetting, match="DAIBAN_SMS=tencent needs DAIBAN_SMS_APP_ID"):
        from_environment(KEYS | codes | {"DAIBAN_SMS": "tencent"})
    found = from_environment(KEYS | codes | {"DAIBAN_SMS": "tencent", "DAIBAN_SMS_APP_ID": "1400"})
    assert (found.notices.region, found.notices.templates) == ("ap-guangzhou", CODES)
    assert "'s'" not in repr(found.notices)
    lacking = replace(found, notices=replace(found.notices, templates=CODES | {"errand_posted": ""}))
    with pytest.raises(BadSetting, match="lacks a code for errand_posted"):
        channels.use(lacking)
    (tmp_path / "codes.json").write_text("[1]")
    with pytest.raises(BadSetting, match="must hold an object"):
        from_environment(KEYS | codes)


def test_a_webhook_may_be_named_with_its_port():
    found = from_environment(HOOK | {"DAIBAN_WEBHOOK_HOSTS": "other.test, GW.test:443"})
    assert found.notices.hosts == {"other.test", "gw.test:443"}


@pytest.mark.parametrize(("kind", "answer", "provider_id"), [
    ("aliyun", {"Code": "OK", "BizId": "b1"}, "b1"),
    ("tencent", {"Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": "s1"}]}}, "s1"),
])
def test_a_provider_is_posted_to_and_its_answer_read(kind, answer, provider_id, gateway, tmp_path):
    gateway.answer = lambda message: (200, answer)
    chosen = Notices(sms=kind, sms_url=gateway.url.removesuffix("/send"), private=True, key_id="id", key_secret="s",
                     sign_name="代办", app_id="1400", templates=CODES)
    channels.use(Settings(tmp_path, "", notices=chosen))
    outcome = channels.to("resident").send(MESSAGE)
    assert (outcome.kind, outcome.provider_id) == ("sent", provider_id)
    (path, headers, body), = gateway.seen
    assert headers["host"] == f"127.0.0.1:{gateway.port}"
    if kind == "aliyun":
        asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        assert (asked["PhoneNumbers"], asked["TemplateCode"]) == ("13805761234", CODES["errand_resumed"])
        assert json.loads(asked["TemplateParam"]) == {"number": "1", "item": "a", "due": "b"}
    else:
        assert json.loads(body)["TemplateParamSet"] == ["1", "a", "b"]
        assert headers["x-tc-timestamp"] == str(clock.to_micros(START) // 1_000_000)


def test_a_full_file_is_laid_aside(tmp_path, monkeypatch):
    monkeypatch.setattr("backend.notifications.actions.channels.console.LONGEST", 10)
    channels.use(Settings(tmp_path, ""))
    for _ in range(3):
        assert channels.to("resident").send(MESSAGE).kind == "sent"
    assert (tmp_path / "notices.1.jsonl").exists()
    assert len((tmp_path / "notices.jsonl").read_text().splitlines()) == 1


def test_a_disk_that_does_not_take_it_is_tried_again(tmp_path):
    channels.use(Settings(tmp_path / "nowhere", ""))
    outcome = channels.to("account").send(MESSAGE)
    assert (outcome.kind, outcome.code) == ("refused", "disk")
