"""Copy cataloging through SRU: pages of records, refusals in the target's own words, and never a hanging desk."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

import pytest

from libops.base.errors import BackendError, InvalidValue
from libops.catalog.marc import marcxml_text
from libops.testing.sample_marc import records
from libops_sru import SruClient, SruError, SruVersion, clause, known_item

OLD = "http://www.loc.gov/zing/srw/"
NEW = "http://docs.oasis-open.org/ns/search-ws/sruResponse"
REFUSED = '<diagnostics><diagnostic xmlns="http://www.loc.gov/zing/srw/diagnostic/"><uri>info:srw/diagnostic/1/10</uri>'
REFUSED += "<details>dc.titel</details><message>Query syntax error</message></diagnostic></diagnostics>"


def answer(total: int, start: int, bodies: list[str], *, namespace: str = OLD) -> bytes:
    held = "".join(
        f"<record><recordSchema>marcxml</recordSchema><recordData>{body}</recordData>"
        f"<recordPosition>{start + place}</recordPosition></record>"
        for place, body in enumerate(bodies)
    )
    following = start + len(bodies)
    more = f"<nextRecordPosition>{following}</nextRecordPosition>" if following <= total else ""
    text = f"<numberOfRecords>{total}</numberOfRecords><records>{held}</records>{more}"
    return f'<searchRetrieveResponse xmlns="{namespace}">{text}</searchRetrieveResponse>'.encode()


Asked = dict[str, list[str]]


@pytest.fixture
def target() -> Iterator[Callable[[Callable[[Asked], bytes]], str]]:
    """A target on this machine that answers as the test says; what it was asked is handed to the answer."""
    servers = []

    def serve(reply: Callable[[Asked], bytes]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = reply(parse_qs(urlsplit(self.path).query))
                self.send_response(500 if body == b"broken" else 200)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *values: object) -> None:
                """Quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}/sru"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def catalog(asked: Asked) -> bytes:
    """A target with seven records."""
    start, count = int(asked["startRecord"][0]), int(asked["maximumRecords"][0])
    bodies = [marcxml_text(record, namespace=True) for record in records(7)[start - 1 : start - 1 + count]]
    return answer(7, start, bodies)


def test_a_page_holds_records_as_a_file_does(target) -> None:
    """The records are those of the target, and the page says where the next one begins."""
    page = SruClient(target(catalog)).search("dc.title=chess", start=2, count=3)
    assert (7, 5, [2, 3, 4]) == (page.total, page.next_position, [one.position for one in page.records])
    assert list(records(7)[1:4]) == [one.record for one in page.records]


def test_all_pages_are_gone_through_and_no_more(target) -> None:
    """Seven records in pages of three; or only as many as were asked for."""
    client = SruClient(target(catalog))
    assert list(records(7)) == [one.record for one in client.records("dc.title=chess", page=3)]
    assert 4 == len(list(client.records("dc.title=chess", page=3, most=4)))


@pytest.mark.parametrize(
    ("version", "named"),
    [(SruVersion.V1_1, "operation"), (SruVersion.V1_2, "operation"), (SruVersion.V2_0, "queryType")],
)
def test_each_version_is_asked_in_its_own_way(target, version: SruVersion, named: str) -> None:
    """1.1 and 1.2 name version and operation, 2.0 the type of the query; the answers differ in their namespace."""
    seen: list[Asked] = []

    def reply(asked: Asked) -> bytes:
        seen.append(asked)
        namespace = NEW if version is SruVersion.V2_0 else OLD
        return answer(1, 1, [escape(marcxml_text(records(1)[0]))], namespace=namespace)

    (found,) = SruClient(target(reply), version=version).search('dc.title="été & hiver"').records
    assert (records(1)[0], ['dc.title="été & hiver"'], True) == (found.record, seen[0]["query"], named in seen[0])
    assert (version is not SruVersion.V2_0) == ("version" in seen[0])


def test_what_a_target_refuses_is_an_error_in_its_own_words(target) -> None:
    """A diagnostic that stands for the whole answer."""
    body = (
        f'<searchRetrieveResponse xmlns="{OLD}"><numberOfRecords>0</numberOfRecords>{REFUSED}</searchRetrieveResponse>'
    )
    with pytest.raises(SruError, match="Query syntax error") as caught:
        SruClient(target(lambda asked: body.encode())).search("dc.titel=chess")
    assert [10] == [said.number for said in caught.value.diagnostics]
    assert isinstance(caught.value, BackendError)


def test_a_record_that_cannot_be_delivered_keeps_its_place(target) -> None:
    """A surrogate diagnostic stands where the record would; the others are read."""
    surrogate = REFUSED.removeprefix("<diagnostics>").removesuffix("</diagnostics>").replace("/10", "/63")
    bodies = [marcxml_text(records(2)[0]), surrogate, "<oai_dc>no MARC</oai_dc>", marcxml_text(records(2)[1])]
    found = SruClient(target(lambda asked: answer(4, 1, bodies))).search("dc.title=chess").records
    assert [records(2)[0], None, None, records(2)[1]] == [one.record for one in found]
    assert found[1].diagnostic is not None
    assert (63, True) == (found[1].diagnostic.number, "no MARCXML" in found[2].reason)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html><body>Catalog</body></html>", "where a searchRetrieveResponse"),
        (b"not XML at all", "no XML"),
        (b"broken", "answers 500"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type definition"),
        (b"<a>" + b"x" * 3000 + b"</a>", "more than 2000 bytes"),
    ],
)
def test_anything_but_an_answer_is_named(target, body: bytes, said: str) -> None:
    """A web page, an error, a bomb, a flood: an error that says what came."""
    with pytest.raises(SruError, match=said):
        SruClient(target(lambda asked: body), largest=2000).search("dc.title=chess")


def test_a_target_that_does_not_answer_does_not_hold_the_desk() -> None:
    """After the time the library gives it, and at once when nobody is there."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(SruError, match=r"did not answer within|cannot be reached"):
            SruClient(url, timeout=0.2).search("dc.title=chess")
    with pytest.raises(SruError, match="cannot be reached"):
        SruClient(url, timeout=0.5).search("dc.title=chess")


def test_what_cannot_be_asked_is_refused_before_it_is() -> None:
    """An address that is none, an empty query, a page before the first."""
    with pytest.raises(InvalidValue, match="http"):
        SruClient("file:///etc/hosts")
    client = SruClient("http://127.0.0.1:9/")
    with pytest.raises(InvalidValue, match="empty"):
        client.search("  ")
    with pytest.raises(InvalidValue, match="begin at 1"):
        client.search("dc.title=chess", start=0)


def test_queries_are_quoted() -> None:
    """No title is ever an operator."""
    assert 'dc.title="war and \\"peace\\""' == clause("dc.title", 'war and "peace"')
    assert 'bath.isbn="9780131103627"' == known_item(isbn="0131103628")
    assert 'dc.title="Emma" and dc.creator="Austen"' == known_item(isbn="wrong", title="Emma", author="Austen")
    assert "" == known_item()


@pytest.fixture(scope="module")
def ztest() -> Iterator[str]:
    """Index Data's test server, which speaks SRU and refuses as real targets do."""
    program = shutil.which("yaz-ztest")
    if program is None:
        pytest.skip("yaz-ztest is not installed (package yaz): no real target to ask")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen([program, f"tcp:127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=0.1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/Default"
    finally:
        server.terminate()
        server.wait(5)


def test_a_real_target_gives_its_records_page_by_page(ztest: str) -> None:
    """yaz-ztest has 23 records for "computer"."""
    client = SruClient(ztest)
    page = client.search("computer", count=5)
    assert (23, 5) == (page.total, len(page.records))
    assert all(one.record is not None and one.record.subfield("245", "a") for one in page.records)
    assert 23 == len(list(client.records("computer", page=10)))


def test_a_real_target_refuses_in_its_own_words(ztest: str) -> None:
    """Beyond the last record: diagnostic 61. A schema it does not know: 66 or 63, for the answer or for each record."""
    with pytest.raises(SruError) as caught:
        SruClient(ztest).search("computer", start=24)
    assert [61] == [said.number for said in caught.value.diagnostics]
    try:
        said = [one.diagnostic for one in SruClient(ztest, schema="unheard-of").search("computer", count=1).records]
    except SruError as error:
        said = list(error.diagnostics)
    assert {one.number for one in said if one} <= {63, 66}
    assert said
