"""Files that arrive in parts (tus 1.0): nothing is sent twice, nothing is lost, and it ends as one file or none."""
import hashlib
import uuid
from datetime import timedelta

import pytest

from backend.core import adjustable, ledger, rotation, secrets, snapshot, sql, tables, vault
from backend.core.actor import Actor, system
from backend.files import jobs
from backend.files.actions import intake
from backend.files.models import UploadChunk
from backend.files.queries import uploads
from backend.files.rules import resumable
from tests.cast import VILLAGE
from tests.files.phones import MEDIA, Uploading, checksum, metadata
from tests.files.samples import PDF, exif_photo, photo, zip_of

ID = "0190aaaa-bbbb-7ccc-8ddd-eeeeffff0001"


def slug(answer):
    return answer.json["type"].removeprefix("/problems/")


def rows(table):
    return int(sql.value(f"SELECT count(*) FROM {table}"))


def test_the_server_says_what_it_speaks_to_anybody(stranger):
    answer = stranger._send("OPTIONS", "/files")
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == str(10 << 20)
    assert answer.headers["Tus-Extension"] == "creation,creation-with-upload,checksum,expiration,termination"
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"


def test_a_photo_sent_in_parts_is_kept_as_one_sent_whole(agent):
    data = exif_photo()
    phone = Uploading(agent, data, ID)
    begun = phone.begin()
    assert (begun.status_code, begun.headers["Location"]) == (201, f"/api/v1/files/uploads/{ID}")
    assert begun.headers["Tus-Resumable"] == "1.0.0"
    assert begun.headers["Upload-Expires"] == "Thu, 19 Feb 2026 02:00:00 GMT"
    assert (begun.json["state"], begun.json["offset"], begun.json["length"]) == ("arriving", 0, len(data))
    first = phone.part(0, data[:100])
    assert (first.status_code, first.data, first.headers["Upload-Offset"]) == (204, b"", "100")
    there = phone.head()
    assert (there.status_code, there.data, there.headers["Cache-Control"]) == (200, b"", "no-store")
    assert (there.headers["Upload-Offset"], there.headers["Upload-Length"]) == ("100", str(len(data)))
    assert there.headers["Upload-Metadata"] == metadata(id=ID)
    last = phone.part(100, data[100:])
    assert last.status_code == 204
    seq, head = ledger.head()
    assert last.headers["Ledger-Receipt"] == f"{seq}.{head.hex()}"
    kept = phone.state()["file"]
    assert (phone.state()["state"], kept["id"], kept["media_type"]) == ("kept", ID, "image/jpeg")
    content = agent.get(f"/files/{kept['sha256']}").data
    assert hashlib.sha256(content).hexdigest() == kept["sha256"]
    assert b"Exif" not in content and b"GPS" not in content
    assert rows("upload_chunk") == 0
    assert phone.head().headers["Upload-Offset"] == str(len(data))


def test_the_first_part_may_come_with_the_creation(agent):
    phone = Uploading(agent, PDF)
    begun = phone.ask("POST", "/files", data=PDF[:20], headers={
        "Upload-Length": str(len(PDF)), "Upload-Metadata": metadata(id=phone.id), "Content-Type": MEDIA,
    })
    assert (begun.status_code, begun.headers["Upload-Offset"]) == (201, "20")
    assert phone.rest().status_code == 204
    assert phone.state()["file"]["sha256"] == hashlib.sha256(PDF).hexdigest()


def test_a_client_without_ids_of_its_own_gets_one(agent):
    begun = Uploading(agent, PDF).begin(**{"Upload-Metadata": "filename dC5wZGY="})
    made = Uploading(agent, PDF, begun.headers["Location"].rsplit("/", 1)[1])
    assert uuid.UUID(made.id).version == 7
    assert made.rest().status_code == 204


def test_lost_answers_make_no_second_upload_and_no_second_byte(agent):
    phone = Uploading(agent, PDF)
    assert [phone.begin().status_code for _ in range(3)] == [201, 201, 201]
    assert phone.part(0, PDF[:30]).status_code == 204
    again = phone.part(0, PDF[:30])
    assert (again.status_code, slug(again), again.headers["Upload-Offset"]) == (409, "wrong-offset", "30")
    assert phone.begin().headers["Upload-Offset"] == "30"
    assert phone.part(30, PDF[30:]).status_code == 204
    again = phone.part(30, PDF[30:])
    assert (again.status_code, again.headers["Upload-Offset"]) == (409, str(len(PDF)))
    assert phone.begin().json["state"] == "kept"
    assert (rows("upload"), rows("file")) == (1, 1)


def test_a_part_that_arrives_changed_is_not_kept(agent):
    phone = Uploading(agent, PDF)
    phone.begin()
    for algorithm in ("sha1", "sha256"):
        wrong = phone.part(0, PDF[:30], **{"Upload-Checksum": checksum(PDF[1:31], algorithm)})
        assert (wrong.status_code, slug(wrong)) == (460, "checksum-mismatch")
        assert phone.head().headers["Upload-Offset"] == "0"
    assert phone.part(0, PDF[:30], **{"Upload-Checksum": checksum(PDF[:30], "sha1")}).status_code == 204
    for odd in ("md5 AAAA", "sha1", "sha256 !!!"):
        assert phone.part(30, PDF[30:], **{"Upload-Checksum": odd}).status_code == 400


@pytest.mark.parametrize(("headers", "status"), [
    ({"Upload-Length": ""}, 400), ({"Upload-Length": "-1"}, 400), ({"Upload-Length": "0"}, 400),
    ({"Upload-Length": str((10 << 20) + 1)}, 413), ({"Upload-Length": "9" * 20}, 413),
    ({"Upload-Metadata": "id"}, 400),
    ({"Upload-Metadata": "id bm8="}, 400), ({"Upload-Metadata": "id $$"}, 400), ({"Upload-Metadata": "a b,a c"}, 400),
    ({"Tus-Resumable": "0.2.2"}, 412), ({"Content-Type": "text/plain"}, 201),
])
def test_what_a_creation_may_say(agent, headers, status):
    answer = Uploading(agent, PDF).begin(**headers)
    assert answer.status_code == status
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert ("Tus-Version" in answer.headers) == (status == 412)


def test_what_a_part_may_say(agent):
    phone = Uploading(agent, PDF)
    phone.begin()
    assert phone.part(0, PDF, **{"Content-Type": "application/octet-stream"}).status_code == 415
    assert phone.part(0, PDF, **{"Upload-Offset": "x"}).status_code == 400
    assert phone.part(0, PDF, **{"Tus-Resumable": "2.0.0"}).status_code == 412
    assert phone.part(0, PDF + b"x").status_code == 413
    assert phone.part(0, b"x" * ((1 << 20) + 1)).status_code == 413
    assert phone.part(0, b"").status_code == 204
    assert phone.caller._send("HEAD", phone.path).status_code == 412
    assert phone.state()["offset"] == 0


@pytest.mark.parametrize(("data", "status", "named"), [
    (b"<svg/>" * 20, 415, "unsupported-file"), (photo("PNG") + zip_of(b"x"), 422, "unsafe-file"),
])
def test_bad_content_is_refused_with_the_last_part_and_stays_so(agent, township, data, status, named):
    phone = Uploading(agent, data)
    last = phone.whole(chunk=64)
    assert (last.status_code, slug(last)) == (status, named)
    assert last.headers["Ledger-Receipt"]
    assert (phone.head().status_code, phone.part(0, data).status_code) == (status, status)
    for caller in (agent, township):
        shown = caller.get(phone.path).json
        assert (shown["state"], shown["refusal"], shown["file"]) == ("refused", named, None)
    assert (rows("upload_chunk"), rows("file")) == (0, 0)
    better = Uploading(agent, PDF, phone.id)
    assert better.whole().status_code == 204
    assert better.state()["file"]["id"] == phone.id


def test_an_upload_that_nobody_goes_on_with_expires_and_can_begin_anew(agent, fixed_clock):
    phone = Uploading(agent, PDF)
    phone.begin()
    fixed_clock.advance(days=6)
    phone.part(0, PDF[:10])
    fixed_clock.advance(days=6)
    assert phone.part(10, PDF[10:20]).status_code == 204
    now = fixed_clock.advance(days=7)
    for job_has_run in (False, True):
        if job_has_run:
            assert jobs.lapse_uploads(actor=system("test"), now=now) == 1
        assert (phone.head().status_code, phone.part(20, PDF[20:]).status_code) == (410, 410)
        assert phone.state()["state"] == "expired"
        assert [each["state"] for each in agent.get("/files/uploads?state=expired").json["items"]] == ["expired"]
        assert agent.get("/files/uploads?state=arriving").json["items"] == []
    assert rows("upload_chunk") == 0
    assert phone.begin().headers["Upload-Offset"] == "0"
    assert phone.rest().status_code == 204
    assert jobs.forget_uploads(actor=system("test"), now=now + timedelta(days=181))["uploads"] == 1
    assert rows("file") == 1


def test_what_became_a_file_so_long_ago_that_the_upload_is_forgotten_is_complete(agent, township, now):
    phone, whole = Uploading(agent, PDF), Actor(agent.get("/me").json["id"], "", "agent", VILLAGE)
    assert phone.whole().status_code == 204
    intake.set_apart(phone.id, actor=whole, now=now)
    assert jobs.forget_uploads(actor=system("test"), now=now + timedelta(days=181))["uploads"] == 1
    handed_in = Uploading(agent, PDF, intake.enter("0" * 64, "application/pdf", 9, actor=whole, now=now))
    for known in (phone, handed_in):
        begun = known.begin()
        assert (begun.status_code, begun.headers["Upload-Offset"]) == (201, str(len(PDF)))
        assert (begun.json["state"], begun.json["file"]["id"]) == ("kept", known.id)
        assert known.head().headers["Upload-Offset"] == str(len(PDF))
    assert (rows("file"), township.get(phone.path).status_code) == (2, 404)


def test_an_upload_can_be_given_up_but_a_file_stays(agent):
    phone = Uploading(agent, PDF)
    phone.begin()
    phone.part(0, PDF[:10])
    assert phone.delete().status_code == 204
    assert (phone.head().status_code, phone.delete().status_code, rows("upload_chunk")) == (404, 404, 0)
    phone.whole()
    assert slug(phone.delete()) == "upload-kept"


def test_a_network_that_lets_only_post_through_keeps_nothing_out(agent):
    phone = Uploading(agent, PDF)
    phone.begin()
    told = {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0", "Content-Type": MEDIA}
    assert phone.ask("POST", phone.path, data=PDF[:10], headers=told).status_code == 204
    assert phone.head().headers["Upload-Offset"] == "10"
    assert phone.ask("POST", phone.path, headers={"X-HTTP-Method-Override": "DELETE"}).status_code == 204
    assert agent._send("POST", phone.path, headers={"X-HTTP-Method-Override": "DELETE"}).status_code == 405


def test_nobody_goes_on_with_what_another_has_begun(agent, neighbour, township, operator, stranger):
    phone = Uploading(agent, PDF)
    phone.begin()
    phone.part(0, PDF[:10])
    absent = Uploading(neighbour, PDF)
    for other in (neighbour, township, operator):
        theirs = Uploading(other, PDF, phone.id)
        assert [theirs.head().status_code, theirs.part(10, PDF[10:]).status_code] == [404, 404]
        assert theirs.delete().status_code == 404
        assert (theirs.begin().status_code, slug(theirs.begin())) == (409, "file-id-taken")
    told, nothing = neighbour.get(phone.path), neighbour.get(absent.path)
    assert {**told.json, "instance": ""} == {**nothing.json, "instance": ""}
    assert township.get(phone.path).json["state"] == "arriving"
    assert Uploading(stranger, PDF).begin().status_code == 401
    phone.rest()
    assert slug(Uploading(neighbour, PDF, phone.id).begin()) == "file-id-taken"
    assert slug(Uploading(agent, PDF + b"\n", phone.id).begin()) == "another-length"


def test_what_is_set_apart_is_nobody_elses_on_its_way_either(agent, township, now):
    phone = Uploading(agent, PDF)
    phone.whole()
    assert township.get(phone.path).status_code == 200
    account = Actor(agent.get("/me").json["id"], "", "agent", VILLAGE)
    intake.set_apart(phone.id, actor=account, now=now)
    assert (township.get(phone.path).status_code, agent.get(phone.path).status_code) == (404, 200)


def test_unfinished_uploads_are_bounded_by_account(agent, operator, fixed_clock):
    adjustable.decide(
        resumable.SETTING, value={"bytes": 10 << 20, "files": 2}, valid_from=None, actor=system("test"),
        now=fixed_clock.now(),
    )
    fixed_clock.advance(days=1)
    assert Uploading(agent, b"x" * (10 << 20)).begin().status_code == 201
    spent = Uploading(agent, b"x").begin()
    assert (spent.status_code, slug(spent), spent.json["open_bytes"]) == (409, "upload-quota", 10 << 20)
    assert Uploading(operator, PDF).begin().status_code == 201
    fixed_clock.advance(days=7)
    assert [Uploading(agent, PDF).begin().status_code for _ in range(3)] == [201, 201, 409]


def test_a_full_disk_keeps_the_last_part_out_and_the_phone_sends_it_again(agent, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    phone = Uploading(agent, PDF)
    phone.begin()
    phone.part(0, PDF[:30])
    monkeypatch.setattr(vault, "write", full)
    answer = phone.part(30, PDF[30:])
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert phone.head().headers["Upload-Offset"] == "30"
    monkeypatch.undo()
    assert phone.rest().status_code == 204


def test_what_lies_in_the_database_is_sealed_and_comes_under_the_present_key(agent, now):
    data = b"%PDF-1.4\n" + bytes(range(256)) * 8 + b"\n%%EOF"
    phone = Uploading(agent, data)
    phone.begin()
    phone.part(0, data[:1000])
    assert ("upload_chunk", "sealed") in {column[:2] for column in rotation.columns()}
    sealed = bytes(sql.value("SELECT sealed FROM upload_chunk"))
    assert b"%PDF" not in sealed
    column = next(each for each in rotation.columns() if each.table == "upload_chunk")
    place = column.place(sql.value("SELECT id FROM upload_chunk"))
    assert secrets.unseal_bytes(sealed, place) == data[:1000]
    assert place == uploads.place(f"{phone.id}/0")
    assert phone.rest().status_code == 204


def test_a_backup_reads_parts_few_at_a_time(database):
    for n in range(9):
        sql.insert(
            UploadChunk, id=f"{ID}/{n}", upload_id=ID, start=n, size=1, sealed=b"x" * (1 << 20 if n else 10)
        )
    with snapshot.taken():
        found = [len(batch) for batch in tables.batches(tables.described("upload_chunk"))]
    assert found == [5, 4]


def test_ones_own_uploads_are_listed_latest_first(agent, operator, fixed_clock):
    made = []
    for _ in range(3):
        fixed_clock.advance(minutes=1)
        made.insert(0, Uploading(agent, PDF))
        made[0].begin()
    made[0].rest()
    first = agent.get("/files/uploads?limit=2").json
    assert [each["id"] for each in first["items"]] == [made[0].id, made[1].id]
    assert first["items"][0]["file"]["id"] == made[0].id
    rest = agent.get(f"/files/uploads?limit=2&cursor={first['next_cursor']}").json
    assert [each["id"] for each in rest["items"]] == [made[2].id]
    assert [each["id"] for each in agent.get("/files/uploads?state=kept").json["items"]] == [made[0].id]
    assert operator.get("/files/uploads").json["items"] == []
    assert agent.get(made[0].path).json["unit_code"] == VILLAGE
