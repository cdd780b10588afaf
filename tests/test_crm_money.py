"""Amounts in several currencies: converted by the table of rates, or refused by name; never added up."""

import pytest

from slanb.errors import SlanbError
from tests.crm_exports import OPPORTUNITIES, SALESFORCE, SALESFORCE_SOURCE, taken_in
from tests.crm_sources import DEALS, MAPPING, anomaly, by_id, imported, rows, says

RATES = "currency: EUR\nrates: {source: the central bank, USD: {2026-03: 0.9, 2026-04: 0.8}}\n"
NAMED = MAPPING.replace("amount: Amount", "amount: {column: Amount, currency: Money}")
MIXED = """\
Id,Lead,Closed,Stage,Amount,Money
d1,1,2026-03-31,Won,1000,usd
d2,2,2026-04-01,Won,1000,USD
d3,3,2026-03-02,Won,70,EUR
d4,3,2026-03-02,Won,60,
d5,3,,Open,50,USD
d6,2,,Won,40,USD
"""


def amounts(snapshot):
    return by_id(rows(snapshot, "deals").set_index("deal_id"), "amount")


def test_amounts_are_converted_by_the_rate_of_their_month_and_it_is_told(tmp_path):
    """By hand: 1,000 x 0.9 in March and x 0.8 in April; what names no currency, or has no month, is empty.
    Only of a win without a month is that a fault: an open deal brings nothing yet."""
    snapshot = imported(tmp_path, RATES + NAMED, deals=MIXED)
    held = {"d1": (900,), "d2": (800,), "d3": (70,), "d4": (None,), "d5": (None,), "d6": (None,)}
    assert amounts(snapshot) == held
    converted = by_id(rows(snapshot, "deals").set_index("deal_id"), "converted_from")
    assert {deal for deal, (currency,) in converted.items() if currency == "USD"} == {"d1", "d2"}
    assert snapshot.quality["currency"] == "EUR"
    assert snapshot.quality["rates"] == {"source": "the central bank", "converted": {"USD": 2}}
    told = "Amounts of 2 of 6 deals are converted into EUR by the central bank: “USD” (2)."
    assert says(anomaly(snapshot, "converted_amounts")) == told
    told = (
        "1 of 5 won deals is in another currency and has no closing date, so that no month's rate converts it"
    )
    assert says(anomaly(snapshot, "won_without_rate")).startswith(told)
    assert anomaly(snapshot, "won_without_rate")["examples"] == ["d6"]
    assert anomaly(snapshot, "won_without_amount")["examples"] == ["d4"]
    assert snapshot.quality["tables"]["deals"]["emptied"] == {"amount": 1}
    assert dict(zip(snapshot.quarantine["value"], snapshot.quarantine["line"], strict=True)) == {
        "60.0": 5,
        "USD 40.0": 7,
    }


@pytest.mark.parametrize(
    ("mapping", "deals", "expected"),
    [
        (NAMED, MIXED, r"amounts are in several currencies: USD \(4\), EUR \(1\)\. Say `currency:`"),
        ("currency: EUR\n" + NAMED, MIXED, r"the amounts of 2 won deals are in USD, not in EUR"),
        (RATES.replace("USD", "GBP") + NAMED, MIXED, r"by month \(2026-03, 2026-04\); or export them in EUR"),
        (
            RATES.replace(", 2026-04: 0.8", "") + NAMED,
            MIXED,
            r"line 2: USD has no rate for 2026-04, in which",
        ),
        (
            MAPPING,
            MIXED.replace("Money", "Amount Currency"),
            r'column "Amount Currency" beside it says USD \(',
        ),
        (
            "currency: USD\n" + MAPPING,
            MIXED.replace("Money", "deal_currency_code").replace("usd", "EUR"),
            r"USD \(3\), EUR \(2\), but `currency:` is USD\. Map it, `amount: \{column: Amount, currency",
        ),
        (
            MAPPING,
            DEALS.replace("1000", "$ 1000").replace("500", "€ 500"),
            r"currencies: \$ \(1\), EUR \(1\)",
        ),
        (
            "currency: EUR\n" + MAPPING,
            DEALS.replace("1000", "USD 1000"),
            r"1 won deals are in USD, not in EUR",
        ),
        (
            "currency: EUR\n" + MAPPING,
            DEALS.replace("1000", "$1000"),
            r'marked "\$", which is no sign of EUR',
        ),
        ("currency: USD\n" + MAPPING, DEALS.replace("1000", "R$ 1000"), "are in BRL, not in USD"),
        ("currency: EUR\n" + MAPPING, DEALS.replace("1000", "SFr. 1000"), "are in CHF, not in EUR"),
        ("currency: EUR\n" + MAPPING, DEALS.replace("1000", "1000 usd"), "are in USD, not in EUR"),
        ("currency: EUR\n" + MAPPING, DEALS.replace("1000", "1 k€"), 'marked "K€", which is no sign of EUR'),
        (MAPPING, DEALS.replace("1000", "US$ 1000").replace("500", "A$500"), r"AUD \(1\), USD \(1\)"),
        ("currency: USD\n" + NAMED, MIXED.replace("70,EUR", "€70,USD"), "are in EUR, not in USD"),
        (NAMED.replace("Money}", "Monney}"), MIXED, r'column "Monney" not found.*Did you mean "Money"\?'),
    ],
)
def test_what_cannot_be_added_up_is_refused_by_name(tmp_path, mapping, deals, expected):
    with pytest.raises(SlanbError, match=expected):
        imported(tmp_path, mapping, deals=deals)


@pytest.mark.parametrize(
    ("mapping", "deals", "currency", "first"),
    [
        ("currency: CAD\n" + MAPPING, DEALS.replace("1000", "$ 1000"), "CAD", 1000),
        (MAPPING, DEALS.replace("1000", "1000 €"), "EUR", 1000),
        (RATES + MAPPING, DEALS.replace("1000", "USD 1000"), "EUR", 900),
        (RATES + MAPPING, DEALS.replace("1000", "$1000"), "EUR", 900),
        (NAMED, MIXED.replace("EUR", "USD").replace("1000,usd", "$1000,usd"), "USD", 1000),
        (MAPPING, DEALS.replace("1000", '"1000,- Euro"'), "EUR", 1000),
        (MAPPING, DEALS.replace("1000", "CA$ 1000.--"), "CAD", 1000),
        (MAPPING, DEALS.replace("1000", "$1000"), "$", 1000),
        (MAPPING, MIXED.replace("Money", "Currency").replace("EUR", "USD"), "USD", 1000),
        (NAMED, MIXED.replace("EUR", "USD"), "USD", 1000),
    ],
)
def test_the_currency_is_the_one_named_or_the_one_there_is(tmp_path, mapping, deals, currency, first):
    snapshot = imported(tmp_path, mapping, deals=deals)
    assert (snapshot.quality["currency"], amounts(snapshot)["d1"]) == (currency, (first,))


def test_an_amount_that_names_no_currency_is_not_taken_for_the_one_there_is(tmp_path):
    snapshot = imported(tmp_path, NAMED, deals=MIXED.replace("EUR", "USD"))
    assert amounts(snapshot)["d4"] == (None,)
    assert snapshot.quality["tables"]["deals"]["emptied"] == {"amount": 1}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("source: the central bank, ", "", "rates.source is missing"),
        ("USD", "USDX", "rates.USDX: the code of another currency"),
        ("USD", "EUR", "rates.EUR: the code of another currency"),
        ("0.9", "0", "rates.USD.2026-03 is 0, but a number above 0 is expected"),
        ("2026-03", "2026-13", "rates.USD: months such as 2026-03 are expected, but one is 2026-13"),
        ("currency: EUR\n", "", "rates: `currency:` is expected beside it"),
    ],
)
def test_a_table_of_rates_says_what_it_lacks(tmp_path, old, new, expected):
    with pytest.raises(SlanbError, match=expected):
        imported(tmp_path, RATES.replace(old, new) + NAMED, deals=MIXED)


def test_an_amount_is_taken_in_the_currency_named_where_the_export_has_it_twice(tmp_path):
    """Salesforce converts into the currency of whoever runs the report: here that is not the one named."""
    header, *deals = OPPORTUNITIES.splitlines()
    pairs = ["USD,1000,EUR,900", "EUR,450,EUR,450", "USD,300,EUR,270", "USD,200,EUR,180"]
    columns = "Amount Currency,Amount,Amount (converted) Currency,Amount (converted)"
    lines = [header.replace("Amount", columns)]
    for deal, pair in zip(deals, pairs, strict=True):
        cells = deal.split(",")
        lines.append(",".join([*cells[:3], pair, *cells[4:]]))
    files = SALESFORCE | {"Opportunity": "\n".join(lines) + "\n"}
    euros = taken_in(tmp_path / "euros", SALESFORCE_SOURCE + "currency: EUR\n", files)
    assert sorted(rows(euros, "deals")["amount"]) == [180, 270, 450, 900]
    with pytest.raises(SlanbError, match="the amounts of 1 won deals are in EUR, not in USD"):
        taken_in(tmp_path / "none", SALESFORCE_SOURCE + "currency: USD\n", files)
    rated = SALESFORCE_SOURCE + "currency: USD\nrates: {source: ours, EUR: {2026-02: 2}}\n"
    dollars = taken_in(tmp_path / "dollars", rated, files)
    assert sorted(rows(dollars, "deals")["amount"]) == [200, 300, 900, 1000]
