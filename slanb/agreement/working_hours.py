"""The hours in which working time runs, as the agreement says them."""

from collections.abc import Sequence
from itertools import groupby

from slanb.dictionary.messages import Message
from slanb.terms.watching import Office
from slanb.working_time import NEXT_DAY, WEEKDAYS, Window

ALL_DAY = (("00:00", "24:00"),)


def working_hours(office: Office) -> list[Message]:
    """On which days, from when to when, on whose clock, and which holidays are free.

    Parameters
    ----------
    office : the company, or a segment with hours of its own.
    """
    windows = office.hours.windows()
    runs = [(key, list(run)) for key, run in groupby(WEEKDAYS, key=windows.get) if key is not None]
    if runs == [(ALL_DAY, list(WEEKDAYS))]:
        said = [Message("agreement.day_and_night", zone=office.zone)]
    else:
        hours = [
            Message("agreement.day_hours", days=_days(run), windows=[_window(window) for window in of_day])
            for of_day, run in runs
        ]
        said = [Message("agreement.open_at", hours=hours, zone=office.zone)]
    if any(closes.endswith(NEXT_DAY) for of_day, _ in runs for _, closes in of_day):
        said.append(Message("agreement.night_belongs"))
    if office.subdivision:
        place = {"country": office.country, "subdivision": office.subdivision}
        said.append(Message("agreement.holidays_free_in", **place))
    elif office.country:
        said.append(Message("agreement.holidays_free", country=office.country))
    return said


def _days(run: Sequence[str]) -> Message:
    first, last = (Message(f"phrases.{run[place]}") for place in (0, -1))
    if len(run) == 1:
        return Message("agreement.one_day", day=first)
    return Message("agreement.from_day_to_day", first=first, last=last)


def _window(window: Window) -> Message:
    opens, closes = window
    if (window,) == ALL_DAY:
        return Message("agreement.round_the_clock")
    if closes.endswith(NEXT_DAY):
        return Message("agreement.window_night", opens=opens, closes=closes.removesuffix(NEXT_DAY))
    return Message("agreement.window", opens=opens, closes=closes)
