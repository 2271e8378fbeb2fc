"""Encrypt the secrets of second factors with SECRET_KEY: before an earlier key is forgotten."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts import vault

SECRETS = ("secret", "seed")


class Command(BaseCommand):
    help = "Encrypt all secrets of second factors anew, with SECRET_KEY."

    @transaction.atomic
    def handle(self, *_args: Any, **options: Any) -> None:
        count = 0
        for authenticator in Authenticator.objects.select_for_update().order_by("pk"):
            for name in SECRETS:
                if name in authenticator.data:
                    authenticator.data[name] = vault.renew(authenticator.data[name])
                    count += 1
            authenticator.save(update_fields=["data"])
        self.stdout.write(f"{count} secrets are encrypted with SECRET_KEY.")
