"""What the shipped forms are measured against: the official field counts, and one visitor's share."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from motcua.eforms import source
from motcua.eforms.models import Beginning, FormAnswer, FormDefinition
from motcua.eforms.operations import answering

CIVIL_STATUS = 19


def test_civil_status_forms_have_the_official_field_counts(shared_data: Path) -> None:
    listed = json.loads((shared_data / "procedures" / "interactive_forms.json").read_text(encoding="utf-8"))
    official: dict[str, int] = {}
    for one in listed["forms"]:
        code = one["workflow_id"]
        official[f"{code}-2" if code in official else code] = one["field_count"]
    ours = {one.code: one.form.counted() for one in source.shipped() if one.code.startswith("HT-")}
    assert len(official) == CIVIL_STATUS
    assert ours == official


def test_one_address_begins_only_so_many_an_hour(
    published: dict[str, FormDefinition], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "MOST_BEGUN", 2)
    one = published["HT-001"]
    at, form = f"/to-khai/moi/{one.procedure.code}/", {"form": str(one.pk)}
    for number in range(2):
        assert client.post(at, form | {"key": f"k{number}"}).status_code == 302
    refused = client.post(at, form | {"key": "k2"})
    assert refused.status_code == 429 and "quá nhiều tờ khai" in refused.content.decode()
    assert client.post(at, form | {"key": "k1"}).status_code == 302  # the same press again
    assert client.post(at, form | {"key": "k3"}, REMOTE_ADDR="203.0.113.9").status_code == 302
    assert FormAnswer.objects.count() == 3
    Beginning.objects.update(at=timezone.now() - timedelta(days=1))
    assert client.post(at, form | {"key": "k4"}).status_code == 302
    assert Beginning.objects.count() == 1
