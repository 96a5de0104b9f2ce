"""The client: one target, one request at a time, over the standard library."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops_sru.response import SruError, SruPage, SruRecord, page_of

__all__ = ["SruClient", "SruVersion"]


class SruVersion(Enum):
    """The version of the protocol that a target speaks."""

    V1_1 = "1.1"
    V1_2 = "1.2"
    V2_0 = "2.0"


@frozen
class SruClient:
    """A target: its address, the version it speaks, the record schema to ask for, and how long to wait in seconds.

    `largest` is the most bytes of an answer that are read. Raises `InvalidValue` for an address that is not http(s).
    """

    url: str = field()
    version: SruVersion = SruVersion.V1_1
    schema: str = "marcxml"
    timeout: float = 20.0
    largest: int = 32_000_000

    @url.validator
    def _is_http(self, attribute: object, value: str) -> None:
        if urlsplit(value).scheme not in ("http", "https"):
            raise InvalidValue(f"target {value!r} is no address of a web server: it begins with http:// or https://")

    def search(self, query: str, *, start: int = 1, count: int = 10) -> SruPage:
        """One page of the records that answer a CQL query, from `start` (the first is 1), at most `count`.

        Raises `SruError` when the target refuses, does not answer in time, or answers something else; `InvalidValue`
        for an empty query or a page that cannot be.
        """
        if not query.strip():
            raise InvalidValue('the query is empty: give at least one clause, such as dc.title="chess"')
        if start < 1 or count < 1:
            raise InvalidValue(f"no page from record {start} with {count} records: both begin at 1")
        asked = {"query": query, "startRecord": start, "maximumRecords": count, "recordSchema": self.schema}
        if self.version is SruVersion.V2_0:
            asked |= {"queryType": "cql", "recordXMLEscaping": "xml", "httpAccept": "application/xml"}
        else:
            asked |= {"version": self.version.value, "operation": "searchRetrieve", "recordPacking": "xml"}
        return page_of(self._fetch(urlencode(asked)), start)

    def records(self, query: str, *, page: int = 20, most: int | None = None) -> Iterator[SruRecord]:
        """All records that answer, page by page, at most so many."""
        start, given = 1, 0
        while True:
            count = page if most is None else min(page, most - given)
            if count < 1:
                return
            found = self.search(query, start=start, count=count)
            yield from found.records
            given += len(found.records)
            following = start + len(found.records)
            if not found.records or following > found.total:
                return
            start = following

    def _fetch(self, asked: str) -> bytes:
        joint = "&" if urlsplit(self.url).query else "?"
        request = Request(f"{self.url}{joint}{asked}", headers={"User-Agent": "libops-sru", "Accept": "*/*"})
        try:
            with urlopen(request, timeout=self.timeout) as answer:
                body: bytes = answer.read(self.largest + 1)
        except HTTPError as error:
            with error:
                raise SruError(f"{self.url} answers {error.code} {error.reason}") from None
        except TimeoutError:
            raise SruError(f"{self.url} did not answer within {self.timeout} seconds") from None
        except (URLError, HTTPException, OSError) as error:
            raise SruError(f"{self.url} cannot be reached: {error}") from None
        if len(body) > self.largest:
            raise SruError(f"{self.url} answers more than {self.largest} bytes: ask for fewer records at a time")
        return body
