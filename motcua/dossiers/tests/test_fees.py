"""The fees on a slip: what is printed as owed is owed by everybody; golden lines of the demo and national records."""

from datetime import date
from typing import Any

import pytest

from motcua.base.printing import operations, wording
from motcua.base.printing.data import AppointmentSlip, FeeLine
from motcua.base.printing.tests.test_papers import text_of
from motcua.dossiers import fees, paper_data
from motcua.dossiers.models import Paper
from motcua.dossiers.tests.intake_world import BIRTH, COPY, World
from motcua.dossiers.tests.lives import LONG, take_in
from motcua.procedures.models import FeeRow, Procedure, ProcedureVariant
from motcua.procedures.queries.catalogue import version_on

pytestmark = pytest.mark.django_db

COUNCIL = "theo mức Hội đồng nhân dân tỉnh quy định"
COPIES = "2.000 đồng/trang (Đếm trang theo bản chính. Không quá 200.000 đồng một bản.)"
# Procedure and channel → what everybody owes, what only some do.
GOLDEN: dict[tuple[str, str], tuple[list[str], list[str]]] = {
    (BIRTH, "in_person"): (
        ["Không (Đăng ký khai sinh trong 60 ngày từ khi sinh)"],
        [f"Đăng ký khai sinh quá hạn: {COUNCIL}", "Bản sao giấy khai sinh (nếu cần thêm): 8.000 đồng/bản"],
    ),
    ("1.000656", "in_person"): (
        ["Không (Đăng ký khai tử đúng hạn)"],
        [f"Đăng ký khai tử quá hạn: {COUNCIL}"],
    ),
    ("1.001612", "in_person"): (
        ["Lệ phí đăng ký, nộp tại quầy: 50.000 đồng (Tỉnh có thể quy định mức khác.)"],
        [],
    ),
    ("1.001612", "post"): (
        ["Lệ phí đăng ký, gửi bưu chính: 150.000 đồng (Tỉnh có thể quy định mức khác.)"],
        [],
    ),
    (LONG, "in_person"): ([f"Lệ phí cấp giấy phép xây dựng: {COUNCIL}"], []),
    ("1.004873", "online"): ([f"Cấp giấy xác nhận: {COUNCIL}"], []),
    ("1.011607", "in_person"): (["Không"], []),
    # The tax that the tax office reckons is left to it; it is never "nothing to pay".
    ("1.013831", "in_person"): ([f"Phí thẩm định hồ sơ và lệ phí cấp Giấy chứng nhận: {COUNCIL}"], []),
    (COPY, "in_person"): (
        [f"Trang thứ nhất và thứ hai: {COPIES}", "Từ trang thứ ba: 1.000 đồng/trang"],
        [],
    ),
}  # fmt: skip


def said(line: FeeLine) -> str:
    """The line as the form words it."""
    name = f"{line.name}: " if line.name else ""
    note = f" ({line.note})" if line.note else ""
    return f"{name}{wording.fee(line.amount, line.unit)}{note}"


def split(lines: tuple[FeeLine, ...]) -> tuple[list[str], list[str]]:
    return (
        [said(one) for one in lines if not one.conditional],
        [said(one) for one in lines if one.conditional],
    )


def lines_of(world: World, variant: ProcedureVariant, channel: str) -> tuple[FeeLine, ...]:
    procedure = variant.version.procedure_id
    return fees.lines(variant, channel, agency_id=world.home.pk, procedure_id=procedure, day=date(2026, 7, 6))


@pytest.mark.parametrize(("code", "channel"), GOLDEN)
def test_golden_lines_of_the_demo_catalogue(world: World, code: str, channel: str) -> None:
    version = version_on(Procedure.objects.get(code=code), date(2026, 7, 6))
    assert version is not None
    for variant in version.variants.all():
        assert split(lines_of(world, variant, channel)) == GOLDEN[code, channel]


def row(position: int, amount: int | None, note: str = "", **values: Any) -> FeeRow:
    basis = {"basis": "amount" if amount else "free"}
    return FeeRow(position=position, amount=amount, note=note, **{**basis, "kind": "PHI", **values})


NATIONAL = {
    "alternatives are conditional, not summed": (
        [row(1, 2_000_000, "nghiên cứu, kiểm định"), row(2, 5_000_000, "khai thác trên biển")],
        ([], ["Phí: 2.000.000 đồng (nghiên cứu, kiểm định)", "Phí: 5.000.000 đồng (khai thác trên biển)"]),
    ),
    "a case in the note is a condition": (
        [row(1, 3_500_000, "Phí thẩm định đối với vùng an toàn dịch bệnh động vật")],
        ([], ["Phí: 3.500.000 đồng (Phí thẩm định đối với vùng an toàn dịch bệnh động vật)"]),
    ),
    "phí and lệ phí are owed together": (
        [row(1, 1_000_000, unit="hồ sơ"), row(2, 50_000, kind="LE_PHI", unit="lần")],
        (["Phí: 1.000.000 đồng", "Lệ phí: 50.000 đồng"], []),
    ),
    "a piece rate is a rate": ([row(1, 10_000, unit="giấy")], (["Phí: 10.000 đồng/giấy"], [])),
    "beside a doubtful row nothing is free": (
        [row(1, 0), row(2, None, "Xem biểu phí", basis="unknown")],
        ([], []),
    ),
    "free is said": ([row(1, 0)], (["Không"], [])),
    "nothing known, nothing said": ([], ([], [])),
}  # fmt: skip


@pytest.mark.parametrize("case", NATIONAL)
def test_rows_as_national_records_word_them(case: str) -> None:
    rows, expected = NATIONAL[case]
    assert split(fees.of(rows)) == expected


def test_a_birth_registration_prints_no_fee_that_nobody_owes(world: World) -> None:
    dossier = take_in(world, code=BIRTH)
    stored = Paper.objects.get(dossier=dossier)
    slip = paper_data.from_text(stored.form, stored.data or "")
    assert isinstance(slip, AppointmentSlip)
    text = " ".join(text_of(operations.render(slip, copies=(1,))).split())
    assert (
        "7. Phí, lệ phí: Không (Đăng ký khai sinh trong 60 ngày từ khi sinh). Chỉ thu khi phát sinh:" in text
    )
    assert "Bản sao giấy khai sinh (nếu cần thêm): 8.000 đồng/bản" in text
    assert "cộng" not in text.partition("Phí, lệ phí")[2].partition("Vào Sổ")[0]


def test_a_slip_stored_before_units_were_kept_is_printed_as_it_was(world: World) -> None:
    """A reprint is the paper that was handed out."""
    stored = Paper.objects.get(dossier=take_in(world, code=BIRTH))
    old = paper_data.from_text(stored.form, stored.data or "")
    text = paper_data.to_text(old).replace(', "unit": "", "conditional": false', "")
    assert paper_data.from_text(stored.form, text).fees[0] == old.fees[0]
