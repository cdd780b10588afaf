"""Where marketing's deliveries stand: against the goal lines, by the promised day, and by the agreed rule.

`case` is always a `slanb.facts.period.PeriodFacts`.
"""

import math

import numpy as np
import pandas as pd

from slanb.dictionary.figures import Figure, Verdict, judge
from slanb.dictionary.messages import Message
from slanb.facts.deliveries import FATES
from slanb.facts.period import PeriodFacts
from slanb.marketing.lines import LINES, counted, goal, parts, waterfall, whole_months
from slanb.marketing.pace import Outlook, outlook, outlook_figures, outlook_lines
from slanb.period_tables import weeks_of
from slanb.periods import label
from slanb.terms.goals import whole_leads
from slanb.terms.phrases import often
from slanb.terms.targets import due_on

__all__ = [
    "Outlook", "by_part", "delivered", "fates", "figures", "goal", "headlines", "needed", "notes", "outcomes",
    "outlook", "pace", "promised_day", "standing", "status_lines", "verdict", "waterfall", "weeks",
]  # fmt: skip
PACES = {"straight": "pace", "working_days": "pace_working_days", "profile": "pace_profile"}


# -- where the period stands


def promised_day(case: PeriodFacts) -> pd.Timestamp:
    """The day by which marketing delivers, in the period's last month."""
    return due_on(case.period, day=case.plan.deliver_by_day)


def promised_day_over(case: PeriodFacts) -> bool:
    """The promised day has ended as of the clock."""
    return case.complete or (case.today is not None and case.today > promised_day(case))


def delivered(case: PeriodFacts, measure: str = "leads", *, until: pd.Timestamp | None = None) -> float:
    """What was delivered up to the end of a day; up to today if none is given."""
    rows = counted(case)
    rows = rows if until is None else rows[rows["day"] <= until]
    return float(rows.loc[rows["counts"], measure].sum())


def verdict(case: PeriodFacts, measure: str = "leads", *, by_promised_day: bool = False) -> Verdict:
    """Whether the goal was reached; pending while the period runs, or leads that do not count yet can still
    be accepted. What was delivered stays delivered."""
    target = goal(case, measure)
    if not target:
        return "not measurable"
    until = promised_day(case) if by_promised_day else case.days[-1]
    rows = counted(case)
    still_open = rows["undecided"] & (rows["day"] <= until)
    over = promised_day_over(case) if by_promised_day else case.complete
    reached = delivered(case, measure, until=until) * (1 + 1e-9)  # sums of money are not exact
    return judge(reached, at_least=target, complete=over and not still_open.any())


def pace(case: PeriodFacts) -> pd.DataFrame:
    """Where the leads stand at the end of today, a row a line that is known: `line`, `due`, `delivered`,
    `gap` (above the line if positive), `share` (delivered ÷ due); empty before the first day."""
    days = waterfall(case).set_index("day")
    now = days.loc[case.today] if case.today is not None else days.iloc[0] * np.nan
    frame = pd.DataFrame({"line": LINES, "due": now[list(LINES)].to_numpy(float), "delivered": now["actual"]})
    frame = frame[frame["due"].notna()].reset_index(drop=True)
    share = frame["delivered"] / frame["due"].where(frame["due"] > 0)
    return frame.assign(gap=frame["delivered"] - frame["due"], share=share)


def needed(case: PeriodFacts) -> pd.Series:
    """What is still to come: `leads` up to the goal, `days` (working days after today), `each` (leads on each
    of them; NaN where none is left, 0 where the goal is reached)."""
    days = waterfall(case)
    after = days if case.today is None else days[days["day"] > case.today]
    leads, left = max(goal(case) - delivered(case), 0.0), int(after["working"].sum())
    return pd.Series({"leads": leads, "days": left, "each": leads / left if left else math.nan})


def fates(case: PeriodFacts) -> pd.Series:
    """The period's leads by fate (`deliveries`), all fates named."""
    return counted(case).groupby("fate")["leads"].sum().reindex(FATES, fill_value=0.0)


# -- frames for figures and tables


def by_part(case: PeriodFacts) -> pd.DataFrame:
    """The leads of each tier and segment against its even line: `part` (named), `day`, `goal`, `actual`."""
    frames = [
        waterfall(case, cut=cut, name=name).assign(part=name_of(cut, name)) for cut, name in parts(case)
    ]
    columns = ["part", "day", "straight", "actual"]
    frame = pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
    return frame.rename(columns={"straight": "goal"})


def name_of(cut: str, name: str) -> Message:
    """What readers call the whole, a tier or a segment."""
    return Message(f"marketing.{cut}", **({"name": name} if name else {}))


def standing(case: PeriodFacts) -> pd.DataFrame:
    """Every part as it stands today, the whole last (`whole`): `part` (named), `segment` (name, where it is
    one), `leads_goal`, `due`, `delivered`, `gap` (leads, even line), `value_goal`, `value_delivered` (money).
    """
    rows = []
    for cut, name in [*parts(case), ("all", "")]:
        leads, value = (
            waterfall(case, each, cut=cut, name=name).set_index("day") for each in ("leads", "value")
        )
        now = leads["straight"].get(case.today, math.nan)
        came = leads["actual"].get(case.today, math.nan)
        rows.append(
            {"part": name_of(cut, name), "segment": name if cut == "segment" else None}
            | {"whole": cut == "all", "leads_goal": goal(case, "leads", cut, name)}
            | {"due": now, "delivered": came, "gap": came - now}
            | {"value_goal": goal(case, "value", cut, name)}
            | {"value_delivered": value["actual"].get(case.today, math.nan)}
        )
    return pd.DataFrame(rows)


def weeks(case: PeriodFacts) -> pd.DataFrame:
    """The status week by week: `week` (its first day in the period), `delivered` in it, then by its end (or
    today) `so_far`, `due` (even line), `gap`, `value_so_far`; weeks not begun are left out."""
    days = waterfall(case).assign(value_so_far=waterfall(case, "value")["actual"])
    days["week"] = days["day"].where(days["day"].isin(weeks_of(case.period))).ffill()
    last = days[days["actual"].notna()].groupby("week", as_index=False).last()
    frame = last.rename(columns={"actual": "so_far", "straight": "due"})
    frame = frame[["week", "so_far", "due", "value_so_far"]]
    frame["delivered"] = frame["so_far"].diff().fillna(frame["so_far"])
    return frame.assign(gap=frame["so_far"] - frame["due"])


def outcomes(case: PeriodFacts) -> pd.DataFrame:
    """What became of the leads at hand-off: `became` (named, with the reason of a return), `leads`,
    `toward_goal` (in words, whether they count)."""
    frame = counted(case).groupby(["fate", "reason", "counts"], as_index=False)["leads"].sum()
    frame["order"] = frame["fate"].map(list(FATES).index)
    frame = frame.sort_values(["order", "reason"], ignore_index=True)
    became = []
    for fate, reason in zip(frame["fate"], frame["reason"], strict=True):
        if fate == "returned":
            became.append(Message("marketing.returned", reason=reason or Message("marketing.no_reason")))
        elif fate == "accepted" and reason:
            became.append(Message("marketing.accepted_lost", reason=reason))
        else:
            became.append(Message(f"marketing.{fate}"))
    toward = [Message("marketing.counts" if counts else "marketing.counts_not") for counts in frame["counts"]]
    return frame.assign(became=became, toward_goal=toward)


# -- in words


def headlines(case: PeriodFacts, ahead: Outlook | None = None) -> list[Message]:
    """The period in sentences: delivered by the promised day or not, today against the lines, what is needed,
    the chance of reaching the goal, and what does not count.

    Parameters
    ----------
    ahead : `outlook` of the period.
    """
    if not goal(case):
        return [Message("marketing.none_promised", period=case.label)]
    if case.today is None:
        return [Message("marketing.not_begun", period=case.label, goal=goal(case), due=promised_day(case))]
    lines = [*_delivered_lines(case), *_pace_lines(case)]
    return [*lines, *outlook_lines(case, ahead), *_fates_lines(case)]


def _delivered_lines(case: PeriodFacts) -> list[Message]:
    due, over = promised_day(case), promised_day_over(case)
    until = due if over else case.today
    leads = delivered(case, until=until)
    numbers = {"delivered": leads, "goal": goal(case), "share": leads / goal(case), "day": until, "due": due}
    numbers |= {"value": delivered(case, "value", until=until), "value_goal": goal(case, "value")}
    lines = [Message("marketing.delivered" if over else "marketing.delivered_so_far", **numbers)]
    if over and due < case.today:
        lines.append(Message("marketing.since", day=case.today, delivered=delivered(case)))
    return lines


def _pace_lines(case: PeriodFacts) -> list[Message]:
    """Today against each line that is known, and what is needed; of a period that has ended nothing."""
    if case.complete:
        return []
    rows, left = pace(case), needed(case)
    due = [Message(f"marketing.due_{row.line}", due=row.due) for row in rows.itertuples()]
    lines = [Message("marketing.due", due=due)]
    if len(set(np.floor(rows["due"] + 0.5))) == 1:
        lines = [
            Message("marketing.due_on_all" if len(rows) > 1 else "marketing.due_on_one", due=rows["due"][0])
        ]
    key = "goal_reached" if not left["leads"] else "needed_late" if not left["days"] else "needed"
    return [*lines, Message(f"marketing.{key}", **left)]


def _fates_lines(case: PeriodFacts) -> list[Message]:
    """What does not count, or not for sure."""
    numbers = fates(case)
    if case.agreement.qualification is None:
        numbers["open"] = 0.0
    names = ("unqualified", "returned", "open", "waiting")
    some = [Message(f"marketing.fate_{fate}", n=numbers[fate]) for fate in names if numbers[fate]]
    some += [Message("marketing.fate_unpresented", n=case.unpresented)] if case.unpresented else []
    return [Message("marketing.fates", parts=some)] if some else []


def status_lines(case: PeriodFacts) -> list[Message]:
    """Which status reports of the agreement an interim run serves; none for a period that has ended."""
    names = {party.id: party.name for party in case.agreement.parties}
    names |= {contact.id: contact.name or contact.role for contact in case.agreement.contacts}
    reports = [each for each in case.agreement.reporting if each.kind == "status" and not case.complete]
    return [
        Message(
            "marketing.status",
            often=often(case.agreement, each.cadence),
            sender=names[each.sender],
            recipients=[names[one] for one in each.recipients],
        )
        for each in reports
    ]


def notes(case: PeriodFacts) -> list[Message]:
    """What counts toward the goal, whose working days its line has, and from which months the line
    of past months was learnt."""
    rule = case.agreement.qualification
    lines = [Message(f"marketing.rule_{rule.counts_toward_goal if rule else 'created'}")]
    if own := list(case.agreement.calendar.by_segment):
        lines.append(Message("marketing.company_days", segments=own))
    planned = whole_leads(case.goals.total["leads"])
    if goal(case) != planned:
        lines.append(Message("marketing.goal_of_clause", goal=goal(case), planned=planned))
    before = whole_months(case)["month"]
    if before.empty:
        return [*lines, Message("marketing.no_profile")]
    return [*lines, Message("marketing.profile", first=label(before.iloc[0]), last=label(before.iloc[-1]))]


# -- as figures


def figures(case: PeriodFacts, ahead: Outlook | None = None) -> list[Figure]:
    """Deliveries against the goals and by the promised day, pace, the chance of the goal, parts and fates.

    Parameters
    ----------
    ahead : `outlook` of the period.
    """
    whole = fates(case)
    rows = [_delivered_figure(case, measure, day) for day in (False, True) for measure in ("leads", "value")]
    rows += [_pace_figure(row) for row in pace(case).to_dict("records")]
    if not case.complete:
        left = needed(case)
        numbers = {"goal": goal(case), "delivered": delivered(case), "days": left["days"]}
        rows.append(Figure("marketing.needed_per_day", left["each"], n=int(left["days"]), parts=numbers))
    rows += outlook_figures(case, ahead)
    for cut, name in parts(case):
        target, leads = goal(case, "leads", cut, name), waterfall(case, cut=cut, name=name)["actual"].max()
        leads = 0.0 if math.isnan(leads) else float(leads)
        share = leads / target if target else None
        numbers = {"delivered": leads, "goal": target}
        rows.append(Figure(f"marketing.{cut}.{name}.reached", share, n=int(leads), parts=numbers))
    return rows + [Figure(f"marketing.{fate}", leads, n=int(whole.sum())) for fate, leads in whole.items()]


def _pace_figure(row: dict) -> Figure:
    numbers = {"delivered": row["delivered"], "due": row["due"]}
    return Figure(f"marketing.{PACES[row['line']]}", row["share"], n=int(row["delivered"]), parts=numbers)


def _delivered_figure(case: PeriodFacts, measure: str, by_promised_day: bool) -> Figure:
    """What was delivered in the period, or by the promised day: where that is the period's last one,
    the figure of the period alone carries the promise, so that it is not counted twice."""
    due, target = promised_day(case), goal(case, measure)
    until = due if by_promised_day else None
    leads, judged = delivered(case, until=until), not by_promised_day or due < case.days[-1]
    return Figure(
        f"marketing.{measure}_by_promised_day" if by_promised_day else f"marketing.{measure}",
        delivered(case, measure, until=until),
        n=int(leads),
        target=target if judged else None,
        verdict=verdict(case, measure, by_promised_day=by_promised_day) if judged else None,
        note=Message("marketing.promised_by", day=due) if by_promised_day else "",
    )
