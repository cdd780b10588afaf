"""Exports in other languages: the same tables as their English twins, by the labels that are known."""

import tomllib
from collections import Counter
from importlib.resources import files

import pandas as pd
import pytest

from slanb.crm.presets.crms import NAMES, crm_of
from slanb.crm.presets.recognition import bare_header
from tests.crm_exports import renamed, taken_in
from tests.crm_sources import reconciles, rows

TABLES = ("leads", "deals", "activities")
HUBSPOT = {
    "contacts": """\
Record ID,Email,Create Date,Lifecycle Stage,Lead Status,Contact owner,Original Source
1,ann@example.com,2026-01-05 09:00,Customer,NEW,Jo,Paid Search
2,bob@example.com,2026-01-07 09:00,Marketing Qualified Lead,NEW,Jo,Offline Sources
3,cy@example.com,2026-01-08 09:00,Subscriber,NEW,Max,Organic Search
4,di@example.com,2026-01-09 09:00,Opportunity,OPEN,Max,Direct Traffic
""",
    "deals": """\
Record ID,Deal Stage,Pipeline,Amount,Create Date,Close Date,Original Source,Deal owner,Associated Contact IDs
11,Closed Won,Sales,1000,2026-01-10 09:00,2026-02-01 09:00,Referrals,Jo,1
12,Closed Lost,Sales,200,2026-01-11 09:00,2026-02-02 09:00,Email Marketing,Jo,2
13,Appointment Scheduled,Sales,300,2026-01-12 09:00,2026-03-02 09:00,Other Campaigns,Max,4
""",
    "calls": """\
Record ID,Activity date,Create Date,Call direction,Call outcome,Associated Contact IDs
21,2026-01-06 09:00,2026-01-06 09:05,Outbound,Connected,1
22,2026-01-08 09:00,2026-01-08 09:05,Outbound,No answer,2
""",
    "meetings": """\
Record ID,Activity date,Create Date,Meeting outcome,Associated Contact IDs
31,2026-01-16 09:00,2026-01-10 09:05,Completed,4
""",
}
HUBSPOT_SOURCE = "preset: hubspot\nzone: UTC\nfolder: data\n"
HUBSPOT_WORDS = {
    "de": {
        "Record ID": "Datensatz-ID", "Create Date": "Erstellungsdatum", "Email": "E-Mail",
        "Lifecycle Stage": "Lifecycle-Phase", "Lead Status": "Lead-Status", "Deal Stage": "Deal-Phase",
        "Amount": "Betrag", "Close Date": "Abschlussdatum", "Call outcome": "Anrufergebnis",
        "Customer": "Kunde", "Marketing Qualified Lead": "Marketing-Qualified-Lead", "Subscriber": "Abonnent",
        "Paid Search": "Bezahlte Suche", "Offline Sources": "Offline-Quellen",
        "Organic Search": "Organische Suche", "Direct Traffic": "Direkter Traffic", "Referrals": "Verweise",
        "Email Marketing": "E-Mail-Marketing", "Other Campaigns": "Andere Kampagnen",
        "Closed Won": "Abgeschlossen und gewonnen (Vertriebspipeline)",
        "Closed Lost": "Abgeschlossen und verloren", "Appointment Scheduled": "Termin geplant",
        "Connected": "Verbunden", "No answer": "Keine Antwort",
    },
    "fr": {
        "Record ID": "ID de fiche d'informations", "Create Date": "Date de création", "Email": "E-mail",
        "Lifecycle Stage": "Phase du cycle de vie", "Lead Status": "Statut du lead",
        "Contact owner": "Propriétaire du contact", "Original Source": "Source d'origine",
        "Deal Stage": "Phase de la transaction", "Amount": "Montant", "Close Date": "Date de fermeture",
        "Deal owner": "Propriétaire de la transaction",
        "Marketing Qualified Lead": "Lead qualifié par le marketing", "Subscriber": "Abonné",
        "Customer": "Client", "Opportunity": "Opportunité", "Paid Search": "Recherche payante",
        "Offline Sources": "Sources hors ligne", "Organic Search": "Recherche naturelle",
        "Direct Traffic": "Trafic direct", "Referrals": "Renvois", "Email Marketing": "E-mail marketing",
        "Other Campaigns": "Autres campagnes", "Closed Won": "Fermé gagné", "Closed Lost": "Fermé perdu",
        "Appointment Scheduled": "Rendez-vous pris",
    },
    "it": {
        "Record ID": "ID record", "Create Date": "Data di creazione", "Email": "E-mail",
        "Lifecycle Stage": "Fase del ciclo di vita", "Original Source": "Fonte di traffico originale",
        "Deal Stage": "Fase trattativa", "Amount": "Importo", "Close Date": "Data di chiusura",
        "Deal owner": "Proprietario della trattativa", "Subscriber": "Abbonato",
        "Marketing Qualified Lead": "Contatto di marketing qualificato", "Opportunity": "Opportunità",
        "Closed Won": "Chiuso vinto", "Closed Lost": "Chiuso perso",
    },
    "pt": {
        "Record ID": "ID do registro.", "Create Date": "Data de criação", "Email": "E-mail",
        "Lifecycle Stage": "Fase do ciclo de vida", "Lead Status": "Status do lead",
        "Contact owner": "Proprietário do contato", "Original Source": "Fonte original do tráfego",
        "Deal Stage": "Etapa do negócio", "Amount": "Valor", "Close Date": "Data de fechamento",
        "Deal owner": "Proprietário do negócio", "Paid Search": "Pesquisa paga", "Customer": "Cliente",
        "Opportunity": "Oportunidade",
        "Closed Won": "Fechado ganho", "Closed Lost": "Fechado perdido", "Connected": "Conectado",
        "Completed": "Concluído",
    },
}  # fmt: skip
SALESFORCE = {
    "leads": """\
Lead ID,Created Date,Lead Status,Lead Source,Lead Owner,Converted,Deleted,Rating,Converted Opportunity ID
00Q0A00000aaaAA,2026-01-05T08:00:00Z,New,Web,Jo,true,false,Hot,0060A00000oooAA
00Q0A00000aaaAB,2026-01-06T08:00:00Z,New,Cold Call,Jo,false,false,Cold,0060A00000oooAB
00Q0A00000aaaAC,2026-01-07T08:00:00Z,New,Web,Jo,false,true,Cold,
""",
    "opportunities": """\
Opportunity ID,Stage,Amount,Close Date,Created Date,Lead Source,Opportunity Owner
0060A00000oooAA,Closed Won,1000,2026-02-01,2026-01-20T09:00:00Z,Web,Jo
0060A00000oooAB,Closed Lost,500,2026-02-02,2026-01-26T09:00:00Z,Web,Jo
0060A00000oooAC,Qualification,300,2026-03-31,2026-01-26T09:00:00Z,Web,Max
""",
    "tasks": """\
Activity ID,Lead ID,Due Date,Status,Type,Call Type,Call Result,Assigned To
00T0A00000tttAA,00Q0A00000aaaAA,2026-01-05,Completed,Call,Outbound,Connected,Jo
00T0A00000tttAB,00Q0A00000aaaAB,2026-01-07,Open,Call,Outbound,,Jo
00T0A00000tttAC,00Q0A00000aaaAB,2026-01-08,Completed,Call,Outbound,No answer,Max
""",
}
SALESFORCE_SOURCE = (
    "preset: salesforce\nzone: UTC\nfolder: data\nsources: {Web: marketing, Cold Call: sales}\n"
)
SALESFORCE_WORDS = {
    "de": {
        "Lead ID": "Lead-ID", "Created Date": "Erstelldatum", "Lead Status": "Lead-Status",
        "Lead Source": "Lead-Quelle", "Lead Owner": "Lead-Inhaber", "Converted": "Konvertiert",
        "Deleted": "Gelöscht", "Rating": "Bewertung", "Opportunity ID": "Opportunity-ID", "Stage": "Phase",
        "Amount": "Opportunity-Betrag", "Close Date": "Schlusstermin",
        "Opportunity Owner": "Opportunity-Inhaber", "Closed Won": "Geschlossen und gewonnen",
        "Closed Lost": "Geschlossen verloren", "Qualification": "Qualifizierung", "Completed": "Erledigt",
        "true": "ja", "false": "nein",
    },
    "fr": {
        "leads": "pistes", "opportunities": "opportunités",
        "Lead ID": "ID de piste", "Created Date": "Date de création", "Lead Status": "Statut de la piste",
        "Lead Source": "Origine de la piste", "Lead Owner": "Propriétaire de la piste",
        "Converted": "Converti", "Deleted": "Supprimé", "Rating": "Classement", "Stage": "Étape",
        "Close Date": "Date de clôture", "Opportunity Owner": "Propriétaire de l'opportunité",
        "Status": "Statut", "Closed Won": "Gagné", "Closed Lost": "Fermé perdu", "Completed": "Complété",
        "true": "Oui", "false": "Non",
    },
    "it": {
        "opportunities": "opportunità",
        "Lead Status": "Stato lead", "Lead Source": "Fonte del lead", "Lead Owner": "Titolare",
        "Rating": "Valutazione", "Stage": "Fase", "Amount": "Ammontare", "Close Date": "Data chiusura",
        "Opportunity Owner": "Titolare opportunità", "Due Date": "Scadenza", "Status": "Stato",
        "Assigned To": "Assegnato a", "Closed Won": "Chiusa/Vinta", "Closed Lost": "chiuso persa",
        "Qualification": "Qualifica", "Completed": "Completato", "true": "Sì", "false": "No",
    },
    "pt": {
        "opportunities": "oportunidades",
        "Created Date": "Data de criação", "Lead Source": "Origem do lead",
        "Lead Owner": "Proprietário do lead", "Converted": "Convertido", "Deleted": "Excluído",
        "Rating": "Classificação", "Stage": "Fase", "Amount": "Valor", "Close Date": "Data de fechamento",
        "Opportunity Owner": "Proprietário da oportunidade", "Closed Won": "Fechado e ganho",
        "Closed Lost": "Fechado e perdido", "Qualification": "Qualificação", "true": "Sim", "false": "Não",
    },
    "ru": {
        "leads": "интересы", "opportunities": "возможности",
        "Closed Won": "Закрыт и выигран", "Closed Lost": "Закрыт и потерян",
        "Qualification": "Квалификация", "Completed": "Завершен", "Call": "Звонок",
        "true": "Да", "false": "Нет",
    },
    "tr": {"true": "Evet", "false": "Hayır"},
}  # fmt: skip
EXPORTS = {"hubspot": (HUBSPOT_SOURCE, HUBSPOT), "salesforce": (SALESFORCE_SOURCE, SALESFORCE)}
CASES = [("hubspot", language) for language in HUBSPOT_WORDS]
CASES += [("salesforce", language) for language in SALESFORCE_WORDS]


def in_words(export, words):
    return {words.get(name, name): renamed(text, words, words) for name, text in export.items()}


@pytest.fixture(scope="module")
def english(tmp_path_factory):
    """Each CRM's export in English, and what it gives."""
    return {crm: taken_in(tmp_path_factory.mktemp(crm), *export) for crm, export in EXPORTS.items()}


def test_the_english_twins_are_those_written_by_hand(english):
    assert {crm: [len(rows(snapshot, table)) for table in TABLES] for crm, snapshot in english.items()} == {
        "hubspot": [3, 3, 3],  # a subscriber is nurtured
        "salesforce": [2, 3, 2],  # one lead is deleted, one call not done yet
    }
    deals = [rows(english[crm], "deals").sort_values("deal_id") for crm in NAMES]
    assert [frame["won"].tolist() for frame in deals] == 2 * [[True, False, pd.NA]]


@pytest.mark.parametrize(("crm", "language"), CASES)
def test_an_export_in_another_language_gives_the_tables_of_its_english_twin(english, tmp_path, crm, language):
    source, export = EXPORTS[crm]
    words = {"hubspot": HUBSPOT_WORDS, "salesforce": SALESFORCE_WORDS}[crm][language]
    other = taken_in(tmp_path, source, in_words(export, words))
    for table in TABLES:
        pd.testing.assert_frame_equal(rows(other, table), rows(english[crm], table), obj=table)
    assert reconciles(other)


def test_what_the_user_says_in_the_words_of_the_file_holds(english, tmp_path):
    """Kunde is the stage that presents a lead, and whose a source is may differ from what is usual."""
    said = HUBSPOT_SOURCE + "qualified: [Kunde]\nsources: {Bezahlte Suche: sales}\n"
    said += "stages: {Termin geplant: lost}\nconnected: {Keine Antwort: true}\n"
    told = taken_in(tmp_path / "de", said, in_words(HUBSPOT, HUBSPOT_WORDS["de"]))
    assert rows(told, "leads")[["lead_id", "sourced_by"]].to_numpy().tolist() == [["1", "sales"]]
    assert rows(told, "deals").set_index("deal_id").loc["13", "won"] == False  # noqa: E712 - pandas' own False
    assert rows(told, "activities").set_index("activity_id").loc["21", "connected"]
    done = SALESFORCE_SOURCE + "done: [Erledigt]\n"
    other = taken_in(tmp_path / "sf", done, in_words(SALESFORCE, SALESFORCE_WORDS["de"]))
    pd.testing.assert_frame_equal(rows(other, "activities"), rows(english["salesforce"], "activities"))


# ------------------------------------------------------------ the labels themselves


def labels(crm):
    return tomllib.loads((files("slanb.crm.presets") / f"{crm}_labels.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("crm", NAMES)
def test_a_label_means_one_column(crm):
    """Of no kind of record is a label in one language another column's, in that or any other."""
    foreign = {bare_header(label) for others in labels(crm)["headers"].values() for label in others}
    for kind in crm_of(crm).kinds.values():
        fields = {}
        for field, names in kind.fields.items():
            for name in names:
                fields.setdefault(bare_header(name), set()).add(field)
        assert {name: fields[name] for name in foreign & set(fields) if len(fields[name]) > 1} == {}


@pytest.mark.parametrize("crm", NAMES)
def test_a_label_stands_once_behind_an_english_one(crm):
    read = labels(crm)
    names = [name for kind in crm_of(crm).kinds.values() for field in kind.fields.values() for name in field]
    assert set(map(bare_header, read["headers"])) <= set(map(bare_header, names))
    assert repeated(bare_header(name) for name in said_in(read["headers"])) == []
    values = [table for fields in read["values"].values() for table in fields.values()]
    for table in (read["stages"], read.get("sides", {}), read.get("call_results", {}), *values):
        assert repeated(said_in(table)) == []


def said_in(table):
    return [*table, *(label for others in table.values() for label in others)]


def repeated(texts):
    return [text for text, n in Counter(texts).items() if n > 1]


def test_a_label_is_known_in_capitals_with_its_dot_and_as_a_mac_writes_it():
    assert bare_header("OLUŞTURMA TARİHİ") == bare_header("Oluşturma Tarihi")
    assert bare_header("Date de cre\u0301ation") == bare_header("Date de création")
