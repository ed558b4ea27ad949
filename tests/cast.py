"""The people of the tests: who they are, how they sign in, and one caller per role."""
import itertools
from typing import Any

PASSWORD = "sample-password"
VILLAGE, NEIGHBOUR, TOWNSHIP = "331003001001", "331003001002", "331003001000"
FAR_VILLAGE, FAR_TOWNSHIP, DISTRICT = "331003002203", "331003002000", "331003000000"

AGENT = f"agent-{VILLAGE}"
NEIGHBOUR_AGENT = f"agent-{NEIGHBOUR}"
OPERATOR = f"operator-{TOWNSHIP}"
OFFICE_OF_TOWNSHIP = f"township-{TOWNSHIP}"
FAR_OFFICE = f"township-{FAR_TOWNSHIP}"
HANDLER = "handler-MZ"

_keys = itertools.count()


def id_number(serial: int, born: str = "19500307") -> str:
    """A valid resident ID number of this district (GB 11643 check digit)."""
    body = f"331003{born}{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights)) % 11]


class Caller:
    """A signed-in account speaking to the API; keys and If-Match are added where they are needed."""

    def __init__(self, client: Any, token: str | None) -> None:
        self.client, self.token = client, token

    def _send(self, method: str, path: str, **more: Any) -> Any:
        headers = dict(more.pop("headers", {}))
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **more)

    def get(self, path: str, **more: Any) -> Any:
        return self._send("GET", path, **more)

    def post(self, path: str, body: Any = None, *, key: str | None = None, **more: Any) -> Any:
        headers = {"Idempotency-Key": key or f"test-key-{next(_keys):06d}"} | more.pop("headers", {})
        return self._send("POST", path, json=body, headers=headers, **more)

    def put(self, path: str, body: Any = None, *, etag: str | None = "*", **more: Any) -> Any:
        headers = more.pop("headers", {})
        if etag is not None:
            headers = {"If-Match": etag} | headers
        if body is not None:
            more["json"] = body
        return self._send("PUT", path, headers=headers, **more)

    def patch(self, path: str, body: Any, *, etag: str | None = "*", **more: Any) -> Any:
        headers = ({"If-Match": etag} if etag else {}) | more.pop("headers", {})
        return self._send("PATCH", path, json=body, headers=headers, **more)

    def delete(self, path: str, *, etag: str | None = "*", **more: Any) -> Any:
        headers = ({"If-Match": etag} if etag else {}) | more.pop("headers", {})
        return self._send("DELETE", path, headers=headers, **more)


def sign_in(client: Any, username: str) -> Caller:
    """The account's caller; AssertionError where sign-in is refused."""
    body = {"username": username, "password": PASSWORD}
    answer = client.post("/api/v1/sessions", json=body)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return Caller(client, answer.json["token"])


def errand(**changes: Any) -> dict[str, Any]:
    """An errand as an agent writes it down: 临时救助 (promise, 7 WD), all papers there."""
    body = {
        "item_code": "MZ-003",
        "channel": "counter",
        "resident": {
            "name": "王桂香", "id_number": id_number(1), "phone": "13805761234", "address": "百花社区3幢",
        },
        "mandate": {"given_by": "signature", "expires_on": "2026-12-31"},
        "materials": [
            {"name": name, "received": True} for name in ("申请书", "户口簿", "身份证", "困难情形证明")
        ],
    }
    return body | changes
