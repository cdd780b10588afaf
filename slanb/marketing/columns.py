"""What the tables of the marketing page show: columns, their headings and units, and the names of what is
told.

Part of `slanb.marketing`.
"""

MEASURES = {"leads": "leads", "value": "money"}
LINE_NAMES = {
    "straight": "Even goal line (1/n a day)",
    "working_days": "By working days",
    "profile": "As past months went",
}
FATE_NAMES = {
    "waiting": "Created, not handed off yet",
    "unqualified": "Of a tier that is not promised: to nurture",
    "returned": "Returned",
    "open": "Handed off, can still be returned",
    "accepted": "Accepted",
}
STANDING_COLUMNS = {
    "part": ("Part", "text"),
    "goal": ("Goal", "leads"),
    "due": ("Due by now", "leads"),
    "delivered": ("Delivered", "leads"),
    "gap": ("Against the line", "change:leads"),
    "value_goal": ("Value goal", "money"),
    "value": ("Value delivered", "money"),
}
WEEK_COLUMNS = {
    "week": ("Week from", "date"),
    "delivered": ("Delivered", "leads"),
    "so_far": ("So far", "leads"),
    "due": ("Due", "leads"),
    "gap": ("Against the line", "change:leads"),
    "value": ("Value so far", "money"),
}
OUTCOME_COLUMNS = {
    "outcome": ("What became of it", "text"),
    "leads": ("Leads", "leads"),
    "counts": ("Counts toward the goal", "text"),
}
