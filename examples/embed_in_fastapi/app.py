"""An async host: FastAPI in front, libops in worker threads.

The desk is synchronous; a store may be shared by threads. So an `async def` endpoint hands each act to a worker thread
and the event loop stays free.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from anyio import to_thread
from fastapi import FastAPI, HTTPException

import libops


def library_app(url: str, **options: Any) -> FastAPI:
    """An application that lends, takes back and shows what a patron has."""

    @asynccontextmanager
    async def open_library(app: FastAPI) -> AsyncIterator[None]:
        app.state.ops = await to_thread.run_sync(partial(libops.open, url, **options))
        yield
        await to_thread.run_sync(app.state.ops.close)

    app = FastAPI(title="A small town library", lifespan=open_library)

    async def answered(act: Any, **asked: Any) -> dict[str, Any]:
        answer = await to_thread.run_sync(partial(act, **asked))
        if isinstance(answer, libops.Refuse):
            reasons = [{"code": reason.code, "text": reason.text} for reason in answer.reasons]
            raise HTTPException(409, detail=reasons)
        receipt = answer.result
        return {"title": receipt.title, "due": receipt.due, "alerts": [str(alert) for alert in answer.alerts]}

    @app.post("/loans/{item}", status_code=201)
    async def check_out(item: str, patron: str) -> dict[str, Any]:
        return await answered(app.state.ops.circulation.check_out, patron=patron, item=item)

    @app.delete("/loans/{item}")
    async def check_in(item: str) -> dict[str, Any]:
        return await answered(app.state.ops.circulation.check_in, item=item)

    @app.get("/patrons/{card}/loans")
    async def loans(card: str) -> list[dict[str, Any]]:
        try:
            found = await to_thread.run_sync(app.state.ops.circulation.loans_of, card)
        except libops.LibopsError as error:
            raise HTTPException(404, detail=str(error)) from error
        return [{"item": loan.item_id, "due": loan.due} for loan in found]

    return app
