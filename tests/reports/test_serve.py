"""`manage.py serve`, as a person starts it: a real server on a real port."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests import made_once

ROOT = Path(__file__).resolve().parents[2]


def run(folder, *command, **changed):
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(folder, **changed),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def environment(folder, **changed):
    names = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "PORTAL_BOOKS")
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return {**kept, "PORTAL_MODE": "demo", "PORTAL_DATA_DIR": str(folder), **changed}


def production(folder):
    return {
        "PORTAL_MODE": "production",
        "SECRET_KEY": "k" * 64,
        "ALLOWED_HOSTS": "portal.example.org",
        "PORTAL_ADDRESS": "https://portal.example.org",
        "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
    }


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A data directory with a space in its name, with a database in which nothing happened."""
    folder = tmp_path_factory.mktemp("data of the portal")
    shutil.copytree(made_once.migrated(tmp_path_factory), folder, dirs_exist_ok=True)
    script = (
        "from accounts.demonstration import open_demonstration_accounts as f; f();"
        "from accounts.models import User; from jobs.models import Job;"
        "Job.objects.create(kind='verify_ledger', asked_by=User.objects.first(),"
        " payload={'books': 'NONE'})"
    )
    done = run(folder, "shell", "-c", script)
    assert done.returncode == 0, done.stderr
    return folder


def read_until(server, text):
    lines = []
    for line in server.stdout:
        lines.append(line)
        if text in line:
            return "".join(lines)
    pytest.fail("It ended: " + "".join(lines) + server.stderr.read())


def test_it_says_where_the_portal_is_and_who_can_sign_in_and_serves_it(migrated):
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment(migrated, PORT=str(port), WEB_THREADS="2"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = read_until(server, "Ctrl+C")
        assert said.startswith(f"The portal is at http://127.0.0.1:{port}/\n")
        assert "officer@demo.example" in said
        assert "habitat-demonstration" in said
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:
            assert answer.read() == b"ok\n"
        taken = run(migrated, "serve", PORT=str(port))
        assert taken.returncode == 1
        assert f"Port {port} cannot be used (Address already in use)." in taken.stderr
        assert "Traceback" not in taken.stderr
        assert waiting_job_ended(migrated)
    finally:
        server.terminate()
        server.wait(timeout=60)


def waiting_job_ended(folder):
    """A job that waited before the start is taken up by the server's own thread."""
    script = "from jobs.models import Job; print(Job.objects.get().state)"
    for _attempt in range(10):
        if "failed" in run(folder, "shell", "-c", script).stdout:  # there are no such books
            return True
        time.sleep(1)
    return False


@pytest.mark.slow
def test_a_demonstration_that_is_there_is_served_after_a_look_at_it(tmp_path, tmp_path_factory):
    data, port = tmp_path / "data", free_port()
    shutil.copytree(made_once.demonstration(tmp_path_factory), data)
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--set-up"],
        cwd=ROOT,
        env=environment(data, PORT=str(port)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = read_until(server, "Ctrl+C")
        assert "[5/11] Demonstration books 2020–2022 ... there already" in said
        assert said.index("[11/11]") < said.index(f"The portal is at http://127.0.0.1:{port}/")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=60) as answer:
            sheet = re.search(r"/static/css/portal\.[0-9a-f]{12}\.css", answer.read().decode())
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{sheet[0]}", timeout=60) as answer:
            assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    finally:
        server.terminate()
        server.wait(timeout=60)


def test_what_cannot_be_set_up_is_not_served(migrated):
    done = run(migrated, "serve", "--set-up", PORT=str(free_port()), **production(migrated))
    assert (done.returncode, done.stdout) == (1, "")
    assert "A demonstration is set up in demo mode only" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"PORT": "abc"}, "PORT must be a number from 1 to 65535, not “abc”."),
        ({"PORT": "0"}, "PORT must be a number from 1 to 65535, not “0”."),
        ({"WEB_THREADS": "1000"}, "WEB_THREADS must be a number from 1 to 64, not “1000”."),
    ],
)
def test_a_setting_that_makes_no_sense_is_told_in_a_sentence(migrated, changed, sentence):
    done = run(migrated, "serve", **{"PORT": str(free_port()), **changed})
    assert (done.returncode, done.stderr) == (1, f"CommandError: {sentence}\n")


def test_a_database_that_was_not_migrated_is_told_in_a_sentence(tmp_path):
    done = run(tmp_path, "serve", PORT=str(free_port()))
    assert done.returncode == 1
    assert "run `manage.py migrate` first" in done.stderr
    assert "Traceback" not in done.stderr


def test_outside_a_demonstration_its_accounts_keep_the_portal_from_starting(migrated):
    done = run(
        migrated,
        "serve",
        PORT=str(free_port()),
        **production(migrated),
    )
    assert done.returncode == 1
    assert "demonstration accounts, whose passwords are public" in done.stderr
