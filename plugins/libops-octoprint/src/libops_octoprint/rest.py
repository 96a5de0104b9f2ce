"""Calls to OctoPrint's REST interface with the standard library alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.message import Message
from hashlib import sha256
from http.client import HTTPException
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from libops.base.errors import DeviceError, InvalidValue
from libops_octoprint.status import NotOperational, PrinterBusy

__all__ = ["Rest"]

JSON = "application/json"
ANSWER_LIMIT = 4 * 1024 * 1024
WORDS = {
    401: "the API key is missing",
    403: "the API key is not accepted, or may not do this",
    404: "there is no such file or address",
    413: "the file is too large for the server",
    415: "the server does not take files of this kind",
}


class NoRedirect(HTTPRedirectHandler):
    """The key goes to the address it was given for, and to no other."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> Request | None:
        return None


class Rest:
    """One OctoPrint server: its address, the API key, and how many seconds a call may take."""

    def __init__(self, url: str, api_key: str, deadline: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise InvalidValue(f"{url!r} is no address of a server: give one such as http://printer-1.local")
        if not api_key or not api_key.isprintable():
            raise InvalidValue("the OctoPrint API key is empty or not text: copy it from the server's settings")
        if not deadline > 0:
            raise InvalidValue(f"a deadline of {deadline} seconds: give more than 0")
        self.url, self.key, self.deadline = url.rstrip("/"), api_key, deadline
        # Printers stand in the house: what proxies the environment names is not for them.
        self.opener = build_opener(ProxyHandler({}), NoRedirect)

    def get(self, path: str) -> Any:
        """What the server says at an address, read from JSON."""
        return self._call(path, None, {})

    def post(self, path: str, body: Mapping[str, object]) -> Any:
        """Tell the server something."""
        return self._call(path, json.dumps(body).encode(), {"Content-Type": JSON})

    def post_file(self, path: str, name: str, content: bytes) -> Any:
        """Send a file, as a form does (RFC 7578)."""
        if not name or any(sign in name for sign in '"\r\n/\\'):
            raise InvalidValue(f"{name!r} is no file name for a printer: leave out quotes, slashes and line ends")
        boundary = f"libops-{sha256(content).hexdigest()}"
        head = (
            f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/octet-stream'
        )
        body = f"--{boundary}\r\n{head}\r\n\r\n".encode() + content + f"\r\n--{boundary}--\r\n".encode()
        return self._call(path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})

    def _call(self, path: str, body: bytes | None, headers: Mapping[str, str]) -> Any:
        request = Request(self.url + path, data=body, headers={**headers, "X-Api-Key": self.key, "Accept": JSON})
        try:
            with self.opener.open(request, timeout=self.deadline) as answer:
                text = answer.read(ANSWER_LIMIT)
        except HTTPError as refused:
            with refused:
                raise self._error(path, refused.code, refused.read(2000)) from None
        except (URLError, HTTPException, OSError) as wrong:
            reason = getattr(wrong, "reason", wrong)
            raise DeviceError(f"{self.url}{path} did not answer within {self.deadline} s: {reason}") from wrong
        if not text:
            return None
        try:
            return json.loads(text)
        except ValueError:
            raise DeviceError(
                f"{self.url}{path} answered {text[:80]!r}, not JSON: is it an OctoPrint server?"
            ) from None

    def _error(self, path: str, code: int, text: bytes) -> DeviceError:
        said = WORDS.get(code) or _said(text)
        # OctoPrint answers 409 for a printer that is busy, idle or not connected; only its words differ (seen in 1.11).
        if code == 409 and "not operational" in said:
            return NotOperational(f"{self.url}{path}: {said}")
        if code == 409 and "neither printing nor paused" not in said:
            return PrinterBusy(f"{self.url}{path}: {said}")
        return DeviceError(f"{self.url}{path} refused ({code}): {said}")


def _said(text: bytes) -> str:
    try:
        found = json.loads(text)
        return str(found["error"])
    except (ValueError, KeyError, TypeError):
        return text.decode("utf-8", "replace").strip()[:200] or "no reason given"
