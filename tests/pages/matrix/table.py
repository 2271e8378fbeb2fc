"""The one table of who may do what at which address; test_matrix.py runs every cell of it.

A new route fails until it has a row here. A row says who may look (GET, HEAD), who may act (POST),
who may change (PATCH, which only addresses of the API take that say so), and whose the thing at the
address is. Nothing at all takes PUT or DELETE.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.permissions import Role

Who = frozenset[object]

SIGNED_OUT = "signed out"
EVERYBODY: Who = frozenset({*Role, SIGNED_OUT})
SIGNED_IN: Who = frozenset(Role)
OFFICER: Who = frozenset({Role.OFFICER})
REVIEWER: Who = frozenset({Role.REVIEWER})
ADMINISTRATOR: Who = frozenset({Role.ADMINISTRATOR})
REPRESENTATIVE: Who = frozenset({Role.REPRESENTATIVE})
STAFF = OFFICER | REVIEWER | ADMINISTRATOR
BOARD: Who = STAFF | {Role.BOARD}
FILE = STAFF | REPRESENTATIVE  # a donor's own file
ENTRY = OFFICER | REVIEWER
RATES = REVIEWER | ADMINISTRATOR
OFFICE = OFFICER | ADMINISTRATOR
ASKING = OFFICER | REPRESENTATIVE
NOBODY: Who = frozenset()

# Whose the thing at an address is.
AGENCY = "the agency's"  # or nobody's in particular: roles alone decide
DONOR = "a donor's"  # of the representatives, only the donor's own open it
WRITER = "its writer's"  # of the officers, only the one who wrote or asked for it opens it


class Row(NamedTuple):
    """What is expected of one address.

    `act` empties stand for addresses that change nothing for anybody. `form` is False where an act
    needs no form, so that an empty one does something. `queries` is the most one GET may ask.
    """

    get: Who
    act: Who = NOBODY
    of: str = AGENCY
    form: bool = True
    queries: int = 41
    opens: tuple[int, ...] = (200, 302)
    patch: Who = NOBODY  # nobody: the address takes no PATCH at all


# Name of the address -> its row. Addresses that take POST alone answer GET with 405 to who may.
TABLE: dict[str, Row] = {
    "home": Row(EVERYBODY),
    "front": Row(EVERYBODY),
    "accessibility": Row(EVERYBODY),
    # Public parts, all of them open in the sample of rows.py.
    "open_income": Row(EVERYBODY, queries=60),
    "open_donors": Row(EVERYBODY, queries=20),
    "open_donor": Row(NOBODY),  # of the sample nothing was received in the published state
    "open_flows": Row(EVERYBODY, queries=20),
    "open_scorecard": Row(EVERYBODY, queries=50),
    "open_updates": Row(EVERYBODY, queries=20),
    "open_update_file": Row(NOBODY),  # the sample's update is of another month
    "open_methods": Row(EVERYBODY, queries=15),
    "open_downloads": Row(EVERYBODY, queries=60),
    "open_csv": Row(EVERYBODY, queries=20),
    "open_xlsx": Row(EVERYBODY, queries=30),
    "open_package": Row(EVERYBODY, queries=60),
    "open_dataset": Row(EVERYBODY, queries=60),
    "open_iati_activities": Row(NOBODY),  # none is published; so the next ones
    "open_iati_organisation": Row(NOBODY),
    "open_ceb_file": Row(NOBODY),
    "open_sitemap": Row(EVERYBODY, queries=20),
    "robots": Row(EVERYBODY, queries=10),
    "visibility": Row(STAFF),
    "visibility_set": Row(NOBODY, act=ADMINISTRATOR, form=False),
    "terms": Row(EVERYBODY),
    "style_page": Row(ADMINISTRATOR),
    "sign_in": Row(EVERYBODY, act=EVERYBODY),
    "sign_out": Row(NOBODY, act=EVERYBODY),
    "set_language": Row(NOBODY, act=EVERYBODY),
    "session": Row(EVERYBODY, act=EVERYBODY),  # how long one is signed in; changes nothing else
    "password": Row(SIGNED_IN, act=SIGNED_IN),
    "account_login": Row(EVERYBODY, act=EVERYBODY),  # sign_in by the name that allauth asks for
    "mfa_authenticate": Row(EVERYBODY, act=EVERYBODY),  # leads on, but between the two steps
    "mfa_login_webauthn": Row(EVERYBODY, act=EVERYBODY),
    "single_sign_on": Row(NOBODY),  # none is configured
    "single_sign_on_callback": Row(NOBODY),
    "account_reset_password": Row(EVERYBODY, act=EVERYBODY),
    "account_reset_password_done": Row(EVERYBODY),
    "account_reset_password_from_key": Row(NOBODY),  # whatever is made up
    "mfa_index": Row(SIGNED_IN),
    "mfa_activate_totp": Row(SIGNED_IN, act=SIGNED_IN),
    "mfa_deactivate_totp": Row(NOBODY),  # who has no app; so the next ones
    "mfa_view_recovery_codes": Row(NOBODY),
    "mfa_remove_webauthn": Row(NOBODY),
    "mfa_generate_recovery_codes": Row(SIGNED_IN, act=SIGNED_IN),
    "mfa_add_webauthn": Row(SIGNED_IN, act=SIGNED_IN),
    "usersessions_list": Row(SIGNED_IN, act=SIGNED_IN),
    "account_reauthenticate": Row(SIGNED_IN, act=SIGNED_IN),
    "mfa_reauthenticate": Row(SIGNED_IN, act=SIGNED_IN),
    "mfa_reauthenticate_webauthn": Row(SIGNED_IN, act=SIGNED_IN),
    "api_key_list": Row(SIGNED_IN),
    "api_key_new": Row(SIGNED_IN, act=SIGNED_IN),
    "api_key_revoke": Row(NOBODY, act=OFFICE, of=WRITER, form=False),
    "finance_new": Row(REVIEWER, act=REVIEWER),
    "account_list": Row(ADMINISTRATOR),
    "account_new": Row(ADMINISTRATOR, act=ADMINISTRATOR),
    "account": Row(ADMINISTRATOR),
    "account_allow": Row(NOBODY, act=ADMINISTRATOR, form=False),
    "account_reset_factor": Row(NOBODY, act=ADMINISTRATOR, form=False),
    "account_unlock": Row(NOBODY, act=ADMINISTRATOR, form=False),
    "audit_list": Row(ADMINISTRATOR),
    "audit_event": Row(ADMINISTRATOR),
    "audit_csv": Row(ADMINISTRATOR),
    "audit_xlsx": Row(ADMINISTRATOR),
    "audit_verify": Row(NOBODY, act=ADMINISTRATOR, form=False),
    "person_list": Row(ADMINISTRATOR),
    "person": Row(ADMINISTRATOR),
    "person_file": Row(ADMINISTRATOR),
    "person_erase": Row(ADMINISTRATOR, act=ADMINISTRATOR),
    "donor_list": Row(STAFF),
    "donor_new": Row(OFFICER, act=OFFICER),
    "donor_similar": Row(OFFICER),
    "donor_edit": Row(OFFICER, act=OFFICER, of=DONOR),
    "donor_unmerge": Row(NOBODY, act=OFFICER, of=DONOR),
    "donor_merge": Row(OFFICER, act=OFFICER, of=DONOR),
    "contact_new": Row(OFFICER, act=OFFICER, of=DONOR),
    "contact_edit": Row(OFFICER, act=OFFICER, of=DONOR),
    "engagement_new": Row(OFFICER, act=OFFICER, of=DONOR),
    "engagement_edit": Row(OFFICER, act=OFFICER, of=DONOR),
    "document_new": Row(OFFICER, act=OFFICER, of=DONOR),
    "donor_document": Row(STAFF, of=DONOR),
    "clearance_new": Row(OFFICER, act=OFFICER, of=DONOR),
    "clearance_decide": Row(REVIEWER, act=REVIEWER, of=DONOR),
    "saved_view_save": Row(NOBODY, act=BOARD),
    "saved_view_delete": Row(NOBODY, act=OFFICER, of=WRITER, form=False),
    "representation_list": Row(ADMINISTRATOR, act=ADMINISTRATOR),
    "representation_until": Row(OFFICE, act=OFFICE, of=DONOR),
    "representation_end": Row(NOBODY, act=ADMINISTRATOR, of=DONOR, form=False),
    "invitation_list": Row(OFFICER),
    "invitation_new": Row(OFFICER, act=OFFICER),
    "invitation_again": Row(NOBODY, act=OFFICER, form=False),
    "invitation_withdraw": Row(NOBODY, act=OFFICER, form=False),
    "invitation_accept": Row(EVERYBODY),  # whatever the token, on to the next one
    "invitation_answer": Row(NOBODY),  # before a link that works was opened
    "donor": Row(FILE, of=DONOR, queries=54),
    "donor_as_donor": Row(OFFICER, of=DONOR, queries=54),
    "donor_entries_csv": Row(FILE, of=DONOR),
    "donor_entries_xlsx": Row(FILE, of=DONOR),
    "donor_archive": Row(FILE, of=DONOR),
    "my_document": Row(FILE, of=DONOR),
    "question_list": Row(OFFICER),
    "question": Row(ASKING, of=DONOR),
    "question_new": Row(NOBODY, of=DONOR),  # without a figure that the portal signed
    "question_answer": Row(NOBODY, act=OFFICER, of=DONOR),
    "my_donor": Row(REPRESENTATIVE),
    "statement_pdf": Row(FILE, of=DONOR),
    "acknowledgement_pdf": Row(FILE, of=DONOR),
    "contribution_list": Row(STAFF),
    "contribution": Row(FILE, of=DONOR),
    "amendment_new": Row(ENTRY, act=ENTRY, of=DONOR),
    "extension_new": Row(ENTRY, act=ENTRY, of=DONOR),
    "cancellation_new": Row(ENTRY, act=ENTRY, of=DONOR),
    "write_off_new": Row(ENTRY, act=ENTRY, of=DONOR),
    "contribution_close": Row(ENTRY, act=ENTRY, of=DONOR),
    "condition_settle": Row(ENTRY, act=ENTRY, of=DONOR),
    "prospect_list": Row(STAFF),
    "prospect_new": Row(ENTRY, act=ENTRY),
    "prospect_edit": Row(ENTRY, act=ENTRY, of=DONOR),
    "prospect_drop": Row(ENTRY, act=ENTRY, of=DONOR),
    "contribution_new": Row(ENTRY, act=ENTRY),
    "receipt_new": Row(ENTRY, act=ENTRY),
    "gift_new": Row(ENTRY, act=ENTRY),
    "online_gifts_new": Row(ENTRY, act=ENTRY),
    "return_new": Row(ENTRY, act=ENTRY),
    "transfer_new": Row(ENTRY, act=ENTRY),
    "parked_list": Row(ENTRY),
    "parked_new": Row(ENTRY, act=ENTRY),
    "parked_edit": Row(ENTRY, act=ENTRY),
    "parked_send_back": Row(ENTRY, act=ENTRY),
    "conversion": Row(ENTRY),
    "draft_list": Row(ENTRY),
    "draft": Row(ENTRY, of=WRITER, queries=60),  # posts the draft to show what would be posted
    "draft_edit": Row(OFFICER, act=OFFICER, of=WRITER),
    "draft_approve": Row(NOBODY, act=REVIEWER),
    "draft_return": Row(NOBODY, act=REVIEWER),
    "draft_withdraw": Row(NOBODY, act=OFFICER, of=WRITER),
    "draft_discard": Row(NOBODY, act=OFFICER, of=WRITER),
    "correction_new": Row(ENTRY, act=ENTRY),
    "month": Row(STAFF),
    "import_list": Row(ENTRY),
    "import_new": Row(ENTRY, act=ENTRY),
    "import_paste": Row(ENTRY, act=ENTRY),
    "import_template": Row(ENTRY),
    "import": Row(ENTRY),
    "import_columns": Row(ENTRY, act=ENTRY),
    "import_names": Row(ENTRY, act=ENTRY),
    "import_names_all": Row(NOBODY, act=ENTRY),
    "import_repeats": Row(NOBODY, act=ENTRY),
    "import_late": Row(NOBODY, act=ENTRY),
    "import_check": Row(NOBODY, act=ENTRY, form=False),
    "import_mark": Row(NOBODY, act=STAFF, form=False),  # reads no more than its file
    "import_submit": Row(NOBODY, act=ENTRY),
    "import_discard": Row(NOBODY, act=ENTRY),
    "import_undo": Row(ENTRY, act=ENTRY),
    "import_file": Row(STAFF),
    "import_errors": Row(STAFF),
    "erp_list": Row(STAFF),
    "erp_template": Row(STAFF),
    "erp_load": Row(ENTRY, act=ENTRY),
    "erp_search": Row(STAFF),
    "erp_month": Row(STAFF),
    "erp_match": Row(NOBODY, act=ENTRY),
    "erp_line_match": Row(NOBODY, act=ENTRY),
    "erp_reference_add": Row(NOBODY, act=ENTRY),
    "contribution_iati": Row(NOBODY, act=ENTRY),
    "erp_reference_remove": Row(NOBODY, act=ENTRY, form=False),
    "campaign_list": Row(STAFF),
    "campaign_new": Row(ENTRY, act=ENTRY),
    "campaign": Row(STAFF),
    "campaign_file": Row(STAFF),
    "campaign_edit": Row(ENTRY, act=ENTRY),
    "campaign_ask": Row(ENTRY, act=ENTRY),
    "approach": Row(STAFF, act=ENTRY, of=DONOR),
    "approach_attach": Row(NOBODY, act=ENTRY, of=DONOR),
    "approach_detach": Row(NOBODY, act=ENTRY, of=DONOR),
    "approach_leave_out": Row(NOBODY, act=ENTRY, of=DONOR, form=False),
    "letter_core": Row(ENTRY, act=ENTRY, of=DONOR),
    "letter_thanks": Row(ENTRY, act=ENTRY, of=DONOR),
    "letter_reminder": Row(ENTRY, act=ENTRY, of=DONOR),
    "letter_campaign": Row(ENTRY, act=ENTRY),
    "letter_zip": Row(STAFF),
    "letter": Row(STAFF, of=DONOR),
    "letter_file": Row(NOBODY, of=DONOR),  # the sample has no bytes
    "my_settings": Row(SIGNED_IN, act=SIGNED_IN),
    "worklist": Row(STAFF),
    "outgoing_mail": Row(ADMINISTRATOR),
    "outgoing_mail_settle": Row(NOBODY, act=ADMINISTRATOR, form=False),
    "outgoing_mail_again": Row(NOBODY, act=ADMINISTRATOR, form=False),
    "send_reminders": Row(NOBODY, act=ADMINISTRATOR, form=False),
    "calendar": Row(STAFF),
    "calendar_ics": Row(STAFF),
    "report_list": Row(STAFF),
    "report_delivery": Row(STAFF, of=DONOR),
    "report": Row(STAFF, act=ENTRY, of=DONOR),
    "contribution_clauses": Row(ENTRY, act=ENTRY, of=DONOR),
    "clause_remove": Row(NOBODY, act=ENTRY, of=DONOR, form=False),
    "entry_list": Row(SIGNED_IN),
    "entry_csv": Row(SIGNED_IN),
    "entry_xlsx": Row(SIGNED_IN),
    "posting": Row(BOARD),
    "reversal_new": Row(ENTRY, act=ENTRY),
    "month_list": Row(BOARD),
    "month_close": Row(NOBODY, act=REVIEWER),
    "rate_list": Row(BOARD),
    "rate_new": Row(RATES, act=RATES),
    "rate_load": Row(RATES, act=RATES),
    "rate_load_save": Row(NOBODY, act=RATES),
    "rate_correction_new": Row(RATES, act=RATES),
    "rate_correction": Row(STAFF),
    "rate_correction_csv": Row(STAFF),
    "rate_correction_decide": Row(NOBODY, act=RATES),
    "verify_ledger": Row(RATES, act=RATES, form=False),
    "dashboard": Row(BOARD, queries=60),
    "dashboard_csv": Row(BOARD, queries=42),
    "dashboard_chart": Row(BOARD),
    "dashboard_chart_svg": Row(BOARD),
    "dashboard_chart_png": Row(BOARD),
    "dashboard_chart_csv": Row(BOARD),
    "dashboard_chart_xlsx": Row(BOARD),
    "history": Row(BOARD),
    "bases": Row(BOARD),
    "bases_csv": Row(BOARD),
    "restatement": Row(BOARD),
    "restatement_csv": Row(BOARD),
    "outstanding": Row(BOARD),
    "outstanding_csv": Row(BOARD),
    "target_list": Row(BOARD),
    "proposal_new": Row(ENTRY, act=ENTRY),
    "proposal": Row(ENTRY),
    "proposal_edit": Row(OFFICER, act=OFFICER, of=WRITER),
    "proposal_approve": Row(NOBODY, act=REVIEWER),
    "proposal_return": Row(NOBODY, act=REVIEWER),
    "published_list": Row(BOARD),
    "indicator_list": Row(BOARD),
    "indicator_csv": Row(BOARD),
    "indicator": Row(BOARD),
    "measurement_new": Row(ENTRY, act=ENTRY),
    "measurement_decide": Row(NOBODY, act=REVIEWER),
    "indicator_owner": Row(ENTRY, act=ENTRY),
    "economy_list_list": Row(BOARD),
    "economy_list_new": Row(ENTRY, act=ENTRY),
    "economy_list_decide": Row(NOBODY, act=REVIEWER),
    "dialogue": Row(BOARD, queries=60),
    "dialogue_pdf": Row(BOARD, queries=60),
    "dialogue_xlsx": Row(BOARD, queries=60),
    "dialogue_item_list": Row(ENTRY),
    "dialogue_item_new": Row(ENTRY, act=ENTRY),
    "dialogue_item_decide": Row(NOBODY, act=REVIEWER),
    "expenditure_list": Row(BOARD),
    "expenditure_new": Row(ENTRY, act=ENTRY),
    "expenditure": Row(BOARD),  # in force
    "expenditure_decide": Row(NOBODY, act=REVIEWER),
    "publication_list": Row(BOARD),
    "publication": Row(BOARD),
    "publication_file": Row(BOARD),
    "publication_prepare": Row(NOBODY, act=ENTRY),
    "publication_publish": Row(NOBODY, act=REVIEWER),
    "publication_discard": Row(NOBODY, act=ENTRY),
    "update_list": Row(BOARD),
    "update": Row(BOARD),
    "update_file": Row(BOARD),
    "update_prepare": Row(NOBODY, act=ENTRY),
    "update_publish": Row(NOBODY, act=REVIEWER),
    "update_discard": Row(NOBODY, act=ENTRY),
    "bulk_list": Row(OFFICER),
    "bulk_new": Row(OFFICER, act=OFFICER),
    "bulk": Row(OFFICER),
    "bulk_file": Row(OFFICER),
    "bulk_cancel": Row(NOBODY, act=OFFICER, form=False),
    "sealed_list": Row(FILE, of=DONOR),
    "report_file": Row(FILE, of=DONOR),
    "report_make": Row(NOBODY, act=FILE),  # its form names the donor
    "verify": Row(EVERYBODY, act=EVERYBODY),  # looks at a file, keeps nothing
    "verify_code": Row(EVERYBODY),
    "verify_printed": Row(EVERYBODY),
    "healthz": Row(EVERYBODY),
    "readyz": Row(EVERYBODY, opens=(200, 503)),
    "metrics": Row(NOBODY),  # who bears the token
    "job": Row(OFFICE, of=WRITER),
    "api_schema": Row(SIGNED_IN),
    "api_donor_list": Row(FILE),
    "api_donor": Row(FILE, of=DONOR),
    "api_contribution_list": Row(FILE, act=ENTRY),
    "api_contribution": Row(FILE, of=DONOR),
    "api_draft_list": Row(ENTRY, act=ENTRY),
    "api_draft": Row(ENTRY, patch=OFFICER, of=WRITER),
    "api_draft_submit": Row(NOBODY, act=OFFICER, of=WRITER),
    "api_draft_approve": Row(NOBODY, act=REVIEWER),
    "api_draft_return": Row(NOBODY, act=REVIEWER),
    "api_import_list": Row(ENTRY, act=ENTRY),
    "api_import": Row(ENTRY, patch=ENTRY),
    "api_import_check": Row(NOBODY, act=ENTRY),
    "api_import_submit": Row(NOBODY, act=ENTRY),
    "api_entry_list": Row(SIGNED_IN),
    "api_entry": Row(SIGNED_IN, of=DONOR),
    "api_entry_totals": Row(SIGNED_IN),
    "api_index": Row(SIGNED_IN),
    "api_docs": Row(SIGNED_IN),
    "api_posting_list": Row(BOARD),
    "api_report_due_list": Row(FILE),
    "api_report_due": Row(FILE, of=DONOR),
    "api_rate_list": Row(BOARD),
    "api_statement": Row(FILE, of=DONOR, queries=60),
    "api_profile": Row(FILE, of=DONOR, queries=60),
    "api_history": Row(BOARD),
    "api_bases": Row(BOARD, queries=60),
    "api_job_list": Row(SIGNED_IN),
    "api_job": Row(OFFICER, of=WRITER),
    **{
        f"api_{one}{kind}": Row(SIGNED_IN)
        for kind in ("", "_list")
        for one in (
            "books",
            "fund",
            "programme",
            "domain",
            "instrument",
            "earmarking",
            "currency",
            "region",
            "area",
            "contributor_type",
        )
    },
    **{
        f"api_{one}{kind}": Row(BOARD)
        for kind in ("", "_list")
        for one in (
            "indicator",
            "measurement",
            "document",
            "published_figure",
            "update",
            "publication",
        )
    },
    "api_dashboard": Row(BOARD, queries=60),
    "api_scorecard": Row(BOARD),
    "api_target_set_list": Row(BOARD),
    "api_target_set": Row(BOARD),
}

MAY_GET = {name: row.get for name, row in TABLE.items()}
MAY_POST = {name: row.act for name, row in TABLE.items() if row.act}


def _addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, str]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield pattern.name or route, route


# (name, route) of every address, from the portal's own list of them; then without the API.
EVERYWHERE = sorted(set(_addresses()))
ADDRESSES = [(name, route) for name, route in EVERYWHERE if not route.startswith("api/")]
