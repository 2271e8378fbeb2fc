"""Take the second factors from an account: for the administrator who lost their own."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import factors
from accounts.models import User
from accounts.sign_in_mail import tell


class Command(BaseCommand):
    help = "Remove the second factors of an account; a new one is set up at the next sign-in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"There is no account with the address {options['email']}.")
        count = factors.reset(user, by=None)
        tell(user, "factor_reset")
        self.stdout.write(f"{user.email}: {count} removed, signed out everywhere.")
