"""What of a process's output belongs on the terminal: words for people, and log lines that warn."""

import json

SHOWN_LEVELS = {"warning", "error", "critical"}
PLAIN_FIELDS = {"event", "level", "logger", "timestamp", "process"}


def shown(line: str) -> str | None:
    """Return the text to show, or None for a log line that only the log file keeps."""
    if not line.startswith("{"):
        return line or None
    try:
        record = json.loads(line)
    except ValueError:
        return line
    if record.get("level") not in SHOWN_LEVELS:
        return None
    details = " ".join(f"{name}={value}" for name, value in record.items() if name not in PLAIN_FIELDS)
    return f"{record['level']}: {record.get('event', '')} {details}".rstrip()
