"""The letter, the officers' pages and the pages of the person who was invited."""

import datetime
import html
import logging
import re

import pytest
from django.conf import settings as portal
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from accounts.permissions import Role
from donors.invitations import invite, withdraw
from donors.models import Donor, Invitation
from donors.people import people_of
from jobs.models import Job, MailState, OutgoingMail
from jobs.sending import send_due
from tests import factories
from tests.jobs.mail_server import RECIPIENT, serving
from tests.jobs.outbox_cases import SMTP

PASSWORD = "nineteen quiet harbours"
LINK = re.compile(r"https://portal\.example\.org/invitations/([A-Za-z0-9_-]{43})/")
TYPED = {
    "name": "A counsellor", "email": "counsellor@example.org", "language": "en",
    "donors": "SWE\nNorway", "access_ends_on": "2099-12-31",
}  # fmt: skip
ANSWER = {"name": "A counsellor", "password": PASSWORD, "again": PASSWORD}
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def address(settings, reference):
    settings.PORTAL_ADDRESS = "https://portal.example.org/"


@pytest.fixture
def office(client_of, officer):
    return client_of(officer)


def sent_link():
    return LINK.search(mail.outbox[-1].body)[1]


def invited(office, **changed):
    """The token of the letter that the officer's form sent."""
    response = office.post(reverse("invitation_new"), {**TYPED, **changed})
    assert response.status_code == 302, html.unescape(response.content.decode())
    send_due()
    return sent_link()


def opened(client, token):
    return client.get(reverse("invitation_accept", args=[token]), follow=True)


def test_a_person_is_invited_accepts_and_is_signed_in(office, client):
    token = invited(office)
    page = opened(client, token).content.decode()
    assert "A counsellor" in page
    assert [name in page for name in ("Sweden", "Norway", "Denmark")] == [True, True, False]
    assert "31 December 2099" in page
    response = client.post(reverse("invitation_answer"), ANSWER)
    assert response.headers["Location"] == reverse("home")
    user = User.objects.get(email="counsellor@example.org")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get(reverse("my_donor")).status_code in (200, 302)
    assert client.get(reverse("donor", args=["SWE"])).status_code == 200
    assert client.get(reverse("donor", args=["DNK"])).status_code == 404
    fresh = Client()
    assert fresh.login(username="counsellor@example.org", password=PASSWORD)


def dead_links(office, officer):
    """One of each sort of link that opens nothing."""
    used, taken_back, replaced, late = (
        invited(office, email=f"{word}@example.org") for word in ("a", "b", "c", "d")
    )
    browser = Client()
    opened(browser, used)
    browser.post(reverse("invitation_answer"), ANSWER)
    withdraw(Invitation.objects.get(email="b@example.org"), by=officer, now=timezone.now())
    again = Invitation.objects.get(email="c@example.org")
    office.post(reverse("invitation_again", args=[again.uuid]))
    expired = Invitation.objects.filter(email="d@example.org")
    expired.update(invited_at=timezone.now() - 15 * DAY, expires_at=timezone.now() - DAY)
    return [used, taken_back, replaced, late, "x" * 43, "å", "accept-"]


def test_every_link_that_opens_nothing_gets_the_same_answer(office, officer, caplog):
    answers, logged = set(), []
    with caplog.at_level(logging.DEBUG):
        for token in dead_links(office, officer):
            browser = Client()
            response = opened(browser, token)
            assert [status for _to, status in response.redirect_chain] == [302]
            text = re.sub(r'value="[^"]*"', "", response.content.decode())
            answers.add((response.status_code, text))
            assert browser.post(reverse("invitation_answer"), ANSWER).status_code == 404
            logged += [token] * (token in caplog.text and len(token) == 43)
    assert len(answers) == 1
    [(status, text)] = answers
    assert status == 404
    assert "counsellor" not in text
    assert logged == []


def test_without_a_link_that_was_opened_the_page_tells_nothing(office, client):
    invited(office)
    response = client.get(reverse("invitation_answer"))
    assert response.status_code == 404
    assert "counsellor" not in response.content.decode()


def test_opening_a_link_uses_nothing_up_and_is_neither_kept_nor_passed_on(office, client):
    token = invited(office)
    for _time in range(3):
        response = client.get(reverse("invitation_accept", args=[token]))
        assert response.headers["Location"] == reverse("invitation_answer")
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response.headers["Cache-Control"]
    page = client.get(reverse("invitation_answer"))
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert token not in page.content.decode()
    assert token not in str(dict(client.session))


def test_the_token_is_in_the_letter_and_nowhere_else(office, client, caplog):
    with caplog.at_level(logging.DEBUG):
        token = invited(office)
        opened(client, token)
        client.post(reverse("invitation_answer"), {**ANSWER, "again": "another one entirely"})
        client.post(reverse("invitation_answer"), ANSWER)
    assert User.objects.filter(email="counsellor@example.org").exists()
    lines = [line for line in caplog.text.splitlines() if token in line]
    assert lines == []
    rows = [list(model.objects.values()) for model in (Invitation, AuditEvent, Job, OutgoingMail)]
    assert token not in str(rows)
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"password": "short", "again": "short"}, "too short"),
        ({"again": "nineteen quiet harbors"}, "The two passwords are not the same."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_what_is_wrong_with_the_answer_is_told_and_the_link_stays_good(office, client, typed, told):
    opened(client, invited(office))
    response = client.post(reverse("invitation_answer"), {**ANSWER, **typed})
    assert response.status_code == 422
    assert told in html.unescape(response.content.decode())
    assert client.post(reverse("invitation_answer"), ANSWER).status_code == 302


def test_who_has_an_account_is_sent_to_sign_in_and_comes_back(office, client, representative):
    token = invited(office, email="Sweden@example.org", donors="NOR")
    page = opened(client, token).content.decode()
    assert "You have an account with this e-mail address" in page
    assert 'name="password"' not in page
    assert client.post(reverse("invitation_answer"), ANSWER).status_code == 422
    sign_in = f"{reverse('sign_in')}?next={reverse('invitation_answer')}"
    typed = {"username": representative.email, "password": factories.PASSWORD}
    back = client.post(sign_in, {**typed, "next": reverse("invitation_answer")}, follow=True)
    assert "Accept the invitation" in back.content.decode()
    assert client.post(reverse("invitation_answer")).status_code == 302
    assert representative.representations.count() == 2


def test_who_is_signed_in_as_another_is_told_to_sign_out(office, client_of, representative):
    browser = client_of(representative)
    page = opened(browser, invited(office)).content.decode()
    assert "this invitation is another person's" in html.unescape(page)
    assert browser.post(reverse("invitation_answer"), ANSWER).status_code == 422
    assert representative.representations.count() == 1


def test_the_pages_are_in_the_language_of_the_invitation_unless_one_was_chosen(office, client):
    token = invited(office, language="ar")
    assert 'dir="rtl"' in opened(client, token).content.decode()
    chosen = Client()
    chosen.cookies[portal.LANGUAGE_COOKIE_NAME] = "fr"
    assert '<html lang="fr"' in opened(chosen, token).content.decode()


@pytest.mark.parametrize("language", [code for code, _name in portal.LANGUAGES])
def test_the_letter_tells_for_whom_until_when_and_how_in_every_language(office, officer, language):
    token = invited(office, language=language, name="Ms <b>Quux</b>")
    [letter] = mail.outbox
    [(as_html, kind)] = letter.alternatives
    assert (letter.to, kind) == (["counsellor@example.org"], "text/html")
    assert letter.subject.strip()
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in as_html
    sweden = Donor.objects.get(code="SWE")
    assert sweden.names.get(language, sweden.names["en"]) in letter.body
    link = f"https://portal.example.org/invitations/{token}/"
    assert letter.body.count(link) == 1
    assert f'href="{link}"' in as_html
    assert "Ms <b>Quux</b>" in letter.body
    assert "<b>" not in as_html
    assert "Ms &lt;b&gt;Quux&lt;/b&gt;" in as_html


def test_the_letter_in_english_is_as_it_should_read(office):
    invited(office)
    body = mail.outbox[0].body
    assert mail.outbox[0].subject == "Habitat Portal: your invitation"
    assert body.startswith("A counsellor, UN-Habitat invites you to the Habitat Portal")
    assert "\n- Norway\n- Sweden\n" in body
    made = timezone.localtime(Invitation.objects.get().expires_at)
    expires = f"{made.day} {made:%B %Y} at {made:%H:%M} (Nairobi time)."
    assert f"The link expires on {expires}" in body
    assert "Your access ends on 31 December 2099." in body


def test_what_becomes_of_the_letter_is_told_and_it_can_be_sent_again(office, settings, caplog):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
    with serving() as server:
        settings.EMAIL_PORT = server.port
        server.course = [(RECIPIENT, "550 no counsellor@example.org here")]
        page = office.post(reverse("invitation_new"), TYPED, follow=True).content.decode()
        assert "is on its way" in page and "E-mail: Waiting" in page
        send_due()
        page = office.get(reverse("invitation_list")).content.decode()
        assert "Not accepted by the mail server" in page
        assert "Check the e-mail address, then send it again." in page
        made = Invitation.objects.get()
        office.post(reverse("invitation_again", args=[made.uuid]))
        assert (send_due(), len(server.arrived)) == (1, 1)
    assert "E-mail: Sent" in office.get(reverse("invitation_list")).content.decode()
    assert LINK.search(server.arrived[0])[1] not in caplog.text
    assert "no counsellor@" not in caplog.text
    states = OutgoingMail.objects.order_by("pk").values_list("about", "state", "reason")
    assert list(states) == [
        (f"{made.uuid}/1", "dropped", "CalledOff"), (f"{made.uuid}/2", "sent", ""),
    ]  # fmt: skip


def test_of_a_letter_of_unknown_fate_the_officer_is_told_what_to_do(office):
    office.post(reverse("invitation_new"), TYPED)
    OutgoingMail.objects.update(state=MailState.UNKNOWN, reason="BrokenOff")
    page = office.get(reverse("invitation_list")).content.decode()
    assert "Nobody knows whether it went" in page
    assert "the earlier link stops working" in page


def test_a_letter_whose_link_no_longer_works_is_not_sent(office, officer):
    """Sent again before it went, withdrawn, expired, and of an officer who was shut out."""
    for word in ("again", "withdrawn", "expired", "shut"):
        office.post(reverse("invitation_new"), {**TYPED, "email": f"{word}@example.org"})
    found = {one.email.partition("@")[0]: one for one in Invitation.objects.all()}
    office.post(reverse("invitation_again", args=[found["again"].uuid]))
    withdraw(found["withdrawn"], by=officer, now=timezone.now())
    Invitation.objects.filter(pk=found["expired"].pk).update(
        invited_at=timezone.now() - 15 * DAY, expires_at=timezone.now() - DAY
    )
    other = factories.user(role=Role.OFFICER, is_active=False)
    Invitation.objects.filter(pk=found["shut"].pk).update(invited_by=other)
    assert send_due() == 1
    [sent] = mail.outbox
    assert sent.to == ["again@example.org"]
    assert opened(Client(), LINK.search(sent.body)[1]).status_code == 200


def test_a_changed_secret_key_sends_the_link_of_before_or_none(office, officer, settings):
    key, sent = settings.SECRET_KEY, []
    for fallbacks in ([key], []):
        invite(
            email=f"{len(fallbacks)}@example.org", name="A", language="en", by=officer,
            donors=[Donor.objects.get(code="SWE")], access_ends_on=None, now=timezone.now(),
        )  # fmt: skip
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 9, fallbacks
        sent.append(send_due())
        settings.SECRET_KEY = key
    assert sent == [1, 0]
    assert OutgoingMail.objects.get(address="0@example.org").state == "dropped"
    assert opened(Client(), sent_link()).status_code == 200


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"donors": "SWE\nAtlantis"}, "No single donor is called “Atlantis”."),
        ({"donors": " \n "}, "This field is required."),
        ({"email": "officer@example.org"}, "does not represent donors (Partnerships officer)"),
        ({"access_ends_on": "2020-01-01"}, "The access would be over already."),
        ({"email": "no address"}, "Enter a valid email address."),
        ({"language": "tlh"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_with_an_invitation_is_told_and_nothing_is_sent(office, typed, told):
    response = office.post(reverse("invitation_new"), {**TYPED, **typed})
    assert response.status_code == 422
    assert told in html.unescape(response.content.decode())
    assert mail.outbox == []
    assert not Invitation.objects.exists()


def test_the_form_that_comes_from_a_donors_page_names_the_donor(office):
    page = office.get(reverse("invitation_new") + "?donor=SWE").content.decode()
    assert re.search(r"<textarea[^>]*>\s*SWE</textarea>", page)
    assert re.search(
        r"<textarea[^>]*>\s*</textarea>",
        office.get(reverse("invitation_new") + "?donor=NOBODY").content.decode(),
    )


def test_the_list_tells_each_state_and_offers_acts_only_where_there_is_one(office, officer):
    now = timezone.now()
    row = {"language": "", "donors": [Donor.objects.get(code="SWE")], "access_ends_on": None}
    for word in ("waiting", "withdrawn"):
        invite(email=f"{word}@example.org", name=word, by=officer, now=now, **row)
    withdraw(Invitation.objects.get(name="withdrawn"), by=officer, now=now)
    page = office.get(reverse("invitation_list")).content.decode()
    assert "Withdrawn" in page
    assert "Waiting for the person" in page
    uuids = {one.name: str(one.uuid) for one in Invitation.objects.all()}
    assert uuids["waiting"] in page
    assert uuids["withdrawn"] not in page
    response = office.post(reverse("invitation_withdraw", args=[uuids["withdrawn"]]), follow=True)
    assert "was withdrawn already" in response.content.decode()


def test_administrators_read_until_when_each_person_has_access(
    client_of, administrator, representative
):
    representative.representations.update(ends_on=datetime.date(2021, 5, 1))
    page = client_of(administrator).get(reverse("representation_list")).content.decode()
    assert "1 May 2021" in page
    assert "has ended" in page


def test_the_people_of_a_donor_can_be_shown_on_its_page(office, representative):
    invited(office)
    sweden, now = Donor.objects.get(code="SWE"), timezone.now()
    people = people_of(sweden, today=timezone.localdate(now), now=now)
    context = {"donor": sweden, "people": people, "may_invite": True}
    shown = render_to_string("donors/_people.html", context)
    assert "sweden@example.org" in shown
    assert "counsellor@example.org" in shown
    assert "/invitations/new/?donor=SWE" in shown
    assert "/invitations/" not in render_to_string(
        "donors/_people.html", {**context, "may_invite": False}
    )


def test_a_new_person_is_a_representative_and_nothing_more(office, client):
    opened(client, invited(office))
    client.post(reverse("invitation_answer"), {**ANSWER, "role": "administrator"})
    user = User.objects.get(email="counsellor@example.org")
    assert user.role == Role.REPRESENTATIVE
    assert client.get(reverse("invitation_list")).status_code == 403
