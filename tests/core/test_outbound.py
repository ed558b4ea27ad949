"""The product speaks to listed hosts only, at the address that was looked at, and not for long."""
import socket
import threading
from contextlib import suppress

import pytest

from backend.core import outbound
from tests.notifications.gateway import Gateway

HERE = frozenset({"127.0.0.1", "gateway.test"})


@pytest.fixture
def gateway():
    made = Gateway()
    yield made
    made.close()


def post(url, hosts=HERE, private=True, seconds=60, headers=None):
    return outbound.post(url, b"{}", headers or {}, hosts=hosts, private=private, seconds=seconds)


@pytest.mark.parametrize(("address", "public"), [
    ("8.8.8.8", True), ("2400:3200::1", True), ("127.0.0.1", False), ("127.9.9.9", False), ("10.1.2.3", False),
    ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False),
    ("100.100.100.200", False), ("0.0.0.0", False), ("224.0.0.1", False), ("255.255.255.255", False),
    ("240.0.0.1", False), ("192.0.2.1", False), ("::1", False), ("::", False), ("fe80::1%eth0", False),
    ("fc00::1", False), ("ff02::1", False), ("::ffff:127.0.0.1", False), ("::ffff:10.0.0.1", False),
    ("64:ff9b::7f00:1", False), ("64:ff9b::a9fe:a9fe", False), ("2002:7f00:1::1", False),
    ("2002:0a00:0001::1", False), ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False), ("2001:db8::1", False),
])
def test_only_addresses_of_the_open_internet_are_public(address, public):
    assert outbound.is_public(address) == public


@pytest.mark.parametrize(("url", "code"), [
    ("http://other.test/", "host-not-allowed"), ("http://gateway.test.evil.test/", "host-not-allowed"),
    ("http://gateway.test@evil.test/", "odd-address"), ("http://evil.test#@gateway.test/", "host-not-allowed"),
    ("ftp://gateway.test/", "odd-address"), ("file:///etc/passwd", "odd-address"), ("http:///x", "odd-address"),
    ("http://gateway.test:99999/", "odd-address"), ("http://gateway.test/a b", "odd-address"),
    ("http://gateway.test/a\r\nX: y", "odd-address"), ("gopher://gateway.test/", "odd-address"),
    ("http://2130706433/", "host-not-allowed"), ("http://[::1]/", "host-not-allowed"),
])
def test_an_address_that_is_not_on_the_list_is_not_spoken_to(url, code):
    with pytest.raises(outbound.NotSent, match=code):
        post(url)


def test_a_port_can_be_part_of_the_list(gateway):
    assert post(gateway.url, hosts={f"127.0.0.1:{gateway.port}"}).status == 200
    with pytest.raises(outbound.NotSent, match="host-not-allowed"):
        post(gateway.url, hosts={"127.0.0.1:1"})


def test_private_addresses_are_refused_unless_allowed(gateway):
    with pytest.raises(outbound.NotSent, match="address-refused"):
        post(gateway.url, private=False)
    assert gateway.seen == []


def test_one_private_address_among_public_ones_is_refused(monkeypatch):
    places = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("8.8.8.8", "169.254.169.254")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: places)
    with pytest.raises(outbound.NotSent, match="address-refused"):
        post("http://gateway.test/", private=False)


def test_a_name_is_resolved_once_and_that_address_is_spoken_to(gateway, monkeypatch):
    asked = []

    def first_here_then_elsewhere(host, port, **more):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", first_here_then_elsewhere)
    assert post(f"http://gateway.test:{gateway.port}/hook?a=1").status == 200
    assert asked == ["gateway.test"]
    path, headers, _ = gateway.seen[0]
    assert path == "/hook?a=1"
    assert headers["host"] == f"gateway.test:{gateway.port}"


def test_a_redirect_is_an_answer_and_not_followed(gateway):
    gateway.answer = lambda message: 302
    assert post(gateway.url).status == 302
    assert len(gateway.seen) == 1


def test_an_unknown_name_or_a_shut_door_is_not_sent(gateway, monkeypatch):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        with pytest.raises(outbound.NotSent, match="no-connection"):
            post(f"http://127.0.0.1:{probe.getsockname()[1]}/")

    def unknown(*args, **more):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(outbound.NotSent, match="name-unknown"):
        post("http://gateway.test/")


def test_silence_is_unclear_after_the_time_allowed(gateway):
    gateway.answer = lambda message: "hang"
    with pytest.raises(outbound.Unclear, match="timeout"):
        post(gateway.url, seconds=0.5)
    assert gateway.held_out


def test_a_byte_now_and_then_does_not_outlast_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            caller, _ = server.accept()
            with caller, suppress(OSError):
                for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 1800\r\n\r\n" + b"x" * 1800:
                    caller.sendall(bytes([byte]))
                    over.wait(0.05)
                finished.append(True)

        over, finished = threading.Event(), []
        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        with pytest.raises(outbound.Unclear, match="timeout"):
            post(f"http://127.0.0.1:{server.getsockname()[1]}/", seconds=0.5)
        assert not finished, "given up long before the ninety seconds that all of it takes"
        over.set()
        thread.join()


def test_a_line_that_breaks_off_is_unclear():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up():
            caller, _ = server.accept()
            caller.recv(1000)
            caller.close()

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        with pytest.raises(outbound.Unclear, match="broken-off"):
            post(f"http://127.0.0.1:{server.getsockname()[1]}/", seconds=60)
        thread.join()
