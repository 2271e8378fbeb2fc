"""Commands that are typed at the server are acts as well: recorded with nobody's name."""

import os
import sys
from collections.abc import Callable, Sequence

# They read, or make files of the source; everything else is recorded, Django's own included.
READ_ONLY = {
    "check": "checks the settings", "diffsettings": "prints settings",
    "help": "prints help", "version": "prints the version",
    "showmigrations": "lists migrations", "sqlmigrate": "prints SQL", "sqlflush": "prints SQL",
    "sqlsequencereset": "prints SQL", "inspectdb": "prints models",
    "makemigrations": "writes source", "optimizemigration": "writes source",
    "squashmigrations": "writes source", "makemessages": "writes source",
    "compilemessages": "writes source", "startapp": "writes source",
    "startproject": "writes source", "spectacular": "prints the description of the API",
    "collectstatic": "copies static files", "findstatic": "finds static files",
    "test": "has a database of its own", "testserver": "has a database of its own",
    "runserver": "serves; what is done there is recorded by itself",
    "serve": "serves; what is done there is recorded by itself",
    "run_jobs": "runs jobs, each of which was asked for by somebody",
    "prepare_fonts": "prepares files of fonts",
    "sendtestemail": "sends a test to an address",
}  # fmt: skip
# The database is not there before, or must be empty: recorded once they have succeeded.
RECORDED_AFTERWARDS = frozenset(
    {"migrate", "prepare_installation", "restore", "set_up_demonstration"}
)


def run(arguments: Sequence[str], execute: Callable[[list[str]], None]) -> None:
    """Run a command line, and record that it was run.

    Only the names of its options are kept: a value may be a password or a person.
    """
    name = arguments[1] if len(arguments) > 1 else "help"
    if name in READ_ONLY or name.startswith("-") or "--help" in arguments:
        execute(list(arguments))
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "habitat_portal.settings")
    if name not in RECORDED_AFTERWARDS:
        _record(name, arguments[2:])
    execute(list(arguments))
    if name in RECORDED_AFTERWARDS:
        _record(name, arguments[2:])


def _record(name: str, arguments: Sequence[str]) -> None:
    """Without a database that knows the trail, a sentence on the console has to do."""
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    try:
        django.setup()
        from accounts.audit.recording import write

        options = sorted({one.partition("=")[0] for one in arguments if one.startswith("-")})
        write(
            "run_command", subject="command", subject_id=name[:64], by=None,
            after={"options": options, "arguments": len(arguments)},
        )  # fmt: skip
    except (DatabaseError, ImproperlyConfigured) as error:
        sys.stderr.write(f"Not in the audit trail: {name} ({type(error).__name__}).\n")
