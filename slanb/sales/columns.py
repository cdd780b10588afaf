"""What the tables of the sales page show: columns, their headings and units, and the names of what is told.

Part of `slanb.sales`.
"""

from slanb.facts.follow_up import AGES, OLDEST

CLOCKS = {
    "rep_working": "From hand-off, working time",
    "rep_wall": "From hand-off, wall time",
    "buyer_working": "From creation, working time",
    "buyer_wall": "From creation, wall time",
}
CUTS = {"owner": "{name}", "tier": "Tier {name}", "segment": "Segment {name}"}
WHYS = {"due": "First due", "overdue": "First overdue", "depth": "Try again"}
AGE_NAMES = dict(
    zip(
        (*AGES, OLDEST),
        ("< 1 day", "1–3 days", "3–7 days", "1–2 weeks", "2–4 weeks", "> 4 weeks"),
        strict=True,
    )
)
SPEED_COLUMNS = {
    "leads": ("Leads", "leads"),
    "share": ("In time", "share"),
    "kept": ("Kept", "leads"),
    "missed": ("Missed", "leads"),
    "pending": ("Pending", "leads"),
    "never_share": ("No attempt", "share"),
    "mean_hours": ("Average", "hours"),
    "median_hours": ("Half by", "hours"),
    "p90_hours": ("9 in 10 by", "hours"),
}
SPAN_COLUMNS = {"span": ("Handed off in", "text"), **SPEED_COLUMNS}
PART_COLUMNS = {
    "part": ("Part", "text"),
    **{key: SPEED_COLUMNS[key] for key in ("leads", "share", "never_share")},
    **{key: SPEED_COLUMNS[key] for key in ("mean_hours", "median_hours", "p90_hours")},
    "depth_share": ("Tried enough", "share"),
    "mean_attempts": ("Attempts", "attempts"),
}
CLOCK_COLUMNS = {
    "clock": ("Clock", "text"),
    "mean_hours": ("Average of those attempted", "hours"),
    "quarter_hours": ("A quarter within", "hours"),
    "median_hours": ("Half within", "hours"),
    "p90_hours": ("Nine in ten within", "hours"),
}
DEPTH_COLUMNS = {
    "period": ("Month", "period"),
    "leads": ("Leads", "leads"),
    "reached": ("Reached", "leads"),
    "kept": ("Tried as promised", "leads"),
    "missed": ("Tried less", "leads"),
    "share": ("Share tried as promised", "share"),
    "mean_attempts": ("Average attempts", "attempts"),
}
CURVE_COLUMNS = {
    "attempt": ("Attempt", "count"),
    "tried": ("Leads tried", "leads"),
    "rate": ("Connected by it", "share"),
    ("low", "high"): ("Interval", "interval:share"),
    "reached": ("Reached by then", "share"),
    "hours_each": ("Work per connection", "hours"),
    "worth": ("Worth of one attempt", "money"),
}
BANDWIDTH_COLUMNS = {
    "part": ("Leads sourced by", "text"),
    "leads": ("Leads", "leads"),
    "per_rep": ("Per salesperson", "leads"),
    "needed": ("Hours needed", "hours"),
    "available": ("Hours there are", "hours"),
    "spare": ("Left over", "change:hours"),
    "by_software": ("Saved by software", "hours"),
}
ATTENTION_COLUMNS = {
    "owner": ("Salesperson", "text"),
    **{why: (name, "count") for why, name in WHYS.items()},
    **{age: (name, "count") for age, name in AGE_NAMES.items()},
}
