"""Every column of this app says whether it is personal, why it is held and how long."""

import pytest
from django.apps import apps

MODELS = list(apps.get_app_config("applicants").get_models())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_each_column_is_annotated(model) -> None:
    columns = {field.name for field in model._meta.get_fields() if field.concrete}
    assert columns == set(model.personal_data) | model.not_personal
    assert not set(model.personal_data) & model.not_personal
    for column, reason in model.personal_data.items():
        assert "; " in reason and "kept" in reason, f"{column}: say the reason and how long it is kept"


def test_what_is_said_to_be_encrypted_is() -> None:
    from motcua.lib.encrypted_field import EncryptedTextField

    for model in MODELS:
        said = {column for column, reason in model.personal_data.items() if "encrypted" in reason}
        fields = {field.name for field in model._meta.get_fields() if isinstance(field, EncryptedTextField)}
        assert said == fields
