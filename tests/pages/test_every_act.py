"""Every address × every role, with POST and nothing in it.

Who may not act is sent away before anything is looked up or written: 403, 404, or to sign in.
Whoever it is, an empty form saves nothing; only acts that need no form do something.
"""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from donors.models import Donor
from income.models import Ledger
from tests import factories
from tests.pages.test_every_address import (
    ADDRESSES,
    BOARD,
    ENTRY,
    EVERYBODY,
    RATES,
    SIGNED_IN,
    SIGNED_OUT,
    STAFF,
    cast,
    filled,
    parts,
)

__all__ = ["cast", "parts"]

# Name of the address -> who may POST to it. Every other address changes nothing for anybody.
MAY_POST: dict[str, set[object]] = {
    "sign_in": EVERYBODY,
    "sign_out": EVERYBODY,
    "set_language": EVERYBODY,
    "password": SIGNED_IN,
    "account_new": {Role.ADMINISTRATOR},
    "account_allow": {Role.ADMINISTRATOR},
    "representation_list": {Role.ADMINISTRATOR},
    "representation_end": {Role.ADMINISTRATOR},
    "invitation_new": {Role.OFFICER},
    "invitation_again": {Role.OFFICER},
    "invitation_withdraw": {Role.OFFICER},
    "question_answer": {Role.OFFICER},
    "donor_new": {Role.OFFICER},
    "donor_edit": {Role.OFFICER},
    "donor_unmerge": {Role.OFFICER},
    "donor_merge": {Role.OFFICER},
    "contact_new": {Role.OFFICER},
    "contact_edit": {Role.OFFICER},
    "engagement_new": {Role.OFFICER},
    "engagement_edit": {Role.OFFICER},
    "document_new": {Role.OFFICER},
    "clearance_new": {Role.OFFICER},
    "clearance_decide": {Role.REVIEWER},
    "saved_view_save": BOARD,
    "saved_view_delete": {Role.OFFICER},  # whose it is
    "contribution_new": ENTRY,
    "amendment_new": ENTRY,
    "extension_new": ENTRY,
    "cancellation_new": ENTRY,
    "write_off_new": ENTRY,
    "contribution_close": ENTRY,
    "condition_settle": ENTRY,
    "prospect_new": ENTRY,
    "prospect_edit": ENTRY,
    "prospect_drop": ENTRY,
    "receipt_new": ENTRY,
    "gift_new": ENTRY,
    "online_gifts_new": ENTRY,
    "return_new": ENTRY,
    "transfer_new": ENTRY,
    "parked_new": ENTRY,
    "parked_edit": ENTRY,
    "parked_send_back": ENTRY,
    "finance_new": {Role.REVIEWER},
    "reversal_new": ENTRY,
    "draft_edit": {Role.OFFICER},  # who wrote it
    "draft_approve": {Role.REVIEWER},
    "draft_return": {Role.REVIEWER},
    "draft_withdraw": {Role.OFFICER},  # who wrote it
    "draft_discard": {Role.OFFICER},
    "correction_new": ENTRY,
    "import_new": ENTRY,
    "import_paste": ENTRY,
    "import_columns": ENTRY,
    "import_names": ENTRY,
    "import_names_all": ENTRY,
    "import_repeats": ENTRY,
    "import_late": ENTRY,
    "import_check": ENTRY,
    "import_mark": {Role.OFFICER, Role.REVIEWER, Role.ADMINISTRATOR},  # reads no more than its file
    "import_submit": ENTRY,
    "import_discard": ENTRY,
    "import_undo": ENTRY,
    "erp_load": ENTRY,
    "erp_match": ENTRY,
    "erp_line_match": ENTRY,
    "erp_reference_add": ENTRY,
    "erp_reference_remove": ENTRY,
    "campaign_new": ENTRY,
    "campaign_edit": ENTRY,
    "campaign_ask": ENTRY,
    "approach": ENTRY,
    "approach_attach": ENTRY,
    "approach_detach": ENTRY,
    "approach_leave_out": ENTRY,
    "letter_core": ENTRY,
    "letter_thanks": ENTRY,
    "letter_reminder": ENTRY,
    "letter_campaign": ENTRY,
    "my_settings": SIGNED_IN,
    "send_reminders": {Role.ADMINISTRATOR},
    "report": ENTRY,
    "contribution_clauses": ENTRY,
    "clause_remove": ENTRY,
    "month_close": {Role.REVIEWER},
    "verify_ledger": {Role.REVIEWER, Role.ADMINISTRATOR},
    "rate_new": RATES,
    "rate_load": RATES,
    "rate_load_save": RATES,
    "rate_correction_new": RATES,
    "rate_correction_decide": RATES,
    "update_prepare": ENTRY,
    "verify": EVERYBODY,  # looks at a file, keeps nothing
    "update_publish": {Role.REVIEWER},
    "update_discard": ENTRY,
    "dialogue_item_new": ENTRY,
    "dialogue_item_decide": {Role.REVIEWER},
    "expenditure_new": ENTRY,
    "expenditure_decide": {Role.REVIEWER},
    "measurement_new": ENTRY,
    "measurement_decide": {Role.REVIEWER},
    "indicator_owner": ENTRY,
    "economy_list_new": ENTRY,
    "economy_list_decide": {Role.REVIEWER},
    "bulk_new": {Role.OFFICER},
    "bulk_cancel": {Role.OFFICER},
    "report_make": {*STAFF, Role.REPRESENTATIVE},
    "proposal_new": ENTRY,
    "proposal_edit": {Role.OFFICER},  # who entered it
    "proposal_approve": {Role.REVIEWER},
    "proposal_return": {Role.REVIEWER},
}
NEED_NO_FORM = {
    "bulk_cancel",
    "import_check",
    "import_mark",
    "erp_reference_remove",
    "saved_view_delete",
    "send_reminders",
    "clause_remove",
    "approach_leave_out",
    "account_allow",
    "representation_end",
    "invitation_again",
    "invitation_withdraw",
    "verify_ledger",
}
WRITES = ("INSERT", "UPDATE", "DELETE")
SESSIONS = "django_session"  # what a browser remembers is no one's data


@pytest.fixture
def acts(parts: dict[str, str], cast: dict[str, User]) -> dict[str, str]:
    """What fills the variable parts, with a representation that can be ended."""
    kfw = Donor.objects.get(code="KFW")
    ended = factories.representation(user=cast[Role.REPRESENTATIVE], donor=kfw)
    clause = factories.report_clause()
    books = Ledger.objects.get(code="UNH")
    reference = factories.erp_reference(contribution=factories.contribution(ledger=books))
    line = factories.erp_line(export=factories.erp_export(ledger=books))
    own = {"erp_reference_remove": str(reference.pk), "erp_line_match": str(line.pk)}
    return {**parts, "representation_end": str(ended.pk), "clause_remove": str(clause.pk), **own}


def address_of(name: str, route: str, acts: dict[str, str]) -> str:
    return filled(name, route.replace("<int:pk>", acts.get(name, "1")), acts)


def is_refused(response: HttpResponse) -> bool:
    """403, 404, or sent to sign in and then back here."""
    to_sign_in = f"{reverse(settings.LOGIN_URL)}?next="
    return response.status_code in (403, 404) or (
        response.status_code == 302 and response.headers["Location"].startswith(to_sign_in)
    )


def posted(client: Client, address: str) -> tuple[HttpResponse, list[str]]:
    """The answer, and the writes it made; then everything is as it was."""
    with transaction.atomic():
        with CaptureQueriesContext(connection) as queries:
            response = client.post(address)
        transaction.set_rollback(True)
    asked = [query["sql"] for query in queries.captured_queries]
    return response, [sql for sql in asked if sql.startswith(WRITES) and SESSIONS not in sql]


def test_every_act_that_is_declared_is_there() -> None:
    assert set(MAY_POST) - {name for name, _route in ADDRESSES} == set()
    assert NEED_NO_FORM - set(MAY_POST) == set()


@pytest.mark.parametrize(("name", "route"), ADDRESSES, ids=[name for name, _route in ADDRESSES])
def test_an_act_is_open_to_the_roles_that_may_and_an_empty_form_writes_nothing(
    name: str, route: str, acts: dict[str, str], cast: dict[str, User],
    client_of: Callable[[User], Client],
) -> None:  # fmt: skip
    address = address_of(name, route, acts)
    for who in (*Role, SIGNED_OUT):
        client = Client() if who == SIGNED_OUT else client_of(cast[who])
        response, writes = posted(client, address)
        assert response.status_code < 500 or name == "readyz", (who, address)
        may = who in MAY_POST.get(name, ())
        if name in MAY_POST:
            assert is_refused(response) is not may, (who, address, response.status_code)
        assert response.status_code != 405 or name not in MAY_POST, (who, address)
        assert writes == [] or (may and name in NEED_NO_FORM), (who, address, writes)


@pytest.mark.parametrize("name", ["month_close", "account_allow", "representation_end",
                                  "draft_approve", "draft_return"])  # fmt: skip
def test_a_stranger_who_opens_an_act_is_sent_away_and_not_told_how_to_act(
    name: str, acts: dict[str, str], board_member: User, client_of: Callable[[User], Client]
) -> None:
    address = address_of(name, dict(ADDRESSES)[name], acts)
    assert client_of(board_member).get(address).status_code == 403
    assert is_refused(Client().get(address))
    assert Client().get(address).status_code == 302
