"""What the documents say exists, and what exists is in the documents."""

import ast
import re

import pytest
from django.apps import apps
from django.core.management import get_commands

from tests.house import project

NAME = re.compile(r"[A-Z][A-Z0-9_]*")
OWN_APPS = {app for app in project.APPS if app != "habitat_portal"}


def named_setting(node):
    """The variable that env("X"), env.str("X"), os.getenv("X"), os.environ["X"] reads, or None."""
    if isinstance(node, ast.Subscript):
        reader, name = ast.unparse(node.value), node.slice
    elif isinstance(node, ast.Call) and node.args:
        reader, name = ast.unparse(node.func), node.args[0]
    else:
        return None
    is_reader = re.fullmatch(r"(\w+\.)*(env|environ|getenv)(\.\w+)?", reader)
    if is_reader and isinstance(name, ast.Constant) and NAME.fullmatch(str(name.value)):
        return name.value
    return None


def settings_read():
    trees = (ast.parse(path.read_text("utf-8")) for path in project.source_files())
    names = {named_setting(node) for tree in trees for node in ast.walk(tree)}
    return names - {None, "DJANGO_SETTINGS_MODULE"}


def settings_of_the_example():
    text = (project.ROOT / ".env.example").read_text("utf-8")
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", text, re.M))


@pytest.fixture(scope="module")
def operations():
    return project.OPERATIONS.read_text("utf-8")


def settings_of_the_document(text):
    """The names in backquotes that open a row of a table."""
    return set(re.findall(r"^\| *`([A-Z][A-Z0-9_]*)` *\|", text, re.M))


def own_commands():
    return {name for name, app in get_commands().items() if app in OWN_APPS}


def test_every_setting_the_portal_reads_is_in_the_example_and_no_other():
    assert settings_of_the_example() == settings_read()


def test_every_setting_the_portal_reads_has_a_row_in_the_document_and_no_other(operations):
    assert settings_of_the_document(operations) == settings_read()


def test_every_make_target_is_described():
    assert [name for name, description in project.make_targets().items() if not description] == []


def test_every_make_target_is_in_the_readme_or_in_operations(operations):
    text = (project.ROOT / "README.md").read_text("utf-8") + operations
    missing = [
        name for name in project.make_targets() if not re.search(rf"\bmake {name}(?![\w-])", text)
    ]
    assert missing == []


@pytest.mark.parametrize("document", project.documents(), ids=project.name_of)
def test_every_make_target_a_document_names_exists(document):
    quoted = " ".join(re.findall(r"`[^`]+`", document.read_text("utf-8")))
    named = re.findall(r"\bmake ([a-z][a-z-]*)", quoted)
    assert set(named) - set(project.make_targets()) == set()


def test_every_command_of_the_portal_is_in_operations(operations):
    named = set(re.findall(r"manage\.py (\w+)", operations))
    assert own_commands() - named == set()


@pytest.mark.parametrize("document", project.documents(), ids=project.name_of)
def test_every_command_a_document_names_exists(document):
    named = set(re.findall(r"manage\.py (\w+)", document.read_text("utf-8")))
    assert named - set(get_commands()) == set()


def test_the_apps_the_house_knows_are_the_apps_installed():
    installed = {
        config.name for config in apps.get_app_configs() if project.ROOT.samefile(_folder(config))
    }
    assert installed == OWN_APPS


def _folder(config):
    return project.ROOT.__class__(config.path).parent
