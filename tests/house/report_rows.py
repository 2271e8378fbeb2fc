"""The same for the rows of tests/report_factories.py."""

import datetime

from django.utils import timezone

from tests import factories, report_factories


def _superseded(**changed):
    newer = report_factories.sealed_report()
    row = {"superseded_by": newer, "superseded_at": timezone.now()}
    return report_factories.sealed_report(**{**row, **changed})


def _answered(**changed):
    row = {
        "answer": "It is put right.", "answered_by": factories.user(),
        "answered_at": timezone.now(),
    }  # fmt: skip
    return report_factories.figure_question(**{**row, **changed})


def _accepted(**changed):
    row = {"accepted_at": timezone.now(), "user": factories.user()}
    return report_factories.invitation(**{**row, **changed})


BAD_ROWS = {
    "an_accepted_invitation_has_its_account": [
        lambda: report_factories.invitation(accepted_at=timezone.now()),
        lambda: report_factories.invitation(user=factories.user()),
    ],
    "a_withdrawn_invitation_says_by_whom": [
        lambda: report_factories.invitation(withdrawn_at=timezone.now()),
    ],
    "an_accepted_invitation_is_not_withdrawn": [
        lambda: _accepted(withdrawn_at=timezone.now(), withdrawn_by=factories.user()),
    ],
    "an_invitation_is_valid_for_a_time": [
        lambda: report_factories.invitation(expires_at=timezone.now() - datetime.timedelta(days=1)),
    ],
    "a_report_is_about_some_days": [
        lambda: report_factories.sealed_report(until_on=datetime.date(2020, 12, 31)),
    ],
    "a_superseded_report_says_since_when": [
        lambda: _superseded(superseded_at=None),
        lambda: report_factories.sealed_report(superseded_at=timezone.now()),
    ],
    "versions_begin_at_1": [lambda: report_factories.sealed_report(version=0)],
    "a_question_says_something": [lambda: report_factories.figure_question(text="")],
    "an_answer_says_by_whom": [
        lambda: _answered(answered_by=None),
        lambda: report_factories.figure_question(answered_by=factories.user()),
    ],
    "a_cancelled_order_is_not_finished": [
        lambda: report_factories.bulk_order(
            cancelled_at=timezone.now(), finished_at=timezone.now()
        ),
    ],
}
GOOD_ROWS = [_superseded, _answered, _accepted, report_factories.bulk_item]
