"""Staff pages on workflows."""

from motcua.ui.routing import holds, route
from motcua.workflow import views
from motcua.workflow.permissions import READERS

_readers = holds(*READERS)

staff_urls = [
    route("workflows/", views.workflow_list, permission=_readers, name="workflow_list"),
    route("workflows/<int:workflow_id>/", views.workflow_detail, permission=_readers, name="workflow_detail"),
]
