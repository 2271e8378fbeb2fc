"""Who may do what: roles are sets of permissions, a view names what it needs."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponse

from accounts.access import requires, signed_in
from accounts.audit.personal import with_values
from accounts.models import AuditEvent, User
from accounts.permissions import PERMISSIONS_OF, Permission, Role
from accounts.services import open_account, record
from tests import factories

pytestmark = pytest.mark.django_db
P = Permission
EVERY_PERMISSION = {value for name, value in vars(Permission).items() if name.isupper()}


@requires(P.REVIEW_INCOME, P.CLOSE_MONTHS)
def reviewers_page(request):
    return HttpResponse("reviewed")


@pytest.fixture
def visit(rf, settings):
    """Asks for the reviewers' page as somebody."""
    settings.LOGIN_URL = "/sign-in/"

    def visited(user):
        request = rf.get("/income/drafts/?page=2")
        request.user = user
        return reviewers_page(request)

    return visited


def test_who_is_not_signed_in_is_asked_to_and_comes_back(visit):
    response = visit(AnonymousUser())
    assert (response.status_code, response.url) == (
        302,
        "/sign-in/?next=/income/drafts/%3Fpage%3D2",
    )


def test_who_holds_one_of_the_permissions_is_let_in(visit, reviewer):
    assert visit(reviewer).content == b"reviewed"


@pytest.mark.parametrize("who", ["officer", "board_member", "representative", "administrator"])
def test_who_holds_none_is_refused(visit, who, request):
    with pytest.raises(PermissionDenied):
        visit(request.getfixturevalue(who))


def test_a_suspended_account_holds_no_permission(visit, reviewer):
    reviewer.is_active = False
    assert not any(reviewer.may(permission) for permission in EVERY_PERMISSION)
    with pytest.raises(PermissionDenied):
        visit(reviewer)


def test_a_view_tells_which_permissions_it_asks_for():
    assert reviewers_page.permissions == ("review_income", "close_months")


def test_a_request_without_an_account_has_nobody_behind_it(rf, officer):
    request = rf.get("/")
    request.user = AnonymousUser()
    with pytest.raises(PermissionDenied):
        signed_in(request)
    request.user = officer
    assert signed_in(request) == officer


def test_every_role_has_its_permissions_and_no_unknown_one():
    assert set(PERMISSIONS_OF) == set(Role.values)
    assert set().union(*PERMISSIONS_OF.values()) == EVERY_PERMISSION


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (P.VIEW_OWN_DONORS, {Role.REPRESENTATIVE}),
        (P.REVIEW_INCOME, {Role.REVIEWER}),
        (P.CLOSE_MONTHS, {Role.REVIEWER}),
        (P.MANAGE_ACCOUNTS, {Role.ADMINISTRATOR}),
        (P.VIEW_AUDIT, {Role.ADMINISTRATOR}),
        (P.EDIT_DONORS, {Role.OFFICER}),
        (P.ENTER_INCOME, {Role.OFFICER, Role.REVIEWER}),
        (P.VIEW_DONORS, {Role.OFFICER, Role.REVIEWER, Role.ADMINISTRATOR}),
        (P.VIEW_BANK_DATA, {Role.OFFICER, Role.REVIEWER, Role.ADMINISTRATOR}),
        (P.VIEW_ENTRIES, {Role.OFFICER, Role.REVIEWER, Role.ADMINISTRATOR, Role.BOARD}),
        (P.VIEW_BOARD, {Role.OFFICER, Role.REVIEWER, Role.ADMINISTRATOR, Role.BOARD}),
    ],
)
def test_a_permission_is_held_by_these_roles_only(permission, roles):
    assert {role for role, held in PERMISSIONS_OF.items() if permission in held} == roles


def test_a_person_signs_in_by_e_mail_address_in_any_letter_case(officer):
    assert User.objects.get_by_natural_key("OFFICER@Example.org") == officer
    found = authenticate(username="Officer@EXAMPLE.org", password=factories.PASSWORD)
    assert found == officer
    assert authenticate(username="officer@example.org", password="something else") is None


def test_one_address_has_one_account_whatever_its_letter_case(officer):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.user(email="OFFICER@example.org")


def test_an_account_without_a_password_cannot_be_signed_in_to():
    user = open_account(
        email=" new@example.org ", name=" New ", role=Role.OFFICER, password=None, by=None
    )
    assert (user.email, user.name, user.has_usable_password()) == ("new@example.org", "New", False)


def test_opening_an_account_is_on_the_audit_trail(administrator):
    user = open_account(
        email="new@example.org", name="New", role=Role.BOARD, password="x" * 20, by=administrator
    )
    event = AuditEvent.objects.get(act="open_account", subject_id=str(user.pk))
    assert (event.by, event.subject) == (administrator.uuid, "accounts.user")
    assert with_values([event])[0].after == {"email": "new@example.org", "role": "board"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "not an address"}, "email"),
        ({"role": "emperor"}, "role"),
        ({"name": "  "}, "name"),
        ({"email": "officer@example.org"}, "email"),
    ],
)
def test_a_wrong_account_is_not_opened(officer, wrong, field):
    row = {
        "email": "a@example.org",
        "name": "A",
        "role": Role.OFFICER,
        "password": None,
        "by": None,
    }
    with pytest.raises(ValidationError) as refused:
        open_account(**{**row, **wrong})
    assert list(refused.value.message_dict) == [field]
    assert AuditEvent.objects.count() == 0


def test_the_trail_keeps_dates_and_amounts_as_text(officer, today):
    event = record("test", officer, by=None, before={"on": today, "of": None}, after={"n": 1})
    event.refresh_from_db()
    assert (event.by, event.before, event.after) == (
        None,
        {"on": "2022-12-15", "of": None},
        {"n": 1},
    )
