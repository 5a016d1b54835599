"""Traces by OpenTelemetry: a span for each request, message, room, commit and delivery, sent over OTLP and HTTP.

Spans name doors, rooms, administrations and message identifiers, and nothing of what a document says; of what fails
they name the kind. The context of a caller's trace is taken from its headers (W3C Trace Context), and goes on to
whoever a document is handed to.
"""

import asyncio
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from esad_gateway.ports.tracing import Followed

T = TypeVar("T")

ROOMS: Final = ("parse", "verify", "schema", "bind", "rules")
"""What a document walks through before its group is decided: rooms 3 to 6 of the walk."""

EXPORT_SECONDS: Final = 5
"""How long a collector may take; one that does not answer costs spans, and nothing else."""

_FAILED: Final = 500


class Traces:
    """Sends spans to the collector at an address, on behalf of one administration."""

    def __init__(self, url: str, administration: str) -> None:
        named = Resource.create({"service.name": "esad-gateway", "service.instance.id": administration})
        self._provider = TracerProvider(resource=named, shutdown_on_exit=False)
        exporter = OTLPSpanExporter(f"{url}/v1/traces", timeout=EXPORT_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("esad_gateway")
        self._headers = TraceContextTextMapPropagator()

    def around(self, app: ASGIApp) -> ASGIApp:
        """``app``, each of whose requests is a span of its caller's trace; when it has ended, what is left is sent."""

        async def traced(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, self._closing(send))
                return
            with self._span(scope["method"], SpanKind.SERVER, {}, self._context(scope)) as span:
                await app(scope, receive, _noting(span, send))

        return traced

    @contextmanager
    def message(self, door: str) -> Iterator[Followed[Any]]:
        """As :class:`~esad_gateway.ports.tracing.Tracing` has it."""
        ended: list[int] = []
        with self._span("message", SpanKind.INTERNAL, {"esad.door": door}) as span:
            context = set_span_in_context(span)
            try:
                yield lambda walk: self._followed(walk, context, ended)
            finally:
                for at in ended:
                    self._tracer.start_span("commit", context, start_time=at).end()

    @contextmanager
    def delivery(self, destination: str, identifier: str) -> Iterator[Mapping[str, str]]:
        """As :class:`~esad_gateway.ports.tracing.Tracing` has it."""
        told = {"esad.destination": destination, "esad.identifier": identifier}
        with self._span("deliver", SpanKind.CLIENT, told) as span:
            headers: dict[str, str] = {}
            self._headers.inject(headers, set_span_in_context(span))
            yield headers

    def _followed(self, walk: Generator[None, None, T], context: Context, ended: list[int]) -> Generator[None, None, T]:
        rooms = iter(ROOMS)
        while True:
            with self._span(next(rooms, "room"), SpanKind.INTERNAL, {}, context):
                try:
                    next(walk)
                except StopIteration as end:
                    ended.append(time.time_ns())
                    result: T = end.value
                    return result
            yield

    @contextmanager
    def _span(
        self, name: str, kind: SpanKind, told: Mapping[str, str], context: Context | None = None
    ) -> Iterator[Span]:
        """A span that is ended; what is raised in it is named by its kind alone."""
        with self._tracer.start_as_current_span(
            name, context, kind, told, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except Exception as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def _closing(self, send: Send) -> Send:
        async def sent(message: Message) -> None:
            if message["type"] == "lifespan.shutdown.complete":
                await asyncio.to_thread(self._provider.shutdown)
            await send(message)

        return sent

    def _context(self, scope: Scope) -> Context:
        given = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        return self._headers.extract({name: given[name] for name in ("traceparent", "tracestate") if name in given})


def _noting(span: Span, send: Send) -> Callable[[Message], Any]:
    async def noted(message: Message) -> None:
        if message["type"] == "http.response.start":
            span.set_attribute("http.response.status_code", message["status"])
            if message["status"] >= _FAILED:
                span.set_status(Status(StatusCode.ERROR))
        await send(message)

    return noted
