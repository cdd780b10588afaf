# ruff: noqa: E501 - a row a line
"""Two small CRM exports written by hand, HubSpot's and Salesforce's, in the shapes that people bring.

The people are made up. Times are local (Europe/Berlin, winter: UTC+1) unless a shape says otherwise.
"""

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd

from slanb.crm import Snapshot, import_source, open_source

CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
NO_ANSWER = "73a0d17f-1163-4015-bdd5-ec830791da20"
LEFT_MESSAGE = "a4c4c377-d246-4b32-a13b-75a56a4cd0ff"
UNKNOWN = "11111111-2222-3333-4444-555555555555"

# internal name: (label on the screen, values)
CONTACTS = """\
hs_object_id,email,hs_additional_emails,createdate,lifecyclestage,hs_analytics_source,hubspot_owner_id,hs_lifecyclestage_marketingqualifiedlead_date,hs_lifecyclestage_customer_date,recent_conversion_date,hs_merged_object_ids,firstname,hs_persona,num_contacted_notes,hs_time_to_first_engagement,closedate
201,ann@example.com,,2026-01-05 09:00,customer,PAID_SEARCH,77,2026-01-06 10:00,2026-02-01 12:00,,199;198,Ann,Buyer,9,1000,2026-02-01 12:00
202,bob@example.com,,2026-01-07 09:00,lead,ORGANIC_SEARCH,77,,,,,Bob,Buyer,,,
203,cy@example.com,,2026-01-08 09:00,customer,OFFLINE,78,,2026-02-03 09:00,,,Cy,User,,,
204,Ann@Example.com,,2026-02-10 09:00,marketingqualifiedlead,OFFLINE,78,2026-02-10 09:05,,,,Ann,Buyer,,,
205,di@example.com,,2025-01-05 09:00,marketingqualifiedlead,PAID_SEARCH,77,2025-01-06 09:00,,2026-01-20 11:00,,Di,,,,
206,ed@example.com,,2026-01-09 09:00,salesqualifiedlead,REFERRALS,79,,,,,Ed,,,,
207,eve@example.com,eve@old.example;e@example.com,2026-01-12 09:00,marketingqualifiedlead,OFFLINE,77,2026-01-12 10:00,,,,Eve,,,,
208,eve@old.example,,2026-01-02 09:00,lead,DIRECT_TRAFFIC,77,,,,,Eve,,,,
"""
DEALS = """\
hs_object_id,dealname,dealstage,pipeline,amount,deal_currency_code,createdate,closedate,hs_analytics_source,associated_contact_ids
901,Ann 1,closedwon,default,1000,EUR,2026-01-10 09:00,2026-02-01 12:00,OFFLINE,201
902,Di,appointmentscheduled,default,500,EUR,2026-01-22 09:00,2026-01-31 00:00,PAID_SEARCH,205
903,Cy,1234567,777,200,EUR,2026-01-12 09:00,2026-02-03 09:00,PAID_SEARCH,203;201
904,Bob,closedwon,default,300,EUR,2026-01-12 09:00,2026-01-30 09:00,PAID_SEARCH,202
905,Ed,closedlost,default,400,USD,2026-01-12 09:00,2026-01-31 09:00,PAID_SEARCH,206
906,Nobody,closedwon,default,700,EUR,2026-01-12 09:00,2026-01-31 09:00,PAID_SEARCH,
907,Ann 0,closedwon,default,800,EUR,2026-02-11 09:00,2026-02-20 09:00,PAID_SEARCH,199
908,Odd,999,default,900,EUR,2026-01-12 09:00,2026-02-20 09:00,PAID_SEARCH,208
"""
CALLS = f"""\
hs_object_id,hs_timestamp,hs_createdate,hubspot_owner_id,hs_call_direction,hs_call_status,hs_call_duration,hs_call_disposition,associated_contact_ids
1,2026-01-06 11:30,2026-01-08 11:30,77,OUTBOUND,COMPLETED,65000,{CONNECTED},201
2,2026-01-06 12:30,2026-01-06 12:31,77,OUTBOUND,NO_ANSWER,,{NO_ANSWER},201;203
3,2026-01-20 13:30,2026-01-20 13:31,77,INBOUND,COMPLETED,,{UNKNOWN},205
4,2026-01-20 14:30,2026-01-20 14:31,77,OUTBOUND,CANCELED,,,205
5,2026-01-09 10:30,2026-01-09 10:31,77,OUTBOUND,COMPLETED,90000,,206
6,2026-01-09 11:30,2026-01-09 11:31,77,OUTBOUND,COMPLETED,20000,,206
7,2026-01-07 10:30,2026-01-07 10:31,77,OUTBOUND,COMPLETED,,{CONNECTED},202
8,2026-02-11 10:30,2026-02-11 10:31,77,INBOUND,MISSED,,,204
9,2026-02-11 11:30,2026-02-11 11:31,77,OUTBOUND,COMPLETED,,{LEFT_MESSAGE},198
"""
EMAILS = """\
hs_object_id,hs_timestamp,hs_createdate,hubspot_owner_id,hs_email_direction,hs_email_status,hs_sequence_id,hs_email_text,associated_contact_ids
21,2026-01-06 10:30,2026-01-06 10:30,77,EMAIL,SENT,5,Hello Ann,201
22,2026-01-06 10:40,2026-01-06 10:40,77,EMAIL,SENT,,Hello Ann,201
23,2026-01-06 15:30,2026-01-06 15:30,,INCOMING_EMAIL,SENT,,Call me on 030 123456,201
24,2026-01-06 15:40,2026-01-06 15:40,77,FORWARDED_EMAIL,SENT,,,201
25,2026-01-06 15:50,2026-01-06 15:50,77,EMAIL,BOUNCED,,,201
"""
MEETINGS = """\
hs_object_id,hs_timestamp,hs_createdate,hubspot_owner_id,hs_meeting_outcome,associated_contact_ids
31,2026-01-15 10:00,2026-01-10 10:00,77,COMPLETED,201
32,2026-01-16 10:00,2026-01-10 10:00,77,SCHEDULED,201
33,2026-01-17 10:00,2026-01-10 10:00,77,NO_SHOW,201
34,2026-01-18 10:00,2026-01-10 10:00,77,,203
"""
TASKS = """\
hs_object_id,hs_timestamp,hs_createdate,hubspot_owner_id,hs_task_status,type,associated_contact_ids
41,2026-01-15 10:00,2026-01-10 10:00,77,COMPLETED,TASK,201
"""
OWNERS = (
    "owner_id,first_name,last_name,email\n77,Jo,Rep,jo@company.example\n78,Max,Muster,max@company.example\n"
)
HUBSPOT = {
    "contacts": CONTACTS, "deals": DEALS, "calls": CALLS, "emails": EMAILS, "meetings": MEETINGS,
    "tasks": TASKS, "owners": OWNERS,
}  # fmt: skip
LABELS = {
    "contacts": {
        "hs_object_id": "Record ID", "email": "Email", "hs_additional_emails": "Additional email addresses",
        "createdate": "Create Date", "lifecyclestage": "Lifecycle Stage", "hs_analytics_source": "Original Source",
        "hubspot_owner_id": "Contact owner", "recent_conversion_date": "Recent Conversion Date",
        "hs_lifecyclestage_marketingqualifiedlead_date": "Became a Marketing Qualified Lead Date",
        "hs_lifecyclestage_customer_date": "Became a Customer Date",
        "hs_merged_object_ids": "Merged record IDs", "firstname": "First Name",
    },
    "deals": {
        "hs_object_id": "Record ID", "dealname": "Deal Name", "dealstage": "Deal Stage", "pipeline": "Pipeline",
        "amount": "Amount", "deal_currency_code": "Currency", "createdate": "Create Date",
        "closedate": "Close Date", "hs_analytics_source": "Original Source Type",
        "associated_contact_ids": "Associated Contact IDs",
    },
}  # fmt: skip
VALUE_LABELS = {
    "PAID_SEARCH": "Paid Search", "ORGANIC_SEARCH": "Organic Search", "OFFLINE": "Offline Sources",
    "REFERRALS": "Referrals", "DIRECT_TRAFFIC": "Direct Traffic", "customer": "Customer", "lead": "Lead",
    "marketingqualifiedlead": "Marketing Qualified Lead", "salesqualifiedlead": "Sales Qualified Lead",
    "closedwon": "Closed Won (Sales Pipeline)", "closedlost": "Closed Lost (Sales Pipeline)",
    "appointmentscheduled": "Appointment Scheduled (Sales Pipeline)",
}  # fmt: skip
HUBSPOT_SOURCE = """\
preset: hubspot
zone: Europe/Berlin
folder: data
currency: EUR
connected_call_seconds: 60
aliases: {contacts: {tier: hs_persona}}
stages: {"777/1234567": won}
"""

LEADS = """\
Id,CreatedDate,Status,LeadSource,OwnerId,IsConverted,ConvertedDate,ConvertedContactId,ConvertedOpportunityId,MasterRecordId,IsDeleted,Email,Rating,Name
00Q0A00000aaaAA,2026-01-05T08:00:00.000+0000,Closed - Converted,Web,0050A00000uuuAA,true,2026-01-20,0030A00000cccAA,0060A00000oooAA,,false,ann@example.com,Hot,Ann
00Q0A00000aaaAB,2026-01-06T08:00:00.000+0000,Open,Cold Call,0050A00000uuuAB,false,,,,,false,bob@example.com,Warm,Bob
00Q0A00000aaaAC,2026-01-07T08:00:00.000+0000,Open,Cold Call,0050A00000uuuAB,false,,,,00Q0A00000aaaAB,true,,Cold,Bob
00Q0A00000aaaAD,2026-01-08T08:00:00.000+0000,Working,Billboard,0050A00000uuuAA,false,,,,,true,del@example.com,Cold,Del
00Q0A00000aaaAE,2025-01-08T08:00:00.000+0000,Working,Web,0050A00000uuuAA,false,,,,,false,cy@example.com,,Cy
00Q0A00000aaaAF,2026-01-09T08:00:00.000+0000,Working,Cold Call,0050A00000uuuAA,false,,,,,false,CY@example.com,,Cy
00Q0A00000aaaAG,2026-01-10T08:00:00.000+0000,Working,Billboard,0050A00000uuuAA,false,,,,,false,di@example.com,,Di
00Q0A00000AAAag,2026-01-11T08:00:00.000+0000,Working,Web,0050A00000uuuAA,false,,,,,false,ed@example.com,,Ed
"""
SF_CONTACTS = """\
Id,AccountId,LastName,Email,CreatedDate,LeadSource
0030A00000cccAA,0010A00000xxxAA,Ann,,2026-01-20T09:00:00.000+0000,Web
0030A00000cccAB,0010A00000xxxAA,Bob,bob@example.com,2026-01-25T09:00:00.000+0000,Web
0030A00000cccAC,0010A00000xxxAA,Zoe,zoe@example.com,2026-01-25T09:00:00.000+0000,Web
"""
OPPORTUNITIES = """\
Id,Name,StageName,Amount,CloseDate,IsClosed,IsWon,LeadSource,CreatedDate,OwnerId
0060A00000oooAA,A,Closed Won,1000,2026-02-01,true,true,Web,2026-01-20T09:00:00.000+0000,0050A00000uuuAA
0060A00000oooAB,B,Closed Won,500,2026-02-02,true,true,Web,2026-01-26T09:00:00.000+0000,0050A00000uuuAA
0060A00000oooAC,C,Negotiation,300,2026-03-31,false,false,Web,2026-01-26T09:00:00.000+0000,0050A00000uuuAA
0060A00000oooAD,D,Closed Lost,200,2026-02-03,true,false,Web,2026-01-26T09:00:00.000+0000,0050A00000uuuAA
"""
ROLES = """\
OpportunityId,ContactId,IsPrimary,Role
0060A00000oooAB,0030A00000cccAC,true,Buyer
0060A00000oooAB,0030A00000cccAB,false,User
0060A00000oooAD,0030A00000cccAB,true,Buyer
"""
SF_TASKS = """\
Id,WhoId,Subject,ActivityDate,Status,OwnerId,CreatedDate,CompletedDateTime,TaskSubtype,CallType,CallDisposition,CallDurationInSeconds,IsDeleted
00T0A00000tttAA,00Q0A00000aaaAA,Call,2026-01-05,Completed,0050A00000uuuAA,2026-01-05T09:00:00.000+0000,2026-01-05T09:30:00.000+0000,Call,Outbound,Connected,120,false
00T0A00000tttAB,0030A00000cccAA,Call,2026-01-21,Completed,0050A00000uuuAA,2026-01-21T09:00:00.000+0000,2026-01-21T09:00:00.000+0000,Call,Outbound,,30,false
00T0A00000tttAC,00Q0A00000aaaAB,Call,2026-01-07,Completed,0050A00000uuuAB,2026-01-07T09:00:00.000+0000,,Call,Outbound,,90,false
00T0A00000tttAD,00Q0A00000aaaAB,Mail,2026-01-08,Completed,0050A00000uuuAB,2026-01-08T09:00:00.000+0000,2026-01-08T09:00:00.000+0000,ListEmail,,,,false
00T0A00000tttAE,00Q0A00000aaaAB,Mail,2026-01-09,Completed,0050A00000uuuAB,2026-01-09T09:00:00.000+0000,2026-01-09T09:00:00.000+0000,Email,,,,false
00T0A00000tttAF,00Q0A00000aaaAB,Todo,2026-01-09,Completed,0050A00000uuuAB,2026-01-09T09:00:00.000+0000,2026-01-09T09:00:00.000+0000,Task,,,,false
00T0A00000tttAG,00Q0A00000aaaAB,Call,2026-01-29,Not Started,0050A00000uuuAB,2026-01-09T09:00:00.000+0000,,Call,Outbound,,,false
00T0A00000tttAH,00Q0A00000aaaAB,Call,2026-01-10,Completed,0050A00000uuuAB,2026-01-10T09:00:00.000+0000,2026-01-10T09:00:00.000+0000,Call,Inbound,Asked for price,300,false
00T0A00000tttAI,00Q0A00000aaaAB,Call,2026-01-11,Completed,0050A00000uuuAB,2026-01-11T09:00:00.000+0000,2026-01-11T09:00:00.000+0000,Call,,,,false
00T0A00000tttAJ,00Q0A00000aaaAF,Call,2026-01-12,Completed,0050A00000uuuAB,2026-01-12T09:00:00.000+0000,2026-01-12T09:00:00.000+0000,Call,Internal,,,false
00T0A00000tttAK,00Q0A00000aaaAE,Call,2026-01-12,Completed,0050A00000uuuAB,2026-01-12T09:00:00.000+0000,2026-01-12T09:00:00.000+0000,Call,Outbound,Connected,,false
00T0A00000tttAL,0030A00000cccAC,Call,2026-01-12,Completed,0050A00000uuuAB,2026-01-12T09:00:00.000+0000,2026-01-12T09:00:00.000+0000,Call,Outbound,Connected,,false
"""
HISTORY = """\
LeadId,Field,OldValue,NewValue,CreatedDate
00Q0A00000aaaAA,Owner,Queue,Jo Rep,2026-01-05T08:10:00.000+0000
00Q0A00000aaaAA,Owner,00G0A00000qqqAA,0050A00000uuuAA,2026-01-05T08:10:00.000+0000
00Q0A00000aaaAA,Status,Open,Working,2026-01-05T10:00:00.000+0000
00Q0A00000aaaAG,Status,Open,Working,2026-01-12T10:00:00.000+0000
"""
USERS = "Id,Username,Name,Email\n0050A00000uuuAA,jo,Jo Rep,jo@company.example\n0050A00000uuuAB,max,Max M,max@company.example\n"
SALESFORCE = {
    "Lead": LEADS, "Contact": SF_CONTACTS, "Opportunity": OPPORTUNITIES, "OpportunityContactRole": ROLES,
    "Task": SF_TASKS, "LeadHistory": HISTORY, "User": USERS,
}  # fmt: skip
SALESFORCE_SOURCE = """\
preset: salesforce
zone: Europe/Berlin
folder: data
sources: {Web: marketing, Cold Call: sales}
connected_call_seconds: 60
"""


def write_export(folder: Path, source: str, files: dict[str, str | bytes]) -> Path:
    """A mapping and its files (`Lead` is Lead.csv)."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = data / (name if "." in name else f"{name}.csv")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "source.yml").write_text(source, encoding="utf-8")
    return folder / "source.yml"


def taken_in(folder: Path, source: str, files: dict[str, str | bytes]) -> Snapshot:
    return import_source(open_source(write_export(folder, source, files)), folder / "snapshots")


def renamed(text: str, names: dict[str, str], values: dict[str, str] | None = None) -> str:
    """A file under other headers, and other words for its values."""
    header, *rows = text.splitlines()
    header = ",".join(names.get(name, name) for name in header.split(","))
    for value, word in (values or {}).items():
        rows = [",".join(word if cell == value else cell for cell in row.split(",")) for row in rows]
    return "\n".join([header, *rows]) + "\n"


def in_utc(text: str) -> str:
    """Local winter times as UTC with a zone."""
    return pd.Series([text]).str.replace(
        r"(\d{4}-\d\d-\d\d \d\d:\d\d)(?!:)",
        lambda clock: str(pd.Timestamp(clock[1]) - pd.Timedelta(hours=1)).replace(" ", "T") + "Z",
        regex=True,
    )[0]


def workbook(text: str, *, dates: tuple[int, ...] = (), hidden: bool = False) -> bytes:
    """A CSV's rows as an .xlsx; columns of `dates` as Excel keeps dates, numbers as numbers.

    `hidden` puts a hidden sheet "Notes" before the sheet.
    """

    def cell(value: str, place: int, row: int) -> str:
        if place in dates and row and value:
            days = (pd.Timestamp(value) - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1)
            return f'<c s="1"><v>{days!r}</v></c>'
        if value.isdigit():
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'

    rows = "".join(
        f"<row>{''.join(cell(value, place, row) for place, value in enumerate(line.split(',')))}</row>"
        for row, line in enumerate(text.splitlines())
    )
    notes = '<sheet name="Notes" sheetId="2" state="hidden" r:id="r3"/>' if hidden else ""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {space} xmlns:r="{office}"><sheets>{notes}<sheet name="Sheet1" sheetId="1" '
        'r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
        f'Type="{office}/styles" Target="styles.xml"/><Relationship Id="r3" '
        f'Type="{office}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet {space}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs>'
        "</styleSheet>",
        "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData>{rows}</sheetData></worksheet>",
        "xl/worksheets/sheet2.xml": f"<worksheet {space}><sheetData><row>{cell('mine', 0, 0)}</row></sheetData></worksheet>",
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return target.getvalue()
