"""All addresses of the portal."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from accounts.language import set_language

handler400 = "interface.error_pages.bad_request"
handler404 = "interface.error_pages.not_found"
handler500 = "interface.error_pages.server_error"

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("accounts.urls")),
    path("language/", set_language, name="set_language"),
    path("donors/", include("donors.urls")),
    path("", include("reports.urls_donor")),
    path("audit/", include("reports.urls_audit")),
    path("data-protection/", include("reports.urls_persons")),
    path("income/verify/", include("income.urls_verification")),
    path("income/", include("income.urls")),
    path("letters/", include("reports.urls_letters")),
    path("board/", include("reports.urls_board")),
    path("board/indicators/", include("targets.urls_scorecard")),
    path("board/targets/", include("targets.urls_proposals")),
    path("updates/", include("reports.urls_updates")),
    path("publications/", include("reports.urls_publications")),
    path("dialogue/", include("reports.urls_dialogue")),
    path("invitations/", include("donors.urls_invitations")),
    path("verify/", include("reports.urls_verify")),
    path("reports/orders/", include("reports.urls_bulk")),
    path("reports/", include("reports.urls_reports")),
    path("questions/", include("reports.urls_questions")),
    path("jobs/", include("jobs.urls")),
    path("mail/", include("accounts.urls_mail")),
    path("", include("reports.urls_health")),
    path("visibility/", include("reports.urls_visibility")),
    path("", include("reports.urls_open")),
    path("api/v1/", include("reports.api_urls")),
    *i18n_patterns(path("", include("reports.urls_public"))),
]
