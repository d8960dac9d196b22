"""How a purchase came to its judgement, told in lines of text, all in one language."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from models.judgement import JudgedLine, Judgement, Previous
from sinks.reports.texts import text
from sinks.web import format as shown
from sinks.web.language import Language
from sinks.web.queries.quoted import Holder, QuotedRow
from sinks.web.words import Words

Quoted = Mapping[str, QuotedRow]
Holders = Mapping[str, Holder]
"""By line: the catalogue row that made it avoidable."""
LABEL_WIDTH = 12


class Teller:
    """Tells in one language; `words` know the reasons of the ruleset that is shipped."""

    def __init__(self, *, language: Language, words: Words) -> None:
        self._language = language
        self._word = words

    def revision(self, judged: Judgement, quoted: Quoted, holders: Holders) -> Iterator[str]:
        """When, by what cause, with which outcome by which rule and reason, on what evidence; then each line."""
        at = shown.moment(datetime.fromisoformat(judged.judged_at), self._language) if judged.judged_at else ""
        yield self._text("explained_revision", judged.revision, judged.generation, at).rstrip()
        yield self._said("explained_cause", self._cause(judged))
        yield self._said("explained_outcome", self._outcome(judged))
        yield self._said("explained_rule", self._rule(judged))
        yield self._said("explained_amounts", self._amounts(judged.amounts_ore))
        if judged.previous:
            yield self._said("explained_before", self._before(judged.previous))
        if judged.flags:
            yield self._said("explained_flags", ", ".join(self._word(flag, "flag") for flag in judged.flags))
        yield from self._evidence(judged.evidence, quoted, judged.reference)
        if judged.source:
            source = judged.source
            yield self._said("explained_record", f"{source.topic}/{source.partition}/{source.offset}")
        for line in judged.lines:
            yield from self._line(line, quoted, judged.reference, holders)

    def _text(self, key: str, *filled: object) -> str:
        return text(key, self._language, *filled)

    def _said(self, key: str, said: str) -> str:
        return f"  {self._text(key):<{LABEL_WIDTH}}{said}"

    def _cause(self, judged: Judgement) -> str:
        cause = judged.cause
        reference = "" if cause.reference is None else f", {self._text('explained_reference', cause.reference)}"
        event = f" ({cause.source} {cause.event})" if cause.event else ""
        return f"{self._word(cause.kind, 'cause')}{reference}{event}"

    def _outcome(self, judged: Judgement | JudgedLine | Previous) -> str:
        counted = f" ({self._text('explained_untallied')})" if not getattr(judged, "tallied", True) else ""
        return f"{self._word(judged.outcome, 'outcome')}: {self._word(judged.channel, 'channel')}{counted}"

    def _rule(self, judged: Judgement) -> str:
        reference = self._text("explained_reference", judged.reference)
        return f"{self._word(judged.reason, 'reason')} ({judged.rule}, {judged.ruleset}, {reference})"

    def _before(self, before: Previous) -> str:
        return f"{self._outcome(before)}, {self._amounts(before.amounts_ore)}"

    def _amounts(self, amounts: Mapping[str, int]) -> str:
        told = (
            f"{self._word(outcome, 'outcome')} {shown.exact_amount(ore, self._language)}"
            for outcome, ore in amounts.items()
        )
        return ", ".join(told) or shown.NOTHING

    def _line(self, line: JudgedLine, quoted: Quoted, reference: int, holders: Holders) -> Iterator[str]:
        what = " ".join(part for part in (line.item, line.description) if part)
        no_rate = self._text("explained_no_rate")
        amount = no_rate if line.amount_ore is None else shown.exact_amount(line.amount_ore, self._language)
        yield f"  {self._text('explained_line', line.line)} {amount}{f', {what}' if what else ''}"
        yield f"  {self._said('explained_outcome', self._outcome(line))}"
        rule = f"{self._word(line.reason, 'reason')} ({line.rule})"
        yield f"  {self._said('explained_rule', rule)}"
        if line.avoidable is not None:
            yield f"  {self._said('explained_avoidable', self._avoidable(line, holders.get(line.line)))}"
        for told in self._evidence(line.evidence, quoted, reference):
            yield f"  {told}"

    def _avoidable(self, line: JudgedLine, holder: Holder | None) -> str:
        if not line.avoidable:
            return self._text("explained_uncovered")
        if holder is None:
            return self._text("explained_held")
        values = holder.row.values
        return f"{self._text('explained_held')}: {values['catalogue']}, {values['item']}, {self._days(holder.row)}"

    def _evidence(self, evidence: Mapping[str, str], quoted: Quoted, reference: int) -> Iterator[str]:
        for name, said in evidence.items():
            row = quoted.get(said)
            words = self._word.evidence(name, said) or self._text("explained_not_stated")
            told = (
                words if row is None else f"{said}, {self._days(row)}, {self._text('explained_reference', reference)}"
            )
            yield self._said("explained_evidence", f"{self._word(name, 'evidence')}: {told}")

    def _days(self, row: QuotedRow) -> str:
        first = shown.day(row.valid_from, self._language) if row.valid_from else "…"
        last = shown.day(row.valid_to, self._language) if row.valid_to else "…"
        return f"{self._name(row)}{first} – {last}"

    @staticmethod
    def _name(row: QuotedRow) -> str:
        name = row.values.get("title") or row.values.get("name")
        return f"{name}, " if name else ""
