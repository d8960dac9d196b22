"""The page of the settings: variable, unit or form, default and meaning."""

from collections.abc import Iterable
from typing import Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from deploy.local.settings import LocalSettings
from handelspuls.access import KafkaAccess
from handelspuls.api_keys import ApiAccess
from handelspuls.documentation.markdown import code, table
from handelspuls.settings import PREFIX, Settings
from handelspuls.trace_settings import TraceSettings

HEAD = ("variable", "unit or form", "default", "meaning")
UNITS = {
    "_ms": "milliseconds",
    "_s": "seconds",
    "_port": "port, 0–65535",
    "_per_minute": "a minute",
    "_share": "share, 0–1",
    "_url": "URL",
    "_servers": "host:port, …",
}
FORMS = {"bool": "on or off", "int": "whole number", "float": "number", "Path": "path", "SecretStr": "secret"}

INTRODUCTION = """# Settings

Environment variables; nothing else configures a process. A wrong value ends the process with a sentence that names the variable. `python -m handelspuls docs` writes this page from the code, and a test compares them.
"""
LOCAL = (
    "With `KAFKA_BOOTSTRAP_SERVERS` or `DATABASE_URL` set, `make run` uses that server and starts none of its own.\n"
)
GUARDED = "Every process and every command that speaks to Kafka takes them; [security](security.md) says how.\n"
POSTING = "The web process takes them; [how it is done](integrate.md#2-send-the-first-order).\n"


def settings_page() -> str:
    """The whole page."""
    every = f"## Of every process\n\n{table(HEAD, rows(Settings))}"
    local = f"## Of `make run` and the simulator\n\n{table(HEAD, rows(LocalSettings))}"
    traces = f"## Of traces\n\n{table(HEAD, rows(TraceSettings))}"
    kafka = f"## Of a Kafka that asks who it is\n\n{GUARDED}\n{table(HEAD, rows(KafkaAccess))}"
    posting = f"## Of who may post events\n\n{POSTING}\n{table(HEAD, rows(ApiAccess))}"
    return f"{INTRODUCTION}\n{every}\n{traces}\n{kafka}\n{posting}\n{local}\n{LOCAL}"


def rows(model: type[BaseSettings]) -> Iterable[tuple[str, ...]]:
    """A row for each setting, in the order of the class."""
    for name, field in model.model_fields.items():
        default = "" if field.default is None else code(default_of(field))
        yield code(variable(name, field)), form(name, field), default, field.description or ""


def variable(name: str, field: FieldInfo) -> str:
    """The environment variable of a setting."""
    return str(field.validation_alias or PREFIX + name.upper())


def default_of(field: FieldInfo) -> str:
    """The default as it would be written in the environment."""
    if isinstance(field.default, bool):
        return "on" if field.default else "off"
    return str(field.default)


def form(name: str, field: FieldInfo) -> str:
    """The unit that the name ends in, else what the type takes."""
    if get_origin(field.annotation) is Literal:
        return ", ".join(get_args(field.annotation))
    by_name = (unit for ending, unit in UNITS.items() if name.endswith(ending))
    kinds = [kind for kind in (get_args(field.annotation) or (field.annotation,)) if kind is not type(None)]
    by_type = (FORMS[kind.__name__] for kind in kinds if getattr(kind, "__name__", "") in FORMS)
    return next(by_name, None) or next(by_type, "text")
