"""What BPMN says and a workflow of ours cannot, in plain words for an office."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.lib.vietnamese import normalize
from motcua.lib.xml_documents import Element
from motcua.workflow.bpmn.names import MODEL, model

NOT_A_CHOICE: Final = {"inclusiveGateway", "complexGateway", "eventBasedGateway"}
_LEFT_OUT: Final[dict[str, Promise]] = {
    "messageFlow": gettext_lazy("%(count)s luồng thông điệp giữa các bên: chỉ là hình vẽ, không đọc."),
    "dataObject": gettext_lazy("%(count)s dữ liệu đi kèm bước: không đọc; ghi vào ô “sản phẩm” nếu cần."),
    "dataStoreReference": gettext_lazy("%(count)s kho dữ liệu: không đọc."),
    "textAnnotation": gettext_lazy("%(count)s lời chú thích trên hình: không đọc."),
    "group": gettext_lazy("%(count)s khung nhóm trên hình: không đọc."),
    "conditionExpression": gettext_lazy("%(count)s điều kiện máy tự xét: người xử lý sẽ chọn hướng."),
    "eventSubProcess": gettext_lazy("%(count)s quy trình con chạy theo sự kiện: không đọc."),
    "compensateEventDefinition": gettext_lazy("%(count)s việc hoàn tác: không đọc."),
}


def local(element: Element) -> str:
    """Return the BPMN name of an element; empty for what is not BPMN."""
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.removeprefix(f"{{{MODEL}}}") if tag.startswith(f"{{{MODEL}}}") else ""


def of_file(root: Element, process: Element, processes: Sequence[Element]) -> Iterator[str]:
    """Say what of the whole file is left out."""
    others = [one for one in processes if one is not process]
    if others:
        text = _("Tệp có %(count)s quy trình: chỉ đọc “%(name)s”, bỏ: %(others)s.")
        named = ", ".join(_name(root, one) for one in others)
        yield text % {"count": len(processes), "name": _name(root, process), "others": named[:300]}
    counted = Counter(local(one) for one in root.iter())
    counted["eventSubProcess"] = sum(
        1 for one in process.iter(model("subProcess")) if one.get("triggeredByEvent") == "true"
    )
    for kind, sentence in _LEFT_OUT.items():
        if counted[kind]:
            yield str(sentence) % {"count": counted[kind]}


def _name(root: Element, process: Element) -> str:
    """Return what a process is called: its own name, or that of its pool."""
    pools = [one for one in root.iter(model("participant")) if one.get("processRef") == process.get("id")]
    names = [process.get("name", ""), *(one.get("name", "") for one in pools), process.get("id", "")]
    return normalize(next((one for one in names if one), _("không tên")))[:80]


def of_step(element: Element, name: str) -> Iterator[str]:
    """Say what of one element is left out."""
    kind, said = local(element), {"name": name}
    if kind in {"subProcess", "transaction", "adHocSubProcess"}:
        inner = sum(1 for one in element.iter() if local(one).lower().endswith("task"))
        said["count"] = str(inner)
        yield _("Quy trình con “%(name)s” gồm %(count)s việc: đọc thành một bước.") % said
    if kind in {"serviceTask", "scriptTask", "businessRuleTask"}:
        yield (
            _("Bước “%(name)s” do máy làm: hệ thống chưa chạy được phần này, hãy đổi thành việc của người.")
            % said
        )
    if kind == "callActivity":
        yield _("Bước “%(name)s” gọi quy trình khác: đọc thành hồ sơ liên thông, hãy ghi cơ quan.") % said
    if kind in {"receiveTask", "intermediateCatchEvent"}:
        yield _("“%(name)s” chờ một sự kiện: đọc thành bước chờ, người bấm tiếp tục.") % said
    loops = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
    if any(element.find(model(one)) is not None for one in loops):
        yield _("Bước “%(name)s” lặp nhiều lần: đọc thành làm một lần.") % said


def not_a_choice(kind: str, name: str) -> str:
    """Say that a gateway is read as a plain choice."""
    text = {
        "inclusiveGateway": _(
            "Nút “%(name)s” cho đi một hay nhiều hướng cùng lúc: đọc thành chọn một hướng."
        ),
        "complexGateway": _("Nút “%(name)s” có luật riêng: đọc thành chọn một hướng."),
        "eventBasedGateway": _("Nút “%(name)s” chờ xem sự kiện nào đến trước: đọc thành chọn một hướng."),
    }[kind]
    return text % {"name": name}


def nameless(kind: str) -> str:
    """Return a name for a step that has none."""
    names = {
        "parallelGateway": _("Đủ các nhánh"),
        "intermediateCatchEvent": _("Chờ sự kiện"),
        "subProcess": _("Quy trình con"),
    }
    return names.get(kind, _("Chọn hướng") if kind.endswith("Gateway") else _("Bước không tên"))
