"""People who sign in, and their programs; the trail of what they did is in accounts/audit/."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.audit.models import AuditEvent, AuditSeal, AuditValue
from accounts.permissions import PERMISSIONS_OF, Role

__all__ = [
    "ApiKey", "AuditEvent", "AuditSeal", "AuditValue", "Digest", "KeptAnswer", "SavedView", "Scope",
    "User", "UserManager",
]  # fmt: skip


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


class Scope(models.TextChoices):
    """What a key opens of that which its person may do."""

    READ = "read", _("Read only")
    WRITE = "write", _("Read and write")


class ApiKey(models.Model):
    """What one of a person's programs shows in place of signing in; the key itself is not kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_keys")
    name = models.CharField(_("name"), max_length=80)
    scope = models.CharField(_("scope"), max_length=5, choices=Scope.choices, default=Scope.READ)
    identifier = models.CharField(max_length=16, unique=True)  # the part by which it is found
    secret_hash = models.CharField(max_length=64)  # SHA-256 of the whole key
    created_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField(_("works until"))  # the last day on which it opens anything
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    # Nobody where single sign-on or a time that ran out ended it.
    revoked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope__in=Scope.values), name="scope_is_a_known_scope"
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_by=None) | models.Q(revoked_at__isnull=False),
                name="who_revokes_a_key_does_so_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class KeptAnswer(models.Model):
    """A request that is done once however often it is sent, and what was answered to it.

    `status` is empty while it is being done; `claimed_at` then says since when.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="kept_answers")
    key = models.CharField(max_length=80)  # as the program chose it, in Idempotency-Key
    fingerprint = models.CharField(max_length=64)  # SHA-256 of method, address and content
    claimed_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    content = models.JSONField(null=True)
    headers = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="a_key_is_done_once"),
            models.CheckConstraint(
                condition=models.Q(status__isnull=True, content__isnull=True)
                | models.Q(status__isnull=False, status__gte=200, status__lt=300),
                name="only_what_was_done_is_kept",
            ),
        ]
        indexes = [models.Index(fields=["claimed_at"], name="answers_by_age")]

    def __str__(self) -> str:
        return self.key
