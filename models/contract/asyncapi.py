"""The contract as an AsyncAPI 3 document: which topics, which messages on each, with keys, headers and examples."""

from typing import Any

from models.contract.events import EVENTS
from models.contract.rejection import TRACED
from models.contract.schemas import OUTPUTS, REJECTED_HEADERS, examples
from models.correlation import HEADER
from models.topics import DECISIONS, DOCUMENTS, PURCHASES, REJECTED, Cleanup, Topic, topics

Json = dict[str, Any]

VERSION = "3.0.0"
CONTRACT = "1.0.0"
"""Of the contract: the first number changes with a breaking change, which gets new types and so should never come."""
JSON_SCHEMA = "application/schema+json;version=2020-12"
DOCUMENT = "ubl.document"
REFUSED = "erp.rejected"
DESCRIPTION = (
    "What the ERP sends and what subscribers get. Additive changes only: ignore unknown fields, treat unknown codes as "
    "`other`. Read committed records (`isolation.level=read_committed`) and keep the greatest (`generation`, `revision`)"
    " of a key. docs/integrate.md begins with the first event."
)
_DOCUMENTS = (
    "One UBL 2.1 document, Peppol BIS 3 or OIOUBL 2.02: Order, OrderChange, OrderCancellation, OrderResponse, order "
    "agreement, Invoice, CreditNote or Catalogue."
)
_REVISED: Json = {
    "type": "object",
    "required": ["generation", "revision", "schema"],
    "properties": {
        "generation": {"type": "string", "description": "Rises with a rebuild of everything."},
        "revision": {"type": "string", "description": "Rises with each record of a key, within a generation."},
        "schema": {"type": "string", "description": "The topic and the number of its schema, such as `…/1`."},
        HEADER: {"type": "string", "description": TRACED},
    },
}


def asyncapi() -> Json:
    """The whole document; the schemas are the files beside it."""
    published = [topic for topic in topics("") if topic.name in _on_topics()]
    return {
        "asyncapi": VERSION,
        "info": {
            "title": "handelspuls",
            "version": CONTRACT,
            "description": DESCRIPTION,
            "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic) for topic in published},
        "operations": {_operation(topic.name): _does(topic.name) for topic in published},
        "components": {"messages": _messages()},
    }


def _on_topics() -> dict[str, list[str]]:
    """Topic → the names of its messages."""
    decisions = [kind for kind in EVENTS if kind.startswith("decision.")]
    return {
        PURCHASES: [kind for kind in EVENTS if kind not in decisions],
        DOCUMENTS: [DOCUMENT],
        DECISIONS: decisions,
        **{topic: [topic] for topic in OUTPUTS},
        REJECTED: [REFUSED],
    }


def _channel(topic: Topic) -> Json:
    named = _on_topics()[topic.name]
    return {
        "address": topic.name,
        "description": f"{topic.holds[0].upper()}{topic.holds[1:]}. Key: {topic.key}.",
        "messages": {_id(name): {"$ref": f"#/components/messages/{_id(name)}"} for name in named},
        "bindings": {"kafka": {"topic": topic.name, "topicConfiguration": _configuration(topic)}},
    }


def _configuration(topic: Topic) -> Json:
    kept = {"retention.ms": -1} if topic.cleanup is Cleanup.DELETE else {}
    return {"cleanup.policy": [topic.cleanup.value], "max.message.bytes": topic.max_message_bytes, **kept}


def _does(topic: str) -> Json:
    """Seen from the service: it receives what the ERP sends."""
    action = "receive" if topic in (PURCHASES, DOCUMENTS, DECISIONS) else "send"
    return {"action": action, "channel": {"$ref": f"#/channels/{topic}"}}


def _operation(topic: str) -> str:
    return topic.replace(".", "_")


def _id(message: str) -> str:
    return message.replace(".", "_")


def _messages() -> Json:
    found = {name: _json(name) for name in EVENTS}
    found |= {topic: _json(topic) | {"headers": _REVISED} for topic in OUTPUTS}
    found[DOCUMENT] = {
        "name": DOCUMENT,
        "summary": _DOCUMENTS,
        "contentType": "application/xml",
        "payload": {"type": "string"},
        "bindings": _key("any"),
    }
    found[REFUSED] = {
        "name": REFUSED,
        "summary": "The original bytes, without CPR numbers and buyer ids; the headers say what was wrong and where.",
        "contentType": "application/octet-stream",
        "payload": {"type": "string", "format": "binary"},
        "headers": _schema(REJECTED_HEADERS),
        "bindings": _key("as it came"),
    }
    return {_id(name): message for name, message in found.items()}


def _json(name: str) -> Json:
    keys = {message: topic.key for topic in topics("") for message in _on_topics().get(topic.name, ())}
    return {
        "name": name,
        "contentType": "application/cloudevents+json" if name in EVENTS else "application/json",
        "payload": _schema(name),
        "examples": [{"name": name.replace(".", "-"), "payload": examples()[name]}],
        "bindings": _key(keys[name]),
    }


def _schema(name: str) -> Json:
    return {"schemaFormat": JSON_SCHEMA, "schema": {"$ref": f"./schemas/{name}.json"}}


def _key(what: str) -> Json:
    return {"kafka": {"key": {"type": "string", "description": what}}}
