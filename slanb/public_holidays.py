"""Public holidays, as the package `holidays` knows them."""

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

from slanb.errors import SlanbError

_CODE = re.compile("[A-Z]{2}")


@cache
def public_holidays(
    country: str | None, subdivision: str | None, language: str, year: int
) -> Mapping[date, str]:
    """Public holidays of a year, by day, named in the language or else in English.

    Parameters
    ----------
    country : two-letter code (ISO 3166); without one there are none.
    subdivision : a part of it, by the package's code.

    Raises
    ------
    SlanbError : where there is no such place, naming those there are.

    >>> public_holidays("DE", None, "de", 2026)[date(2026, 10, 3)]
    'Tag der Deutschen Einheit'
    """
    if country is None:
        if subdivision is not None:
            raise SlanbError(f'subdivision is "{subdivision}", but no country is given. Add its code, as DE.')
        return {}
    spoken = language.replace("-", "_").split("_")[0]
    try:
        known = _of(country)
        # Left to choose, the package takes the language of the machine.
        named_in = next((x for x in sorted(known.supported_languages) if x.split("_")[0] == spoken), "en_US")
        return dict(known(subdiv=subdivision, years=year, language=named_in))
    except NotImplementedError:
        raise SlanbError(_unknown_place(country, subdivision)) from None


def _of(country: str) -> Any:
    """The package's class of a country, from that country's file alone: its own way to it loads those of all
    countries, a tenth of a short command's time."""
    import holidays  # only where a calendar asks for it

    for module, (name, *codes) in holidays.registry.COUNTRIES.items():
        if _CODE.fullmatch(country) and country in codes:
            folder = Path(holidays.__file__).parent / "countries"
            spec = PathFinder.find_spec(f"{holidays.__name__}.countries.{module}", [str(folder)])
            alone = module_from_spec(spec)
            spec.loader.exec_module(alone)
            return getattr(alone, name)
    raise NotImplementedError(country)


def _unknown_place(country: str, subdivision: str | None) -> str:
    import holidays

    places = {code: parts for code, parts in holidays.list_supported_countries().items() if len(code) == 2}
    if country in places:
        allowed = ", ".join(places[country]) or "none"
        return f'subdivision is "{subdivision}", but for {country} one of these is expected: {allowed}.'
    codes = {code: code for code in places}
    for name, (_, code, *_) in holidays.registry.COUNTRIES.items():
        codes[name.replace("_", " ").upper()] = code
    near = get_close_matches(country.upper(), codes, n=1)
    hint = f" Did you mean {codes[near[0]]}?" if near else ""
    return f'country is "{country}", but its two-letter code (ISO 3166), as DE, is expected.{hint}'
