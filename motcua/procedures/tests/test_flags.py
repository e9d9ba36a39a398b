"""What the importer flagged: the lists hold exactly what a separate count of the raw records finds; many at once."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from motcua.base.audit.models import Entry
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Refusal
from motcua.procedures.models import FeeRow, ImportFlag, RequiredDocument, TimeLimitRow
from motcua.procedures.operations import importing, settling
from motcua.procedures.tests.office import Office, office
from motcua.procedures.tests.records import record

__all__ = ["office"]
_SAYS_NOTHING = ("", "không", "không quy định", "không xác định", "không có thông tin")
_DISTRICT = re.compile(r"(?i)(?<!\w)(huyện|quận|thị xã|thị trấn)(?!\w)")


def counted(records: list[dict[str, Any]]) -> Counter[str]:
    """Count from the raw records alone, with rules written down here once more; nothing of the importer is used."""
    found: Counter[str] = Counter()
    unique = {(row["code"], row["name"]): row for row in records}
    for row in unique.values():
        for channel in row.get("channels") or []:
            limit = channel["time_limit"]
            bare = limit.get("value") is not None and limit.get("unit") is None
            found["limit_unit_missing"] += bare and not limit.get("ambiguous_at_source")
            found["limit_glued_to_fee"] += bool(limit.get("ambiguous_at_source"))
            found["fee_text_only"] += bool(channel.get("fee_text"))
        for paper in row.get("documents") or []:
            heading = paper.get("case") or ""
            found["paper_case_glued"] += bool(re.search(r"(?i)\d\s*bản (chính|sao)", heading))
            neither = not paper.get("originals") and not paper.get("copies")
            found["paper_is_note"] += neither and re.sub(r"\W", "", paper.get("case") or "").lower() != "lưuý"
        for result in row.get("result") or []:
            found["result_code_missing"] += not result.get("code")
        found["papers_missing"] += not row.get("documents")
        found["result_missing"] += not row.get("result")
        found["legal_basis_missing"] += not row.get("legal_refs")
        found["no_code"] += row["code"] is None
        found["agency_missing"] += not (row.get("agency") or row.get("authority"))
        for place in ("agency", "authority"):
            found["agency_outdated"] += bool(_DISTRICT.search(row.get(place) or ""))
        _count_limits(row, found)
        _count_fees(row, found)
    return found


def _count_limits(row: dict[str, Any], found: Counter[str]) -> None:
    channels = row.get("channels") or []
    for channel in channels:
        limit = channel["time_limit"]
        if limit.get("value") is None and not limit.get("ambiguous_at_source"):
            said = " ".join((limit.get("text") or "").lower().split()).strip(" .")
            found["limit_not_stated" if said in _SAYS_NOTHING else "limit_unreadable"] += 1
    if channels:
        chief = [one for one in channels if one["channel"] == "in_person"] or channels
        one, whole = chief[0]["time_limit"], row["time_limit"]
        found["limit_summary_differs"] += any(one.get(key) != whole.get(key) for key in ("value", "unit"))


def _count_fees(row: dict[str, Any], found: Counter[str]) -> None:
    """A summary that only repeats what the channels say is no row of its own."""
    of_channels = [fee for channel in row.get("channels") or [] for fee in channel.get("fees") or []]
    summary = row.get("fee") or []
    different = list(dict.fromkeys(_said(fee) for fee in of_channels))
    repeats = bool(of_channels) and different == [_said(fee) for fee in summary]
    found["fee_summary_differs"] += bool(of_channels and summary) and not repeats
    for fee in of_channels if repeats else [*of_channels, *summary]:
        amount, of_money = fee.get("amount"), fee["kind"] == "amount"
        if fee["kind"] == "unknown" or (of_money and fee.get("currency") == "VND" and amount is None):
            found["fee_unknown"] += 1
        elif of_money and fee.get("currency") != "VND":
            found["fee_foreign_currency"] += 1
        elif of_money and amount < 1_000:
            found["fee_too_small"] += 1
        elif of_money and "usd" in (fee.get("note") or "").lower():
            found["fee_foreign_currency"] += 1


def _said(fee: dict[str, Any]) -> tuple[Any, ...]:
    return fee["kind"], fee.get("amount"), fee.get("currency"), " ".join((fee.get("note") or "").split())


def walked(client: Client, reason: str) -> list[int]:
    """Walk the pages of one reason as a person does; return the rows that were listed."""
    found: list[int] = []
    address = f"/procedures/flags?reason={reason}"
    while address:
        text = client.get(address).content.decode()
        found += [int(number) for number in re.findall(r'href="/procedures/flags/(\d+)"', text)]
        more = re.search(r'rel="next" href="([^"]+)"', text)
        address = "/procedures/flags" + more[1].replace("&amp;", "&") if more else ""
    return found


@pytest.mark.long
@pytest.mark.parametrize(
    "file_name", ["procedures_local.json", "procedures_central.json", "procedures_2021_nocode.json"]
)
def test_the_lists_hold_what_a_separate_count_finds(
    office: Office, shared_data: Path, monday: datetime, file_name: str
) -> None:
    records, sha256 = importing.load(shared_data / "procedures" / file_name)
    importing.import_records(
        records=records, file_name=file_name, file_sha256=sha256, actor=SYSTEM, at=monday
    )
    expected, chi = counted(records), office.client("chi")
    assert sum(expected.values()) > 40
    for reason, number in expected.items():
        listed = walked(chi, reason)
        assert len(listed) == len(set(listed)) == number, reason
    page = chi.get("/procedures/flags").content.decode()
    shown = {
        one: int(n)
        for one, n in re.findall(r'href="\?reason=(\w+)"[^>]*>[^<]*<span class="mc-count">(\d+)<', page)
    }
    assert shown == dict(Counter(ImportFlag.objects.values_list("reason", flat=True)))
    assert f'Tất cả</a> <span class="mc-count">{sum(shown.values())}</span>' in page


def test_a_lost_flag_and_an_invented_one_would_be_noticed(office: Office, monday: datetime) -> None:
    """Control: the comparison above fails when one row is missing, or one too many."""
    bare = {"text": "3", "value": 3, "unit": None}
    records = [
        record(code=f"9.{n:06}", channels=[{"channel": "post", "time_limit": bare}], time_limit=bare)
        for n in range(60)
    ]
    importing.import_records(records=records, file_name="t", file_sha256="", actor=SYSTEM, at=monday)
    chi, reason = office.client("chi"), "limit_unit_missing"
    assert len(walked(chi, reason)) == counted(records)[reason] == 60
    lost = ImportFlag.objects.filter(reason=reason)[30]
    lost.delete()
    assert len(walked(chi, reason)) != counted(records)[reason]
    version = lost.version
    for path in ("x", "y"):
        ImportFlag.objects.create(version=version, path=path, reason=reason)
    assert len(walked(chi, reason)) != counted(records)[reason]


@pytest.fixture
def doubtful(db: None, monday: datetime) -> list[ImportFlag]:
    bare, none = (
        {"text": "3", "value": 3, "unit": None},
        {"text": "Không quy định", "value": None, "unit": None},
    )
    records = [
        record(
            code=f"9.00000{n}",
            name=f"Thủ tục {n}",
            channels=[{"channel": "post", "time_limit": bare}],
            time_limit=bare,
        )
        for n in range(4)
    ]
    records.append(
        record(code="9.000009", channels=[{"channel": "post", "time_limit": none}], time_limit=none)
    )
    papers = [
        {"name": "Lưu ý: mang theo", "originals": 0, "copies": 0},
        {"name": "Đơn", "originals": 1, "copies": 0},
    ]
    fees = [{"kind": "free_or_see_note", "amount": 0, "currency": "VND", "note": "Cấp mới 40.000 đồng/lần"}]
    records.append(record(code="9.000008", documents=papers, fee=fees))
    importing.import_records(
        records=records, file_name="t", file_sha256="", actor=SYSTEM, at=monday, publish=True
    )
    return list(ImportFlag.objects.order_by("pk"))


def of(flags: list[ImportFlag], reason: str) -> list[int]:
    return [flag.pk for flag in flags if flag.reason == reason]


def test_the_unit_is_said_once_for_the_ticked_rows(office: Office, doubtful: list[ImportFlag]) -> None:
    chi, numbers = office.client("chi"), of(doubtful, "limit_unit_missing")
    address = "/procedures/flags?reason=limit_unit_missing"
    said = {
        "action": "unit",
        "unit": "working_day",
        "whole": "marked",
        "note": "QĐ 163/QĐ-BTP",
        "flag": numbers[:3],
    }
    answer = chi.post(address, said, follow=True)
    assert "Đã xử lý 3 dòng" in answer.content.decode()
    rows = TimeLimitRow.objects.filter(version__flags__in=numbers[:3])
    assert {(row.value, row.unit) for row in rows} == {(3, "working_day")}
    assert TimeLimitRow.objects.get(version__flags=numbers[3]).value is None
    assert Entry.objects.filter(verb="settle", actor_name="Chi").count() == 3
    settled = chi.get("/procedures/flags/settled").content.decode()
    assert settled.count("3 ngày làm việc") == 3 and "QĐ 163/QĐ-BTP" in settled


def test_all_of_a_reason_and_what_does_not_fit_stays(office: Office, doubtful: list[ImportFlag]) -> None:
    chi, dung = office.client("chi"), office.client("dung")
    numbers = of(doubtful, "limit_unit_missing")
    settling.settle(
        flag_id=numbers[0], decision={"checked": True}, note="", actor=office.actor("dung"), at=timezone.now()
    )
    said = {"action": "unit", "unit": "working_day", "whole": "all", "note": "QĐ 1"}
    assert (
        "Đã xử lý 3 dòng"
        in chi.post("/procedures/flags?reason=limit_unit_missing", said, follow=True).content.decode()
    )
    unstated = of(doubtful, "limit_not_stated") or of(doubtful, "limit_unreadable")
    reason = ImportFlag.objects.get(pk=unstated[0]).reason
    answer = dung.post(f"/procedures/flags?reason={reason}", said, follow=True).content.decode()
    assert "Đã xử lý 0 dòng" in answer and "1 dòng không hợp" in answer
    assert ImportFlag.objects.get(pk=unstated[0]).settled_at is None


def test_remarks_and_free_fees_in_bulk(office: Office, doubtful: list[ImportFlag]) -> None:
    chi = office.client("chi")
    assert RequiredDocument.objects.filter(name__startswith="Lưu ý", is_note=True).exists()
    said = {"action": "paper", "whole": "all", "note": "Đối chiếu"}
    chi.post("/procedures/flags?reason=paper_is_note", said)
    assert not RequiredDocument.objects.filter(name__startswith="Lưu ý", is_note=True).exists()
    fee = next(flag for flag in doubtful if flag.reason.startswith("fee_"))
    chi.post(f"/procedures/flags?reason={fee.reason}", {"action": "free", "whole": "all", "note": "NQ 1"})
    assert FeeRow.objects.get(version=fee.version).amount == 0


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"action": "unit", "unit": "working_day", "whole": "all", "note": " "}, "Chưa điền: Căn cứ"),
        ({"action": "unit", "whole": "all", "note": "QĐ"}, "Chưa chọn: Đơn vị"),
        (
            {"action": "unit", "unit": "working_day", "whole": "marked", "note": "QĐ"},
            "Đánh dấu ít nhất một dòng",
        ),
        ({"whole": "all", "note": "QĐ"}, "Chưa chọn: Cách xử lý"),
        ({"action": "free", "whole": "all", "note": "QĐ"}, "Xin chọn lại"),
    ],
)
def test_half_a_decision_settles_nothing(
    office: Office, doubtful: list[ImportFlag], said: dict[str, str], told: str
) -> None:
    answer = office.client("chi").post("/procedures/flags?reason=limit_unit_missing", said)
    assert answer.status_code == 422 and told in answer.content.decode()
    assert not ImportFlag.objects.exclude(settled_at=None).exists()


def test_only_administrators_settle_in_bulk(
    office: Office, doubtful: list[ImportFlag], an_officer: Callable[..., Actor]
) -> None:
    said = {"action": "keep", "whole": "all", "note": "QĐ"}
    assert office.client("tuan").post("/procedures/flags?reason=limit_unit_missing", said).status_code == 403
    with pytest.raises(Refusal):
        settling.settle_many(
            flag_ids=[1], decision={"checked": True}, note="x", actor=office.actor("hoa"), at=timezone.now()
        )
    with pytest.raises(Refusal, match="nhiều nhất 500"):
        settling.settle_many(
            flag_ids=list(range(501)),
            decision={"checked": True},
            note="x",
            actor=office.actor("chi"),
            at=timezone.now(),
        )
