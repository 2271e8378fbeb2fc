"""People who sign in, and the trail of what they did."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.permissions import PERMISSIONS_OF, Role


class Digest(models.TextChoices):
    """How often a person is reminded by e-mail of what waits for them."""

    NEVER = "", _("Never")
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every Monday")


class UserManager(BaseUserManager["User"]):
    """Finds accounts by e-mail address, whatever its letter case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser):
    """One person's account. Signs in by e-mail address; has one role."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    language = models.CharField(_("language"), max_length=10, blank=True)
    digest = models.CharField(
        _("reminders by e-mail"), max_length=6, choices=Digest.choices, blank=True,
        default=Digest.WEEKLY,
    )  # fmt: skip
    # Of the reports this person took last.
    report_language = models.CharField(max_length=10, blank=True, default="", db_default="")
    # Only for who may see the Board's pages; see reports/updates.
    is_told_of_updates = models.BooleanField(
        _("tell me by e-mail of each monthly update"), default=False, db_default=False
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_demonstration = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name", "role"]
    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_per_email"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="role_is_a_known_role"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def may(self, permission: str) -> bool:
        """Whether this person's role holds the permission."""
        return self.is_active and permission in PERMISSIONS_OF[self.role]


class SavedView(models.Model):
    """A list as a person narrowed and sorted it: the page and its question, by a name."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=40)  # the name of the list's address
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["page", "name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="one_view_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class AuditEvent(models.Model):
    """One act by one person, with what it changed. Append-only; the database refuses changes.

    Holds no foreign keys, so that it never stands in the way of another row's life.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.UUIDField(null=True)  # User.uuid; empty when the system acted
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)  # app.model
    subject_id = models.CharField(max_length=64)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject", "subject_id"], name="audit_of_a_subject")]

    def __str__(self) -> str:
        return f"{self.act} {self.subject} {self.subject_id}"
