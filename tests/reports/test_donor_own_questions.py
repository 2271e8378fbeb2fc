"""“This figure looks wrong”: asked from the figure, answered by an officer, told by e-mail."""

import datetime
import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.core.signing import Signer
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.permissions import Role
from accounts.services import record
from jobs.sending import send_due
from jobs.services import enqueue, run_due
from reports.models import FigureQuestion
from reports.questions.about import About, NotOurs, opened
from reports.questions.asking import MOST_OPEN, QuestionWrong, answer, ask
from reports.questions.mailing import tell
from reports.worklist import worklist
from tests import factories, report_factories
from tests.reports.own_donor import filled_file

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2022, 12, 15, 9, tzinfo=datetime.UTC)


@pytest.fixture
def books(reference, settings):
    settings.PORTAL_BOOKS = "T"
    return factories.ledger(code="T", name="Books of a test")


@pytest.fixture
def own(books):
    return filled_file(books, "SWE")


@pytest.fixture
def browser(client_of, representative):
    return client_of(representative)


@pytest.fixture
def question(books, own, representative):
    return report_factories.figure_question(
        donor=own["donor"], ledger=books, asked_by=representative
    )


def remarks(browser):
    page = browser.get(reverse("donor", args=["SWE"])).content.decode()
    return [html.unescape(one) for one in re.findall(r'class="remark" href="([^"]+)"', page)]


def about_of(address):
    return opened(parse_qs(urlsplit(address).query)["about"][0])


def test_every_figure_carries_what_it_is_and_how_it_was_shown(browser, books, own):
    found = [about_of(one) for one in remarks(browser)]
    books.refresh_from_db()
    assert {(one.donor, one.books, one.sequence) for one in found} == {("SWE", "T", books.sequence)}
    (one,) = [f for f in found if f.figure == "Received, by fund and year · 2020 · All funds"]
    assert one.shown == "100.00"
    assert browser.get(one.address).context["totals"].amount_usd == 100


def test_staff_find_no_remarks_beside_figures(client_of, officer, own):
    page = client_of(officer).get(reverse("donor", args=["SWE"])).content.decode()
    assert 'class="remark"' not in page


def test_a_question_keeps_the_figure_as_it_was_shown(browser, representative, own):
    (address,) = [one for one in remarks(browser) if about_of(one).figure == "Received"]
    shown = browser.get(address).content.decode()
    assert "350.50" in shown
    sent = browser.post(address, {"text": "We paid 400."}, follow=True)
    assert "Your question is sent." in sent.content.decode()
    assert "We paid 400." in sent.content.decode()
    kept = FigureQuestion.objects.get()
    assert (kept.figure, kept.shown, kept.text, kept.asked_by) == (
        "Received", "350.50", "We paid 400.", representative,
    )  # fmt: skip
    assert kept.address.startswith("/income/entries/?")
    assert AuditEvent.objects.get(act="ask_about_figure").by == representative.uuid
    browser.post(address, {"text": "We paid 400."})
    assert FigureQuestion.objects.count() == 1


def test_an_empty_or_endless_question_is_not_kept(browser, own):
    address = remarks(browser)[0]
    for text in ("", " ", "x" * 2001):
        assert browser.post(address, {"text": text}).status_code == 422
    assert not FigureQuestion.objects.exists()


def forged(about):
    good = about.signed
    return [
        "", "x", good[:-1] + ("A" if good[-1] != "A" else "B"), "x" + good,
        Signer(salt="another").sign_object(["SWE", "T", 1, "f", "1"]),
        Signer(key="guessed", salt="reports.questions.about").sign_object(["SWE"]),
        Signer(salt="reports.questions.about").sign_object({"donor": "SWE"}),
    ]  # fmt: skip


def test_a_forged_figure_is_refused(browser, own):
    address = reverse("question_new", args=["SWE"])
    for text in forged(About("SWE", "T", 1, "Received", "1.00")):
        assert browser.get(address, {"about": text}).status_code == 404
        assert browser.post(f"{address}?about={text}", {"text": "x"}).status_code == 404
    assert not FigureQuestion.objects.exists()


def test_a_figure_of_another_donor_is_refused_even_where_it_is_signed(browser, books, own):
    filled_file(books, "NOR")
    theirs = About("NOR", "T", 1, "Received", "1.00").signed
    for code in ("SWE", "NOR"):
        address = f"{reverse('question_new', args=[code])}?about={theirs}"
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"text": "x"}).status_code == 404
    assert not FigureQuestion.objects.exists()
    with pytest.raises(NotOurs):
        opened(theirs[:-2])


def test_a_flood_of_questions_ends(books, own, representative):
    row = {"donor": own["donor"], "ledger": books, "asked_by": representative}
    for _number in range(MOST_OPEN):
        report_factories.figure_question(**row)
    about = About("SWE", "T", 1, "Received", "1.00")
    with pytest.raises(QuestionWrong, match="100 questions are not answered yet"):
        ask(about, "One more", donor=own["donor"], ledger=books, by=representative)


def test_an_officer_answers_once_and_the_donor_reads_it(
    browser, client_of, officer, other_officer, own, question
):
    staff = client_of(officer)
    queue = staff.get(reverse("question_list")).content.decode()
    assert "We paid twice as much." in queue
    address = reverse("question_answer", args=[question.uuid])
    assert staff.post(address, {"answer": ""}).status_code == 422
    assert staff.post(address, {"answer": "You are right."}).status_code == 302
    client_of(other_officer).post(address, {"answer": "You are wrong."})
    question.refresh_from_db()
    assert (question.answer, question.answered_by) == ("You are right.", officer)
    for seen in (reverse("donor", args=["SWE"]), reverse("question", args=[question.uuid])):
        text = browser.get(seen).content.decode()
        assert "You are right." in text
        assert officer.name not in text.replace("Partnerships officer", "")
    with pytest.raises(QuestionWrong):
        answer(question, "Again", by=officer, at=NOW)


def test_a_question_waits_in_the_worklist_of_officers(books, officer, reviewer, today, question):
    (item,) = worklist(officer, books, today).group("questions").items
    assert item.path == reverse("question", args=[question.uuid])
    assert worklist(reviewer, books, today).group("questions") is None
    answer(question, "Yes.", by=officer, at=NOW)
    assert worklist(officer, books, today).group("questions") is None


@pytest.mark.parametrize("who", ["reviewer", "board_member", "representative", "administrator"])
def test_nobody_but_an_officer_sees_the_queue_or_answers(request, client_of, question, who):
    client = client_of(request.getfixturevalue(who))
    assert client.get(reverse("question_list")).status_code == 403
    address = reverse("question_answer", args=[question.uuid])
    assert client.post(address, {"answer": "x"}).status_code == 403


def test_another_donors_question_is_not_there(client_of, question):
    other = factories.user(role=Role.REPRESENTATIVE)
    factories.representation(user=other, donor=factories.donor())
    assert client_of(other).get(reverse("question", args=[question.uuid])).status_code == 404


def answered(own, books, officer, user):
    return report_factories.figure_question(
        donor=own["donor"], ledger=books, asked_by=user, answer="It came <in> May.",
        answered_by=officer, answered_at=NOW,
    )  # fmt: skip


def test_who_asked_is_told_once_in_their_language(
    settings, officer, representative, question, django_capture_on_commit_callbacks
):
    settings.PORTAL_ADDRESS = "https://portal.example.org/"
    with django_capture_on_commit_callbacks(execute=True):
        answer(question, "It came <in> May.", by=officer, at=NOW)
        assert mail.outbox == []
    tell(question)
    assert send_due() == 0
    (sent,) = mail.outbox
    assert sent.to == [representative.email]
    assert "It came <in> May." in sent.body
    assert f"https://portal.example.org/questions/{question.uuid}/" in sent.body
    assert "It came &lt;in&gt; May." in sent.alternatives[0][0]
    assert officer.name not in sent.body


def test_who_no_longer_speaks_for_the_donor_is_not_told(books, officer, own):
    user = factories.user(role=Role.REPRESENTATIVE)
    factories.representation(
        user=user, donor=own["donor"], starts_on=datetime.date(2020, 1, 1),
        ends_on=timezone.localdate(),
    )  # fmt: skip
    tell(answered(own, books, officer, user))
    assert send_due() == 0
    assert mail.outbox == []


def test_what_the_release_before_the_outbox_left_to_tell_is_told_once(
    books, officer, representative, own
):
    first, second = (answered(own, books, officer, representative) for _number in range(2))
    record("mail_answer", first, by=None)  # by that release
    for one in (first, second):
        enqueue("mail_answer", {"question": str(one.uuid)}, by=officer)
    run_due()
    assert send_due() == 1
    assert str(second.uuid) in mail.outbox[0].body
