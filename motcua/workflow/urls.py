"""Staff pages on workflows."""

from motcua.ui.routing import holds, route
from motcua.workflow.permissions import EDITORS, READERS
from motcua.workflow.views import drawings, editing, looking, versions

_readers, _editors = holds(*READERS), holds(*EDITORS)
_ONE = "workflows/versions/<int:version_id>/"

staff_urls = [
    route("workflows/", looking.workflow_list, permission=_readers, name="workflow_list"),
    route(
        "workflows/<int:workflow_id>/", looking.workflow_detail, permission=_readers, name="workflow_detail"
    ),
    route("workflows/new/", versions.begin, permission=_editors, name="workflow_begin"),
    route("workflows/read/", drawings.read_drawing, permission=_editors, name="workflow_read_drawing"),
    route(f"{_ONE}new/", versions.new_version, permission=_editors, name="workflow_new_version"),
    route(f"{_ONE}edit/", editing.edit, permission=_editors, name="workflow_edit"),
    route(f"{_ONE}drawing/", drawings.edit_drawing, permission=_editors, name="workflow_drawing"),
    route(f"{_ONE}publish/", versions.publish, permission=_editors, name="workflow_publish"),
    route(f"{_ONE}compare/", versions.compare, permission=_readers, name="workflow_compare"),
    route(f"{_ONE}try/", versions.try_out, permission=_readers, name="workflow_try"),
    route(f"{_ONE}bpmn/", drawings.export, permission=_readers, name="workflow_bpmn"),
]
