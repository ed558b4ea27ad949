"""Photos and papers: what is taken, what is refused, and who may see it again."""
import contextlib
import hashlib
import threading
from io import BytesIO

import pytest
from flask import Request
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from werkzeug.test import EnvironBuilder

from backend.core import ledger, vault
from backend.core import wire as edge
from backend.core.actor import Actor
from backend.core.problems import Problem
from backend.files import queries, rules
from backend.files.actions import intake
from tests.files.samples import PDF, exif_photo, photo, zip_of

TOWNSHIP = "331003100000"
VILLAGE, NEIGHBOUR = "331003100201", "331003100202"
PEOPLE = {
    "agent": Actor("a1", "甲", "agent", VILLAGE),
    "colleague": Actor("a2", "乙", "operator", VILLAGE),
    "neighbour": Actor("a3", "丙", "agent", NEIGHBOUR),
    "township": Actor("a4", "丁", "township", TOWNSHIP),
    "foreign": Actor("a5", "戊", "township", "331003101000"),
    "handler": Actor("a6", "己", "handler", None, "MZ"),
    "office": Actor("a7", "庚", "office", "331003000000"),
    "supervisor": Actor("a8", "辛", "supervisor", "331003000000"),
    "admin": Actor("a9", "壬", "admin", "331003000000"),
}


class Doors:
    def __init__(self, installation):
        self.settings, self.clock = installation.settings, installation.clock

    def authenticate(self, token, now):
        return PEOPLE.get(token)


@pytest.fixture
def wire(app):
    app.extensions["daiban"] = Doors(app.extensions["daiban"])
    return app.test_client()


def send(wire, data, *, who="agent", key="key-00000001", name="file", **more):
    headers = {"Authorization": f"Bearer {who}"} | ({"Idempotency-Key": key} if key else {})
    return wire.post("/api/v1/files", data={name: (BytesIO(data), "x.bin")}, headers=headers, **more)


def fetch(wire, sha256, who="agent", **headers):
    return wire.get(f"/api/v1/files/{sha256}", headers={"Authorization": f"Bearer {who}"} | headers)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.one_engine
def test_a_photo_is_kept_under_the_hash_of_what_is_kept(wire, form):
    answer = send(wire, photo(form))
    assert answer.status_code == 201
    kept = answer.json
    back = fetch(wire, kept["sha256"])
    assert back.status_code == 200
    assert hashlib.sha256(back.data).hexdigest() == kept["sha256"] == back.headers["ETag"].strip('"')
    assert (back.mimetype, len(back.data)) == (f"image/{form.lower()}", kept["size"])
    assert back.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in back.headers["Content-Security-Policy"]
    seq, last = ledger.head()
    assert answer.headers["Ledger-Receipt"] == f"{seq}.{last.hex()}"


@pytest.mark.one_engine
def test_no_place_leaves_and_the_photo_stands_upright(wire):
    kept = send(wire, exif_photo()).json
    data = fetch(wire, kept["sha256"]).data
    image = Image.open(BytesIO(data))
    assert not image.getexif() and b"Exif" not in data and "exif" not in image.info
    assert image.size == (20, 40)


def test_a_pdf_is_kept_as_it_is_and_given_as_an_attachment(wire):
    kept = send(wire, PDF).json
    assert kept["sha256"] == hashlib.sha256(PDF).hexdigest()
    back = fetch(wire, kept["sha256"])
    assert back.data == PDF
    assert back.headers["Content-Disposition"].startswith("attachment")


def test_what_is_on_disk_is_encrypted_and_bound_to_its_name(wire, tmp_path):
    kept = send(wire, PDF).json
    path = vault.place(tmp_path / "files", kept["sha256"])
    assert b"PDF" not in path.read_bytes()
    other = send(wire, photo("PNG"), key="key-00000002").json
    path.write_bytes(vault.place(tmp_path / "files", other["sha256"]).read_bytes())
    answer = fetch(wire, kept["sha256"])
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_a_full_disk_is_503_and_leaves_no_row(wire, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(vault, "write", full)
    answer = send(wire, PDF)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert ledger.head()[0] == 0
    monkeypatch.undo()
    assert send(wire, PDF).status_code == 201


@pytest.mark.one_engine
def test_a_known_etag_costs_no_bytes(wire):
    kept = send(wire, PDF).json
    answer = fetch(wire, kept["sha256"], **{"If-None-Match": f'"{kept["sha256"]}"'})
    assert (answer.status_code, answer.data) == (304, b"")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"plain words", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"<!DOCTYPE html><html></html>", zip_of(b"x"), b"GIF89a" + b"\0" * 40, b"\x1f\x8b" + b"\0" * 40,
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40, b"BM" + b"\0" * 60, b" %PDF-1.4 \n%%EOF",
    ],
)
@pytest.mark.one_engine
def test_what_is_neither_photo_nor_pdf_is_415(wire, data):
    answer = send(wire, data)
    assert (answer.status_code, answer.json["type"]) == (415, "/problems/unsupported-file")


@pytest.mark.parametrize(
    "data",
    [
        photo("JPEG")[:300], photo("PNG")[:60], b"\xff\xd8\xff" + b"x" * 500, photo("PNG") + zip_of(b"<html>"),
        photo("JPEG") + b"<html><script>alert(1)</script></html>", PDF + zip_of(b"x"), PDF + b"<script>",
        PDF[:-8], photo("PNG", size=(7000, 6000)), photo("PNG", size=(20001, 2)),
    ],
    ids=["cut jpeg", "cut png", "no jpeg", "png+zip", "jpeg+html", "pdf+zip", "pdf+script", "cut pdf",
         "42 megapixels", "long side"],
)
@pytest.mark.one_engine
def test_what_is_less_or_more_than_it_says_is_422(wire, data, tmp_path):
    answer = send(wire, data)
    assert (answer.status_code, answer.json["type"]) == (422, "/problems/unsafe-file")
    assert not (tmp_path / "files").exists()


@pytest.mark.one_engine
def test_too_many_bytes_are_413_before_and_after_parsing(wire):
    assert send(wire, b"\0" * (10 << 20) + b"x").status_code == 413
    assert send(wire, b"\0" * (11 << 20)).status_code == 413


@pytest.mark.one_engine
def test_the_form_of_the_request_is_checked(wire):
    headers = {"Authorization": "Bearer agent", "Idempotency-Key": "key-00000001"}
    post = "/api/v1/files"
    assert wire.post(post, json={}, headers=headers).status_code == 415
    chunked = headers | {"Transfer-Encoding": "chunked", "Content-Type": "multipart/form-data; boundary=x"}
    assert wire.post(post, headers=chunked).status_code == 411
    odd = {"Content-Type": "multipart/form-data"}
    assert wire.post(post, data=b"x", headers=headers | odd).status_code == 400
    odd = {"Content-Type": "multipart/form-data; boundary=x"}
    named = b"--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n"
    for body in (b"x", b"--x\r\n", b"--x\r\n\r\n", named):
        answer = wire.post(post, data=body, headers=headers | odd)
        assert answer.status_code in (400, 422), body
    assert send(wire, PDF, name="photo").status_code == 422
    both = {"file": (BytesIO(PDF), "a"), "other": (BytesIO(PDF), "b")}
    assert wire.post(post, data=both, headers=headers).status_code == 422
    noted = {"file": (BytesIO(PDF), "a"), "note": "x"}
    assert wire.post(post, data=noted, headers=headers).status_code == 422
    assert send(wire, PDF, key=None).status_code == 428
    assert send(wire, PDF, who="nobody").status_code == 401


def test_the_same_key_with_the_same_file_is_replayed_and_with_another_refused(wire):
    first = send(wire, photo("PNG"))
    again = send(wire, photo("PNG"))
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert send(wire, PDF).json["type"] == "/problems/idempotency-key-reused"


@pytest.mark.parametrize(
    ("who", "status"),
    [("agent", 200), ("colleague", 200), ("township", 200), ("supervisor", 200), ("admin", 200),
     ("neighbour", 404), ("foreign", 404), ("handler", 404), ("office", 404)],
)
def test_the_unit_of_the_uploader_decides_who_sees_it(wire, who, status):
    kept = send(wire, PDF).json
    assert fetch(wire, kept["sha256"], who).status_code == status
    assert (queries.visible(kept["id"], PEOPLE[who]) is not None) == (status == 200)


@pytest.mark.parametrize(("who", "status"), [("agent", 200), ("township", 200), ("neighbour", 404), ("office", 404)])
def test_what_refers_to_a_file_by_its_id_leads_to_its_content(wire, who, status):
    kept = send(wire, PDF).json
    answer = fetch(wire, kept["id"], who)
    assert (answer.status_code, answer.data == PDF) == (status, status == 200)
    if status == 200:
        assert answer.headers["ETag"] == f'"{kept["sha256"]}"'


def test_a_foreign_file_answers_as_an_absent_one(wire):
    kept = send(wire, PDF).json
    foreign, absent = fetch(wire, kept["sha256"], "neighbour"), fetch(wire, "0" * 64, "neighbour")
    assert {**foreign.json, "instance": ""} == {**absent.json, "instance": ""}
    assert fetch(wire, "..%2f..%2fkeys.json").status_code == 404


def test_the_same_content_of_two_units_stands_once_and_is_seen_by_both(wire, tmp_path):
    kept = send(wire, PDF).json
    other = send(wire, PDF, who="neighbour").json
    assert kept["sha256"] == other["sha256"] and kept["id"] != other["id"]
    assert len(list(vault.all_in(tmp_path / "files"))) == 1
    assert fetch(wire, kept["sha256"], "neighbour").status_code == 200


def test_a_handler_sees_what_he_handed_in_himself(wire):
    kept = send(wire, PDF, who="handler").json
    assert fetch(wire, kept["sha256"], "handler").status_code == 200
    assert fetch(wire, kept["sha256"], "office").status_code == 404


def test_writers_of_the_same_bytes_do_not_disturb_each_other(tmp_path, keys):
    data = PDF * 2000
    threads = [threading.Thread(target=vault.put, args=(tmp_path, data)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sha256 = hashlib.sha256(data).hexdigest()
    assert vault.get(tmp_path, sha256) == data
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [vault.place(tmp_path, sha256)]


@pytest.mark.one_engine
def test_the_document_says_what_an_upload_is(wire, app):
    paths = app.extensions["daiban.api"].document()["paths"]
    post = paths["/api/v1/files"]["post"]
    assert list(post["requestBody"]["content"]) == ["multipart/form-data", "application/offset+octet-stream"]
    told = {"201", "400", "401", "403", "409", "411", "413", "415", "422", "428", "503"}
    assert told <= set(post["responses"])
    get = paths["/api/v1/files/{sha256}"]["get"]
    assert {"200", "304", "401", "403", "404", "503"} <= set(get["responses"])


@given(at=st.integers(0, 400), put=st.binary(max_size=40), form=st.sampled_from(["JPEG", "PNG", "WEBP"]))
@settings(max_examples=150, deadline=None)
def test_damaged_pictures_are_refused_or_decoded_never_a_fault(at, put, form):
    data = photo(form)
    with contextlib.suppress(rules.UnsafeFile, rules.UnsupportedFile):
        intake.checked(data[:at] + put + data[at + len(put) :])


@given(body=st.lists(st.sampled_from([
    b"--x", b"--x--", b"\r\n", b"\n", b"Content-Disposition: form-data; name=\"file\"", b"; filename=\"a\"",
    b"Content-Type: text/plain; charset=nonsense", b"Content-Transfer-Encoding: base64", b"\xff\x00", b": ",
])).map(b"".join))
@settings(max_examples=200, deadline=None)
def test_odd_parts_are_refused_never_a_fault(body):
    request = Request(EnvironBuilder(
        method="POST", data=body, content_type="multipart/form-data; boundary=x",
    ).get_environ())
    with contextlib.suppress(Problem):
        assert isinstance(edge.upload(request), bytes)
