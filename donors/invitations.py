"""Asking a donor's people to sign in: the invitation, its link, and what accepting it opens."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission, Role
from accounts.services import open_account, record
from donors.invitation_mail import (
    call_off_letters,
    check_mail_can_go,
    hash_of,
    queue_letter,
    token_of,
)
from donors.invitation_states import InvitationState, is_over, state_of
from donors.models import Donor, Invitation
from donors.representation import let_represent
from interface.errors import PortalError

VALID_FOR = datetime.timedelta(days=14)


class InvitationWrong(PortalError):
    """An invitation that cannot be made, sent again, withdrawn or accepted as it was."""


class InvitationDead(InvitationWrong):
    """No invitation has this token and is still open. One sentence, so that none tells more."""


def open_invitation(token_hash: str, now: datetime.datetime) -> Invitation | None:
    """The invitation with the token's hash, if it can be accepted at the moment."""
    related = Invitation.objects.select_related("invited_by")
    found = related.filter(token_hash=token_hash).first()
    return found if found and state_of(found, now) == InvitationState.WAITING else None


@transaction.atomic
def invite(
    *, email: str, name: str, language: str, donors: Iterable[Donor],
    access_ends_on: datetime.date | None, by: User, now: datetime.datetime,
) -> Invitation:  # fmt: skip
    """Ask a person to represent the donors until a day (exclusive), or until further notice.

    The letter with the link goes out once this is committed. Raises InvitationWrong and
    MailCannotGo.
    """
    _check_may_invite(by)
    email, name, donors = email.strip(), " ".join(name.split()), list(donors)
    if language and language not in dict(settings.LANGUAGES):
        raise InvitationWrong(_("The portal does not speak this language."), field="language")
    if not donors:
        raise InvitationWrong(_("Name at least one donor."), field="donors")
    for donor in donors:
        if donor.merged_into_id:
            raise InvitationWrong(
                _("%(donor)s is merged into another donor. Name that one.")
                % {"donor": donor.name}, field="donors",
            )  # fmt: skip
    _check_can_be_sent(email, access_ends_on, now)
    _check_is_not_asked_already(email, donors, now)
    made = Invitation(
        email=email, name=name, language=language, access_ends_on=access_ends_on, invited_by=by,
        expires_at=now + VALID_FOR,
    )  # fmt: skip
    made.token_hash = hash_of(token_of(made))
    made.save(force_insert=True)
    made.donors.set(donors)
    record("invite_representative", made, by=by, after=_told(made))
    queue_letter(made)
    return made


@transaction.atomic
def invite_again(invitation: Invitation, *, by: User, now: datetime.datetime) -> Invitation:
    """A new letter and token, valid for another two weeks; the old one opens nothing any more.

    From now on it is this officer's invitation. Raises InvitationWrong and MailCannotGo.
    """
    _check_may_invite(by)
    found = _locked(invitation)
    _check_is_unsettled(found)
    _check_can_be_sent(found.email, found.access_ends_on, now)
    found.letter += 1
    found.token_hash = hash_of(token_of(found))
    found.expires_at, found.invited_by = now + VALID_FOR, by
    found.save(update_fields=["letter", "token_hash", "expires_at", "invited_by"])
    record("invite_again", found, by=by, after=_told(found))
    queue_letter(found)
    return found


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User, now: datetime.datetime) -> Invitation:
    """Take an invitation back: its link opens nothing any more. Raises InvitationWrong."""
    _check_may_invite(by)
    found = _locked(invitation)
    _check_is_unsettled(found)
    found.withdrawn_at, found.withdrawn_by = now, by
    found.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record("withdraw_invitation", found, by=by, after={"email": found.email})
    call_off_letters(found, before=found.letter + 1)
    return found


def accept(
    token: str, *, password: str, name: str, now: datetime.datetime, by: User | None = None
) -> User:
    """Take up the invitation of a link; see `accept_known`."""
    return accept_known(hash_of(token), password=password, name=name, now=now, by=by)


@transaction.atomic
def accept_known(
    token_hash: str, *, password: str, name: str, now: datetime.datetime, by: User | None = None
) -> User:
    """Take up an invitation, once: the person sees the donors from today.

    Nobody signed in (`by` empty): opens an account with the name and password. Signed in with the
    e-mail address of the invitation: that account is bound; name and password count for nothing.
    Raises InvitationDead, and InvitationWrong with the sentence for the person.
    """
    found = open_invitation(token_hash, now)
    if found is None:
        raise InvitationDead(_("This link opens nothing."))
    found = _locked(found)  # of two at once the second sees here what the first did
    if found.token_hash != token_hash or state_of(found, now) != InvitationState.WAITING:
        raise InvitationDead(_("This link opens nothing."))
    user = _own_account(found, by) or _new_account(found, name=name, password=password)
    donors = _donors_as_kept(found)
    for donor in donors:
        # It is the officer's word that opens the file; the event below says who took it up.
        let_represent(
            user, donor, today=timezone.localdate(now), ends_on=found.access_ends_on,
            by=found.invited_by,
        )  # fmt: skip
    found.accepted_at, found.user = now, user
    found.save(update_fields=["accepted_at", "user"])
    told = {**_told(found), "donors": [donor.code for donor in donors], "user": str(user.uuid)}
    record("accept_invitation", found, by=user, after=told)
    return user


def _own_account(found: Invitation, by: User | None) -> User | None:
    """The account that is bound; None where one is to be opened. Raises InvitationWrong."""
    if by and by.email.casefold() != found.email.casefold():
        raise InvitationWrong(
            _(
                "You are signed in as %(email)s, and the invitation is another person's. Sign "
                "out, then open the link in the e-mail again."
            )
            % {"email": by.email}
        )
    existing = _account_of(found.email)
    if existing and by is None:
        raise InvitationWrong(_("You have an account already. Sign in with it first."))
    _check_may_represent(existing)
    if existing:  # two invitations of one person at once: the second waits
        User.objects.select_for_update().get(pk=existing.pk)
    return existing


def _new_account(found: Invitation, *, name: str, password: str) -> User:
    """A representative's account in the language of the invitation. Raises InvitationWrong."""
    name = " ".join(name.split()) or found.name
    try:
        validate_password(password, User(email=found.email, name=name))
    except ValidationError as error:
        raise InvitationWrong(" ".join(error.messages), field="password") from None
    try:
        with transaction.atomic():
            user = open_account(
                email=found.email, name=name, role=Role.REPRESENTATIVE, password=password, by=None
            )
    except (ValidationError, IntegrityError):  # another invitation was accepted in this moment
        raise InvitationWrong(_("You have an account already. Sign in with it first.")) from None
    user.language = found.language
    user.save(update_fields=["language"])
    return user


def _donors_as_kept(found: Invitation) -> list[Donor]:
    """The donors of the invitation; one that was merged since is the one it is kept as."""
    kept = Donor.objects.become(found.donors.values_list("pk", flat=True))
    return sorted({donor.pk: donor for donor in kept.values()}.values(), key=lambda one: one.code)


def _check_may_invite(by: User) -> None:
    if not by.may(Permission.INVITE_REPRESENTATIVES):
        raise PermissionDenied


def _check_can_be_sent(
    email: str, access_ends_on: datetime.date | None, now: datetime.datetime
) -> None:
    check_mail_can_go()
    if is_over(access_ends_on, now):
        raise InvitationWrong(_("The access would be over already."), field="access_ends_on")
    _check_may_represent(_account_of(email))


def _check_may_represent(account: User | None) -> None:
    """An account of another role is not bound, and one that was shut is not opened by a letter."""
    if account and account.role != Role.REPRESENTATIVE:
        raise InvitationWrong(
            _(
                "This e-mail address belongs to an account that does not represent donors "
                "(%(role)s). Use another address, or ask an administrator."
            )
            % {"role": account.get_role_display()}, field="email",
        )  # fmt: skip
    if account and not account.is_active:
        raise InvitationWrong(
            _("The account with this e-mail address was shut out. Ask an administrator."),
            field="email",
        )


def _check_is_not_asked_already(email: str, donors: list[Donor], now: datetime.datetime) -> None:
    related = Invitation.objects.select_related("invited_by")
    pending = related.filter(
        email__iexact=email, donors__in=donors, accepted_at=None, withdrawn_at=None
    ).distinct()
    if any(state_of(one, now) == InvitationState.WAITING for one in pending):
        raise InvitationWrong(
            _(
                "An invitation of this person for one of these donors is waiting already. Send "
                "it again or withdraw it first."
            ),
            field="email",
        )


def _check_is_unsettled(found: Invitation) -> None:
    if found.accepted_at:
        raise InvitationWrong(_("The invitation was accepted already."))
    if found.withdrawn_at:
        raise InvitationWrong(_("The invitation was withdrawn already. Make a new one."))


def _locked(invitation: Invitation) -> Invitation:
    related = Invitation.objects.select_for_update(of=("self",)).select_related("invited_by")
    return related.get(pk=invitation.pk)


def _account_of(email: str) -> User | None:
    return User.objects.filter(email__iexact=email).first()


def _told(invitation: Invitation) -> dict[str, object]:
    """What the audit trail keeps of it: never the token, nor its hash."""
    ends_on = invitation.access_ends_on
    return {
        "email": invitation.email, "invited_by": str(invitation.invited_by.uuid),
        "donors": sorted(invitation.donors.values_list("code", flat=True)),
        "access_ends_on": ends_on.isoformat() if ends_on else "",
        "expires_at": invitation.expires_at.isoformat(),
    }  # fmt: skip
