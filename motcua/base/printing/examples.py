"""One example of each form whose passages an office words itself, for previews. Nobody in it exists."""

from datetime import datetime, timedelta
from typing import Any

from motcua.base.printing import data

_CODE = "000.00.00-260101-0001"
_PROCEDURE: dict[str, Any] = {
    "procedure_code": "1.000000",
    "procedure_name": "Cấp bản sao trích lục (hồ sơ ví dụ)",
}
_WHO = data.Party(
    name="Nguyễn Văn Ví Dụ", address="Số 1 đường Mẫu, phường Mẫu", phone="0900 000 000",
    paper_number="001000000000",
)  # fmt: skip
_PAPERS = (
    data.PaperLine(name="Tờ khai theo mẫu", originals=1),
    data.PaperLine(name="Thẻ căn cước", shown=True),
)


def example(
    form: str, head: data.Letterhead, *, at: datetime, signer: data.Signer, own: dict[str, str]
) -> data.Paper:  # fmt: skip
    """Return an example paper of `form` under the letterhead of an office, in its `own` words."""
    worded = tuple(data.Passage(key=key, text=text) for key, text in own.items())
    shared: dict[str, Any] = {
        "passages": worded,
        "letterhead": head,
        "issued_at": at,
        "code": _CODE,
        "number": f"01/{at.year}",
        **_PROCEDURE,
    }
    made: data.Paper
    if form == "appointment_slip":
        made = data.AppointmentSlip(
            **shared, secret="VIDU01", tracking_url="https://vi-du/tra-cuu#vi-du", lookup_url="https://vi-du/tra-cuu",  # noqa: S106
            channel="in_person", submitter=_WHO, papers=_PAPERS, time_limit="03 ngày làm việc", received_at=at,
            due_at=at + timedelta(days=5), return_place=head.office, register_book=str(at.year),
            register_number="1", receiver=signer,
        )  # fmt: skip
    elif form == "supplement_request":
        made = data.SupplementRequest(
            **shared, submitter=_WHO, items=(data.PaperLine(name="Tờ khai", note="Thiếu chữ ký"),),
            reason="Thiếu chữ ký", respond_by=at + timedelta(days=10), officer=signer,
        )  # fmt: skip
    elif form == "refusal":
        made = data.Refusal(
            **shared, submitter=_WHO, reason="Không thuộc thẩm quyền giải quyết", where_to_turn="Sở Tư pháp",
            refuser=signer,
        )  # fmt: skip
    elif form == "apology":
        made = data.Apology(
            **shared, submitter=_WHO, received_at=at - timedelta(days=5), due_at=at,
            new_due_at=at + timedelta(days=5), responsible_unit=head.office, reason="Chờ kết quả xác minh",
            signer=signer,
        )  # fmt: skip
    elif form == "stop_notice":
        made = data.StopNotice(
            **shared, submitter=_WHO, received_at=at - timedelta(days=2), asked_at=at,
            reason="Không còn nhu cầu", signer=signer,
        )  # fmt: skip
    else:
        made = data.ReturnReceipt(
            **shared, applicant=_WHO, receiver=_WHO, result_kind="Đồng ý giải quyết", result_number="01/TL",
            result_abstract="Bản sao trích lục", returned_at=at, returner=signer,
        )  # fmt: skip
    return made
