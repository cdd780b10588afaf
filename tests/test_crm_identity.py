"""Who is who in exports as people have them: an id however spelled, the newest row, one person's address."""

import unicodedata

import duckdb
import pytest

from slanb.crm import import_source, open_source
from slanb.crm.editions import edition_of
from slanb.errors import SlanbError
from slanb.strict_yaml import read
from tests.crm_exports import (
    CONTACTS,
    DEALS,
    HUBSPOT,
    HUBSPOT_SOURCE,
    LEADS,
    SALESFORCE,
    SALESFORCE_SOURCE,
    taken_in,
    workbook,
)
from tests.crm_sources import DEALS as PLAIN_DEALS
from tests.crm_sources import LEADS as PLAIN_LEADS
from tests.crm_sources import MAPPING, anomaly, imported, reconciles, rows, says, write_source

LARGE = "123456789012345678"


def parquet(folder, query):
    """The bytes of a Parquet file of what a query finds."""
    duckdb.execute(f"copy ({query}) to '{folder}/made.parquet' (format parquet)")
    return (folder / "made.parquet").read_bytes()


def leads_of_deals(snapshot):
    deals = rows(snapshot, "deals").set_index("deal_id")["lead_id"]
    return deals.where(deals.notna(), None).to_dict()


# ------------------------------------------------------------------ how an id is spelled


@pytest.mark.parametrize("spelled", ["1", "1.0", "1.00", '="1"', '"=""1"""', " 1 "])
def test_an_id_is_the_same_however_a_program_spells_it(tmp_path, spelled):
    deals = PLAIN_DEALS.replace("d1,1,", f"d1,{spelled},")
    assert leads_of_deals(imported(tmp_path, deals=deals)) == {"d1": "1", "d2": "2", "d3": "3"}


@pytest.mark.parametrize("kept", ["1.5", "A.0", "1.0.0", "01", "0503E000", "1e5"])
def test_other_ids_stay_as_they_are(tmp_path, kept):
    files = {
        "leads": PLAIN_LEADS.replace("\n1,", f"\n{kept},"),
        "deals": PLAIN_DEALS.replace(",1,", f",{kept},"),
    }
    assert leads_of_deals(imported(tmp_path, **files))["d1"] == kept


@pytest.mark.parametrize("kind", ["double", "float", "decimal(18, 2)", "bigint", "varchar"])
def test_a_whole_number_in_parquet_is_the_same_id_in_every_type(tmp_path, kind):
    mapping = MAPPING.replace("deals: deals.csv", "deals: deals.parquet")
    deals = parquet(
        tmp_path,
        f"""select 'd1' as "Id", 1::{kind} as "Lead", '2026-03-20' as "Closed", 'Won' as "Stage",
        5.5 as "Amount" """,
    )
    snapshot = imported(tmp_path, mapping, **{"deals.parquet": deals})
    assert leads_of_deals(snapshot) == {"d1": "1"}
    assert rows(snapshot, "deals")["amount"].tolist() == [5.5]


def test_hubspot_ids_with_a_decimal_point_meet_those_without(tmp_path):
    expected = taken_in(tmp_path / "whole", HUBSPOT_SOURCE, HUBSPOT)
    contacts = "\n".join(
        f"{row.partition(',')[0]}.0,{row.partition(',')[2]}" if row[:1].isdigit() else row
        for row in CONTACTS.splitlines()
    )
    deals = DEALS.replace(",203;201", ",203.0; 201.0").replace(",205\n", ",205.0\n")
    floats = taken_in(tmp_path / "floats", HUBSPOT_SOURCE, HUBSPOT | {"contacts": contacts, "deals": deals})
    for table in ("leads", "deals", "activities"):
        assert rows(floats, table).equals(rows(expected, table)), table


# ------------------------------------------------------------------ ids that are damaged


@pytest.mark.parametrize(
    ("leads", "first"),
    [
        ("Id,Created,Kind\n1.20363E+11,2026-03-01 09:00,A\n1.20363E+11,2026-03-02 09:00,B\n", "1.20363E+11"),
        ('Id,Created,Kind\n"1,2E+11",2026-03-01 09:00,A\n"1,3E+11",2026-03-02 09:00,B\n', "1,2E+11"),
        ("Id,Created,Kind\n123456789012345000,2026-03-01 09:00,A\n123456789012346000,2026-03-02 09:00,B\n",
         "123456789012345000"),
    ],
)  # fmt: skip
def test_a_column_of_ids_that_a_spreadsheet_has_rounded_is_refused_by_name(tmp_path, leads, first):
    with pytest.raises(SlanbError) as caught:
        imported(tmp_path, leads=leads)
    assert 'lead_id is taken from column "Id", but a spreadsheet has rounded 2 of its 2 ids' in str(
        caught.value
    )
    assert f'the first on line 2: "{first}". Export it again' in str(caught.value)


def test_long_ids_in_a_workbook_or_in_parquet_are_refused_where_they_are_rounded(tmp_path):
    mapping = MAPPING.replace("leads.csv", "leads.xlsx")
    book = workbook(f"Id,Created,Kind\n{LARGE},2026-03-01 09:00,A\n{LARGE},2026-03-02 09:00,B\n")
    with pytest.raises(SlanbError, match=r'rounded 2 of its 2 ids, the first on line 2: "1\.23456789'):
        imported(tmp_path / "book", mapping, **{"leads.xlsx": book})
    many = parquet(
        tmp_path,
        f"""select {LARGE}::double + n * 16 as "Id", '2026-03-01 09:00' as "Created", 'A' as "Kind" """
        "from range(2) as r(n)",
    )
    with pytest.raises(SlanbError, match="rounded 2 of its 2 ids"):
        imported(tmp_path / "parquet", MAPPING.replace("leads.csv", "l.parquet"), **{"l.parquet": many})
    exact = parquet(
        tmp_path,
        f"""select {LARGE} + n as "Id", '2026-03-01 09:00' as "Created", 'A' as "Kind" """
        "from range(2) as r(n)",
    )
    whole = imported(tmp_path / "exact", MAPPING.replace("leads.csv", "l.parquet"), **{"l.parquet": exact})
    assert rows(whole, "leads")["lead_id"].tolist() == [LARGE, LARGE[:-1] + "9"]


def test_rounded_ids_of_a_preset_are_refused_before_they_fuse_people(tmp_path):
    contacts = CONTACTS.replace("\n201,", "\n1.20363E+11,").replace("\n202,", "\n1.20363E+11,")
    with pytest.raises(SlanbError, match=r'contacts.csv: column "hs_object_id": a spreadsheet has rounded 2'):
        taken_in(tmp_path, HUBSPOT_SOURCE, HUBSPOT | {"contacts": contacts})


# ------------------------------------------------------------------ columns


def test_a_nested_column_is_refused_by_name_where_it_is_mapped(tmp_path):
    mapping = MAPPING.replace("leads.csv", "l.parquet")
    query = """select {k} as "Id", '2026-03-01 09:00' as "Created", 'A' as "Kind", [1, 2] as "Unused" """
    for nested, kind in (("{'id': 'L1'}", "STRUCT"), ("['L1']", r"VARCHAR\[\]"), ("map {'a': 1}", "MAP")):
        leads = parquet(tmp_path, query.replace("{k}", nested))
        with pytest.raises(SlanbError, match=rf'l.parquet: column "Id" is nested \({kind}'):
            imported(tmp_path, mapping, **{"l.parquet": leads})
    plain = parquet(tmp_path, query.replace("{k}", "'1'"))
    assert len(rows(imported(tmp_path, mapping, **{"l.parquet": plain}), "leads")) == 1


def test_a_list_of_people_in_parquet_is_read(tmp_path):
    (tmp_path / "deals.csv").write_text(DEALS)
    deals = parquet(
        tmp_path,
        "select * replace (string_split(associated_contact_ids, ';') as associated_contact_ids) "
        f"from read_csv('{tmp_path}/deals.csv', all_varchar = true)",
    )
    files = {name: text for name, text in HUBSPOT.items() if name != "deals"} | {"deals.parquet": deals}
    expected = rows(taken_in(tmp_path / "csv", HUBSPOT_SOURCE, HUBSPOT), "deals")
    assert rows(taken_in(tmp_path / "parquet", HUBSPOT_SOURCE, files), "deals").equals(expected)


@pytest.mark.parametrize(("second", "differ"), [("2026-03-01 09:00", 2), ("2026-03-02 10:30", 2)])
def test_two_columns_of_one_name_are_told_where_they_differ(tmp_path, second, differ):
    leads = "".join(
        line + (",Created\n" if line.startswith("Id") else f",{second}\n")
        for line in PLAIN_LEADS.splitlines()
    )
    snapshot = imported(tmp_path, leads=leads)
    finding = anomaly(snapshot, "column_twice")
    assert says(finding) == (
        f"leads.csv has two columns “Created”, which differ in {differ} of 3 rows: the first is used. Name "
        "the other one as “Created (2)” if it is meant."
    )
    same = "".join(f"{line},{line.split(',')[1]}\n" for line in PLAIN_LEADS.splitlines())
    assert anomaly(imported(tmp_path / "same", leads=same), "column_twice") is None


# ------------------------------------------------------------------ letters


@pytest.mark.parametrize("cells", ["NFC", "NFD"])
@pytest.mark.parametrize("words", ["NFC", "NFD"])
def test_composed_and_decomposed_letters_are_the_same(tmp_path, cells, words):
    """In cells, headers, names of files, and lists of values."""
    leads = unicodedata.normalize(cells, PLAIN_LEADS.replace("Kind", "Größe").replace(",B", ",Übrige"))
    mapping = MAPPING.replace("leads: leads.csv", "leads: Fälle.csv").replace(
        "tier: Kind", "tier: {column: Größe, values: {Übrige: Café}}"
    )
    name = unicodedata.normalize(cells, "Fälle.csv")
    snapshot = imported(tmp_path, unicodedata.normalize(words, mapping), **{name: leads})
    assert rows(snapshot, "leads")["tier"].tolist()[:2] == ["A", unicodedata.normalize("NFC", "Café")]


def test_an_agreement_is_read_in_composed_letters(tmp_path):
    (tmp_path / "a.yml").write_text(unicodedata.normalize("NFD", "tier: Á\n"), encoding="utf-8")
    assert read(tmp_path / "a.yml").data == {"tier": "\u00c1"}


# ------------------------------------------------------------------ several exports of the same records

OPEN, WON = "d1,1,2026-05-31,Open,5000\n", "d1,1,2026-04-20,Won,5200\n"
HEADER = PLAIN_DEALS.splitlines(keepends=True)[0]
PATTERN = MAPPING.replace("deals: deals.csv", "deals: {path: deals*.csv}")


def several(tmp_path, mapping, **files):
    """A source without the standard deals.csv."""
    path = write_source(tmp_path, mapping, **files)
    (path.parent / "data/deals.csv").unlink()
    return import_source(open_source(path), tmp_path / "snapshots")


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("deals-2026-03-31.csv", "deals-2026-04-30.csv"),
        ("deals 2026-04.csv", "deals 2026-12.csv"),
        ("deals_20260331 (1).csv", "deals_20260430.csv"),
    ],
)
@pytest.mark.parametrize("first", [OPEN, WON])
def test_the_newest_of_several_exports_counts(tmp_path, older, newer, first):
    second = WON if first == OPEN else OPEN
    snapshot = several(tmp_path, PATTERN, **{older: HEADER + first, newer: HEADER + second})
    (deal,) = rows(snapshot, "deals")[["won", "amount"]].astype(object).to_numpy()
    assert deal[1] == (5200 if second == WON else 5000)
    assert reconciles(snapshot)
    finding = anomaly(snapshot, "row_left_out", "deals")
    assert says(finding) == "1 of 2 rows is left out: deal_id stands in a newer file, too."
    assert finding["affects"] == []


def test_files_that_differ_are_refused_where_nothing_tells_the_newer(tmp_path):
    files = {"deals-03.csv": HEADER + OPEN, "deals-04.csv": HEADER + WON}
    with pytest.raises(SlanbError, match=r"deals-03.csv and deals-04.csv: both hold deal_id d1, with other"):
        several(tmp_path / "unsaid", PATTERN, **files)
    said = PATTERN.replace("deals*.csv", "deals*.csv, newest: last")
    assert rows(several(tmp_path / "said", said, **files), "deals")["amount"].tolist() == [5200]
    same = {"deals-03.csv": HEADER + OPEN, "deals-04.csv": HEADER + OPEN}
    assert len(rows(several(tmp_path / "same", PATTERN, **same), "deals")) == 1


def test_the_newest_export_of_a_preset_counts_its_deletions_too(tmp_path):
    header, *deals = DEALS.replace("deal_currency_code", "archived").replace(",EUR,", ",,").splitlines()
    opened = deals[0].replace("closedwon", "appointmentscheduled")
    files = {name: text for name, text in HUBSPOT.items() if name != "deals"}
    files["deals-2026-03-31"] = "\n".join([header, opened, *deals[1:]]) + "\n"
    files["deals-2026-04-30"] = "\n".join([header, deals[0], deals[1].replace("500,,", "500,true,")]) + "\n"
    contacts = CONTACTS.replace(
        "bob@example.com,,2026-01-07 09:00,lead", "bob@example.com,,2026-01-07 09:00,customer"
    )
    files |= {"contacts-2026-03-31": files.pop("contacts"), "contacts-2026-04-30": contacts}
    source = HUBSPOT_SOURCE.replace("currency: EUR\n", "")
    snapshot = taken_in(tmp_path, source, files)
    deals = rows(snapshot, "deals").set_index("deal_id")
    assert deals.loc["901", "won"]
    assert "902" not in deals.index
    assert says(anomaly(snapshot, "in_newer_files", "deals")) == (
        "2 rows of deals stand in a newer file, too: the newest counts."
    )
    assert "202" in rows(snapshot, "leads")["lead_id"].tolist()


def test_contacts_that_differ_between_undated_files_are_refused(tmp_path):
    files = HUBSPOT | {"contacts_b": CONTACTS.replace("PAID_SEARCH", "REFERRALS")}
    with pytest.raises(SlanbError, match=r"contacts.csv and contacts_b.csv: both hold id 201 and 1 more"):
        taken_in(tmp_path / "differ", HUBSPOT_SOURCE, files)
    parts = HUBSPOT | {"contacts_b": CONTACTS}
    expected = rows(taken_in(tmp_path / "one", HUBSPOT_SOURCE, HUBSPOT), "leads")
    assert rows(taken_in(tmp_path / "parts", HUBSPOT_SOURCE, parts), "leads").equals(expected)


@pytest.mark.parametrize(
    ("file", "date"),
    [
        ("a-20260431.csv", "2026-04-31"),
        ("a-202613.csv", None),
        ("a 123456789012.csv", None),
        ("a-1.csv", None),
    ],
)
def test_a_number_in_a_name_is_no_date_by_itself(file, date):
    assert edition_of(file)[1] == date


# ------------------------------------------------------------------ stages, links, addresses


def test_a_stage_id_means_what_its_own_pipeline_says(tmp_path):
    stages = "stage_id,pipeline_id,is_closed,closed_won\n"
    stages += "11,100,false,false\n11,200,true,true\n12,100,true,true\n"
    header = DEALS.splitlines()[0]
    deals = "\n".join(
        f"{deal},Deal,{stage},{pipeline},5,EUR,2026-01-10 09:00,2026-02-01 12:00,,201"
        for deal, stage, pipeline in ((1, 11, 100), (2, 11, 200), (3, 12, 300), (4, 11, 300))
    )
    files = HUBSPOT | {"deals": f"{header}\n{deals}\n", "deal_pipeline_stage": stages}
    snapshot = taken_in(tmp_path, HUBSPOT_SOURCE, files)
    won = rows(snapshot, "deals").set_index("deal_id")["won"]
    assert won.astype(object).where(won.notna(), None).to_dict() == {
        "1": None,
        "2": True,
        "3": True,
        "4": None,
    }
    assert "“11” (1)" in says(
        anomaly(snapshot, "unknown_value", "deals")
    )  # deal 4's, whose pipeline is not listed


@pytest.mark.parametrize(("people", "told"), [(999, False), (1000, True), (1001, False)])
def test_a_cell_of_exactly_a_thousand_people_is_told(tmp_path, people, told):
    ids = ";".join(str(5000 + n) for n in range(people))
    files = HUBSPOT | {"deals": DEALS.replace(",203;201", f",{ids}")}
    finding = anomaly(taken_in(tmp_path, HUBSPOT_SOURCE, files), "people_cut_off", "deals")
    assert (finding is not None) == told
    if told:
        assert says(finding).startswith(
            "1 of 7 cells of deals names exactly 1,000 people, where exports cut off"
        )


def people(tmp_path, *addresses, source=SALESFORCE_SOURCE):
    """How many leads records with these addresses are, and the finding."""
    header, first, *_ = LEADS.splitlines()
    leads = [
        first.replace("00Q0A00000aaaAA", f"00Q0A00000aa{n:03}").replace("ann@example.com", address)
        for n, address in enumerate(addresses)
    ]
    files = SALESFORCE | {
        "Lead": "\n".join([header, *leads]).replace("0030A00000cccAA,0060A00000oooAA", ",") + "\n"
    }
    snapshot = taken_in(tmp_path, source, {name: files[name] for name in ("Lead", "Opportunity")})
    return len(rows(snapshot, "leads")), anomaly(snapshot, "shared_address")


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("ann@firm.example", 1),
        ("Ann@Firm.example", 1),
        ("noemail@noemail.com", 2),
        ("NoEmail@firm.example", 2),
        ("none@none.com", 2),
        ("info@firm.example", 2),
        ("informant@firm.example", 1),
        ("@", 2),
    ],
)
def test_records_with_one_persons_own_address_are_one_person(tmp_path, address, leads):
    assert people(tmp_path, address.lower(), address)[0] == leads


def test_shared_addresses_are_told_and_can_be_listed(tmp_path):
    rep = ["rep@agency.example"] * 4
    number, finding = people(tmp_path / "unsaid", *rep, "ann@firm.example")
    assert number == 2
    assert says(finding).startswith(
        "4 of 5 records of leads share their e-mail address with others, up to 4 one address: they are taken "
        "for one person an address."
    )
    assert finding["affects"] == ["leads", "marketing share"]
    for key in ("Rep@agency.example", "@agency.example"):
        source = SALESFORCE_SOURCE + f'shared_addresses: ["{key}"]\n'
        assert people(tmp_path / key, *rep, "ann@firm.example", source=source) == (5, None)
    apart = SALESFORCE_SOURCE + "same_address_same_person: false\n"
    assert people(tmp_path / "apart", "ann@firm.example", "ann@firm.example", source=apart) == (2, None)
