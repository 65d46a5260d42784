"""Bodies of requests, never held beyond a bound."""

from starlette.requests import ClientDisconnect, Request


async def read(request: Request, largest: int) -> bytes | None:
    """The raw body; None as soon as it is larger than that, b"" when the caller went away."""
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > largest:
        return None
    parts, size = [], 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > largest:
                return None
            parts.append(part)
    except ClientDisconnect:
        return b""
    return b"".join(parts)
