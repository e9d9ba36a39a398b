"""Addresses of the officers' screens around a dossier (staff host), and of original files (files host)."""

from django.urls import URLPattern

from motcua.agencies.roles import PEOPLE_ADMIN_ROLES, Role
from motcua.dossiers.permissions import ARCHIVE_READERS, REGISTER_READERS
from motcua.dossiers.views import (
    actions,
    archive,
    batches,
    browsers,
    delegations,
    detail,
    due,
    files,
    hall_tickets,
    joint_slip,
    lists,
    live,
    message_texts,
    paper_correction,
    paper_texts,
    papers,
    postings,
    register,
    relations,
    reminders,
    result_templates,
    search,
    splitting,
    stations,
    together,
    vault,
)
from motcua.ui.routing import everyone, holds, officer, route

_people = holds(*PEOPLE_ADMIN_ROLES)
_ONE = "dossiers/<str:code>/"
_WORDING = holds(Role.BUSINESS_ADMIN)
_READERS = holds(*REGISTER_READERS)
_ARCHIVE = holds(*ARCHIVE_READERS)
_TEMPLATE = "result-templates/<int:template_id>/"
_FILE = f"{_ONE}files/<uuid:file_id>/"

staff_urls: list[URLPattern] = [
    route("search", search.search, permission=officer, name="search"),
    route("account/reminders/", reminders.reminder_settings, permission=officer, name="mail-reminders"),
    route("account/browser", browsers.browser, permission=officer, name="browser"),
    route("account/push.js", browsers.worker, permission=officer, name="browser-worker"),
    route("lists/counts", lists.counts, permission=officer, name="list-counts"),
    route("lists/assign/", batches.assign, permission=officer, name="batch-assign"),
    route("lists/approve/", batches.approve, permission=officer, name="batch-approve"),
    route("live/token", live.token, permission=officer, name="live-token"),
    route("reminders/", lists.reminders, permission=officer, name="reminders"),
    route("reminders/read", lists.read_all, permission=officer, name="reminders-read"),
    route("reminders/<int:message_id>/", lists.told, permission=officer, name="reminder"),
    route("opinions/", together.template_list, permission=officer, name="opinion-templates"),
    route("opinions/texts", together.template_texts, permission=officer, name="opinion-texts"),
    route(
        "opinions/<int:template_id>/drop/",
        together.template_drop,
        permission=officer,
        name="opinion-template-drop",
    ),
    route("delegations/", delegations.delegation_list, permission=officer, name="delegations"),
    route("delegations/new/", delegations.delegation_new, permission=officer, name="delegation-new"),
    route(
        "delegations/approval/", delegations.delegation_rule, permission=_people, name="delegation-approval"
    ),
    route(
        "delegations/<int:delegation_id>/act/",
        delegations.delegation_act,
        permission=officer,
        name="delegation-act",
    ),
    route("register/", register.book_page, permission=_READERS, name="register"),
    route("register/<str:kind>", register.copy, permission=_READERS, name="register-copy"),
    route("archive/", archive.over_page, permission=_ARCHIVE, name="archive"),
    route("archive/xlsx", archive.copy, permission=_ARCHIVE, name="archive-copy"),
    route("postings/", postings.wall, permission=officer, name="postings"),
    route("postings.pdf", postings.wall_pdf, permission=officer, name="postings-pdf"),
    route("paper-texts/", paper_texts.text_list, permission=_WORDING, name="paper-texts"),
    route("paper-texts/<str:form>/", paper_texts.edit, permission=_WORDING, name="paper-text"),
    route("paper-texts/<str:form>/check/", paper_texts.check, permission=_WORDING, name="paper-text-check"),
    route(
        "paper-texts/<str:form>/preview.pdf",
        paper_texts.preview,
        permission=_WORDING,
        name="paper-text-preview",
    ),
    route(
        "paper-texts/<str:form>/discard/", paper_texts.discard, permission=_WORDING, name="paper-text-discard"
    ),
    route("message-texts/", message_texts.text_list, permission=_WORDING, name="message-texts"),
    route("message-texts/<str:event>/", message_texts.edit, permission=_WORDING, name="message-text"),
    route(
        "message-texts/<str:event>/check/",
        message_texts.check,
        permission=_WORDING,
        name="message-text-check",
    ),
    route(
        "message-texts/<str:event>/discard/",
        message_texts.discard,
        permission=_WORDING,
        name="message-text-discard",
    ),
    route("result-templates/", result_templates.template_list, permission=_WORDING, name="result-templates"),
    route(
        "result-templates/new/",
        result_templates.template_new,
        permission=_WORDING,
        name="result-template-new",
    ),
    route(_TEMPLATE, result_templates.template_one, permission=_WORDING, name="result-template"),
    route(
        f"{_TEMPLATE}preview.docx",
        result_templates.preview,
        permission=_WORDING,
        name="result-template-preview",
    ),
    route(
        f"{_TEMPLATE}original.docx",
        result_templates.original,
        permission=_WORDING,
        name="result-template-original",
    ),
    route(
        f"{_TEMPLATE}discard/", result_templates.discard, permission=_WORDING, name="result-template-discard"
    ),
    route(_ONE, detail.detail, permission=officer, name="dossier"),
    route(f"{_ONE}peek/", detail.peek, permission=officer, name="dossier-peek"),
    route(f"{_ONE}workflow/", detail.workflow, permission=officer, name="dossier-workflow"),
    route(f"{_ONE}notes/", together.note, permission=officer, name="dossier-note"),
    route(
        f"{_ONE}notes/<uuid:note_id>/remove/",
        together.note_remove,
        permission=officer,
        name="dossier-note-remove",
    ),
    route(f"{_ONE}related/", relations.relate, permission=officer, name="dossier-relate"),
    route(
        f"{_ONE}related/<uuid:relation_id>/off/",
        relations.part,
        permission=officer,
        name="dossier-relation-off",
    ),
    route(f"{_ONE}tickets/", hall_tickets.join, permission=officer, name="dossier-ticket"),
    route(
        f"{_ONE}tickets/<uuid:joined_id>/off/",
        hall_tickets.take_off,
        permission=officer,
        name="dossier-ticket-off",
    ),
    route(f"{_ONE}watch/", together.watch, permission=officer, name="dossier-watch"),
    route(f"{_ONE}colleagues", together.colleagues, permission=officer, name="dossier-colleagues"),
    route(f"{_ONE}reveal/", detail.reveal, permission=officer, name="dossier-reveal"),
    route(f"{_ONE}why/", detail.why, permission=officer, name="dossier-why"),
    route(f"{_ONE}due/", due.due, permission=officer, name="dossier-due"),
    route(f"{_ONE}do/<str:verb>/", actions.act, permission=officer, name="dossier-act"),
    route(
        f"{_ONE}draft-result/<str:kind>.docx",
        result_templates.compose,
        permission=officer,
        name="dossier-compose",
    ),
    route(f"{_ONE}extend-check/", actions.extend_check, permission=officer, name="dossier-extend-check"),
    route(f"{_ONE}papers/<uuid:paper_id>.pdf", papers.paper, permission=officer, name="dossier-paper"),
    route(
        f"{_ONE}papers/<uuid:paper_id>/reprint/", papers.reprint, permission=officer, name="dossier-reprint"
    ),
    route(
        f"{_ONE}papers/<uuid:paper_id>/correct/",
        paper_correction.correct,
        permission=officer,
        name="dossier-paper-correct",
    ),
    route(f"{_ONE}joint-slip/", joint_slip.choose, permission=officer, name="dossier-joint-slip"),
    route(f"{_ONE}control-sheet.pdf", papers.control_sheet, permission=officer, name="dossier-control-sheet"),
    route(f"{_ONE}label.pdf", stations.label_pdf, permission=officer, name="dossier-label-pdf"),
    route(f"{_ONE}label/", stations.label, permission=officer, name="dossier-label"),
    route(f"{_ONE}scan/", stations.dossier_scan, permission=officer, name="dossier-scan"),
    route(
        f"{_ONE}scan/<uuid:job_id>/", stations.dossier_scan_take, permission=officer, name="dossier-scan-take"
    ),
    route(f"{_ONE}vault/", vault.beside, permission=officer, name="dossier-vault"),
    route(f"{_ONE}files/", files.upload, permission=officer, name="dossier-upload"),
    route(_FILE, files.look, permission=officer, name="dossier-file"),
    route(f"{_FILE}page/<int:number>.png", files.picture, permission=officer, name="dossier-file-page"),
    route(f"{_FILE}download", files.download, permission=officer, name="dossier-file-download"),
    route(f"{_FILE}split/", splitting.split, permission=officer, name="dossier-split"),
    route(f"{_ONE}separators.pdf", splitting.sheets, permission=officer, name="dossier-separators"),
]

files_urls: list[URLPattern] = [
    route("f/<str:token>", files.original, permission=everyone, name="file"),
]
