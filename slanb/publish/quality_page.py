"""What the records could support: a page of its own, and the lines of it that leaders read."""

from collections.abc import Mapping, Sequence
from typing import Any

from slanb.crm.attribution import RULES
from slanb.crm.quality import conclusion_message, done_message, finding_message, table_message
from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording

UNREAD = ("files_not_used", "archives_not_read")


def data_lines(quality: Mapping[str, Any], words: Wording, *, most: int | None = None) -> list[str]:
    """What the import has to say: rows used of each table, then what conclusions should not be drawn over.

    Parameters
    ----------
    quality : the quality report of `slanb.crm`.
    most : how many findings to name; all if None.
    """
    say = words.say
    tables = {name: counts for name, counts in quality["tables"].items() if counts["mapped"]}
    used = [
        Message("publish.used", used=counts["used"], read=counts["read"], table=table_message(name))
        for name, counts in tables.items()
    ]
    left_out = sum(counts["quarantined"] for counts in tables.values())
    lines = [say("publish.tables_used", tables=used) + " " + say("publish.rows_left_out", n=left_out)]
    findings = sorted(quality["anomalies"], key=_weight)
    for finding in findings[:most]:
        conclusions = [conclusion_message(conclusion) for conclusion in finding["affects"]]
        careful = say("publish.careful", conclusions=conclusions) if conclusions else ""
        lines.append(f"{say(finding_message(finding))} {careful}".strip())
    if most is not None and len(findings) > most:
        lines.append(say("publish.more_findings", n=len(findings) - most))
    return lines


def _weight(finding: Mapping[str, Any]) -> tuple[bool, float]:
    """Which findings come first: files that are not read, then what touches most of its rows."""
    return not finding["message"].endswith(UNREAD), -(finding["share"] or 0) * bool(finding["affects"])


def quality_page(
    quality: Mapping[str, Any],
    *,
    title: str,
    words: Wording,
    nav: Sequence[Mapping[str, str]],
    restated: Sequence[Mapping[str, Any]] = (),
) -> str:
    """What the records could support, as a page: conclusions not to be drawn, rows left out, rules, findings.

    Parameters
    ----------
    quality : the quality report of `slanb.crm`; everything in it is shown as text, never as HTML.
    title, words, nav : as for `slanb.publish.layout.fill`.
    restated : what has changed since the report was published before (`restated_tables`).
    """
    from slanb.publish.layout import QUALITY, fill  # with jinja2, which the lines do not need

    unsafe: dict[str, list[str]] = {}
    for finding in quality["anomalies"]:
        for conclusion in finding["affects"]:
            name = words.say(conclusion_message(conclusion))
            unsafe.setdefault(name, []).append(words.say(finding_message(finding)))
    meaning, sides = quality.get("meaning", {}), _sides(quality)
    return fill(
        "quality.html.j2",
        title=title,
        words=words,
        nav=nav,
        here=QUALITY,
        exported=(quality["exported_at"]["value"], quality.get("zone", "UTC")),
        unsafe=sorted(unsafe.items()),
        tables={
            words.say(table_message(name)): row for name, row in quality["tables"].items() if row["mapped"]
        },
        files=quality["files"],
        restated=restated,
        rules=[words.say(finding_message(rule)) for rule in meaning.get("rules", ())],
        done={
            words.say(done_message(name)): {
                words.say(done_message(what)): n for what, n in meaning[name].items()
            }
            for name in ("people", "deals", "activities")
            if name in meaning
        },
        sides={_rule(rule, words): share for rule, share in sides.items()},
        sides_line=_sides_line(quality, sides, words),
        findings=[_with_examples(finding, words) for finding in quality["anomalies"]],
    )


def _sides(quality: Mapping[str, Any]) -> dict[str, float | None]:
    """Marketing's share of the revenue on record by each rule; None where nothing was won, or
    refunds leave less than nothing of either."""
    by_rule = quality.get("sourced_by", {}).get("by_rule", {})
    return {
        rule: won["marketing_amount"] / won["amount"]
        if 0 <= won["marketing_amount"] <= won["amount"] > 0
        else None
        for rule, won in by_rule.items()
    }


def _sides_line(quality: Mapping[str, Any], sides: Mapping[str, float | None], words: Wording) -> str:
    shares = [share for share in sides.values() if share is not None]
    if not shares:
        return ""
    low, high = min(shares), max(shares)
    which = "agree" if words.share(low) == words.share(high) else "differ"
    return words.say(
        f"publish.sides_{which}", low=low, high=high, rule=_rule(quality["sourced_by"]["rule"], words)
    )


def _rule(rule: str, words: Wording) -> str:
    return words.say(f"publish.by_{rule}") if rule in RULES else rule


def _with_examples(finding: Mapping[str, Any], words: Wording) -> str:
    sentence, ids = words.say(finding_message(finding)), finding.get("examples")
    return f"{sentence} {words.say('publish.examples', ids=', '.join(ids))}" if ids else sentence
