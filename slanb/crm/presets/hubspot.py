"""HubSpot: the records it exports, the names they go by, and what its values mean.

Floor 2. Names as HubSpot's property reference and its replicated tables give them; the rules stand in the
fields' SQL below, over the columns of `kind` as the reader hands them on (text, times as instants).
"""

from slanb.crm.presets.recognition import Kind
from slanb.crm.presets.settings import PresetMapping
from slanb.crm.sql import listed, literal

STAGES = (
    "subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer",
    "evangelist",
)  # fmt: skip
LABELS = {
    "lead": "a Lead",
    "subscriber": "a Subscriber",
    "marketingqualifiedlead": "a Marketing Qualified Lead",
    "salesqualifiedlead": "a Sales Qualified Lead",
    "opportunity": "an Opportunity",
    "customer": "a Customer",
    "evangelist": "an Evangelist",
}
STAGE_OF_LABEL = {
    "marketing qualified lead": "marketingqualifiedlead",
    "sales qualified lead": "salesqualifiedlead",
}
DELETED = ("is_deleted", "_fivetran_deleted", "archived", "hs_is_deleted")
SOURCE = ("hs_analytics_source", "Original Source", "Original Source Type", "Original Traffic Source")
OWNER = ("hubspot_owner_id", "owner_id", "ownerId", "Contact owner", "Deal owner", "Activity assigned to")
CONTACTS = (
    "associated_contact_ids", "Associated Contact IDs", "associatedvids", "contactIds", "contact_ids",
    "associations.contacts", "Associated Contact ID",
)  # fmt: skip

# what a default HubSpot account calls its results; ids from its developer documentation
DISPOSITIONS = {
    "f240bbac-87c9-4f6e-bf70-924b57d47db7": True,  # Connected
    "9d9162e7-6cf3-4944-bf63-4dff82258764": False,  # Busy
    "a4c4c377-d246-4b32-a13b-75a56a4cd0ff": False,  # Left live message: with somebody else
    "b2cf5968-551e-4856-9783-52b3da59a7d0": False,  # Left voicemail
    "73a0d17f-1163-4015-bdd5-ec830791da20": False,  # No answer
    "17b47fee-58de-441e-a44c-c6300d46f273": False,  # Wrong number
    "connected": True,
    "busy": False,
    "left live message": False,
    "left voicemail": False,
    "no answer": False,
    "wrong number": False,
}
_ONLINE = (
    "ORGANIC_SEARCH", "PAID_SEARCH", "EMAIL_MARKETING", "SOCIAL_MEDIA", "REFERRALS", "OTHER_CAMPAIGNS",
    "DIRECT_TRAFFIC", "PAID_SOCIAL", "AI_REFERRALS",
)  # fmt: skip
SIDES = dict.fromkeys(_ONLINE, "marketing") | {"OFFLINE": "sales"}  # imports, the API, typed in by a rep
SOURCE_LABELS = {
    "Organic Search": "ORGANIC_SEARCH",
    "Paid Search": "PAID_SEARCH",
    "Email Marketing": "EMAIL_MARKETING",
    "Organic Social": "SOCIAL_MEDIA",
    "Social Media": "SOCIAL_MEDIA",
    "Referrals": "REFERRALS",
    "Other Campaigns": "OTHER_CAMPAIGNS",
    "Direct Traffic": "DIRECT_TRAFFIC",
    "Paid Social": "PAID_SOCIAL",
    "AI Referrals": "AI_REFERRALS",
    "Offline Sources": "OFFLINE",
}
OPEN_STAGES = (
    "appointmentscheduled", "qualifiedtobuy", "presentationscheduled", "decisionmakerboughtin",
    "contractsent",
)  # fmt: skip


def _entered(stage: str) -> tuple[str, ...]:
    return (
        f"hs_v2_date_entered_{stage}",
        f"hs_lifecyclestage_{stage}_date",
        f"hs_date_entered_{stage}",
        f"Became {LABELS[stage]} Date",
        f"Date entered {LABELS[stage].partition(' ')[2]} (Lifecycle Stage Pipeline)",
    )


KINDS = (
    Kind(
        "contacts",
        {
            "id": (
                "hs_object_id",
                "Record ID",
                "Contact ID",
                "vid",
                "id",
                "contact_id",
                "Record ID - Contact",
            ),
            "created": ("createdate", "Create Date", "created_at"),
            "email": ("email", "Email"),
            "more_emails": ("hs_additional_emails", "Additional email addresses"),
            "merged": ("hs_merged_object_ids", "hs_calculated_merged_vids", "Merged record IDs"),
            "stage": ("lifecyclestage", "Lifecycle Stage"),
            "status": ("hs_lead_status", "Lead Status"),
            "owner": OWNER,
            "source": SOURCE,
            "first_conversion": ("first_conversion_date", "First Conversion Date"),
            "recent_conversion": ("recent_conversion_date", "Recent Conversion Date"),
            "tier": (),
            "segment": (),
            "handed_off": (),
            "lost_at": (),
            "lost_reason": (),
            "score": (),
            "deleted": DELETED,
            **{f"entered_{stage}": _entered(stage) for stage in STAGES},
        },
        times=(
            "created",
            "first_conversion",
            "recent_conversion",
            "handed_off",
            "lost_at",
            *(f"entered_{stage}" for stage in STAGES),
        ),
        needs=(("id",), ("created",)),
        marks=("stage", "email", "first_conversion", "status", "more_emails"),
        hints=("contact", "contacts"),
    ),
    Kind(
        "deals",
        {
            "id": ("hs_object_id", "deal_id", "Deal ID", "Record ID", "dealId", "id", "Record ID - Deal"),
            "created": ("createdate", "Create Date", "created_at"),
            "closed": ("closedate", "Close Date"),
            "stage": ("dealstage", "Deal Stage", "deal_pipeline_stage_id"),
            "pipeline": ("pipeline", "Pipeline", "deal_pipeline_id"),
            "amount": ("amount", "Amount"),
            "home_amount": ("amount_in_home_currency", "Amount in company currency"),
            "currency": ("deal_currency_code", "Currency"),
            "is_won": ("hs_is_closed_won", "Is Closed Won"),
            "is_closed": ("hs_is_closed", "Is Deal Closed?", "Is Closed"),
            "source": SOURCE,
            "contacts": CONTACTS,
            "segment": (),
            "merged": ("hs_merged_object_ids",),
            "deleted": DELETED,
        },
        times=("created", "closed"),
        needs=(("id",), ("stage", "is_won")),
        marks=("stage", "amount", "pipeline", "is_won"),
        against=("OpportunityHistoryKey", "_fivetran_start", "date_entered"),
        hints=("deal", "deals"),
    ),
    Kind(
        "activities",
        {
            "id": ("hs_object_id", "engagement_id", "Record ID", "id", "Activity ID"),
            "type": ("type", "engagement_type", "Activity type", "hs_activity_type", "hs_engagement_type"),
            "happened": (
                "hs_timestamp",
                "hs_meeting_start_time",
                "start_time",
                "timestamp",
                "Activity date",
                "Call date",
                "Meeting start time",
                "Email send date",
            ),
            "logged": ("hs_createdate", "createdate", "Create date", "createdAt", "created_at"),
            "owner": OWNER,
            "contacts": CONTACTS,
            "direction": ("hs_call_direction", "Call direction"),
            "status": ("hs_call_status", "Call status"),
            "seconds": (),
            "milliseconds": ("hs_call_duration", "Call duration (milliseconds)", "durationMilliseconds"),
            "disposition": ("hs_call_disposition", "disposition", "Call outcome"),
            "email_direction": ("hs_email_direction", "Email direction"),
            "email_status": ("hs_email_status", "Email send status"),
            "sequence": ("hs_sequence_id", "hs_email_sequence_id", "Sequence ID"),
            "origin": ("hs_object_source", "hs_object_source_label", "hs_engagement_source", "Record source"),
            "outcome": ("hs_meeting_outcome", "meeting_outcome", "Meeting outcome"),
            "message_direction": ("hs_communication_direction",),
            "deleted": DELETED,
        },
        times=("happened", "logged"),
        needs=(("id",), ("happened",)),
        marks=(
            "happened",
            "direction",
            "email_direction",
            "outcome",
            "disposition",
            "type",
            "status",
        ),
        hints=(
            "activity",
            "activities",
            "call",
            "calls",
            "email",
            "emails",
            "meeting",
            "meetings",
            "communication",
            "communications",
            "task",
            "tasks",
            "notes",
            "engagement",
            "engagements",
        ),
    ),
    Kind(
        "deal_contacts",
        {"deal": ("deal_id", "dealId", "Deal ID"), "contact": ("contact_id", "contactId", "Contact ID")},
        needs=(("deal",), ("contact",)),
        marks=("deal",),
        hints=("deal contact",),
    ),
    Kind(
        "activity_contacts",
        {"activity": ("engagement_id", "engagementId"), "contact": ("contact_id", "contactId")},
        needs=(("activity",), ("contact",)),
        marks=("contact",),
        hints=("engagement contact",),
    ),
    Kind(
        "merges",
        {"kept": ("canonical_vid",), "gone": ("vid_to_merge",)},
        needs=(("kept",), ("gone",)),
        marks=("gone",),
        hints=("merge",),
    ),
    Kind(
        "deal_merges",
        {"kept": ("deal_id",), "gone": ("merged_deal_id",)},
        needs=(("kept",), ("gone",)),
        marks=("gone",),
        hints=("merged deal",),
    ),
    Kind(
        "deal_stages",
        {
            "stage": ("stage_id",),
            "is_won": ("closed_won",),
            "is_closed": ("is_closed",),
            "pipeline": ("pipeline_id",),
        },
        needs=(("stage",), ("is_won",)),
        marks=("stage",),
        hints=("pipeline stage",),
    ),
    Kind(
        "owners",
        {
            "id": ("owner_id", "ownerId", "id"),
            "first_name": ("first_name", "firstName"),
            "last_name": ("last_name", "lastName"),
        },
        needs=(("id",), ("last_name",)),
        marks=("last_name",),
        hints=("owner", "owners"),
    ),
    Kind(
        "history",
        {
            "contact": ("contact_id",),
            "field": ("name", "property"),
            "value": ("value",),
            "changed": ("timestamp",),
        },
        times=("changed",),
        needs=(("contact",), ("field",), ("value",), ("changed",)),
        marks=("field",),
        hints=("contact property history",),
    ),
    Kind(
        "submissions",
        {
            "contact": ("contact_id",),
            "submitted": ("timestamp",),
            "form": ("form_id", "conversion_id"),
        },
        times=("submitted",),
        needs=(("contact",), ("submitted",), ("form",)),
        marks=("form",),
        hints=("form submission",),
    ),
    Kind(
        "engagement_types",
        {"id": ("id",), "type": ("type",), "portal": ("portal_id",)},
        needs=(("id",), ("type",), ("portal",)),
        marks=("portal",),
        hints=("engagement",),
        unused="the type of an activity is read from the activity's own file",
    ),
    Kind(
        "deal_history",
        {"deal": ("deal_id",), "entered": ("date_entered", "timestamp"), "value": ("value",)},
        needs=(("deal",), ("entered",), ("value",)),
        marks=("value",),
        hints=("deal stage", "deal property history"),
        unused="how a deal stands now is read from the deal",
    ),
    Kind(
        "activity_deals",
        {"activity": ("engagement_id",), "deal": ("deal_id",)},
        needs=(("activity",), ("deal",)),
        marks=("deal",),
        hints=("engagement deal",),
        unused="activities belong to people; those of a deal alone are not counted",
    ),
)


def stage_sql(cell: str) -> str:
    """SQL for a lifecycle stage's internal value from its value or English label."""
    arms = " ".join(f"when {literal(label)} then {literal(key)}" for label, key in STAGE_OF_LABEL.items())
    return f"case lower({cell}) {arms} else lower({cell}) end"


def qualified(settings: PresetMapping) -> tuple[str, ...]:
    """The lifecycle stages with which a contact is presented to sales: the marketing qualified and later."""
    return settings.qualified or STAGES[2:]


def side_values(settings: PresetMapping) -> dict[str, str | None]:
    """Source: side, by internal value and English label, the user's words first."""
    labels = {label: SIDES[source] for label, source in SOURCE_LABELS.items()}
    return {**SIDES, **labels, **settings.sources}


KIND_OF = (  # what a file of activities holds if it does not say so row by row: by its columns, then its name
    ("direction", "CALL"),
    ("disposition", "CALL"),
    ("milliseconds", "CALL"),
    ("email_direction", "EMAIL"),
    ("outcome", "MEETING"),
)
KIND_OF_NAME = {
    "call": "CALL", "calls": "CALL", "email": "EMAIL", "emails": "EMAIL", "meeting": "MEETING",
    "meetings": "MEETING", "communication": "COMMUNICATION", "communications": "COMMUNICATION",
    "task": "TASK", "tasks": "TASK", "note": "NOTE", "notes": "NOTE",
}  # fmt: skip
_AUTOMATIC = ("AUTOMATION_PLATFORM", "WORKFLOWS", "WORKFLOW", "SEQUENCES", "SEQUENCE", "MARKETING_EMAIL")
_FAILED_CALLS = (
    "CANCELED", "CANCELLED", "FAILED", "MISSED", "QUEUED", "RINGING", "CONNECTING", "CALLING_CRM_USER",
)  # fmt: skip
_UNSENT = ("BOUNCED", "FAILED", "SCHEDULED", "SENDING", "DRAFT", "PENDING")
_NOT_MET = ("SCHEDULED", "RESCHEDULED", "CANCELED", "CANCELLED", "NO_SHOW", "NOT_STARTED")


def touch_sql(settings: PresetMapping) -> dict[str, str]:
    """SQL of an activity's columns over those of `activities`.

    Keys: `kind`; `by_human`; `outbound` and `connected` ('true', 'false', null, or the value that is not
    known); `why_not`, the reason why it is no touch at all.
    """
    calls = {**DISPOSITIONS, **{key.lower(): value for key, value in settings.connected.items()}}
    result = " ".join(f"when {literal(key)} then '{str(value).lower()}'" for key, value in calls.items())
    length = "coalesce(try_cast(milliseconds as double) / 1000, try_cast(seconds as double))"
    least = settings.connected_call_seconds
    by_length = "null" if least is None else f"({length} >= {least})::varchar"
    return {
        "kind": "case when what = 'CALL' then 'call' when what = 'MEETING' then 'meeting' "
        "when what in ('EMAIL', 'INCOMING_EMAIL', 'FORWARDED_EMAIL') then 'email' "
        "when what in ('COMMUNICATION', 'SMS', 'LINKEDIN_MESSAGE', 'WHATS_APP') then 'message' else what end",
        "by_human": f"(sequence is null and coalesce(upper(origin) not in ({listed(_AUTOMATIC)}), true))",
        "outbound": "case when what = 'CALL' then case upper(direction) when 'OUTBOUND' then 'true' "
        "when 'INBOUND' then 'false' else coalesce(direction, '(blank)') end "
        "when what = 'INCOMING_EMAIL' then 'false' when what = 'FORWARDED_EMAIL' then 'false' "
        "when what = 'EMAIL' then case upper(email_direction) when 'EMAIL' then 'true' "
        "when 'INCOMING_EMAIL' then 'false' when 'FORWARDED_EMAIL' then 'false' "
        "else coalesce(email_direction, '(blank)') end "
        "when what = 'MEETING' then case upper(outcome) when 'COMPLETED' then 'true' "
        "else coalesce(outcome, '(no outcome)') end "
        "else case upper(message_direction) when 'OUTBOUND' then 'true' when 'INBOUND' then 'false' "
        "else coalesce(message_direction, '(blank)') end end",
        "connected": f"case when what = 'CALL' then case when disposition is null then {by_length} "
        f"else case lower(disposition) {result} else disposition end end "
        "when what = 'INCOMING_EMAIL' then 'true' "
        "when what = 'EMAIL' then (coalesce(upper(email_direction), '') = 'INCOMING_EMAIL')::varchar "
        "when what = 'MEETING' and upper(outcome) = 'COMPLETED' then 'true' end",
        "why_not": "case when lower(deleted) in ('true', '1', 'yes') then 'deleted' "
        "when what in ('TASK', 'NOTE') then 'a task or note, no touch' "
        f"when what = 'CALL' and upper(status) in ({listed(_FAILED_CALLS)}) "
        "then 'a call that did not go out' "
        f"when what like '%EMAIL' and upper(email_status) in ({listed(_UNSENT)}) "
        "then 'a mail not sent or bounced' "
        f"when what = 'MEETING' and upper(replace(outcome, ' ', '_')) in ({listed(_NOT_MET)}) "
        "then 'a meeting that did not take place' end",
    }


def won_sql(settings: PresetMapping, *, has_won: bool, has_stages: bool) -> str:
    """SQL of a deal's standing: 'true', 'false', 'open', or a stage that is not known."""
    own = {
        stage: {"won": "true", "lost": "false", "open": "open"}[word]
        for stage, word in settings.stages.items()
    }
    arms = " ".join(
        f"when {'pipeline || chr(47) || stage' if '/' in stage else 'stage'} = {literal(stage)} then '{word}'"
        for stage, word in own.items()
    )
    if has_won:
        arms += (
            " when lower(is_won) in ('true', '1', 'yes') then 'true' "
            "when lower(is_closed) in ('true', '1', 'yes') then 'false' "
            "when is_won is not null and is_closed is not null then 'open'"
        )
    if has_stages:
        arms += (
            " when lower(stage_is_won) in ('true', '1') then 'true' "
            "when lower(stage_is_closed) in ('true', '1') then 'false' "
            "when stage_is_won is not null then 'open'"
        )
    short = r"regexp_replace(lower(stage), '( \(.*\))?$|[ _]', '', 'g')"
    return (
        f"case {arms} when {short} = 'closedwon' then 'true' when {short} = 'closedlost' then 'false' "
        f"when {short} in ({listed(OPEN_STAGES)}) then 'open' when stage is null then 'open' else stage end"
    )
