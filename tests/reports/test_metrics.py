"""What Prometheus is told, and who is told it."""

import datetime
import re

import pytest
from django.test import override_settings
from django.utils import timezone

from income.ledger.verification_job import verify
from income.models import MonthlyTotal
from interface.request_log import SECONDS
from jobs.models import Job, JobState, OutgoingMail
from tests import factories

TOKEN = "a token of thirty-two characters"
BEARER = {"Authorization": f"Bearer {TOKEN}"}

pytestmark = pytest.mark.django_db


def told(client):
    """Each line that is no comment: name with labels -> value."""
    with override_settings(METRICS_TOKEN=TOKEN):
        answer = client.get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


@pytest.mark.parametrize(
    ("token", "headers"),
    [
        ("", {}),
        ("", BEARER),
        ("", {"Authorization": "Bearer "}),
        (TOKEN, {}),
        (TOKEN, {"Authorization": f"Basic {TOKEN}"}),
        (TOKEN, {"Authorization": f"Bearer {TOKEN}x"}),
        (TOKEN, {"Authorization": "Bearer dätä"}),
    ],
)
def test_for_who_does_not_bear_the_token_there_is_no_such_page(client, settings, token, headers):
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", headers=headers).status_code == 404


def test_it_tells_mail_by_state_and_for_how_long_the_oldest_is_due(client):
    states = ("waiting", "sending", "sent", "unknown", "failed", "dropped", "settled")
    metrics = told(client)
    assert [metrics[f'portal_mail{{state="{one}"}}'] for one in states] == [0] * 7
    assert metrics["portal_mail_age_seconds"] == 0
    for state in ("waiting", "waiting", "unknown"):
        factories.outgoing_mail(state=state)
    first = OutgoingMail.objects.filter(state="waiting").earliest("pk")
    first.created_at = timezone.now() - datetime.timedelta(minutes=5)
    first.save()
    metrics = told(client)
    assert [metrics[f'portal_mail{{state="{one}"}}'] for one in states] == [2, 0, 0, 1, 0, 0, 0]
    assert 300 <= metrics["portal_mail_age_seconds"] < 330
    assert client.get("/readyz").status_code == 200


def test_it_tells_jobs_by_kind_and_state_and_the_age_of_the_queue(client, officer):
    assert told(client)["portal_queue_age_seconds"] == 0
    jobs = [factories.job(asked_by=officer) for _number in range(3)]
    Job.objects.filter(pk=jobs[0].pk).update(state=JobState.DONE)
    earlier = timezone.now() - datetime.timedelta(minutes=5)
    Job.objects.filter(pk=jobs[1].pk).update(created_at=earlier)
    metrics = told(client)
    kind = jobs[0].kind
    assert metrics[f'portal_jobs{{kind="{kind}",state="waiting"}}'] == 2
    assert metrics[f'portal_jobs{{kind="{kind}",state="done"}}'] == 1
    assert 300 <= metrics["portal_queue_age_seconds"] < 330


def test_it_tells_postings_and_the_last_verification_of_each_books(client, ledger):
    factories.posting(ledger, factories.entry("10.00"))
    before = told(client)
    assert before['portal_postings_total{books="T"}'] == 1
    assert not any("verification" in name or "drift" in name for name in before)
    verify(ledger, by=None)
    sound = told(client)
    assert 0 <= sound['portal_verification_age_seconds{books="T"}'] < 30
    assert sound['portal_verification_problems{books="T"}'] == 0
    assert sound['portal_rollup_drift_cells{books="T"}'] == 0
    MonthlyTotal.objects.filter(ledger=ledger).update(amount_usd="11.00")
    assert told(client)['portal_rollup_drift_cells{books="T"}'] == 0  # as of that verification
    verify(ledger, by=None)
    wrong = told(client)
    assert wrong['portal_rollup_drift_cells{books="T"}'] == 1
    assert wrong['portal_verification_problems{books="T"}'] == 1


def test_requests_are_counted_by_view_method_and_class_of_status(client, reference):
    SECONDS.clear()
    client.get("/healthz?secret=1")
    client.get("/healthz")
    client.post("/healthz")
    client.generic("BREW", "/no/such/page/of/somebody@example.org")
    metrics = told(client)
    counted = {
        name: n for name, n in metrics.items() if name.startswith("portal_request_seconds_count")
    }
    assert counted == {
        'portal_request_seconds_count{method="GET",status="2xx",view="healthz"}': 2,
        'portal_request_seconds_count{method="POST",status="4xx",view="healthz"}': 1,
        'portal_request_seconds_count{method="OTHER",status="4xx",view="none"}': 1,
    }
    within = 'portal_request_seconds_bucket{le="+Inf",method="GET",status="2xx",view="healthz"}'
    assert metrics[within] == 2


def test_no_label_says_anything_but_kinds_of_things(client, ledger, officer):
    factories.job(asked_by=officer)
    client.get("/donors/SWE/")
    names = {label for name in told(client) for label in re.findall(r'(\w+)="', name)}
    assert names == {"kind", "state", "books", "view", "method", "status", "le"}
    assert not [name for name in told(client) if "SWE" in name or "@" in name]
