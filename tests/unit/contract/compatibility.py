"""What breaks whom when a schema changes: senders by what is taken no longer, subscribers by what they no longer get."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems")
UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")


def breaks_senders(old: Json, new: Json) -> list[str]:
    """Where a message that the old schema allowed may be refused, or lose its meaning, under the new one."""
    return list(_narrowed(old, new, old, new, ""))


def breaks_subscribers(old: Json, new: Json) -> list[str]:
    """Where a message under the new schema lacks what the old one promised; fields and codes may be added."""
    return list(_lacking(old, new, old, new, ""))


def _narrowed(old: Json, new: Json, was: Json, now: Json, place: str) -> Iterator[str]:
    old, new = _resolved(old, was), _resolved(new, now)
    for kind in sorted(_types(old, was) - _types(new, now)):
        yield f"{place}: may no longer be {kind}"
    for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
        yield f"{place}.{name}: is required now"
    for value in _values(old) if _values(new) else ():
        if value not in _values(new):
            yield f"{place}: {value!r} is taken no longer"
    if _values(new) and not _values(old):
        yield f"{place}: takes only certain values now"
    yield from _tightened(old, new, place)
    for name, inner, other in _inside(old, new, was, now):
        if other is None:
            yield f"{place}{name}: is read no longer"
        else:
            yield from _narrowed(inner, other, was, now, place + name)


def _tightened(old: Json, new: Json, place: str) -> Iterator[str]:
    for bound in LOWER:
        if bound in new and new[bound] > old.get(bound, float("-inf")):
            yield f"{place}: {bound} is {new[bound]} now"
    for bound in UPPER:
        if bound in new and new[bound] < old.get(bound, float("inf")):
            yield f"{place}: {bound} is {new[bound]} now"
    if "pattern" in new and new["pattern"] != old.get("pattern"):
        yield f"{place}: has another pattern"
    if new.get("additionalProperties") is False and old.get("additionalProperties") is not False:
        yield f"{place}: takes no unknown fields any more"


def _lacking(old: Json, new: Json, was: Json, now: Json, place: str) -> Iterator[str]:
    old, new = _resolved(old, was), _resolved(new, now)
    for kind in sorted(_types(new, now) - (_types(old, was) or _types(new, now))):
        yield f"{place}: may be {kind} now"
    for name in sorted(set(old.get("required", ())) - set(new.get("required", ()))):
        yield f"{place}.{name}: is promised no longer"
    for name, inner, other in _inside(old, new, was, now):
        if other is None:
            yield f"{place}{name}: is gone"
        else:
            yield from _lacking(inner, other, was, now, place + name)


def _inside(old: Json, new: Json, was: Json, now: Json) -> Iterator[tuple[str, Json, Json | None]]:
    """What stands inside the old schema, and what stands there now."""
    for name, inner in old.get("properties", {}).items():
        yield f".{name}", inner, new.get("properties", {}).get(name)
    for key in ("items", "additionalProperties"):
        if isinstance(old.get(key), dict):
            other = new.get(key)
            yield "[]", old[key], other if isinstance(other, dict) else None
    olds, news = _choices(old, was), _choices(new, now)
    for kind in sorted(olds.keys() & news.keys()):
        yield "", olds[kind], news[kind]


def _choices(schema: Json, root: Json) -> dict[str, Json]:
    found = [_resolved(each, root) for each in schema.get("anyOf", ())]
    return {each["type"]: each for each in found if isinstance(each.get("type"), str)}


def _resolved(schema: Json, root: Json) -> Json:
    if "$ref" not in schema:
        return schema
    found: Any = root
    for step in schema["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return _resolved(found, root)


def _types(schema: Json, root: Json) -> set[str]:
    if "anyOf" in schema:
        return {kind for each in schema["anyOf"] for kind in _types(_resolved(each, root), root)}
    named = schema.get("type", [])
    return {named} if isinstance(named, str) else set(named)


def _values(schema: Json) -> list[Any]:
    return [schema["const"]] if "const" in schema else list(schema.get("enum", ()))
