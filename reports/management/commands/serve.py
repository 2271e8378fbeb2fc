"""Serves the portal on this machine: one process with some threads, which runs the jobs as well."""

import contextlib
import multiprocessing
import socket
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import environ
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.servers.basehttp import get_internal_wsgi_application
from django.db import connections
from gunicorn.app.base import BaseApplication

from accounts.audit.commands import run
from accounts.demonstration import PASSWORD, refuse_start
from accounts.models import User
from jobs import outbox, services

HOST = "127.0.0.1"
LARGEST_PORT = 65_535
MOST_THREADS = 64
env = environ.Env()


class Command(BaseCommand):
    help = "Serve the portal on 127.0.0.1. PORT and WEB_THREADS are read from the environment."
    requires_system_checks = []  # make check runs them; the start is quicker without

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--set-up",
            action="store_true",
            help="Set up the demonstration first.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["set_up"]:
            _set_up()
        port = _number("PORT", env.str("PORT", default="8000"), LARGEST_PORT)
        threads = _number("WEB_THREADS", env.str("WEB_THREADS", default="4"), MOST_THREADS)
        listener = _listen(port)
        try:
            refuse_start(is_demo=settings.IS_DEMO)
            sentences = [f"The portal is at http://{HOST}:{port}/", *_sign_ins()]
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        connections.close_all()
        Server(listener, threads, ready=lambda: self._say(sentences)).run()

    def _say(self, sentences: list[str]) -> None:
        self.stdout.write("\n".join([*sentences, "Ctrl+C ends it."]))
        self.stdout.flush()


class Server(BaseApplication):
    """Gunicorn with one worker, on a socket that is open already."""

    def __init__(self, listener: socket.socket, threads: int, ready: Callable[[], None]) -> None:
        self.listener, self.threads, self.ready = listener, threads, ready
        super().__init__()

    def load_config(self) -> None:
        chosen = {
            "bind": f"fd://{self.listener.fileno()}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": self.threads,
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": lambda _arbiter: self.ready(),
            # Jobs and mail that a former process left waiting are taken up at once.
            "post_worker_init": _wake,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return get_internal_wsgi_application()


def _set_up() -> None:
    """Run `set_up_demonstration` in a process forked from this one.

    What both need is loaded once; what only the set-up needs (tables, typesetter, their threads)
    ends with it. Meanwhile this process loads the pages, which its worker then inherits.
    """
    command = [sys.argv[0], "set_up_demonstration"]
    child = multiprocessing.get_context("fork").Process(
        target=run, args=[command, execute_from_command_line]
    )
    child.start()
    import_module(settings.ROOT_URLCONF)
    child.join()
    if child.exitcode:
        raise SystemExit(child.exitcode)


def _wake(_worker: object) -> None:
    services.wake()
    outbox.wake()


def _number(name: str, text: str, largest: int) -> int:
    with contextlib.suppress(ValueError):
        if 1 <= int(text) <= largest:
            return int(text)
    raise CommandError(f"{name} must be a number from 1 to {largest}, not “{text}”.")


def _listen(port: int) -> socket.socket:
    """A socket on the port, taken before anything else is done."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as error:
        raise CommandError(
            f"Port {port} cannot be used ({error.strerror}). Stop what is using it, or choose "
            f"another one: make run PORT={port + 1 if port < LARGEST_PORT else 8000}"
        ) from error
    return listener


def _sign_ins() -> list[str]:
    if not settings.IS_DEMO:
        return []
    people = list(User.objects.filter(is_demonstration=True).order_by("pk"))
    if not people:
        return []
    width = max(len(user.email) for user in people)
    lines = [f"  {user.email:<{width}}  {user.name}" for user in people]
    return [f"Sign in with the password {PASSWORD} as", *lines]
