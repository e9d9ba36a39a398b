"""Papers: what was erased and kept, and the notice of an incident to the authority. Vietnamese, whatever the screen."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import override

from motcua.agencies.queries import name_of
from motcua.base.printing.notices import NoticePaper, NoticePart, render_notice
from motcua.privacy import words
from motcua.privacy.models import DataRequest, Incident
from motcua.privacy.models.incident import NOTICE, DataKind, What
from motcua.privacy.states import LAW


def certificate(row: DataRequest, lines: list[tuple[str, int, str, str]]) -> bytes:
    """Return the certificate of a request that erased or blanked something."""
    assert row.closed_at is not None
    with override("vi"):
        rows = tuple(
            (("Dữ liệu", name), ("Số dòng", str(count)), ("Đã làm", what), ("Căn cứ", why))
            for name, count, what, why in lines
        )
        said = words.erasure(row.certificate or {}, done=True)
        paper = NoticePaper(
            office=name_of(row.home_agency_id, timezone.localdate(row.closed_at)), number=row.code,
            title="Xác nhận xóa dữ liệu cá nhân", to=row.applicant.name,
            facts=(
                ("Yêu cầu", f"{row.code}, nhận {_moment(row.received_at)}"), ("Thực hiện", _moment(row.closed_at)),
                ("Căn cứ", LAW), ("Trả lời", row.answer or ""),
            ),
            parts=(
                NoticePart(title="Đã xóa gì, giữ lại gì, vì sao", note=said, rows=rows),
            ),
            foot=row.code, issued_at=row.closed_at, signer="Thủ trưởng cơ quan",
        )  # fmt: skip
        return render_notice(paper)


def incident(row: Incident, *, at: datetime) -> bytes:
    """Return the notice of an incident as it is known now, to be signed and sent by hand."""
    with override("vi"):
        people = (
            f"khoảng {row.people:,} người".replace(",", ".") if row.people is not None else "chưa xác định"
        )
        kinds = "; ".join(str(DataKind(one).label) for one in row.data_kinds) or "chưa xác định"
        told = f"Đã báo {_moment(row.people_at)}." if row.people_at else "Chưa báo; sẽ báo trong 72 giờ."
        paper = NoticePaper(
            office=name_of(row.home_agency_id, timezone.localdate(at)), number=row.code,
            title="Thông báo vi phạm về bảo vệ dữ liệu cá nhân",
            to="Cơ quan chuyên trách bảo vệ dữ liệu cá nhân, Bộ Công an",
            facts=(
                ("Sự cố", row.title), ("Loại", str(What(row.what).label)), ("Phát hiện lúc", _moment(row.found_at)),
                ("Xảy ra lúc", _moment(row.happened_at) if row.happened_at else "chưa xác định"),
                ("Phải báo trước", _moment(row.found_at + NOTICE)), ("Dữ liệu", kinds), ("Số người", people),
            ),
            parts=(
                NoticePart(title="Diễn biến", note="", rows=((("", row.story),),)),
                NoticePart(title="Biện pháp đã làm", note="", rows=((("", row.measures or "Đang thực hiện."),),)),
                NoticePart(
                    title="Báo cho người có dữ liệu", note="",
                    rows=((("", told),),),
                ),
            ),
            foot=f"{row.code} · lập {_moment(at)}", issued_at=at, signer="Thủ trưởng cơ quan",
        )  # fmt: skip
        return render_notice(paper)


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M ngày %d/%m/%Y}"
