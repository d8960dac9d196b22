"""Sending spans to an OpenTelemetry collector by OTLP over HTTP."""

import atexit

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, TraceFlags, set_span_in_context

from handelspuls.settings import Settings
from handelspuls.trace_settings import TraceSettings
from handelspuls.version import own_version
from sinks.tracing import Span, spans

FLUSHED_WITHIN_MS = 5_000


class Chosen(IdGenerator):
    """The ids of the span that is told next: they follow from its record."""

    def __init__(self) -> None:
        self.traceparent = b""

    def generate_trace_id(self) -> int:
        return int(self.traceparent[3:35], 16)

    def generate_span_id(self) -> int:
        return int(self.traceparent[36:52], 16)


def send_traces(process: str, settings: Settings, traces: TraceSettings) -> None:
    """Send this process's spans to the endpoint, in the background; what is left at its end too."""
    resource = Resource.create(
        {
            SERVICE_NAME: f"{settings.app}-{process}",
            SERVICE_VERSION: own_version(),
            SERVICE_INSTANCE_ID: f"{process}-{settings.instance}",
        }
    )
    ids = Chosen()
    provider = TracerProvider(
        sampler=ALWAYS_ON, resource=resource, id_generator=ids, shutdown_on_exit=False
    )  # what is sampled is decided before
    exporter = OTLPSpanExporter(endpoint=f"{traces.otlp_endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    atexit.register(_end, provider)
    tracer = provider.get_tracer("handelspuls")

    def collect(span: Span) -> None:
        ids.traceparent = span.traceparent
        context = set_span_in_context(
            NonRecordingSpan(_context(span.parent or span.traceparent, known=bool(span.parent)))
        )
        made = tracer.start_span(
            span.name,
            context=context,
            kind=SpanKind.CONSUMER,
            start_time=span.began_ns,
            attributes=dict(span.attributes),
        )
        made.end(span.ended_ns)

    spans.collect(collect, share=traces.otlp_share)


def _context(traceparent: bytes, *, known: bool) -> SpanContext:
    """Of the span that came before; an invalid one where the trace begins."""
    trace, span = (int(traceparent[3:35], 16), int(traceparent[36:52], 16)) if known else (0, 0)
    return SpanContext(trace, span, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))


def _end(provider: TracerProvider) -> None:
    provider.force_flush(FLUSHED_WITHIN_MS)
    provider.shutdown()
