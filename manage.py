#!/usr/bin/env python
"""Django's command line for the Habitat Portal. What is run here is in the audit trail."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "habitat_portal.settings")
    from django.core.management import execute_from_command_line

    from accounts.audit.commands import run

    run(sys.argv, execute_from_command_line)


if __name__ == "__main__":
    main()
