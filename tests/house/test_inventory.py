"""The data inventory knows every text of every model: personal, or declared not to be."""

from django.apps import apps
from django.db import models

from accounts.audit.inventory import ABOUT_PERSONS, NOT_ABOUT_PERSONS, OF_PACKAGES, personal_keys
from tests.house import project

TEXTS = (
    models.CharField, models.TextField, models.JSONField, models.FileField,
    models.GenericIPAddressField,
)  # fmt: skip
OURS = {
    model._meta.label: model
    for app in project.APPS
    if app != "habitat_portal"
    for model in apps.get_app_config(app).get_models()
}


def texts_of(model):
    """What can hold anything that somebody typed: no choices, no keys of other rows."""
    return {
        field.name
        for field in model._meta.local_concrete_fields
        if isinstance(field, TEXTS) and not field.choices
    }


def with_texts():
    return {label for label, model in OURS.items() if texts_of(model)}


def test_every_table_with_texts_is_in_the_inventory_once():
    assert with_texts() == set(ABOUT_PERSONS) | set(NOT_ABOUT_PERSONS)
    assert set(ABOUT_PERSONS) & set(NOT_ABOUT_PERSONS) == set()


def test_every_text_of_a_table_about_persons_is_declared_personal_or_not():
    for label, held in ABOUT_PERSONS.items():
        assert set(held.personal) | set(held.others) == texts_of(OURS[label]), label
        assert set(held.personal) & set(held.others) == set(), label
        assert held.note, label


def test_no_table_that_is_said_to_be_about_nobody_holds_an_e_mail_address():
    for label in NOT_ABOUT_PERSONS:
        for field in OURS[label]._meta.local_concrete_fields:
            assert not isinstance(field, models.EmailField | models.GenericIPAddressField), label


def test_a_new_text_is_noticed():
    class Motto(models.Model):
        text = models.CharField(max_length=9)
        kind = models.CharField(max_length=9, choices=[("a", "A")])

        class Meta:
            app_label = "not_installed"

    assert texts_of(Motto) == {"text"}


def test_packages_whose_rows_go_with_an_account_are_those_that_point_to_one():
    pointing = {
        model._meta.app_label
        for model in apps.get_models()
        if model._meta.label not in OURS
        for field in model._meta.local_concrete_fields
        if field.is_relation and field.related_model._meta.label == "accounts.User"
    }
    assert pointing <= set(OF_PACKAGES)


def test_addresses_and_numbers_are_personal_in_every_event():
    for act in ("add_contact", "sign_in_failed", "anything"):
        assert {"email", "phone", "ip", "payer", "q", "who"} <= personal_keys(act, "any.thing")
    assert "name" not in personal_keys("open_books", "income.ledger")
