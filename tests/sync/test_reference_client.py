"""The client that app teams read (tests/phone): what it keeps and never does twice, before a server by the book."""
import json
import uuid
from collections import deque

import pytest

from tests.phone import leases, photos
from tests.phone.line import Answer, NoSignal
from tests.phone.phone import Phone

pytestmark = pytest.mark.one_engine
LEASE = {"id": "seat", "expires_at": "2999-01-01T00:00:00+08:00"}
PHOTO = "0190aaaa-bbbb-7ccc-8ddd-eeeeffff0001"


class Book:
    """A way to a server that answers what it was told to, and remembers what it was asked."""

    def __init__(self):
        self.answers, self.asked = deque(), []

    def says(self, status, headers=None, **body):
        self.answers.append(Answer(status, headers or {}, json.dumps(body).encode()))

    def send(self, method, path, body, headers):
        self.asked.append((method, path, headers))
        answer = self.answers.popleft() if self.answers else None
        if answer is None:
            raise NoSignal()
        return answer


@pytest.fixture
def book():
    return Book()


@pytest.fixture
def phone(tmp_path, book):
    made = Phone(tmp_path / "phone.db", book, "agent", "secret")
    made.store.remember(token="token")
    return made


def test_a_lost_answer_makes_no_second_device_of_one_that_starts_over(phone, book):
    book.says(201, device_id="first", epoch="one", next_n=1)
    phone.register_device()
    phone.register({"item_code": "MZ-003"})
    for _ in range(2):
        book.says(404)
        with pytest.raises(NoSignal):
            phone.push()
    book.says(404)
    book.says(201, device_id="second", epoch="two", next_n=1)
    with pytest.raises(NoSignal):
        phone.push()
    keys = [headers["Idempotency-Key"] for _, path, headers in book.asked if path == "/sync/devices"]
    assert (len(set(keys)), keys[1:]) == (2, keys[1:2] * 3)
    assert phone.store.fact("device_id") == "second"


def test_a_seat_is_promised_once_even_where_the_phone_dies_over_it(phone):
    phone.store.remember(leases=[LEASE])
    assert leases.usable(phone) == [LEASE]
    leases.promise(phone, LEASE, {"name": "王桂香", "phone": "13805761234"})
    phone.store.remember(leases=[LEASE])
    assert leases.usable(phone) == []


def test_a_paper_is_seen_as_it_was_laid_here_and_the_others_as_the_server_told(phone):
    case = str(uuid.uuid4())
    told = [{"name": name, "received": False, "deferred_until": None} for name in ("申请书", "户口簿")]
    phone.store.take({"changes": [
        {"seq": 1, "type": "errand", "id": case, "op": "put", "version": 3, "data": {"materials": told}}
    ], "cursor": "c"}, None)
    for name in ("申请书", "户口簿"):
        late = {"name": name, "received": False, "deferred_until": "2026-03-01"}
        phone.act("errand.materials", case, {"materials": [late]})
    phone.act("errand.materials", case, {"materials": [{"name": "申请书", "received": True}]})
    bases = [each["body"]["base"]["materials"] for each in phone.store.operations()]
    assert bases == [[told[0]], [told[1]], [told[0] | {"deferred_until": "2026-03-01"}]]


@pytest.mark.parametrize("status", [409, 460])
def test_a_server_that_asks_for_a_piece_for_ever_gets_it_another_day(phone, book, status):
    phone.act("problem.report", str(uuid.uuid4()), {"text": "漏水"}, [(PHOTO, "image/png", b"x" * 10)])
    book.says(201, {"location": f"/api/v1/files/uploads/{PHOTO}"})
    for _ in range(50):
        book.says(200, {"upload-offset": "0"})
        book.says(status)
    photos.send(phone)
    assert len(book.asked) < 20
    assert phone.store.photo_states() == [[PHOTO, "waiting"]]


def test_photos_that_had_arrived_are_asked_for_again_where_the_server_came_back_older(phone):
    phone.act("problem.report", str(uuid.uuid4()), {"text": "漏水"}, [(PHOTO, "image/png", b"x" * 10)])
    phone.store.photo_is(PHOTO, place="/files/uploads/there", state="kept")
    assert phone.store.photos() == []
    phone.store.forget()
    assert [(photo["id"], photo["place"], photo["content"]) for photo in phone.store.photos()] == [
        (PHOTO, None, b"x" * 10)
    ]
