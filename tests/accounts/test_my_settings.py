"""What a person chooses for themselves."""

from collections.abc import Callable

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Digest, User

ClientOf = Callable[[User], Client]


def test_an_officer_chooses_language_and_reminders(officer: User, client_of: ClientOf) -> None:
    client = client_of(officer)
    answer = client.post(reverse("my_settings"), {"language": "fr", "digest": Digest.DAILY})
    assert answer.status_code == 302
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "fr"
    officer.refresh_from_db()
    assert (officer.language, officer.digest) == ("fr", Digest.DAILY)
    [event] = AuditEvent.objects.filter(act="change_settings")
    assert event.before == {"language": "", "digest": "weekly", "is_told_of_updates": False}
    assert event.after == {"language": "fr", "digest": "daily", "is_told_of_updates": False}


def test_never_is_a_choice(officer: User, client_of: ClientOf) -> None:
    client_of(officer).post(reverse("my_settings"), {"language": "en", "digest": ""})
    officer.refresh_from_db()
    assert officer.digest == Digest.NEVER


def test_who_has_nothing_waiting_chooses_a_language_only(
    board_member: User, client_of: ClientOf
) -> None:
    client = client_of(board_member)
    assert "Reminders by e-mail" not in client.get(reverse("my_settings")).content.decode()
    client.post(reverse("my_settings"), {"language": "ar", "digest": "daily"})
    board_member.refresh_from_db()
    assert (board_member.language, board_member.digest) == ("ar", Digest.WEEKLY)


def test_a_language_that_there_is_not_is_refused(officer: User, client_of: ClientOf) -> None:
    answer = client_of(officer).post(reverse("my_settings"), {"language": "xx", "digest": ""})
    assert answer.status_code == 422
    officer.refresh_from_db()
    assert officer.language == ""


def test_who_sees_the_boards_pages_chooses_to_be_told_of_updates(
    board_member: User, client_of: ClientOf
) -> None:
    client = client_of(board_member)
    assert "each monthly update" in client.get(reverse("my_settings")).content.decode()
    client.post(reverse("my_settings"), {"language": "en", "is_told_of_updates": "on"})
    board_member.refresh_from_db()
    assert board_member.is_told_of_updates
    client.post(reverse("my_settings"), {"language": "en"})
    board_member.refresh_from_db()
    assert not board_member.is_told_of_updates


def test_a_representative_is_not_offered_the_boards_updates(
    representative: User, client_of: ClientOf
) -> None:
    client = client_of(representative)
    assert "each monthly update" not in client.get(reverse("my_settings")).content.decode()
    client.post(reverse("my_settings"), {"language": "en", "is_told_of_updates": "on"})
    representative.refresh_from_db()
    assert not representative.is_told_of_updates
