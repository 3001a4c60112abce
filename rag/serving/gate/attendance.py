"""A question is worked on while its caller is there: one who leaves ends the work, and his place is free again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import Message, Receive, Send

from rag.serving.schemas.errors import Rejection


async def while_present(
    app: Callable[[Receive, Send], Awaitable[None]], body: bytes, receive: Receive, send: Send
) -> None:
    """Run ``app`` on a body that is whole. ``receive``: waits until the caller leaves.

    Raises what the application raises, and Rejection 499 when the caller left before it was done.
    """
    unread = [body]
    answered = False
    leaving = asyncio.ensure_future(receive())  # the server says the same once all is sent

    async def messages() -> Message:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        return await asyncio.shield(leaving)

    async def sending(message: Message) -> None:
        nonlocal answered
        answered = answered or (message["type"] == "http.response.body" and not message.get("more_body", False))
        await send(message)

    work = asyncio.ensure_future(app(messages, sending))
    try:
        await asyncio.wait((work, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not (work.done() or answered):
            work.cancel()
            await asyncio.wait((work,))
            raise Rejection(499, "gone", "The caller left.")
        await work
    finally:
        work.cancel()
        leaving.cancel()
        await asyncio.gather(work, leaving, return_exceptions=True)
