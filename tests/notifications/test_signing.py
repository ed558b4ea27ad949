"""Signatures as the providers publish them, and what a gateway's answer means."""
import json
from datetime import datetime

import pytest

from backend.notifications.rules import outcomes, signing
from backend.notifications.rules.outcomes import HOPELESS, REFUSED, SENT, UNCLEAR, Message

AT = datetime.fromisoformat("2026-02-12T10:00:00+08:00")
MESSAGE = Message("n1", "errand_accepted", "resident", "13805761234", "您", AT, (("number", "1"), ("item", "救助 a~*")))


def test_aliyuns_published_example_gives_its_published_signature():
    """help.aliyun.com, V3 request body and signature: RunInstances."""
    query = signing.query({
        "RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
    })
    told = signing.acs3("YourAccessKeyId", "YourAccessKeySecret", query, {
        "host": "ecs.cn-shanghai.aliyuncs.com", "x-acs-action": "RunInstances",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-date": "2023-10-26T10:22:32Z", "x-acs-version": "2014-05-26",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    })
    assert told == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;"
        "x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_tencents_published_example_gives_its_published_signature():
    """cloud.tencent.com, signature v3: DescribeInstances."""
    body = b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    headers = {"content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com"}
    told = signing.tc3(
        "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", "cvm", 1551113065, headers, body
    )
    assert told == (
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host, "
        "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )


def test_a_query_is_encoded_as_rfc_3986_says():
    assert signing.query({"b": " a!*'()~/+", "a": "签"}) == "a=%E7%AD%BE&b=%20a%21%2A%27%28%29~%2F%2B"


def test_aliyuns_request_names_number_template_and_notice():
    request = signing.aliyun(
        MESSAGE, key_id="id", secret="s", sign_name="黄岩代办", code="SMS_1", host=signing.ALIYUN_HOST, nonce="n"
    )
    assert request.path.startswith("/?OutId=n1&PhoneNumbers=13805761234&SignName=%E9%BB%84")
    assert "TemplateParam=%7B%22number%22%3A%221%22%2C%22item%22%3A%22%E6%95%91%E5%8A%A9%20a~%2A%22%7D" in request.path
    assert request.headers["x-acs-date"] == "2026-02-12T02:00:00Z"
    assert request.body == b""


def test_tencents_request_names_number_template_and_notice():
    request = signing.tencent(
        MESSAGE, key_id="id", secret="s", sign_name="黄岩代办", code="77", app_id="1400", region="ap-guangzhou",
        host=signing.TENCENT_HOST,
    )
    assert json.loads(request.body) == {
        "PhoneNumberSet": ["+8613805761234"], "SmsSdkAppId": "1400", "SignName": "黄岩代办", "TemplateId": "77",
        "TemplateParamSet": ["1", "救助 a~*"], "SessionContext": "n1",
    }
    assert request.headers["x-tc-timestamp"] == "1770861600"


def test_our_own_seal_binds_time_nonce_and_body():
    seal = signing.seal("secret", "1", "n", b"{}")
    assert signing.is_sealed("secret", "1", "n", b"{}", seal)
    for other in (("secreu", "1", "n", b"{}"), ("secret", "2", "n", b"{}"), ("secret", "1", "m", b"{}"),
                  ("secret", "1", "n", b"{ }")):
        assert not signing.is_sealed(*other, seal)
    assert not signing.is_sealed("secret", "1", "n", b"{}", "é")


ALIYUN_OK = b'{"Code":"OK","BizId":"9006^0","Message":"OK"}'
TENCENT_OK = b'{"Response":{"SendStatusSet":[{"SerialNo":"5000:1","Code":"Ok"}],"RequestId":"r"}}'


@pytest.mark.parametrize(("reading", "status", "body", "kind", "code"), [
    (outcomes.of_webhook, 200, b"", SENT, ""), (outcomes.of_webhook, 204, b"[]", SENT, ""),
    (outcomes.of_webhook, 302, b"", REFUSED, "http-302"), (outcomes.of_webhook, 404, b"", REFUSED, "http-404"),
    (outcomes.of_webhook, 429, b"", REFUSED, "http-429"), (outcomes.of_webhook, 503, b"", REFUSED, "http-503"),
    (outcomes.of_webhook, 500, b"", UNCLEAR, "http-500"), (outcomes.of_webhook, 504, b"", UNCLEAR, "http-504"),
    (outcomes.of_aliyun, 200, ALIYUN_OK, SENT, ""),
    (outcomes.of_aliyun, 200, b'{"Code":"isv.BUSINESS_LIMIT_CONTROL"}', REFUSED, "isv.BUSINESS_LIMIT_CONTROL"),
    (outcomes.of_aliyun, 200, b'{"Code":"isv.MOBILE_NUMBER_ILLEGAL"}', HOPELESS, "isv.MOBILE_NUMBER_ILLEGAL"),
    (outcomes.of_aliyun, 403, b'{"Code":"SignatureDoesNotMatch"}', REFUSED, "SignatureDoesNotMatch"),
    (outcomes.of_aliyun, 500, b'{"Code":"InternalError"}', UNCLEAR, "http-500"),
    (outcomes.of_aliyun, 200, b"<html>", UNCLEAR, "odd-answer"),
    (outcomes.of_tencent, 200, TENCENT_OK, SENT, ""),
    (outcomes.of_tencent, 200, b'{"Response":{"Error":{"Code":"AuthFailure.SignatureExpire"}}}', REFUSED,
     "AuthFailure.SignatureExpire"),
    (outcomes.of_tencent, 200, b'{"Response":{"SendStatusSet":[{"Code":"FailedOperation.PhoneNumberInBlacklist"}]}}',
     HOPELESS, "FailedOperation.PhoneNumberInBlacklist"),
    (outcomes.of_tencent, 200, b'{"Response":{"SendStatusSet":[]}}', UNCLEAR, "odd-answer"),
    (outcomes.of_tencent, 502, b"", UNCLEAR, "http-502"),
])
def test_an_answer_means_sent_refused_hopeless_or_unclear(reading, status, body, kind, code):
    found = reading(status, body)
    assert (found.kind, found.code) == (kind, code)


def test_the_gateways_own_name_of_a_message_is_kept():
    assert outcomes.of_webhook(200, b'{"id": 12}').provider_id == "12"
    assert outcomes.of_aliyun(200, ALIYUN_OK).provider_id == "9006^0"
    assert outcomes.of_tencent(200, TENCENT_OK).provider_id == "5000:1"
