"""Salesforce: the records it exports, the names they go by, and what its values mean.

Floor 2. Names as the object reference gives them; screen labels and replicated snake-case names reduce to
them. A lead that was converted lives on as a contact: what happens afterwards hangs there.
"""

from slanb.crm.presets.recognition import Kind
from slanb.crm.presets.settings import PresetMapping
from slanb.crm.sql import listed, literal

DELETED = ("IsDeleted", "Deleted")
OWNER = ("OwnerId", "Owner ID", "Owner", "Lead Owner", "Opportunity Owner", "Assigned", "Assigned To")

KINDS = (
    Kind(
        "leads",
        {
            "id": ("Id", "Lead ID"),
            "created": ("CreatedDate", "Created Date", "Create Date"),
            "email": ("Email",),
            "merged_into": ("MasterRecordId",),
            "stage": ("Status", "Lead Status"),
            "owner": OWNER,
            "source": ("LeadSource", "Lead Source"),
            "converted": ("IsConverted", "Converted"),
            "contact": ("ConvertedContactId", "Converted Contact ID"),
            "opportunity": ("ConvertedOpportunityId", "Converted Opportunity ID"),
            "account": ("ConvertedAccountId", "Converted Account ID"),
            "tier": ("Rating",),
            "segment": (),
            "handed_off": (),
            "lost_at": (),
            "lost_reason": (),
            "score": (),
            "deleted": DELETED,
        },
        times=("created", "handed_off", "lost_at"),
        needs=(("id",), ("converted", "contact", "opportunity", "stage"), ("created",)),
        marks=("converted", "contact", "opportunity"),
        hints=("lead", "leads"),
    ),
    Kind(
        "contacts",
        {
            "id": ("Id", "Contact ID"),
            "created": ("CreatedDate", "Created Date", "Create Date"),
            "email": ("Email",),
            "merged_into": ("MasterRecordId",),
            "source": ("LeadSource", "Lead Source"),
            "account": ("AccountId", "Account ID"),
            "last_name": ("LastName", "Last Name"),
            "deleted": DELETED,
        },
        times=("created",),
        needs=(("id",), ("account", "email", "last_name")),
        marks=("account",),
        hints=("contact", "contacts"),
    ),
    Kind(
        "deals",
        {
            "id": ("Id", "Opportunity ID"),
            "created": ("CreatedDate", "Created Date", "Create Date"),
            "closed": ("CloseDate", "Close Date"),
            "stage": ("StageName", "Stage"),
            "is_won": ("IsWon", "Won"),
            "is_closed": ("IsClosed", "Closed"),
            "pipeline": ("RecordTypeId", "Record Type ID", "Opportunity Record Type"),
            "amount": ("Amount", "Total Amount"),
            "home_amount": ("Amount (converted)", "Total Amount (converted)"),
            "currency": ("CurrencyIsoCode", "Amount Currency", "Total Amount Currency", "Currency"),
            "source": ("LeadSource", "Lead Source"),
            "contacts": ("ContactId", "Contact ID"),
            "segment": (),
            "merged": (),
            "deleted": DELETED,
        },
        times=("created", "closed"),
        needs=(("id",), ("stage", "is_won"), ("closed",)),
        marks=("stage", "is_won", "closed"),
        against=("OpportunityHistoryKey", "_fivetran_start", "date_entered"),
        hints=("opportunity", "opportunities"),
    ),
    Kind(
        "activities",
        {
            "id": ("Id", "Activity ID", "Task ID", "Event ID"),
            "who": ("WhoId", "Name ID", "Lead ID", "Contact ID"),
            "subtype": ("TaskSubtype", "Task Subtype"),
            "event": ("EventSubtype", "Event Subtype"),
            "type": ("Type", "Activity Type"),
            "happened": ("CompletedDateTime", "Completed Date/Time", "StartDateTime", "Start Date Time"),
            "day": ("ActivityDate", "Due Date", "Date", "ActivityDateTime"),
            "logged": ("CreatedDate", "Created Date", "Create Date"),
            "status": ("Status",),
            "direction": ("CallType", "Call Type"),
            "disposition": ("CallDisposition", "Call Result"),
            "seconds": ("CallDurationInSeconds", "Call Duration", "Call Duration (seconds)"),
            "outcome": (),
            "no_show": ("No_Show__c", "no_show_c"),
            "owner": OWNER,
            "deleted": DELETED,
        },
        times=("happened", "day", "logged"),
        needs=(("id",), ("who",), ("happened", "day")),
        marks=("subtype", "event", "direction", "seconds"),
        hints=("task", "tasks", "event", "events", "activity", "activities"),
    ),
    Kind(
        "contact_roles",
        {
            "deal": ("OpportunityId", "Opportunity ID"),
            "contact": ("ContactId", "Contact ID"),
            "primary": ("IsPrimary", "Primary"),
            "role": ("Role",),
        },
        needs=(("deal",), ("contact",), ("primary", "role")),
        marks=("primary", "role"),
        hints=("contact role", "role"),
    ),
    Kind(
        "history",
        {
            "contact": ("LeadId", "Lead ID"),
            "field": ("Field", "Field / Event"),
            "before": ("OldValue", "Old Value"),
            "value": ("NewValue", "New Value"),
            "changed": ("CreatedDate", "Edit Date", "Created Date"),
        },
        times=("changed",),
        needs=(("contact",), ("field",), ("value",), ("changed",)),
        marks=("value",),
        hints=("lead history",),
    ),
    Kind(
        "submissions",
        {
            "contact": ("LeadOrContactId", "LeadId", "Lead ID"),
            "submitted": ("FirstRespondedDate", "First Responded Date"),
            "responded": ("HasResponded", "Responded"),
            "campaign": ("CampaignId", "Campaign ID"),
            "deleted": DELETED,
        },
        times=("submitted",),
        needs=(("contact",), ("campaign",), ("submitted",), ("responded",)),
        marks=("responded",),
        hints=("campaign member",),
    ),
    Kind(
        "owners",
        {"id": ("Id", "User ID"), "name": ("Name", "Full Name"), "username": ("Username", "Alias")},
        needs=(("id",), ("name",), ("username",)),
        marks=("username",),
        hints=("user", "users"),
    ),
    Kind(
        "deal_history",
        {
            "deal": ("OpportunityId", "id"),
            "stage": ("StageName",),
            "validity": ("OpportunityHistoryKey", "_fivetran_start"),
        },
        needs=(("deal",), ("stage",), ("validity",)),
        marks=("validity",),
        hints=("opportunity history",),
        unused="how an opportunity stands now is read from the opportunity",
    ),
)
RESULTS = {
    "connected": True,
    "busy": False,
    "left message": False,
    "left voicemail": False,
    "no answer": False,
    "wrong number": False,
}
_WON, _LOST = ("closed won",), ("closed lost",)
_OPEN = (
    "prospecting", "qualification", "needs analysis", "value proposition", "id. decision makers",
    "perception analysis", "proposal/price quote", "negotiation/review",
)  # fmt: skip


def side_values(settings: PresetMapping) -> dict[str, str | None]:
    """Source: side. LeadSource is every company's own list, so only the user can say."""
    return dict(settings.sources)


def touch_sql(settings: PresetMapping) -> dict[str, str]:
    """SQL of an activity's columns over those of `activities`; see `hubspot.touch_sql`."""
    results = {**RESULTS, **{key.lower(): value for key, value in settings.connected.items()}}
    arms = " ".join(f"when {literal(key)} then '{str(value).lower()}'" for key, value in results.items())
    least = settings.connected_call_seconds
    by_length = "null" if least is None else f"(try_cast(seconds as double) >= {least})::varchar"
    done = listed(status.lower() for status in settings.done)
    return {
        "kind": "case what when 'CALL' then 'call' when 'EMAIL' then 'email' when 'LISTEMAIL' then 'email' "
        "when 'CADENCE' then 'email' when 'MEETING' then 'meeting' else 'other' end",
        "by_human": "what not in ('LISTEMAIL', 'CADENCE')",
        "outbound": "case when what in ('EMAIL', 'LISTEMAIL', 'CADENCE') then 'true' "
        "when what = 'CALL' then case lower(direction) when 'outbound' then 'true' "
        "when 'inbound' then 'false' "
        "else coalesce(direction, '(blank)') end "
        "else case upper(outcome) when 'COMPLETED' then 'true' "
        "else coalesce(outcome, '(no outcome)') end end",
        "connected": f"case when what = 'CALL' then case when disposition is null then {by_length} "
        f"else case lower(disposition) {arms} else disposition end end "
        "when what = 'MEETING' and upper(outcome) = 'COMPLETED' then 'true' "
        "when what = 'EMAIL' then 'false' end",
        "why_not": "case when lower(deleted) in ('true', '1') then 'deleted' "
        "when what = 'TASK' then 'a task or note, no touch' "
        "when what = 'CALL' and lower(direction) = 'internal' then 'a call among colleagues' "
        "when what = 'MEETING' and (lower(no_show) in ('true', '1') or upper(replace(outcome, ' ', '_')) in "
        "('SCHEDULED', 'RESCHEDULED', 'CANCELED', 'CANCELLED', 'NO_SHOW')) "
        "then 'a meeting that did not take place' "
        f"when what <> 'MEETING' and status is not null and lower(status) not in ({done}) "
        "then 'not done yet' end",
    }


WHAT = (  # the kind of a task or event
    "case when coalesce(event, case when event_file then 'Event' end) is not null then "
    "case when lower(type) = 'call' then 'CALL' else 'MEETING' end "
    "when upper(subtype) in ('CALL', 'EMAIL', 'LISTEMAIL', 'CADENCE') then upper(subtype) "
    "when lower(type) in ('call', 'email', 'meeting') then upper(type) "
    "when direction is not null or try_cast(seconds as double) > 0 then 'CALL' else 'TASK' end"
)


def won_sql(settings: PresetMapping, *, has_won: bool, has_stages: bool) -> str:
    """SQL of an opportunity's standing: 'true', 'false', 'open', or a stage that is not known."""
    own = {
        stage: {"won": "true", "lost": "false", "open": "open"}[word]
        for stage, word in settings.stages.items()
    }
    arms = " ".join(
        f"when {'pipeline || chr(47) || stage' if '/' in stage else 'stage'} = {literal(stage)} then '{word}'"
        for stage, word in own.items()
    )
    if has_won:
        arms += " when lower(is_won) in ('true', '1') then 'true'"
        arms += " when lower(is_closed) in ('true', '1') then 'false'"
        return f"case {arms} else 'open' end"
    return (
        f"case {arms} when lower(stage) in ({listed(_WON)}) then 'true' "
        f"when lower(stage) in ({listed(_LOST)}) then 'false' "
        f"when lower(stage) in ({listed(_OPEN)}) then 'open' else stage end"
    )
