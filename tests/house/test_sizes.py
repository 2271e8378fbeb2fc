"""Small things are read; large ones are skimmed. Migrations and style sheets are exempt."""

import re

from tests.house import project

FUNCTION_LINES = 50
VIEW_LINES = 20
SOURCE_LINES = 300
TEST_LINES = 500
TEMPLATE_LINES = 150


def too_long(files, most):
    return [
        f"{project.name_of(file)}: {project.lines(file)} lines, {most} at most"
        for file in files
        if project.lines(file) > most
    ]


def long_functions(files, most, concerns=lambda function: True):
    return [
        f"{project.name_of(file)}:{function.lineno} {function.name}: {length} lines, {most} at most"
        for file in files
        for function in project.functions(file)
        if concerns(function)
        and (length := (function.end_lineno or 0) - function.lineno + 1) > most
    ]


def takes_a_request(function):
    return "request" in [argument.arg for argument in function.args.args[:2]]


def test_no_function_is_longer_than_fifty_lines():
    files = project.source_files() + project.test_files()
    assert long_functions(files, FUNCTION_LINES) == []


def test_no_view_is_longer_than_twenty_lines():
    views = [
        file
        for file in project.source_files()
        if re.match(r"views?(_|$)", file.stem) or "views" in file.parent.parts
    ]
    assert long_functions(views, VIEW_LINES, takes_a_request) == []


def test_no_source_file_is_longer_than_three_hundred_lines():
    assert too_long(project.source_files(), SOURCE_LINES) == []


def test_no_test_file_is_longer_than_five_hundred_lines():
    assert too_long(project.test_files(), TEST_LINES) == []


def test_no_template_is_longer_than_a_hundred_and_fifty_lines():
    assert too_long(project.templates(), TEMPLATE_LINES) == []
