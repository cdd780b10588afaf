"""What the tables of the sales page show: columns, their headings and units, and the names of what is told.

Part of `slanb.sales`.
"""

CLOCKS = {
    "rep_working": "From hand-off, working time",
    "rep_wall": "From hand-off, wall time",
    "buyer_working": "From creation, working time",
    "buyer_wall": "From creation, wall time",
}
CUTS = {"owner": "Salesperson", "tier": "Tier", "segment": "Segment"}
WHYS = {
    "due": "First attempt due",
    "overdue": "First attempt overdue",
    "depth": "Further attempts due",
}
SPEED_COLUMNS = {
    "leads": ("Leads", "leads"),
    "share": ("In time", "share"),
    "kept": ("Kept", "leads"),
    "missed": ("Missed", "leads"),
    "pending": ("Pending", "leads"),
    "never_share": ("Not followed up", "share"),
    "mean_hours": ("Average", "hours"),
    "median_hours": ("Half within", "hours"),
    "p90_hours": ("Nine in ten within", "hours"),
}
PERIOD_COLUMNS = {"period": ("Month", "period"), **SPEED_COLUMNS}
WEEK_COLUMNS = {"period": ("Week from", "date"), **SPEED_COLUMNS}
PART_COLUMNS = {
    "part": ("", "text"),
    **{key: SPEED_COLUMNS[key] for key in ("leads", "share", "pending", "never_share")},
    **{key: SPEED_COLUMNS[key] for key in ("mean_hours", "median_hours", "p90_hours")},
    "depth_share": ("Tried as promised", "share"),
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
    "why": ("What is due", "text"),
    "age": ("Since hand-off", "text"),
    "leads": ("Leads", "leads"),
}
