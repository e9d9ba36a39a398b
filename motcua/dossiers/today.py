"""What an officer does first, and why: made of the counts that the page has anyway, and of the office's own.

At most four lines; more only where the law counts more by the hour.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.agencies.roles import Role
from motcua.dossiers import held, office_today, worklists
from motcua.lib.actor import Actor

MOST = 4


@dataclass(frozen=True, slots=True)
class FirstThing:
    """One line: what, why now, and where."""

    what: str
    why: str
    url: str
    late: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class _Rule:
    key: str  # of the count, and of the list it opens
    what: Promise
    why: Promise
    to_leaders: Promise | None = None  # whom it is not said to hand something to themselves


# In the order in which waiting does harm: what the law counts by the hour first. Those are few, and always all said.
_RULES = (
    _Rule("unsaid", _("%(n)s hồ sơ của anh/chị quá hạn mà chưa xin lỗi"),
          _("Ghi lý do chậm và trình lãnh đạo xin lỗi ngay."),
          _("Ghi lý do chậm, xin lỗi và hẹn lại ngay.")),
    _Rule("agency-unsaid", _("%(n)s hồ sơ của cơ quan quá hạn mà chưa xin lỗi"),
          _("Người dân chưa được báo; nhắc đơn vị đang giữ ghi lý do.")),
    _Rule("agency-apologies", _("%(n)s văn bản xin lỗi chờ anh/chị duyệt"),
          _("Phải gửi chậm nhất một ngày trước ngày hẹn.")),
    _Rule("apology", _("%(n)s hồ sơ cần xin lỗi trước hạn"),
          _("Không kịp thì ghi lý do trước ngày hẹn; kịp thì báo sẽ xong đúng hạn.")),
    _Rule("new-late", _("%(n)s hồ sơ quá hạn trả lời tiếp nhận"),
          _("Đã quá một ngày làm việc từ khi nhận; tiếp nhận hoặc yêu cầu bổ sung ngay.")),
    _Rule("agency-expired", _("%(n)s hồ sơ hết hạn bổ sung chờ anh/chị quyết định"),
          _("Người nộp không bổ sung; đồng hồ đứng cho tới khi có quyết định.")),
    _Rule("supplement-late", _("%(n)s hồ sơ chưa tiếp nhận đã hết hạn bổ sung"),
          _("Từ chối bằng văn bản, hoặc kiểm tra tiếp với giấy tờ đã có.")),
    _Rule("papers-missing", _("%(n)s giấy tờ của người dân đang báo thiếu"),
          _("Tìm ở cả hai bên rồi ghi kết quả; chưa ghi thì không ai làm tiếp được với giấy tờ đó.")),
    _Rule("papers-unclaimed", _("%(n)s phiếu bàn giao quá một ngày làm việc chưa ai xác nhận"),
          _("Hỏi bên nhận; gói đã tới thì bên nhận quét phiếu và xác nhận.")),
    _Rule("late", _("%(n)s hồ sơ trên bàn anh/chị đã quá hạn"),
          _("Làm trước; việc chưa kịp thì đề nghị lãnh đạo xin lỗi và hẹn lại."),
          _("Làm trước; việc chưa kịp thì xin lỗi và hẹn lại.")),
    _Rule("agency-late", _("%(n)s hồ sơ của cơ quan đã quá hạn"),
          _("Mỗi hồ sơ cần lời xin lỗi và ngày hẹn mới; hỏi đơn vị đang giữ.")),
    _Rule("approve", _("%(n)s kết quả chờ anh/chị phê duyệt"),
          _("Dự thảo đã trình; chưa duyệt thì văn thư chưa phát hành được.")),
    _Rule("new", _("%(n)s hồ sơ trực tuyến, bưu chính chờ tiếp nhận"),
          _("Kiểm tra và trả lời người nộp trong một ngày làm việc.")),
    _Rule("asked", _("%(n)s đơn vị chờ ý kiến của anh/chị"),
          _("Thời hạn của hồ sơ vẫn chạy trong lúc họ chờ.")),
    _Rule("decide", _("%(n)s việc ủy quyền chờ anh/chị duyệt"),
          _("Chưa duyệt thì hồ sơ của người vắng chưa có ai làm.")),
    _Rule("others", _("%(n)s hồ sơ anh/chị làm thay người vắng"),
          _("Người giữ đang vắng; hạn vẫn chạy.")),
    _Rule("papers-coming", _("%(n)s phiếu bàn giao đang đến đơn vị anh/chị"),
          _("Gói tới nơi thì quét phiếu, đối chiếu từng hồ sơ rồi xác nhận.")),
    _Rule("soon", _("%(n)s hồ sơ đến hạn trong một ngày làm việc tới"),
          _("Làm hôm nay thì còn kịp hẹn.")),
    _Rule("mentioned", _("%(n)s hồ sơ có người nhắc tên anh/chị"),
          _("Đồng nghiệp chờ anh/chị xem ghi chú.")),
    _Rule("return", _("%(n)s kết quả chờ người dân đến nhận"),
          _("Đã có kết quả; trao ngay khi người dân tới.")),
    _Rule("agency-soon", _("%(n)s hồ sơ của cơ quan sắp đến hạn"),
          _("Nhắc đơn vị đang giữ trước khi quá hạn.")),
    _Rule("mine", _("%(n)s hồ sơ trên bàn anh/chị"),
          _("Chưa hồ sơ nào gấp; làm từ trên xuống, hạn gần đứng trước.")),
)  # fmt: skip
#: Paper that calls, with the list of `held` that shows it.
_PAPERS = {"papers-missing": "missing", "papers-unclaimed": "unclaimed", "papers-coming": "coming"}
_LATE = frozenset(
    {"unsaid", "agency-unsaid", "new-late", "late", "agency-late", "papers-missing", "papers-unclaimed"}
)
# Where everything late is also unsaid, one line says it.
_SAID_BY = {"late": "unsaid", "agency-late": "agency-unsaid"}
# What the office itself waits for goes before these.
_CAN_WAIT = frozenset({"soon", "mentioned", "return", "agency-soon", "papers-coming"})
_RARE = frozenset(one.key for one in worklists.LISTS if one.rare) | {"papers-missing", "papers-unclaimed"}


def papers_call(counts: dict[str, int]) -> int:
    """Return how much paper nobody can be sure of: the number beside the lists of paper."""
    return counts.get("papers-missing", 0) + counts.get("papers-unclaimed", 0)


def asked_of_me(counts: dict[str, int]) -> int:
    """Return how much others wait for by name, and what was told and not read: the number beside the reminders."""
    return sum(counts.get(key, 0) for key in ("mentioned", "asked", "decide", "told"))


def _said(rule: _Rule, counts: dict[str, int]) -> int:
    return counts.get(_SAID_BY.get(rule.key, ""), 0)


def _where(key: str) -> str:
    if key in _PAPERS:
        return f"{reverse('papers')}?list={_PAPERS[key]}"
    return reverse("delegations") if key == "decide" else f"/?list={key}"


def first_things(actor: Actor, counts: dict[str, int], most: int = MOST) -> list[FirstThing]:
    """Return what to do first. Empty where nothing waits: then the list itself says so.

    `counts` are those of the lists, with those of `office_today` where the office's own things are to be said.
    """
    leads = actor.has(Role.LEADER)
    has = {one.key for one in worklists.lists_of(actor)} | {"decide", *_PAPERS}
    if held.sees_agency(actor):  # what goes from unit to unit is between those
        has.discard("papers-coming")
    there = [rule for rule in _RULES if rule.key in has and counts.get(rule.key, 0) > _said(rule, counts)]
    urgent = [rule for rule in there if rule.key != "mine"]
    office = [one for one in office_today.tasks_of(actor) if counts.get(one.key)]
    if not urgent and not office:
        return [_of_dossiers(rule, counts, leads) for rule in there]
    cut = next((at for at, rule in enumerate(urgent) if rule.key in _CAN_WAIT), len(urgent))
    things = [
        *(_of_office(one, counts) for one in office if one.late),
        *(_of_dossiers(rule, counts, leads) for rule in urgent[:cut]),
        *(_of_office(one, counts) for one in office if not one.late),
        *(_of_dossiers(rule, counts, leads) for rule in urgent[cut:]),
    ]
    return things[: max(most, sum(one.key in _RARE for one in things))]


def _of_dossiers(rule: _Rule, counts: dict[str, int], leads: bool) -> FirstThing:
    why = rule.to_leaders if leads and rule.to_leaders else rule.why
    return FirstThing(
        str(rule.what) % {"n": counts[rule.key]}, str(why), _where(rule.key), rule.key in _LATE, rule.key
    )


def _of_office(one: office_today.Task, counts: dict[str, int]) -> FirstThing:
    return FirstThing(
        str(one.what) % {"n": counts[one.key]}, str(one.why), reverse(one.page), one.late, one.key
    )
