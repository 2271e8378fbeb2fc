"""All addresses of the portal."""

from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("accounts.urls")),
    path("language/", set_language, name="set_language"),
    path("donors/", include("donors.urls")),
    path("", include("reports.urls_donor")),
    path("income/verify/", include("income.urls_verification")),
    path("income/", include("income.urls")),
    path("letters/", include("reports.urls_letters")),
    path("board/", include("reports.urls_board")),
    path("board/indicators/", include("targets.urls_scorecard")),
    path("board/targets/", include("targets.urls_proposals")),
    path("updates/", include("reports.urls_updates")),
    path("dialogue/", include("reports.urls_dialogue")),
    path("invitations/", include("donors.urls_invitations")),
    path("verify/", include("reports.urls_verify")),
    path("reports/orders/", include("reports.urls_bulk")),
    path("reports/", include("reports.urls_reports")),
    path("questions/", include("reports.urls_questions")),
    path("jobs/", include("jobs.urls")),
    path("", include("reports.urls_health")),
    path("api/v1/", include("reports.api_urls")),
]
