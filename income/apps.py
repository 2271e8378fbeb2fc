from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncomeConfig(AppConfig):
    name = "income"
    verbose_name = _("Income")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from income.imports import jobs  # noqa: F401  registers kinds of jobs
        from income.imports.returned import marked  # noqa: F401  registers the kind of job
        from income.ledger import verification_job  # noqa: F401  registers the kind of job
        from income.ledger.checkpoints import make_due
        from jobs.clock import duty

        duty("keep what eras of the books added", make_due)
