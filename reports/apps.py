from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.audit.sealing import seal_now
        from jobs.clock import duty
        from reports import digest  # noqa: F401  registers the kind of job
        from reports.audit import verifying  # noqa: F401  registers the kind of job
        from reports.bulk import making  # noqa: F401  registers the kind of job
        from reports.letters import campaign_job  # noqa: F401  registers the kind of job
        from reports.protection.retention import apply_daily
        from reports.publications import preparing as publications  # noqa: F401  the same
        from reports.questions import mailing  # noqa: F401  registers the kind of job
        from reports.sealing import superseding  # noqa: F401  registers the kind of job
        from reports.updates import announcing, preparing  # noqa: F401  registers two kinds of job

        duty("seal the audit trail", seal_now)
        duty("apply the times of retention", apply_daily)
