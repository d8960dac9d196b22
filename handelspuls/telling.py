"""How a process tells what it does with records: by its log, and by traces where they are asked for."""

from handelspuls.logs import set_up_logs
from handelspuls.settings import Settings
from handelspuls.trace_settings import TraceSettings


def set_up_telling(process: str, settings: Settings) -> None:
    """Logs as the settings say, and spans where a collector is named."""
    traces = TraceSettings.from_environment()
    set_up_logs(process=process, level=settings.log_level, outcomes=settings.log_outcomes)
    if traces.otlp_endpoint:
        from handelspuls.traces import send_traces  # noqa: PLC0415  # the SDK is loaded where it is used only

        send_traces(process, settings, traces)
