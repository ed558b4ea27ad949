"""Figures: what is counted, and that they can be read."""
import re
import threading

from backend.web import metrics
from backend.web.queries import State

LINE = re.compile(r'^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="([^"\\]|\\.)*",?)+\})? -?[0-9.e+-]+)$')


def read(client):
    page = client.get("/metrics").text
    assert all(LINE.match(line) for line in page.splitlines())
    return dict(line.rsplit(" ", 1) for line in page.splitlines() if not line.startswith("#"))


def test_requests_are_counted_by_template_and_class_of_status(client):
    client.get("/problems/not-found")
    client.get("/problems/nonsense")
    client.get("/no/such/place")
    found = read(client)
    label = 'daiban_requests_total{method="GET",route="/problems/<slug>",status="%s"}'
    assert (found[label % "2xx"], found[label % "4xx"]) == ("1", "1")
    assert found['daiban_requests_total{method="GET",route="(none)",status="4xx"}'] == "1"


def test_a_strange_method_makes_no_new_series(client):
    client.open("/", method="XYZZY")
    assert not any("XYZZY" in name for name in read(client))


def test_the_histogram_ends_in_the_number_of_requests(client):
    for _ in range(3):
        client.get("/healthz")
    found = read(client)
    label = 'method="GET",route="/healthz"'
    assert found["daiban_request_seconds_bucket{" + label + ',le="+Inf"}'] == "3"
    assert found["daiban_request_seconds_count{" + label + "}"] == "3"
    assert float(found["daiban_request_seconds_sum{" + label + "}"]) > 0


def test_one_request_is_in_flight_while_the_figures_are_read(client):
    assert read(client)["daiban_requests_in_flight"] == "1"


def test_the_state_of_the_house_is_told(client):
    found = read(client)
    assert found["daiban_ledger_head_seq"] == "0"
    assert int(found["daiban_process_resident_bytes"]) > 1 << 20


def test_the_age_of_the_checkpoint_is_in_seconds():
    page = metrics.text(metrics.Board(), State(checkpoint_micros=1_000_000), 61_000_000)
    assert "daiban_checkpoint_age_seconds 60" in page


def test_threads_that_ended_keep_their_counts():
    board = metrics.Board()

    def count():
        for _ in range(100):
            board.mine.requests["GET", "/", "2xx"] += 1

    for _ in range(3):
        threads = [threading.Thread(target=count) for _ in range(8)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
    assert board.total().requests["GET", "/", "2xx"] == 2400
    assert len(board._cells) == 0


def test_the_outbox_is_counted_and_its_oldest_notice_aged():
    state = State(reachable=True, notices={"waiting": 3, "dead": 1}, oldest_notice_micros=1_000_000)
    page = metrics.text(metrics.Board(), state, 61_000_000)
    assert 'daiban_notices{state="waiting"} 3' in page and 'daiban_notices{state="dead"} 1' in page
    assert "daiban_notices_oldest_due_seconds 60" in page


def test_an_empty_outbox_has_no_age(client):
    found = read(client)
    assert found['daiban_notices{state="dead"}'] == found["daiban_notices_oldest_due_seconds"] == "0"
