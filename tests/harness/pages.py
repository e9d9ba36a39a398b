"""Every route of the three hosts, and what is looked at there: the table of `test_every_page.py`.

A route stands in PAGES with the pages it answers, as somebody who may see them, or in OTHERWISE with what it
answers instead of a page. A route in neither, and one in both, fails the test by its name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page

from motcua.base.files.tests.documents import KIND, docx
from tests.harness.rows import PASSWORD

# Kinds of page, with the bytes that page, sheets and scripts may weigh, compressed, cold, without fonts and
# pictures. A citizen's phone pays for the first two (trust-and-ux UX8, UX6). Officers load the work surface's
# sheets and scripts once and their browser keeps them (about 30 kB of each page below), so those budgets do not
# stand for a wait: they notice growth. Each is about a tenth above today's heaviest page of its kind.
BUDGETS = {
    "public": 60_000,
    "tracking": 30_000,
    "door": 20_000,  # log-in and proving it again: the public look, with the passkeys' script (17.1 kB)
    "work": 48_000,  # lists of people, agencies, workflows, one's own account (45.0 kB, a voice that is recorded)
    "year": 48_000,  # a calendar's year as twelve months
    "desk": 52_000,  # an officer's list and a dossier with a form open (49.6 kB: notes, stand-ins, ticks for many, papers)
    "editor": 56_000,  # the table of a workflow's draft with the panel of one step
    "drawing": 250_000,  # bpmn-js with its sheets (166 kB compressed), only where an administrator draws
    "intake": 59_000,  # the whole counter page with a draft in it (56.2 kB: held intakes, returning applicants, reuse)
}


@dataclass(frozen=True)
class Visit:
    """One page: where, as whom ("" is a visitor), of which kind, and what is pressed there before looking."""

    address: str
    who: str = ""
    kind: str = "work"
    status: int = 200
    press: Callable[[Page], None] | None = None
    name: str = ""  # of the picture, where several pages share an address
    stays: bool = False  # what is pressed changes the page in place
    lands: str = ""  # the path that stands there at the end, where it is another one


def _press(selector: str) -> Callable[[Page], None]:
    return lambda page: page.locator(selector).first.click()


def _look_up(code: str, *, right: bool = True) -> Callable[[Page], None]:
    """Type the code and the six letters of the slip, as somebody with a phone does."""

    def press(page: Page) -> None:
        rows = page.motcua_rows  # type: ignore[attr-defined]
        dossier = rows.dossiers[code]
        page.fill("#code", dossier.code)
        page.fill("#secret", dossier.secret if right else "AAAAAA")
        page.click("#track button")

    return press


def _rate_dossier(page: Page) -> None:
    """Type the code and the six letters of a slip whose result was returned."""
    dossier = page.motcua_rows.dossiers["return_result"]  # type: ignore[attr-defined]
    page.fill("#code", dossier.code)
    page.fill("#secret", dossier.secret)
    page.click("#track button")
    page.wait_for_selector("[name=score]")


def _no_basis(page: Page) -> None:
    page.fill("[name=basis]", "")
    page.locator("main form button").last.click()


def _preview(page: Page) -> None:
    page.fill("[name=title]", "Giờ làm việc của quầy 2")
    page.locator("main form button").last.click()
    page.wait_for_selector("[name=publish]")


def _scan_the_slip(page: Page) -> None:
    """Arrive with the token of the QR behind the "#", as a phone's camera does."""
    dossier = page.motcua_rows.dossiers["return_result"]  # type: ignore[attr-defined]
    page.goto("about:blank")
    page.goto(f"http://localhost/tra-cuu#{dossier.token}")
    page.wait_for_selector(".mc-answer")


def _who_read(code: str) -> Callable[[Page], None]:
    """From the dossier's page on to who has opened it."""

    def press(page: Page) -> None:
        _look_up(code)(page)
        page.wait_for_selector(".mc-answer")
        page.locator("form[action='/tra-cuu/ai-da-xem'] button").click()

    return press


def _ask_for_data(page: Page) -> None:
    """Ask for a copy with a slip; the confirmation follows."""
    dossier = page.motcua_rows.dossiers["propose"]  # type: ignore[attr-defined]
    page.check("[name=kind][value=see]")
    page.fill("[name=code]", dossier.code)
    page.fill("[name=secret]", dossier.secret)
    page.locator("main form button").first.click()


def _follow_request(page: Page) -> None:
    names = page.motcua_rows.names  # type: ignore[attr-defined]
    page.fill("[name=code]", names["yc_seen"])
    page.fill("[name=secret]", names["yc_secret"])
    page.locator("main form button").first.click()


def _write_request(page: Page) -> None:
    """Write down at the counter what a person with their card asks; the page with its two codes follows."""
    person = page.motcua_rows.dossiers["propose"].applicant.person  # type: ignore[attr-defined]
    page.check("[name=kind][value=see]")
    page.fill("[name=number]", person.personal_id)
    page.check("[name=card_seen]")
    page.locator("main form button").first.click()


def _log_in(password: str = PASSWORD) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        page.fill("[name=login]", "minh")
        page.fill("[name=password]", password)
        page.locator("main form button").first.click()

    return press


def _empty(
    selector: str = "main form button[type=submit], main form button:not([type])",
) -> Callable[[Page], None]:
    """Send a form with nothing in it: its faults come back in place."""

    def press(page: Page) -> None:
        page.evaluate("() => document.querySelectorAll('form').forEach((one) => { one.noValidate = true; })")
        page.locator(selector).first.click()

    return press


def _forward_nowhere(page: Page) -> None:
    form = page.locator("form[action$='/act/forward/']")
    form.evaluate("(one) => { one.closest('details').open = true; }")
    form.locator("[name=reason]").fill("Việc của cơ quan khác.")
    form.locator("button").click()


def _too_loud(page: Page) -> None:
    page.fill("[name=volume]", "500")
    page.locator("#voice-form button").first.click()


def _bad_rules(page: Page) -> None:
    page.fill("[name=normals]", "99")
    page.locator("main form button").first.click()


def _at_kiosk(*parts: str) -> Callable[[Page], None]:
    """Touch what leads to a view, one after the other; the page stays."""

    def press(page: Page) -> None:
        for part in parts:
            page.wait_for_timeout(450)  # a second touch sooner is the first one's shadow
            page.locator(f"[data-go*='{part}']:visible").first.click()
            page.wait_for_selector(".is-start", state="detached")
            page.wait_for_selector("html:not(.is-busy)")

    return press


def _scanned_at_kiosk(what: str) -> Callable[[Page], None]:
    """Hold a slip or a ticket under the kiosk's scanner."""

    def press(page: Page) -> None:
        rows = page.motcua_rows  # type: ignore[attr-defined]
        token = rows.dossiers["return_result"].token if what == "slip" else rows.names[f"{what}_token"]
        page.keyboard.type(f"http://localhost/{'tra-cuu#' if what == 'slip' else 'so/'}{token}")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-view=dossier], [data-view=rate], [data-view=standing]")

    return press


def _no_time(page: Page) -> None:
    """Send the form of a booking without a time, as somebody does whose page is older than the times."""
    page.evaluate("() => document.querySelector('main form[method=post]').submit()")


def _reveal(page: Page) -> None:
    page.locator("#reveal a").click()
    page.wait_for_selector("#reveal form, form#reveal, [name=reason]")


def _peek(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")
    page.wait_for_selector("#peek .mc-route")


def _tick_and_send(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    for box in page.locator("[name=pick]").all()[:3]:
        box.check()
    page.locator(".mc-pickbar button").click()


def _decide_two(page: Page) -> None:
    """Approve two rows at once, of which one has changed since the page was made: it is refused with the reason."""
    page.wait_for_load_state("networkidle")
    page.locator(f"tr:has-text('{page.motcua_rows.names['approved_with_others']}') [name=pick]").check()  # type: ignore[attr-defined]
    other = page.query_selector("[name=pick]:not(:checked)")
    assert other is not None
    other.evaluate("(box) => { box.checked = true; box.value = box.value.split('~')[0] + '~1'; }")
    page.locator(".mc-pickbar button").click()


def _find_procedure(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.fill("[name=find]", "xây dựng")
    page.wait_for_selector("#stand-procedures [name=procedures]")
    page.locator("#stand-procedures label").first.click()


def _without_script(form: str) -> Callable[[Page], None]:
    """Send a form as a browser without script does."""
    return lambda page: page.evaluate(f"() => document.querySelector('{form}').submit()")


def _beside(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.locator(".mc-file a").first.click()
    page.wait_for_selector("#look img")


def _bad_address(page: Page) -> None:
    page.evaluate("() => document.querySelectorAll('form').forEach((one) => { one.noValidate = true; })")
    page.fill("[name=email]", "khong phai dia chi")
    page.locator("main form button").first.click()


def _ask_for_code(page: Page) -> None:
    if page.query_selector("[name=code]"):
        page.locator("main form:has([value=drop]) button").click()
    page.fill("[name=email]", "hoa.moi@haiphong.gov.vn")
    page.locator("main form button").first.click()


def _wrong_code(page: Page) -> None:
    if not page.query_selector("[name=code]"):
        _ask_for_code(page)
    page.fill("[name=code]", "AAAAAA")
    page.locator("main form button").first.click()


def _no_source(page: Page) -> None:
    page.fill("[name=source]", "")
    page.fill("[name=years]", "0")
    page.locator("main form button").first.click()


def _bad_passage(page: Page) -> None:
    page.fill("[name=note]", "Gặp {x.__class__}")
    page.locator("main form button").first.click()


def _new_passage(page: Page) -> None:
    page.fill("[name=note]", "Hỏi {tên cơ quan}.")
    page.locator("main form button").first.click()


def _personal_sms(page: Page) -> None:
    page.fill("[name=sms]", "Kính gửi {tên người nộp}.")
    page.locator("main form button").first.click()


def _new_sms(page: Page) -> None:
    page.fill("[name=sms]", "Hồ sơ {mã hồ sơ} đã được nhận.")
    page.locator("main form button").first.click()


def _bad_template(page: Page) -> None:
    """Hand in a template that asks for what is not in the list."""
    page.set_input_files(
        "[name=file]",
        {"name": "mau.docx", "mimeType": KIND, "buffer": docx("Kính gửi {{ ho_ten.__class__ }}")},
    )
    page.locator("main form button").first.click()


def _merge_looked_at(page: Page) -> None:
    """Choose where to, when and on what ground; then what would go along is shown."""
    page.select_option("[name=target]", label="UBND phường Đông Hải")
    page.fill("[name=on_day]", f"{timezone.localdate() + timedelta(days=2):%d/%m/%Y}")
    page.fill("[name=legal_basis]", "Nghị quyết 1669/NQ-UBTVQH15 ngày 16/6/2025")
    page.locator("main form button").first.click()
    page.wait_for_selector("[name=step]")


def _people_file(page: Page) -> None:
    """Choose a list of two people, one of them in a unit that is not there."""
    text = (
        "Mã cán bộ;Họ và tên;Đơn vị;Chức vụ;Vai trò;Cơ quan\n"
        "CB101;Lê Thị Ánh;Văn phòng;Công chức;Văn thư;H24.12\nCB102;Trần Văn Bình;Phòng Ma;Công chức;Chuyên viên;H24.12\n"
    )
    page.set_input_files(
        "[name=file]", {"name": "can-bo.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.locator("main form button").first.click()
    page.wait_for_selector("[name=kept]", state="attached")


def _series_looked_at(page: Page) -> None:
    page.select_option("[name=kind]", "result")
    page.fill("[name=period]", f"{timezone.localdate().year}")
    page.fill("[name=first]", "500")
    page.fill("[name=reason]", "Sổ giấy đã dùng đến số 499")
    page.locator("main form button").first.click()
    page.wait_for_selector("[name=step]")


def _judge_a_day(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.fill("[name=new_day]", "2/1/2027")
    page.dispatch_event("[name=new_day]", "input")
    page.wait_for_selector("#extend-check:not(:empty)")


def _act(verb: str, who: str) -> list[Visit]:
    """The form of an act on a dossier that is ready for it."""
    return [Visit(f"/dossiers/{{{verb}}}/do/{verb}/", who, "desk", name=f"act-{verb}")]


def _refused(verb: str, who: str) -> list[Visit]:
    """The same form sent empty."""
    address = f"/dossiers/{{{verb}}}/do/{verb}/"
    return [Visit(address, who, "desk", 422, _empty("#act button:not([type=button])"), f"act-{verb}-refused")]


#: Who does what: one form for each act.
ACTS = {
    "accept": "minh", "refuse": "minh", "assign": "hoa", "propose": "hoa", "request_supplement": "hoa",
    "receive_supplement": "minh", "consult": "hoa", "answer": "mai", "suspend": "hoa", "suspend_for_money": "hoa",
    "resume": "hoa", "extend": "tuan", "send_back": "tuan", "approve": "tuan", "issue": "thu", "return_result": "mai",
    "withdraw": "minh", "stop": "tuan", "correct": "hoa", "forward": "hoa", "open_child": "hoa",
    "propose_apology": "hoa", "wave_off": "hoa", "return_apology": "tuan", "go_on_without": "tuan", "refuse_unanswered": "tuan",
}  # fmt: skip
_ASKING = (
    "refuse",
    "request_supplement",
    "consult",
    "answer",
    "suspend",
    "extend",
    "send_back",
    "correct",
    "stop",
    "return_apology",
)

PAGES: dict[tuple[str, str], list[Visit]] = {
    ("public", "portal-home"): [Visit("/", kind="public")],
    ("public", "guides"): [Visit("/su-kien/", kind="public")],
    ("public", "guide"): [Visit("/su-kien/sinh-con/", kind="public")],
    ("public", "figures"): [Visit("/so-lieu/", kind="public")],
    ("public", "figures-of"): [
        Visit("/so-lieu/{agency_code}/", kind="public"),
        Visit("/so-lieu/H24.14/", kind="public", name="figures-none"),
    ],
    ("public", "places"): [
        Visit("/noi-tiep-nhan/", kind="public"),
        Visit("/noi-tiep-nhan/?tim=zzzz", kind="public", name="places-none"),
    ],
    ("public", "portal-posted"): [
        Visit("/niem-yet/{agency_code}", kind="public"),
        Visit("/niem-yet/H24.14", kind="public", name="posted-none"),
    ],
    ("public", "portal-postings"): [Visit("/niem-yet-ho-so/", kind="public")],
    ("public", "portal-postings-of"): [
        Visit("/niem-yet-ho-so/{agency_code}", kind="public"),
        Visit("/niem-yet-ho-so/H24.14", kind="public", name="postings-none"),
    ],
    ("public", "kiosk"): [
        Visit("/ki-ot/", "screen-kiosk", "public"),
        Visit(
            "/ki-ot/",
            "screen-kiosk",
            "public",
            press=_at_kiosk("nhom-viec"),
            stays=True,
            name="kiosk-services",
        ),
        Visit(
            "/ki-ot/", "screen-kiosk", "public", press=_at_kiosk("uu-tien"), stays=True, name="kiosk-priority"
        ),
        Visit(
            "/ki-ot/", "screen-kiosk", "public", press=_at_kiosk("thu-tuc"), stays=True, name="kiosk-lookup"
        ),
        Visit(
            "/ki-ot/",
            "screen-kiosk",
            "public",
            press=_at_kiosk("thu-tuc", "cach=go"),
            stays=True,
            name="kiosk-search",
        ),
        Visit("/ki-ot/", "screen-kiosk", "public", press=_at_kiosk("ho-so"), stays=True, name="kiosk-scan"),
        Visit(
            "/ki-ot/",
            "screen-kiosk",
            "public",
            press=_at_kiosk("nguoi-huong-dan"),
            stays=True,
            name="kiosk-person",
        ),
        Visit(
            "/ki-ot/",
            "screen-kiosk",
            "public",
            press=_at_kiosk("thu-tuc", "thu-tuc/1"),
            stays=True,
            name="kiosk-procedure",
        ),
        Visit(
            "/ki-ot/",
            "screen-kiosk",
            "public",
            press=_at_kiosk("thu-tuc", "linh-vuc", "tim/"),
            stays=True,
            name="kiosk-found",
        ),
        Visit(
            "/ki-ot/",
            "screen-kiosk",
            "public",
            press=_scanned_at_kiosk("slip"),
            stays=True,
            name="kiosk-dossier",
        ),
        Visit(
            "/ki-ot/",
            "screen-kiosk",
            "public",
            press=_scanned_at_kiosk("served"),
            stays=True,
            name="kiosk-rate",
        ),
        Visit(
            "/ki-ot/",
            "screen-kiosk",
            "public",
            press=_scanned_at_kiosk("waiting"),
            stays=True,
            name="kiosk-standing",
        ),
    ],
    ("public", "kiosk-paper"): [Visit("/ki-ot/phieu/{printed_ticket}/in/", "screen-kiosk", "public")],
    ("public", "kiosk-guide"): [Visit("/ki-ot/thu-tuc/{birth}/in/", "screen-kiosk", "public")],
    ("public", "petitions-hub"): [Visit("/phan-anh/", kind="public")],
    ("public", "petition-send"): [
        Visit("/phan-anh/gui/", kind="public"),
        Visit("/phan-anh/gui/", kind="public", status=422, press=_empty(), name="petition-send-faults"),
    ],
    ("public", "petition-mine"): [
        Visit("/phan-anh/cua-toi/{petition_new_token}/?moi=1", kind="public", name="petition-receipt"),
        Visit("/phan-anh/cua-toi/{petition_asked_token}/", kind="public", name="petition-asked"),
        Visit("/phan-anh/cua-toi/{petition_late_token}/", kind="public", name="petition-late"),
        Visit("/phan-anh/cua-toi/{petition_published_token}/", kind="public", name="petition-mine-answered"),
        Visit("/phan-anh/cua-toi/{petition_gone_token}/", kind="public", name="petition-mine-passed"),
        Visit("/phan-anh/cua-toi/{petition_came_token}/", kind="public", name="petition-mine-elsewhere"),
        Visit("/phan-anh/cua-toi/{petition_outside_token}/", kind="public", name="petition-mine-outside"),
        Visit("/phan-anh/cua-toi/khong-co/", kind="public", status=404, name="petition-mine-gone"),
    ],
    ("public", "petitions-elsewhere"): [Visit("/phan-anh/khieu-nai-to-cao/", kind="public")],
    ("public", "petitions-published"): [
        Visit("/phan-anh/da-tra-loi/", kind="public"),
        Visit("/phan-anh/da-tra-loi/?tim=khong+co+gi", kind="public", name="petitions-published-none"),
    ],
    ("public", "petition-published"): [Visit("/phan-anh/da-tra-loi/{publication}/", kind="public")],
    ("public", "rate-dossier"): [
        Visit("/danh-gia/ho-so/", kind="public"),
        Visit("/danh-gia/ho-so/", kind="public", press=_rate_dossier, stays=True, name="rate-dossier-asked"),
    ],
    ("public", "rate-visit"): [
        Visit("/danh-gia/{served_token}/", kind="public", name="rate-visit"),
        Visit(
            "/danh-gia/{served_token}/", kind="public", status=422, press=_empty(), name="rate-visit-faults"
        ),
        Visit("/danh-gia/{waiting_token}/", kind="public", name="rate-visit-not-now"),
        Visit("/danh-gia/khong-co/", kind="public", status=404, name="rate-visit-gone"),
    ],
    ("public", "telling"): [
        Visit("/bao-tin/{telling}/", kind="public"),
        Visit("/bao-tin/{telling_mail}/", kind="public", name="telling-mail"),
        Visit("/bao-tin/khong-co/", kind="public", status=404, name="telling-gone"),
    ],
    ("public", "citizen_sign_in"): [Visit("/dang-nhap-cong-dan/", kind="public", name="citizen-sign-in")],
    ("public", "citizen_go"): [
        Visit("/dang-nhap-cong-dan/di/", kind="public", status=424, name="citizen-provider-down")
    ],
    ("public", "citizen_return"): [
        Visit("/dang-nhap-cong-dan/ve/?state=x", kind="public", status=400, name="citizen-sign-in-stale")
    ],
    ("public", "portal-account"): [Visit("/tai-khoan/", "lan", "public", name="citizen-account")],
    ("public", "portal-role"): [Visit("/tai-khoan/vai/", "lan", "public", name="citizen-role")],
    ("public", "portal-mandates"): [Visit("/tai-khoan/lam-thay/", "lan", "public", name="citizen-mandates")],
    ("public", "portal-mandate-ask"): [
        Visit("/tai-khoan/lam-thay/moi/", "lan", "public", name="citizen-mandate-ask"),
        Visit(
            "/tai-khoan/lam-thay/moi/",
            "lan",
            "public",
            status=422,
            press=_empty("main form[enctype] button"),
            name="citizen-mandate-faults",
        ),
    ],
    ("public", "account_logout"): [
        Visit("/dang-xuat/", "lan", "public"),
        Visit("/dang-xuat/", "lan", "public", press=_press("main form button"), name="citizen-signed-out"),
    ],
    ("public", "boards-door"): [Visit("/man-hinh/", kind="public", name="boards-door")],
    ("public", "boards-link"): [
        Visit("/man-hinh/ghep/1-KHONGCO222/", kind="public", status=404, name="boards-link-gone")
    ],
    ("public", "boards-hall"): [Visit("/man-hinh/sanh/", "screen-hall", "public", name="boards-hall")],
    ("public", "boards-counter"): [
        Visit("/man-hinh/quay/", "screen-counter", "public", name="boards-counter")
    ],
    ("public", "boards-waiting"): [
        Visit("/man-hinh/cho/", "screen-waiting", "public", name="boards-waiting")
    ],
    ("public", "boards-progress"): [
        Visit("/man-hinh/tien-do/", "screen-progress", "public", name="boards-progress")
    ],
    ("public", "track"): [
        Visit("/tra-cuu", kind="tracking", name="track-form"),
        Visit("/tra-cuu", kind="tracking", press=_look_up("propose"), name="track-running"),
        Visit("/tra-cuu", kind="tracking", press=_look_up("receive_supplement"), name="track-asked"),
        Visit("/tra-cuu", kind="tracking", press=_look_up("paused"), name="track-paused"),
        Visit("/tra-cuu", kind="tracking", press=_scan_the_slip, stays=True, name="track-ready"),
        Visit("/tra-cuu", kind="tracking", press=_look_up("returned"), name="track-returned"),
        Visit("/tra-cuu", kind="tracking", press=_look_up("by_post"), name="track-to-answer"),
        Visit("/tra-cuu", kind="tracking", press=_look_up("go_on_without"), name="track-unanswered"),
        Visit("/tra-cuu", kind="tracking", press=_look_up("late"), name="track-late"),
        Visit("/tra-cuu", kind="tracking", press=_look_up("online_refused"), name="track-refused"),
        Visit("/tra-cuu", kind="tracking", press=_look_up("apologised"), name="track-apologised"),
        Visit(
            "/tra-cuu", kind="tracking", status=404, press=_look_up("paused", right=False), name="track-wrong"
        ),
    ],
    ("public", "track-readers"): [
        Visit(
            "/tra-cuu",
            kind="public",
            press=_who_read("propose"),
            name="track-readers",
            lands="/tra-cuu/ai-da-xem",
        ),
    ],
    ("public", "data-rights"): [Visit("/quyen-du-lieu/", kind="public")],
    ("public", "data-rights-ask"): [
        Visit("/quyen-du-lieu/gui", kind="public"),
        Visit("/quyen-du-lieu/gui", kind="public", status=422, press=_empty(), name="data-rights-ask-faults"),
        Visit("/quyen-du-lieu/gui", kind="public", press=_ask_for_data, name="data-rights-asked"),
        Visit("/quyen-du-lieu/gui", "lan", "public", name="data-rights-ask-own"),
    ],
    ("public", "data-rights-follow"): [
        Visit("/quyen-du-lieu/theo-doi", kind="public"),
        Visit("/quyen-du-lieu/theo-doi", kind="public", press=_follow_request, name="data-rights-followed"),
        Visit(
            "/quyen-du-lieu/theo-doi",
            kind="public",
            status=422,
            press=_empty(),
            name="data-rights-follow-faults",
        ),
    ],
    ("public", "data-rights-mine"): [Visit("/quyen-du-lieu/cua-toi/{yc_own}", "lan", "public")],
    ("public", "phone-mine"): [Visit("/so/", kind="tracking")],
    ("public", "phone-ticket"): [
        Visit("/so/{so_waiting}/", kind="tracking", name="phone-waiting"),
        Visit("/so/{so_near}/", kind="tracking", name="phone-near"),
        Visit("/so/{so_called}/", kind="tracking", name="phone-called"),
        Visit("/so/{so_held}/", kind="tracking", name="phone-held"),
        Visit("/so/{so_paper}/", kind="tracking", name="phone-paper"),
        Visit("/so/{so_alone}/", kind="tracking", name="phone-no-counter"),
        Visit("/so/{so_served}/", kind="tracking", name="phone-served"),
        Visit("/so/{so_gone}/", kind="tracking", name="phone-gone"),
        Visit("/so/{so_void}/", kind="tracking", name="phone-void"),
        Visit("/so/khong-co/", kind="public", status=404, name="phone-unknown"),
    ],
    ("public", "phone-ask"): [
        Visit("/lay-so/{phone_hall}/", kind="tracking"),
        Visit("/lay-so/{phone_hall}/ZZZZZ/", kind="tracking", status=403, name="phone-wrong-code"),
    ],
    ("public", "phone-choose"): [Visit("/lay-so/{phone_hall}/{hall_code}/", kind="tracking")],
    ("public", "hall-list"): [Visit("/sanh/", kind="tracking")],
    ("public", "hall-page"): [Visit("/sanh/{phone_hall}/", kind="tracking")],
    ("public", "booking-halls"): [Visit("/dat-lich/", kind="tracking", lands="/dat-lich/{phone_hall}/")],
    ("public", "booking-services"): [Visit("/dat-lich/{phone_hall}/", kind="tracking")],
    ("public", "booking-times"): [
        Visit("/dat-lich/{phone_hall}/{phone_service}/", kind="tracking", name="booking-days"),
        Visit(
            "/dat-lich/{phone_hall}/{phone_service}/?ngay={hen_day}", kind="tracking", name="booking-hours"
        ),
        Visit(
            "/dat-lich/{phone_hall}/{phone_service}/?ngay={hen_day}",
            kind="tracking",
            name="booking-review",
            press=_press("main form button.mc-day"),
        ),
        Visit(
            "/dat-lich/{phone_hall}/{phone_service}/?ngay=2020-01-01", kind="tracking", name="booking-past"
        ),
    ],
    ("public", "booking-pass"): [
        Visit("/lich-hen/{hen}/", kind="tracking"),
        Visit("/lich-hen/{hen_dropped}/", kind="tracking", name="booking-dropped"),
        Visit("/lich-hen/{hen_moved}/", kind="tracking", name="booking-moved"),
    ],
    ("public", "eform-start"): [Visit("/to-khai/moi/1.000894/", kind="public")],
    ("public", "eform-fill"): [
        Visit("/to-khai/{eform}/?phan=1", kind="public", name="eform-part"),
        Visit("/to-khai/{eform}/?phan=1&loi=1", kind="public", name="eform-faults"),
        Visit("/to-khai/{eform}/?phan=tat-ca", kind="public", name="eform-all"),
        Visit("/to-khai/{eform_rows}/?phan=3", kind="public", name="eform-rows"),
    ],
    ("public", "eform-check"): [
        Visit("/to-khai/{eform}/xem/", kind="public", name="eform-check-missing"),
        Visit("/to-khai/{eform_done}/xem/", kind="public", name="eform-check-done"),
    ],
    ("public", "eform-confirm"): [Visit("/cung-xac-nhan/{eform_asked}/", kind="public")],
    ("public", "procedures"): [
        Visit("/thu-tuc", kind="public"),
        Visit("/thu-tuc?q=dang+ky", kind="public", name="procedures-found"),
        Visit("/thu-tuc?q=zzzz", kind="public", name="procedures-none"),
    ],
    ("public", "procedure_page"): [
        Visit("/thu-tuc/{birth}", kind="public"),
        Visit("/thu-tuc/{repealed}", kind="public", name="procedure-repealed"),
    ],
    ("public", "procedure_version"): [Visit("/thu-tuc/{birth}/ban-1", kind="public")],
    ("staff", "ui_components_public"): [Visit("/ui/public", kind="public")],
    ("staff", "mandates"): [Visit("/mandates/", "minh")],
    ("staff", "mandate"): [
        Visit("/mandates/{mandate}/", "minh"),
        Visit(
            "/mandates/{mandate}/",
            "minh",
            status=422,
            press=_empty("form:has([value=refuse]) button"),
            name="mandate-refused-without-words",
        ),
        Visit("/mandates/{mandate_held}/", "minh", name="mandate-held"),
    ],
    ("staff", "account_login"): [
        Visit("/dang-nhap/", kind="door"),
        Visit("/dang-nhap/", kind="door", press=_log_in("sai"), name="login-wrong"),
    ],
    ("staff", "account_logout"): [Visit("/dang-xuat/", "minh", "door")],
    ("staff", "mfa_authenticate"): [
        Visit("/dang-nhap/", "", "door", press=_log_in(), name="login-code", lands="/dang-nhap/ma/")
    ],
    ("staff", "accounts_invitation"): [
        Visit("/loi-moi/{invitation}/", kind="door"),
        Visit("/loi-moi/{invitation}/", kind="door", press=_empty(), name="invitation-faults"),
        Visit("/loi-moi/khong-co/", kind="door", status=404, name="invitation-gone"),
    ],
    ("staff", "account_reauthenticate"): [Visit("/xac-nhan-lai/", "minh", "door")],
    ("staff", "mfa_reauthenticate"): [Visit("/xac-nhan-lai/ma/", "minh", "door")],
    ("staff", "mfa_reauthenticate_webauthn"): [Visit("/xac-nhan-lai/khoa/", "minh", "door")],
    ("staff", "accounts_second_factor"): [Visit("/account/second-factor/", "half", "door")],
    ("staff", "mfa_activate_totp"): [Visit("/account/second-factor/app/", "hoa", "door")],
    ("staff", "mfa_deactivate_totp"): [Visit("/account/second-factor/app/remove/", "minh")],
    ("staff", "mfa_add_webauthn"): [Visit("/account/passkeys/new/", "minh", "door")],
    ("staff", "mfa_list_webauthn"): [Visit("/account/passkeys/", "minh")],
    ("staff", "mfa_edit_webauthn"): [Visit("/account/passkeys/{passkey}/", "minh")],
    ("staff", "mfa_remove_webauthn"): [Visit("/account/passkeys/{passkey}/remove/", "minh")],
    ("staff", "mfa_view_recovery_codes"): [
        Visit("/account/recovery-codes/", "minh", "door"),
        Visit(
            "/account/recovery-codes/new/",
            "minh",
            "door",
            press=_press("main form button"),
            name="recovery-shown",
            lands="/account/recovery-codes/",
        ),
    ],
    ("staff", "mfa_generate_recovery_codes"): [Visit("/account/recovery-codes/new/", "minh")],
    ("staff", "accounts_me"): [Visit("/account/", "minh")],
    ("staff", "mfa_index"): [Visit("/account/", "lan", name="account-of-a-citizen")],
    ("staff", "account_change_password"): [
        Visit("/account/password/", "minh"),
        Visit("/account/password/", "minh", press=_empty(), name="password-faults"),
    ],
    ("staff", "home"): [
        Visit("/", "hoa", "desk", name="list-specialist"),
        Visit("/", "hoa", "desk", press=_peek, stays=True, name="list-peek"),
        Visit("/?list=agency", "tuan", "desk", name="list-leader"),
        Visit("/", "binh", "desk", name="list-empty"),
        Visit("/", "tuan", "desk", name="list-calls"),
        Visit("/", "an", "desk", name="list-administrator"),
        Visit("/?list=unsaid", "hoa", "desk", name="list-unsaid"),
        Visit("/?list=agency-expired", "tuan", "desk", name="list-expired"),
        Visit("/?list=new", "minh", "desk", name="list-new"),
        Visit("/?list=unit", "hoa", "desk", name="list-unit"),
        Visit("/?list=approve", "tuan", "desk", name="list-approve"),
        Visit("/?list=mentioned", "hoa", "desk", name="list-mentioned"),
        Visit("/?list=watched", "hoa", "desk", name="list-watched"),
        Visit("/?list=others", "thu", "desk", name="list-others"),
    ],
    ("staff", "help"): [Visit("/help/", "minh")],
    ("staff", "help_screen"): [
        Visit("/help/dossier/", "hoa"),
        Visit("/help/dossier-act.approve/", "tuan", name="help-act"),
        Visit("/help/khong-co/", "hoa", status=404, name="help-none"),
    ],
    ("staff", "agencies_my_positions"): [Visit("/account/positions/", "hoa")],
    ("staff", "accounts_email"): [
        Visit("/account/email/", "minh"),
        Visit("/account/email/", "minh", status=422, press=_bad_address, name="email-faults"),
        Visit("/account/email/", "hoa", press=_ask_for_code, name="email-code"),
        Visit("/account/email/", "hoa", status=422, press=_wrong_code, name="email-wrong-code"),
    ],
    ("staff", "mail-reminders"): [
        Visit("/account/reminders/", "hoa", name="reminders-own"),
        Visit("/account/reminders/", "an", name="reminders-of-the-agency"),
    ],
    ("staff", "agencies_tree"): [
        Visit("/agencies/", "hoa"),
        Visit("/agencies/?q=hai+an", "an", name="tree-found"),
    ],
    ("staff", "agencies_open"): [
        Visit("/agencies/new/", "an"),
        Visit("/agencies/new/", "an", status=422, press=_empty(), name="agency-new-faults"),
    ],
    ("staff", "agency_wall"): [Visit("/agencies/{agency}/wall/", "hoa")],
    ("staff", "legal_list"): [
        Visit("/legal/", "chi"),
        Visit("/legal/?q=khai+sinh", "hoa", name="legal-found"),
        Visit("/legal/?q=zzzz", "hoa", name="legal-none"),
    ],
    ("staff", "legal_text"): [Visit("/legal/{legal}/?article=2&q=khai+sinh", "hoa")],
    ("staff", "legal_new"): [Visit("/legal/new/", "chi")],
    ("staff", "legal_edit"): [Visit("/legal/{legal}/edit/", "chi")],
    ("staff", "procedure_basis"): [
        Visit("/procedures/versions/{birth_version}/basis/?q=giay+chung+sinh", "hoa"),
    ],
    ("staff", "agencies_agency"): [
        Visit("/agencies/{agency}/", "an", name="agency-administered"),
        Visit("/agencies/{agency}/", "hoa", name="agency-read"),
    ],
    ("staff", "agencies_levels"): [Visit("/agencies/levels/", "an")],
    ("staff", "agencies_new_level"): [
        Visit("/agencies/levels/new/", "an"),
        Visit("/agencies/levels/new/", "an", status=422, press=_empty(), name="level-new-faults"),
    ],
    ("staff", "agencies_level"): [Visit("/agencies/levels/commune/", "an")],
    ("staff", "agencies_rename_shop"): [Visit("/agencies/shops/{shop}/rename/", "an")],
    ("staff", "agencies_rename"): [Visit("/agencies/{agency}/rename/", "an")],
    ("staff", "agencies_give_code"): [Visit("/agencies/{agency}/code/", "an")],
    ("staff", "agencies_end_code"): [Visit("/agencies/codes/{code}/end/", "an")],
    ("staff", "agencies_move"): [Visit("/agencies/{agency}/parent/", "an")],
    ("staff", "agencies_calendar"): [Visit("/agencies/{agency}/calendar/", "an")],
    ("staff", "agencies_close"): [Visit("/agencies/{agency}/close/", "an")],
    ("staff", "agencies_changes"): [
        Visit("/agencies/changes/", "an"),
        Visit("/agencies/changes/?state=applied", "an", name="changes-none"),
    ],
    ("staff", "agencies_change"): [
        Visit("/agencies/changes/{change}/", "an"),
        Visit("/agencies/changes/{change}/", "an", status=422, press=_empty(), name="change-cancel-faults"),
    ],
    ("staff", "agencies_merge"): [
        Visit("/agencies/{agency}/merge/", "an"),
        Visit("/agencies/{agency}/merge/", "an", status=422, press=_empty(), name="merge-faults"),
        Visit("/agencies/{agency}/merge/", "an", press=_merge_looked_at, name="merge-preview"),
    ],
    ("staff", "agencies_split"): [
        Visit("/agencies/{agency}/split/", "an"),
        Visit("/agencies/{agency}/split/", "an", status=422, press=_empty(), name="split-faults"),
    ],
    ("staff", "agencies_move_unit"): [Visit("/agencies/units/{unit}/move/", "an")],
    ("staff", "agencies_open_unit"): [Visit("/agencies/{agency}/units/new/", "an")],
    ("staff", "agencies_rename_unit"): [Visit("/agencies/units/{unit}/rename/", "an")],
    ("staff", "agencies_close_unit"): [Visit("/agencies/units/{unit}/close/", "an")],
    ("staff", "agencies_open_shop"): [Visit("/agencies/{agency}/shops/new/", "an")],
    ("staff", "agencies_close_shop"): [Visit("/agencies/shops/{shop}/close/", "an")],
    ("staff", "agencies_open_point"): [Visit("/agencies/shops/{shop}/points/new/", "an")],
    ("staff", "agencies_change_point"): [Visit("/agencies/points/{point}/change/", "an")],
    ("staff", "agencies_close_point"): [Visit("/agencies/points/{point}/close/", "an")],
    ("staff", "agencies_open_counter"): [Visit("/agencies/points/{point}/counters/new/", "an")],
    ("staff", "agencies_close_counter"): [Visit("/agencies/counters/{counter}/close/", "an")],
    ("staff", "hall-voice"): [
        Visit("/halls/{hall}/voice/", "an"),
        Visit("/halls/{hall}/voice/", "an", status=422, press=_too_loud, name="hall-voice-faults"),
    ],
    ("staff", "hall-voice-record"): [Visit("/halls/{hall}/voice/{voice}/", "an")],
    ("staff", "halls"): [Visit("/halls/", "an"), Visit("/halls/", "binh", name="halls-none")],
    ("staff", "hall"): [Visit("/halls/{hall}/", "tuan", name="hall-now")],
    ("staff", "hall_new"): [Visit("/halls/new/", "an")],
    ("staff", "hall_set_up"): [Visit("/halls/{hall}/setup/", "an", name="hall-set-up")],
    ("staff", "hall_rules"): [
        Visit("/halls/{hall}/rules/", "an", name="hall-rules"),
        Visit("/halls/{hall}/rules/", "an", status=422, press=_bad_rules, name="hall-rules-faults"),
    ],
    ("staff", "hall_service_new"): [
        Visit("/halls/{hall}/services/new/", "an", name="hall-service-new"),
        Visit("/halls/{hall}/services/new/", "an", status=422, press=_empty(), name="hall-service-faults"),
    ],
    ("staff", "hall_service"): [Visit("/halls/services/{hall_service}/", "an", name="hall-service")],
    ("staff", "hall_service_end"): [
        Visit("/halls/services/{hall_service}/end/", "an", name="hall-service-end")
    ],
    ("staff", "hall_counters"): [Visit("/halls/{hall}/counters/", "hoa", name="hall-counters")],
    ("staff", "hall_pads"): [Visit("/halls/{hall}/pads/", "minh", name="hall-pads")],
    ("staff", "hall_devices"): [Visit("/halls/{hall}/devices/", "an", name="hall-devices")],
    ("staff", "hall_pair"): [Visit("/halls/{hall}/devices/pair/", "an", name="hall-pair")],
    ("staff", "hall_device"): [Visit("/halls/devices/{hall_device}/", "an", name="hall-device")],
    ("staff", "hall_device_revoke"): [
        Visit("/halls/devices/{hall_device}/revoke/", "an", name="hall-device-revoke")
    ],
    ("staff", "hall_figures"): [
        Visit("/halls/{hall}/figures/", "tuan", name="hall-figures"),
        Visit("/halls/{hall}/figures/?since=1/1/2020&until=2/1/2020", "tuan", name="hall-figures-none"),
        Visit(
            "/halls/{hall}/figures/?since=1/1/2020&until=2/1/2026",
            "tuan",
            status=422,
            name="hall-figures-too-long",
        ),
    ],
    ("staff", "hall_tickets"): [Visit("/halls/{hall}/figures/tickets/", "tuan", name="hall-tickets")],
    ("staff", "petitions"): [
        Visit("/petitions/", "tuan"),
        Visit("/petitions/?list=done", "tuan", name="petitions-done"),
        Visit("/petitions/?list=passed", "tuan", name="petitions-passed"),
        Visit("/petitions/?list=passed", "mai", name="petitions-passed-none"),
        Visit("/petitions/", "mai", name="petitions-none"),
    ],
    ("staff", "petition"): [
        Visit("/petitions/{petition_new}/", "tuan", name="petition-new"),
        Visit(
            "/petitions/{petition_new}/",
            "tuan",
            status=422,
            press=_empty("form[action*=assign] button"),
            lands="/petitions/{petition_new}/act/assign/",
            name="petition-faults",
        ),
        Visit(
            "/petitions/{petition_came}/",
            "tuan",
            status=422,
            press=_forward_nowhere,
            lands="/petitions/{petition_came}/act/forward/",
            name="petition-forward-faults",
        ),
        Visit("/petitions/{petition_came}/", "tuan", name="petition-came"),
        Visit("/petitions/{petition_gone}/", "tuan", name="petition-gone"),
        Visit("/petitions/{petition_outside}/", "tuan", name="petition-outside"),
        Visit("/petitions/{petition_proposed}/", "tuan", name="petition-proposed"),
        Visit("/petitions/{petition_answered}/", "tuan", name="petition-answered"),
        Visit("/petitions/{petition_published}/", "tuan", name="petition-published-office"),
    ],
    ("staff", "petition-publish"): [
        Visit("/petitions/{petition_answered}/publish/", "tuan"),
        Visit(
            "/petitions/{petition_answered}/publish/",
            "tuan",
            status=422,
            press=_empty(),
            name="petition-publish-faults",
        ),
        Visit("/petitions/{petition_answered}/publish/", "tuan", press=_preview, name="petition-preview"),
    ],
    ("staff", "questions"): [Visit("/rating-questions/", "an")],
    ("staff", "questions-new"): [
        Visit("/rating-questions/new/?from=criteria", "an"),
        Visit("/rating-questions/new/", "an", status=422, press=_no_basis, name="questions-faults"),
    ],
    ("staff", "questions-one"): [
        Visit("/rating-questions/{question_draft}/", "an", name="questions-draft"),
        Visit("/rating-questions/{question_set}/", "an", name="questions-published"),
    ],
    ("staff", "ratings"): [
        Visit("/ratings/", "tuan"),
        Visit("/ratings/?since=01/01/2020&until=02/01/2020", "tuan", name="ratings-none"),
        Visit("/ratings/?since=2/1/2020&until=1/1/2020", "tuan", status=422, name="ratings-faults"),
    ],
    ("staff", "agencies_emergency"): [Visit("/people/emergency/", "an")],
    ("staff", "agencies_open_emergency"): [Visit("/people/emergency/new/", "an")],
    ("staff", "register"): [
        Visit("/register/", "minh"),
        Visit("/register/?since=01/01/2020&until=02/01/2020", "tuan", name="register-none"),
        Visit("/register/?since=2/1/2020&until=1/1/2020", "tuan", name="register-faults"),
    ],
    ("staff", "papers"): [
        Visit("/papers/", "minh", name="papers-here"),
        Visit(
            "/papers/", "minh", status=422, press=_empty("[name=act][value=give]"), name="papers-none-chosen"
        ),
        Visit("/papers/?list=behind", "minh", name="papers-behind"),
        Visit("/papers/?list=coming", "hoa", name="papers-coming"),
        Visit("/papers/?list=missing", "tuan", name="papers-missing"),
        Visit("/papers/?list=slips", "minh", name="papers-slips"),
        Visit("/papers/?list=unclaimed", "thu", name="papers-nothing"),
    ],
    ("staff", "register-elsewhere"): [
        Visit("/register/elsewhere/", "minh", name="register-elsewhere"),
        Visit("/register/elsewhere/?side=in", "minh", name="register-elsewhere-empty"),
        Visit(
            "/register/elsewhere/?first=31/12/2026&last=01/01/2026",
            "minh",
            status=422,
            name="register-elsewhere-wrong",
        ),
    ],
    ("staff", "slip"): [
        Visit("/papers/slips/{slip}/", "minh", name="slip-given"),
        Visit("/papers/slips/{slip}/", "hoa", name="slip-to-take"),
        Visit(
            "/papers/slips/{slip}/",
            "hoa",
            status=422,
            press=_empty("[name=act][value=take]"),
            name="slip-unmarked",
        ),
        Visit("/papers/slips/{short_slip}/", "tuan", name="slip-with-missing"),
    ],
    ("staff", "paper-end"): [Visit("/papers/held/{holding}/", "minh", name="paper-back")],
    ("staff", "calendar_list"): [
        Visit("/calendars/", "an"),
        Visit("/calendars/", "hoa", name="calendars-read"),
    ],
    ("staff", "calendar_new"): [Visit("/calendars/new/", "an")],
    ("staff", "calendar_year"): [
        Visit("/calendars/{calendar}/?year=2026", "an", "year"),
        Visit("/calendars/{calendar}/?year=2031", "hoa", "year", name="calendar-of-a-year-without-days"),
    ],
    ("staff", "calendar_rename"): [Visit("/calendars/{calendar}/rename/", "an")],
    ("staff", "calendar_hours"): [Visit("/calendars/{calendar}/hours/", "an")],
    ("staff", "calendar_add_day"): [Visit("/calendars/{calendar}/days/new/", "an")],
    ("staff", "calendar_day"): [Visit("/calendars/{calendar}/days/{day}/", "an")],
    ("staff", "dossier-vault"): [Visit("/dossiers/{propose}/vault/", "hoa", "desk")],
    ("public", "vault"): [Visit("/giay-to-cua-toi/", "lan", "public")],
    ("public", "online-start"): [
        Visit("/nop-ho-so/1.001193/", kind="public", name="online-start-visitor"),
        Visit("/nop-ho-so/1.001193/", "lan", "public", name="online-start"),
    ],
    ("public", "online-draft"): [Visit("/nop-ho-so/ban/{application}/", "lan", "public")],
    ("public", "online-papers"): [Visit("/nop-ho-so/ban/{application}/giay-to/", "lan", "public")],
    ("public", "online-paper"): [
        Visit("/nop-ho-so/ban/{application_whole}/giay-to/{application_paper}/", "lan", "public")
    ],
    ("public", "online-own-paper"): [Visit("/nop-ho-so/ban/{application}/giay-to/khac/", "lan", "public")],
    ("public", "online-contact"): [Visit("/nop-ho-so/ban/{application}/nhan-ket-qua/", "lan", "public")],
    ("public", "online-check"): [Visit("/nop-ho-so/ban/{application_whole}/nop/", "lan", "public")],
    ("public", "online-renew"): [Visit("/nop-ho-so/ban/{application_old}/ban-moi/", "lan", "public")],
    ("public", "online-discard"): [Visit("/nop-ho-so/ban/{application}/bo/", "lan", "public")],
    ("public", "online-mine"): [Visit("/ho-so-cua-toi/", "lan", "public")],
    ("public", "online-one"): [
        Visit("/ho-so-cua-toi/{online_dossier}/?moi=1", "lan", "public"),
        Visit("/ho-so-cua-toi/{online_refused}/", "lan", "public", name="online-one-refused"),
    ],
    ("public", "online-supplement"): [Visit("/ho-so-cua-toi/{online_dossier}/bo-sung/", "lan", "public")],
    ("public", "online-supplement-item"): [
        Visit("/ho-so-cua-toi/{online_dossier}/bo-sung/1/", "lan", "public")
    ],
    ("public", "online-withdraw"): [Visit("/ho-so-cua-toi/{online_dossier}/rut/", "lan", "public")],
    ("public", "online-readers"): [Visit("/ho-so-cua-toi/{online_dossier}/ai-da-xem/", "lan", "public")],
    ("public", "vault-add"): [
        Visit("/giay-to-cua-toi/them/", "lan", "public"),
        Visit(
            "/giay-to-cua-toi/them/",
            "lan",
            "public",
            status=422,
            press=_press("main form button"),
            name="vault-add-faults",
        ),
    ],
    ("public", "vault-paper"): [
        Visit("/giay-to-cua-toi/{vault_paper}/", "lan", "public"),
        Visit("/giay-to-cua-toi/{vault_certified}/", "lan", "public", name="vault-paper-certified"),
        Visit("/giay-to-cua-toi/{vault_signed}/", "lan", "public", name="vault-paper-unverified"),
    ],
    ("staff", "malware"): [Visit("/administration/malware/", "an")],
    ("staff", "citizen_sign_in"): [
        Visit("/administration/sign-in/", "an"),
        Visit(
            "/administration/sign-in/",
            "an",
            name="citizen-sign-in-tried",
            press=lambda page: page.click("form[action$='/sign-in/try/'] button"),
        ),
    ],
    ("staff", "retention"): [Visit("/administration/retention/", "an")],
    ("staff", "retention_kind"): [
        Visit("/administration/retention/drafts/", "an"),
        Visit("/administration/retention/drafts/", "an", status=422, press=_empty(), name="retention-faults"),
        Visit("/administration/retention/lists/", "an", name="retention-waits"),
    ],
    ("staff", "keeping"): [
        Visit("/administration/keeping/", "an"),
        Visit("/administration/keeping/?q=khai+sinh", "an", name="keeping-found"),
    ],
    ("staff", "keeping_sector"): [
        Visit("/administration/keeping/sectors/{kept_sector}/", "an"),
        Visit(
            "/administration/keeping/sectors/{kept_sector}/",
            "an",
            status=422,
            press=_no_source,
            name="keeping-faults",
        ),
    ],
    ("staff", "keeping_procedure"): [Visit("/administration/keeping/procedures/{kept_procedure}/", "an")],
    ("staff", "archive"): [
        Visit("/archive/", "tuan", name="archive-none"),
        Visit("/archive/?day=01/01/2100", "tuan"),
        Visit("/archive/?day=31/02/2100&year=x", "tuan", name="archive-faults"),
    ],
    ("staff", "recompute_list"): [Visit("/calendars/recomputes/", "an")],
    ("staff", "recompute"): [
        Visit("/calendars/recomputes/{recompute}/", "an", name="recompute-to-choose"),
        Visit(
            "/calendars/recomputes/{recompute}/",
            "an",
            status=422,
            press=_empty("form:has(input[value=propose]) button"),
            name="recompute-without-reason",
            lands="/calendars/recomputes/{recompute}/act/",
        ),
        Visit("/calendars/recomputes/{recompute_done}/", "an", name="recompute-done"),
    ],
    ("staff", "agencies_people_file"): [
        Visit("/people/file/", "an"),
        Visit("/people/file/", "an", press=_people_file, name="people-file-looked"),
        Visit("/people/file/", "an", status=422, press=_empty(), name="people-file-faults"),
    ],
    ("staff", "agencies_roles"): [
        Visit("/roles/", "an"),
        Visit("/roles/?role=receiver", "an", name="role-holders"),
    ],
    ("staff", "agencies_reviews"): [
        Visit("/reviews/", "an"),
        Visit("/reviews/", "tuan", name="reviews-leader"),
    ],
    ("staff", "agencies_review"): [Visit("/reviews/{review}/", "an")],
    ("staff", "agencies_review_agency"): [Visit("/reviews/{review}/agencies/{agency}/", "tuan")],
    ("staff", "administration"): [Visit("/administration/", "an")],
    ("staff", "administration_trail"): [
        Visit("/administration/trail/", "an"),
        Visit("/administration/trail/?kind=account&people=on", "an", name="trail-filtered"),
    ],
    ("staff", "readings"): [
        Visit("/administration/readings/", "an"),
        Visit("/administration/readings/", "an", press=_press("aside form button"), name="readings-filtered"),
    ],
    ("staff", "reading_patterns"): [
        Visit("/administration/readings/patterns/", "an"),
        Visit(
            "/administration/readings/patterns/?since=01/01/2026&until=31/12/2026",
            "tuan",
            status=422,
            name="reading-patterns-too-long",
        ),
    ],
    ("staff", "data-requests"): [
        Visit("/privacy/", "tuan"),
        Visit("/privacy/?closed=1", "tuan", name="data-requests-closed"),
    ],
    ("staff", "data-request-new"): [
        Visit("/privacy/new/", "minh"),
        Visit("/privacy/new/", "minh", status=422, press=_empty(), name="data-request-new-faults"),
    ],
    ("staff", "data-request-given"): [
        Visit(
            "/privacy/new/", "minh", press=_write_request, name="data-request-given", lands="/privacy/given/"
        )
    ],
    ("staff", "data-request-erase"): [Visit("/privacy/{yc_to_erase}/erase/", "tuan")],
    ("staff", "data-request"): [
        Visit("/privacy/{yc_waiting}/", "tuan"),
        Visit("/privacy/{yc_slip}/", "tuan", name="data-request-slip"),
        Visit("/privacy/{yc_erased}/", "tuan", name="data-request-erased"),
    ],
    ("staff", "incidents"): [Visit("/incidents/", "tuan")],
    ("staff", "incident-new"): [
        Visit("/incidents/new/", "minh"),
        Visit("/incidents/new/", "minh", status=422, press=_empty(), name="incident-new-faults"),
    ],
    ("staff", "incident"): [
        Visit("/incidents/{sc_fresh}/", "tuan"),
        Visit("/incidents/{sc_late}/", "tuan", name="incident-late"),
    ],
    ("staff", "series"): [Visit("/administration/series/", "an")],
    ("staff", "series_next"): [
        Visit("/administration/series/{agency}/next/", "an"),
        Visit(
            "/administration/series/{agency}/next/", "an", press=_series_looked_at, name="series-looked-at"
        ),
        Visit(
            "/administration/series/{agency}/next/", "an", status=422, press=_empty(), name="series-faults"
        ),
    ],
    ("staff", "moving_list"): [Visit("/moving/", "an")],
    ("staff", "moving_new"): [
        Visit("/moving/new/", "an"),
        Visit("/moving/new/", "an", status=422, press=_empty(), name="moving-new-faults"),
    ],
    ("staff", "moving_one"): [
        Visit("/moving/{move}/", "an"),
        Visit("/moving/{moved}/", "an", name="moving-done"),
    ],
    ("staff", "integrations"): [Visit("/integrations/", "an")],
    ("staff", "integration-new"): [
        Visit("/integrations/new/", "an"),
        Visit("/integrations/new/", "an", status=422, press=_empty(), name="integration-new-faults"),
    ],
    ("staff", "integration"): [
        Visit("/integrations/{client}/", "an"),
        Visit(
            "/integrations/{client}/",
            "an",
            press=_press("form[action$='/secret/'] button"),
            name="integration-secret-shown",
            lands="/integrations/{client}/secret/",
        ),
        Visit("/integrations/{client_revoked}/", "an", name="integration-revoked"),
    ],
    ("staff", "integration-change"): [Visit("/integrations/{client}/change/", "an")],
    ("staff", "integration-guide"): [Visit("/integrations/guide/", "minh")],
    ("staff", "agencies_people"): [Visit("/people/", "an")],
    ("staff", "agencies_invite"): [
        Visit("/people/new/", "an"),
        Visit("/people/new/", "an", press=_empty(), name="invite-faults"),
    ],
    ("staff", "agencies_invite_again"): [
        Visit(
            "/people/{invited}/",
            "an",
            press=_press("form[action$='/invite/'] button"),
            name="invite-link",
            lands="/people/{invited}/invite/",
        ),
    ],
    ("staff", "agencies_resets"): [Visit("/people/resets/", "an")],
    ("staff", "agencies_person"): [
        Visit("/people/{person}/", "an"),
        Visit("/people/{locked}/", "an", name="person-with-reset"),
    ],
    ("staff", "agencies_set_email"): [
        Visit("/people/{person}/email/", "an"),
        Visit("/people/{person}/email/", "an", status=422, press=_bad_address, name="set-email-faults"),
    ],
    ("staff", "agencies_appoint"): [Visit("/people/{person}/appoint/", "an")],
    ("staff", "procedure_list"): [
        Visit("/procedures/", "chi"),
        Visit("/procedures/?q=zzzz", "tuan", name="procedure-list-none"),
        Visit("/procedures/?state=national", "chi", name="procedure-list-national"),
    ],
    ("staff", "procedure_new"): [
        Visit("/procedures/new/", "chi"),
        Visit("/procedures/new/", "chi", status=422, press=_empty(), name="procedure-new-faults"),
    ],
    ("staff", "procedure_card"): [
        Visit("/procedures/{edited}/", "chi"),
        Visit("/procedures/{asked}/", "tuan", name="procedure-card-waiting"),
        Visit("/procedures/{national}/", "chi", name="procedure-card-national"),
    ],
    ("staff", "procedure_draft"): [
        Visit("/procedures/versions/{pdraft}/", "chi"),
        Visit("/procedures/versions/{pwaiting}/", "tuan", name="procedure-draft-waiting"),
        Visit("/procedures/versions/{pbase}/", "chi", name="procedure-draft-published"),
    ],
    ("staff", "procedure_preview"): [Visit("/procedures/versions/{pdraft}/preview/", "chi", "public")],
    ("staff", "procedure_edit"): [
        *(
            Visit(f"/procedures/versions/{{pdraft}}/edit/{part}/", "chi", name=f"procedure-edit-{part}")
            for part in ("record", "cases", "papers", "fees", "results")
        ),
    ],
    ("staff", "procedure_typed"): [Visit("/procedures/edits/{typed}/", "chi")],
    ("staff", "procedure_compare"): [Visit("/procedures/compare/{pbase}/{pdraft}/", "chi")],
    ("staff", "procedure_propose"): [
        Visit("/procedures/versions/{pdraft}/send/", "chi"),
        Visit(
            "/procedures/versions/{pdraft}/send/",
            "chi",
            status=422,
            press=_empty(),
            name="procedure-send-faults",
        ),
    ],
    ("staff", "procedure_repeal"): [Visit("/procedures/{special}/repeal/", "chi")],
    ("staff", "procedure_approval"): [
        Visit("/procedures/approvals/{approval}/", "tuan", name="procedure-approval"),
        Visit("/procedures/approvals/{approval}/", "chi", name="procedure-approval-own"),
    ],
    ("staff", "procedure_national"): [
        Visit("/procedures/{national}/national/", "chi"),
        Visit("/procedures/{kept}/national/", "tuan", name="procedure-national-kept"),
    ],
    ("staff", "procedure_fees"): [Visit("/procedures/{special}/fees/", "chi")],
    ("staff", "procedure_eforms"): [
        Visit("/procedures/{eform_procedure}/form/", "chi"),
        Visit("/procedures/{special}/form/", "tuan", name="procedure-eforms-none"),
    ],
    ("staff", "procedure_eform"): [
        Visit("/procedures/{eform_procedure}/form/{eform_definition}/", "chi"),
        Visit(
            "/procedures/{eform_procedure}/form/{eform_definition}/",
            "chi",
            "desk",
            status=422,
            press=_press("[value=thu]:not(.ef-first)"),
            name="procedure-eform-faults",
        ),
    ],
    ("staff", "procedure_eform_begin"): [
        Visit("/procedures/{eform_procedure}/form/new/", "chi"),
        Visit(
            "/procedures/{special}/form/new/",
            "chi",
            status=422,
            press=_empty(),
            name="procedure-eform-begin-faults",
        ),
    ],
    ("staff", "procedure_eform_draft"): [
        Visit("/procedures/{eform_procedure}/form/drafts/{eform_draft}/", "chi"),
        Visit(
            "/procedures/{eform_waiting_procedure}/form/drafts/{eform_waiting}/",
            "tuan",
            name="procedure-eform-waiting",
        ),
        Visit(
            "/procedures/{eform_procedure}/form/drafts/{eform_draft}/",
            "chi",
            press=_press(".eb-head [value^='remove:']"),
            name="procedure-eform-remove",
        ),
    ],
    ("staff", "procedure_eform_frame"): [
        Visit("/procedures/{eform_procedure}/form/drafts/{eform_draft}/edit/", "chi")
    ],
    ("staff", "procedure_eform_edit"): [
        Visit("/procedures/{eform_procedure}/form/drafts/{eform_draft}/edit/{eform_section}/", "chi"),
        Visit(
            "/procedures/{eform_procedure}/form/drafts/{eform_draft}/edit/{eform_section}.noi_dang_ky/",
            "chi",
            name="procedure-eform-question",
        ),
        Visit(
            "/procedures/{eform_procedure}/form/drafts/{eform_draft}/edit/{eform_section}.so_quyen/",
            "chi",
            name="procedure-eform-group",
        ),
    ],
    ("staff", "procedure_eform_checks"): [
        Visit("/procedures/{eform_procedure}/form/drafts/{eform_draft}/checks/", "chi")
    ],
    ("staff", "procedure_eform_send"): [
        Visit("/procedures/{eform_procedure}/form/drafts/{eform_draft}/send/", "chi")
    ],
    ("staff", "procedure_eform_preview"): [
        Visit("/procedures/{eform_procedure}/form/drafts/{eform_draft}/preview/", "chi", "public"),
        Visit(
            "/procedures/{eform_procedure}/form/drafts/{eform_draft}/preview/?phan=tat-ca",
            "chi",
            "public",
            422,
            _press("[value=tiep]:not(.ef-first)"),
            name="procedure-eform-preview-faults",
        ),
    ],
    ("staff", "procedure_eform_trials"): [
        Visit("/procedures/{eform_procedure}/form/drafts/{eform_draft}/trials/", "chi")
    ],
    ("staff", "procedure_eform_new_trial"): [
        Visit("/procedures/{eform_procedure}/form/drafts/{eform_draft}/trials/new/", "chi", "desk")
    ],
    ("staff", "procedure_eform_trial"): [
        Visit("/procedures/{eform_procedure}/form/drafts/{eform_draft}/trials/2/", "chi", "desk")
    ],
    ("staff", "procedure_eform_approval"): [
        Visit("/procedures/{eform_waiting_procedure}/form/approvals/{eform_approval}/", "tuan"),
    ],
    ("staff", "procedure_eform_compare"): [
        Visit("/procedures/{eform_waiting_procedure}/form/compare/{eform_before}/{eform_after}/", "chi")
    ],
    ("staff", "procedure_forms"): [
        Visit("/procedures/{special}/forms/", "chi"),
        Visit(
            "/procedures/{special}/forms/", "chi", status=422, press=_empty(), name="procedure-forms-faults"
        ),
    ],
    ("staff", "procedure_new_fee"): [Visit("/procedures/{special}/fees/new/", "chi")],
    ("staff", "procedure_new_exemption"): [Visit("/procedures/{special}/exemptions/new/", "chi")],
    ("staff", "procedure_areas"): [Visit("/procedures/areas/", "chi")],
    ("staff", "procedure_agencies"): [Visit("/procedures/{special}/agencies/", "chi")],
    ("staff", "procedure_agency"): [Visit("/procedures/{special}/agencies/{agency}/", "chi")],
    ("staff", "procedure_flags"): [
        Visit("/procedures/flags", "chi"),
        Visit("/procedures/flags?reason=own_unverified", "chi", name="procedure-flags-bulk"),
    ],
    ("staff", "procedure_flags_settled"): [Visit("/procedures/flags/settled", "chi")],
    ("staff", "procedure_flag"): [Visit("/procedures/flags/{flag}", "chi")],
    ("staff", "workflow_list"): [Visit("/workflows/", "hoa")],
    ("staff", "workflow_detail"): [Visit("/workflows/{workflow}/", "hoa")],
    ("staff", "workflow_begin"): [
        Visit("/workflows/new/", "chi"),
        Visit("/workflows/new/", "chi", "work", 422, _empty(), name="workflow-begin-refused"),
    ],
    ("staff", "workflow_read_drawing"): [Visit("/workflows/read/", "chi")],
    ("staff", "workflow_edit"): [
        Visit("/workflows/versions/{workflow_draft}/edit/", "chi", "editor", name="workflow-edit"),
        Visit(
            "/workflows/versions/{workflow_draft}/edit/?step=appraise",
            "chi",
            "editor",
            name="workflow-edit-step",
        ),
    ],
    ("staff", "workflow_drawing"): [Visit("/workflows/versions/{workflow_draft}/drawing/", "chi", "drawing")],
    ("staff", "workflow_publish"): [Visit("/workflows/versions/{workflow_draft}/publish/", "chi")],
    ("staff", "workflow_compare"): [Visit("/workflows/versions/{workflow_draft}/compare/", "hoa")],
    ("staff", "workflow_try"): [
        Visit("/workflows/versions/{workflow_draft}/try/", "hoa", name="workflow-try"),
        Visit(
            "/workflows/versions/{workflow_draft}/try/?do=accept%3E&do=assign%3E",
            "hoa",
            name="workflow-try-on",
        ),
    ],
    ("staff", "certification"): [
        Visit("/certification/?stage=sign", "tuan", "desk", name="certification-sign"),
        Visit("/certification/?stage=return", "mai", "desk", name="certification-return"),
        Visit("/certification/", "minh", "desk", name="certification-day"),
        Visit("/certification/?day=2020-01-06", "minh", "desk", name="certification-empty"),
    ],
    ("staff", "certification-new"): [
        Visit("/certification/new/", "minh", "intake", name="certification-new"),
        Visit("/certification/new/?kind=signature", "minh", "intake", name="certification-new-signature"),
        Visit("/certification/new/?kind=translator", "minh", "intake", name="certification-new-translator"),
        Visit("/certification/new/?done={copied}", "minh", "intake", name="certification-taken"),
        Visit(
            "/certification/new/",
            "minh",
            "intake",
            status=422,
            press=_empty("#visit .mc-button"),
            name="certification-faults",
        ),
    ],
    ("staff", "certification-visit"): [
        Visit("/certification/{copied_unpaid}/", "minh", "desk", name="certification-unpaid"),
        Visit("/certification/{copied_back}/", "tuan", "desk", name="certification-sent-back"),
        Visit("/certification/{copied_done}/", "mai", "desk", name="certification-done"),
        Visit("/certification/{copied_electronic}/", "minh", "desk", name="certification-has-electronic"),
        Visit("/certification/{signed}/", "minh", "desk", name="certification-signed"),
    ],
    ("staff", "certification-correct"): [Visit("/certification/{copied_unpaid}/correct/", "minh", "desk")],
    ("staff", "certification-void"): [
        Visit("/certification/{copied}/papers/{copied_paper}/void/", "minh", "desk")
    ],
    ("staff", "certification-electronic"): [
        Visit("/certification/{copied_done}/papers/{copied_done_paper}/electronic/", "minh", "desk"),
        Visit(
            "/certification/{copied_done}/papers/{copied_done_paper}/electronic/",
            "minh",
            "desk",
            status=422,
            press=_press("main form button"),
            name="certification-electronic-faults",
        ),
    ],
    ("staff", "certification-register"): [
        Visit("/certification/register/", "minh", "desk"),
        Visit(
            "/certification/register/?kind=translator",
            "minh",
            "desk",
            name="certification-register-translator",
        ),
    ],
    ("staff", "certification-money"): [Visit("/certification/money/", "minh", "desk")],
    ("staff", "console"): [
        Visit("/counter/", "mai", "desk", name="console-choose"),
        Visit("/counter/", "binh", "desk", name="console-no-hall"),
        Visit("/counter/", "minh", "desk", name="console-serving"),
        Visit("/counter/", "nga", "desk", name="console-called"),
        Visit(
            "/counter/",
            "nga",
            "desk",
            press=_press("[data-key='0']"),
            name="strip-called",
            lands="/intake/drafts/",
        ),
    ],
    ("staff", "console-guide"): [
        Visit("/counter/guide/", "mai", "desk", name="guide"),
        Visit("/counter/guide/?q={ticket}", "minh", "desk", name="guide-waiting"),
        Visit("/counter/guide/?q={lost_ticket}", "mai", "desk", name="guide-lost"),
        Visit("/counter/guide/?q=Z999", "mai", "desk", name="guide-none"),
        Visit(
            "/counter/guide/",
            "mai",
            "desk",
            422,
            _empty("form[action$='check-in/'] button"),
            "guide-faults",
            lands="/counter/guide/check-in/",
        ),
    ],
    ("staff", "intake-drafts"): [Visit("/intake/drafts/", "minh", "desk")],
    ("staff", "intake-page"): [
        Visit("/intake/{empty}/", "minh", "intake", name="intake-empty"),
        Visit("/intake/{filled}/", "minh", "intake", name="intake-filled"),
        Visit(
            "/intake/{known}/",
            "minh",
            "intake",
            press=_press("[data-vault]"),
            stays=True,
            name="intake-vault",
        ),
    ],
    ("staff", "intake_batch"): [Visit("/intake/batch/{batch}/", "minh", "desk")],
    ("staff", "people_lists"): [Visit("/intake/lists/", "minh", "desk")],
    ("staff", "people_list"): [
        Visit("/intake/lists/{list}/", "minh", "desk", name="people-list-bad"),
        Visit("/intake/lists/{list}/?show=done", "minh", "desk", name="people-list-done"),
    ],
    ("staff", "intake-done"): [Visit("/intake/{taken}/done/", "minh", "desk")],
    ("staff", "search"): [
        Visit("/search", "hoa", "desk", name="search-nothing-asked"),
        Visit("/search?q=Hương+Giang", "hoa", "desk", name="search-found"),
        Visit("/search?q=zzzz", "hoa", "desk", name="search-none"),
        Visit("/search?q=thửa+đất+1473", "hoa", "desk", name="search-in-papers"),
    ],
    ("staff", "dossier"): [
        Visit("/dossiers/{assign}/", "minh", "desk", name="dossier-new"),
        Visit("/dossiers/{propose}/", "hoa", "desk", name="dossier-running"),
        Visit("/dossiers/{receive_supplement}/", "minh", "desk", name="dossier-asked"),
        Visit("/dossiers/{paused}/", "hoa", "desk", name="dossier-paused"),
        Visit("/dossiers/{returned}/", "mai", "desk", name="dossier-returned"),
        Visit("/dossiers/{propose_apology}/", "hoa", "desk", name="dossier-near"),
        Visit("/dossiers/{late}/", "hoa", "desk", name="dossier-late"),
        Visit("/dossiers/{proposed}/", "tuan", "desk", name="dossier-apology-proposed"),
        Visit("/dossiers/{go_on_without}/", "tuan", "desk", name="dossier-unanswered"),
        Visit("/dossiers/{by_post}/", "minh", "desk", name="dossier-to-answer"),
    ],
    ("staff", "reminders"): [
        Visit("/reminders/", "hoa", "desk", name="reminders"),
        Visit("/reminders/", "binh", "desk", name="reminders-none"),
    ],
    ("staff", "letters"): [
        Visit("/administration/letters/", "an"),
        Visit("/administration/letters/?before=1", "an", name="letters-none"),
    ],
    ("staff", "opinion-templates"): [
        Visit("/opinions/", "hoa", name="opinions"),
        Visit("/opinions/?edit={template}", "hoa", name="opinion-edit"),
        Visit("/opinions/", "minh", status=422, press=_empty(), name="opinion-faults"),
    ],
    ("staff", "dossier-note"): [
        Visit(
            "/dossiers/{propose}/",
            "hoa",
            "desk",
            422,
            _without_script(".mc-notes-form"),
            "note-empty",
            lands="/dossiers/{propose}/notes/",
        ),
    ],
    ("staff", "dossier-relate"): [
        Visit("/dossiers/{propose}/related/", "hoa", "desk", name="relate"),
        Visit(
            "/dossiers/{propose}/related/",
            "hoa",
            "desk",
            422,
            _without_script("#related form"),
            "relate-empty",
        ),
    ],
    ("staff", "delegations"): [
        Visit("/delegations/", "hoa", name="delegations"),
        Visit("/delegations/", "an", name="delegations-rule"),
        Visit("/delegations/", "binh", name="delegations-none"),
    ],
    ("staff", "delegation-new"): [
        Visit("/delegations/new/", "mai", name="delegation-own"),
        Visit("/delegations/new/", "tuan", name="delegation-of-others"),
        Visit("/delegations/new/", "hoa", press=_find_procedure, stays=True, name="delegation-procedures"),
        Visit(
            "/delegations/new/",
            "mai",
            status=422,
            press=_empty("main form .mc-buttons button"),
            name="delegation-faults",
        ),
    ],
    ("staff", "batch-assign"): [
        Visit(
            "/?list=unit", "hoa", "desk", press=_tick_and_send, name="batch-assign", lands="/lists/assign/"
        ),
    ],
    ("staff", "batch-approve"): [
        Visit(
            "/?list=approve", "tuan", "desk", press=_decide_two, name="batch-done", lands="/lists/approve/"
        ),
    ],
    ("staff", "dossier-workflow"): [Visit("/dossiers/{propose}/workflow/", "hoa", "desk")],
    ("staff", "dossier-reveal"): [
        Visit("/dossiers/{propose}/reveal/", "hoa", "desk", name="reveal-page"),
        Visit("/dossiers/{propose}/", "hoa", "desk", press=_reveal, stays=True, name="reveal-in-place"),
    ],
    ("staff", "dossier-due"): [Visit("/dossiers/{propose}/due/", "hoa", "desk")],
    ("staff", "dossier-act"): [
        *(one for verb, who in ACTS.items() for one in _act(verb, who)),
        *(one for verb in _ASKING for one in _refused(verb, ACTS[verb])),
    ],
    ("staff", "postings"): [
        Visit("/postings/", "hoa", "desk"),
        Visit("/postings/", "minh", "desk", name="postings-only-read"),
    ],
    ("staff", "paper-texts"): [Visit("/paper-texts/", "chi")],
    ("staff", "paper-text"): [
        Visit("/paper-texts/apology/", "chi"),
        Visit("/paper-texts/refusal/", "chi", status=422, press=_bad_passage, name="paper-text-faults"),
    ],
    ("staff", "paper-text-check"): [
        Visit(
            "/paper-texts/apology/",
            "chi",
            press=_new_passage,
            name="paper-text-check",
            lands="/paper-texts/apology/check/",
        ),
    ],
    ("staff", "message-texts"): [
        Visit("/message-texts/", "chi"),
        Visit("/message-texts/?event=done&about=x", "chi", status=422, name="message-texts-faults"),
    ],
    ("staff", "message-text"): [
        Visit("/message-texts/supplement/", "chi"),
        Visit("/message-texts/done/", "chi", status=422, press=_personal_sms, name="message-text-faults"),
    ],
    ("staff", "message-text-check"): [
        Visit(
            "/message-texts/received/",
            "chi",
            press=_new_sms,
            name="message-text-check",
            lands="/message-texts/received/check/",
        ),
    ],
    ("staff", "result-templates"): [Visit("/result-templates/", "chi")],
    ("staff", "result-template-new"): [
        Visit("/result-templates/new/", "chi"),
        Visit(
            "/result-templates/new/", "chi", status=422, press=_bad_template, name="result-template-faults"
        ),
    ],
    ("staff", "result-template"): [
        Visit("/result-templates/{rtemplate}/", "chi", name="result-template-draft"),
        Visit("/result-templates/{rpublished}/", "chi", name="result-template-published"),
    ],
    ("staff", "dossier-joint-slip"): [Visit("/dossiers/{propose}/joint-slip/", "minh")],
    ("staff", "dossier-paper-correct"): [
        Visit("/dossiers/{propose}/papers/{paper}/correct/", "minh"),
        Visit(
            "/dossiers/{propose}/papers/{paper}/correct/",
            "minh",
            status=422,
            press=_empty(),
            name="paper-correct-faults",
        ),
    ],
    ("staff", "dossier-extend-check"): [
        Visit(
            "/dossiers/{extend}/do/extend/",
            "tuan",
            "desk",
            press=_judge_a_day,
            stays=True,
            name="extend-judged",
        ),
    ],
    ("staff", "intake-split"): [
        Visit("/intake/{filled}/files/x2/{draft_stack}/split/", "minh", "desk", name="intake-split"),
    ],
    ("staff", "dossier-split"): [
        Visit("/dossiers/{propose}/files/{scan}/split/", "hoa", "desk", name="split"),
    ],
    ("staff", "dossier-file"): [
        Visit("/dossiers/{propose}/files/{file}/", "hoa", "desk", name="file-page"),
        Visit(
            "/dossiers/{propose}/files/{file}/",
            "hoa",
            "desk",
            press=_press("main details > summary"),
            stays=True,
            name="file-words",
        ),
        Visit("/dossiers/{propose}/", "hoa", "desk", press=_beside, stays=True, name="file-beside"),
    ],
}

PAGES |= {
    ("staff", "bookings"): [
        Visit("/halls/{phone_hall}/bookings/?day={hen_day}", "minh", name="bookings"),
        Visit("/halls/{phone_hall}/bookings/?day=2026-01-01", "tuan", name="bookings-none"),
    ],
    ("staff", "booking-new"): [
        Visit("/halls/{phone_hall}/bookings/new/", "minh"),
        Visit("/halls/{phone_hall}/bookings/new/", "minh", press=_no_time, name="booking-new-faults"),
    ],
    ("staff", "booking-rules"): [
        Visit("/halls/{phone_hall}/bookings/rules/", "an"),
        Visit(
            "/halls/{phone_hall}/bookings/rules/",
            "an",
            press=_empty("main form:has([name=capacity]) button"),
            name="booking-rules-faults",
        ),
    ],
    ("staff", "entrance"): [Visit("/halls/{phone_hall}/entrance/", "an")],
}

# ── What answers with something else. The test asks each as somebody who may, and fails on a whole page.
POST, JSON, PART, FILE, AWAY = "POST only", "JSON", "a part of a page", "a file", "leads elsewhere"
ELSEWHERE = "test_showcase.py"  # the pattern pages, looked at there in every state
_NO_JOB = "0190c0de-0000-7000-8000-000000000000"  # nobody asked for it
OTHERWISE: dict[tuple[str, str], tuple[str, str, str]] = {
    # what it answers, an address, as whom
    ("public", "eform-paper"): (FILE, "/to-khai/{eform_done}/to-khai.pdf", ""),
    ("public", "eform-autosave"): (POST, "/to-khai/{eform}/luu", ""),
    ("public", "ui_theme_sheet"): (FILE, "/ui/theme.css", ""),
    ("public", "ui_components_citizen"): (ELSEWHERE, "/thanh-phan", ""),
    ("public", "ui_home_model"): (ELSEWHERE, "/thanh-phan/trang-dau", ""),
    ("public", "ui_track_model"): (ELSEWHERE, "/thanh-phan/theo-doi", ""),
    ("public", "online-declaration"): (AWAY, "/nop-ho-so/ban/{application}/to-khai/", "lan"),
    ("public", "online-of-answer"): (AWAY, "/nop-ho-so/to-khai/{application_answer}/", "lan"),
    ("public", "online-issued"): (FILE, "/ho-so-cua-toi/{online_dossier}/giay/{online_paper}.pdf", "lan"),
    ("public", "online-result"): (POST, f"/ho-so-cua-toi/{{online_dossier}}/ket-qua/{_NO_JOB}", "lan"),
    ("public", "online-again"): (POST, "/ho-so-cua-toi/{online_dossier}/nop-lai/", "lan"),
    ("public", "online-file"): (POST, f"/ho-so-cua-toi/{{online_dossier}}/tep/{_NO_JOB}", "lan"),
    # Pages of somebody who signed in: motcua/applicants/tests/test_vault.py looks at them with papers in.
    ("public", "vault-picture"): (FILE, f"/giay-to-cua-toi/{_NO_JOB}/1/1.png", "lan"),
    ("public", "vault-download"): (POST, f"/giay-to-cua-toi/{_NO_JOB}/1/tai-ve", "lan"),
    ("public", "uploads"): (JSON, "/gui-tep/", "lan"),
    ("public", "upload"): (POST, f"/gui-tep/{_NO_JOB}", "lan"),
    ("staff", "uploads"): (JSON, "/uploads/", "minh"),
    ("staff", "upload"): (POST, f"/uploads/{_NO_JOB}", "minh"),
    ("public", "call-sound"): (FILE, "/am-thanh/{hall}/1.wav", ""),
    ("public", "guide-sound"): (FILE, "/am-thanh/ki-ot/start.wav", ""),
    ("public", "figures-file"): (FILE, "/so-lieu/so-lieu-{figures_year}.csv", ""),
    ("public", "health"): (FILE, "/suc-khoe", ""),
    ("public", "account_login"): (AWAY, "/dang-nhap/", ""),
    ("public", "portal-stay"): (JSON, "/tai-khoan/phien/", "lan"),
    ("public", "portal-mandate-end"): (POST, "/tai-khoan/lam-thay/{mandate}/ket-thuc/", "lan"),
    ("staff", "mandate-proof"): (FILE, "/mandates/{mandate}/page/1.png", "minh"),
    ("public", "portal-end-sessions"): (POST, "/tai-khoan/phien/ket-thuc/", "lan"),
    ("public", "boards-letters"): (JSON, "/man-hinh/ma", "screen-hall"),
    ("public", "boards-token"): (JSON, "/man-hinh/phieu-song", "screen-hall"),
    ("public", "boards-state"): (JSON, "/man-hinh/trang-thai", "screen-hall"),
    ("public", "kiosk-pulse"): (JSON, "/ki-ot/nhip", "screen-kiosk"),
    ("public", "kiosk-person"): (PART, "/ki-ot/nguoi-huong-dan/", "screen-kiosk"),
    ("public", "kiosk-ring"): (POST, "/ki-ot/goi-nguoi/", "screen-kiosk"),
    ("public", "kiosk-ringing"): (JSON, "/ki-ot/goi-nguoi/xem", "screen-kiosk"),
    ("public", "kiosk-worker"): (FILE, "/ki-ot/ngoai-tuyen.js", ""),
    ("public", "phone-worker"): (FILE, "/so/bao.js", ""),
    ("public", "telling-worker"): (FILE, "/bao-tin/tho.js", ""),
    ("public", "telling-browser"): (POST, "/bao-tin/{telling}/may", ""),
    ("public", "telling-leave"): (AWAY, "/bao-tin/{telling_mail}/thoi-thu", ""),
    ("public", "arrivals-zalo"): (POST, "/bao-tin/ve/zalo", ""),
    ("public", "arrivals-sms"): (FILE, "/bao-tin/ve/sms/khong-co", ""),  # some providers call by GET
    ("staff", "console-calls"): (PART, "/counter/calls", "mai"),
    ("public", "kiosk-services"): (PART, "/ki-ot/nhom-viec/", "screen-kiosk"),
    ("public", "kiosk-priority"): (PART, "/ki-ot/uu-tien/", "screen-kiosk"),
    ("public", "kiosk-take"): (POST, "/ki-ot/lay-so/", "screen-kiosk"),
    ("public", "kiosk-state"): (JSON, "/ki-ot/phieu/{printed_ticket}/trang-thai", "screen-kiosk"),
    ("public", "kiosk-print"): (POST, "/ki-ot/phieu/{printed_ticket}/in-lai", "screen-kiosk"),
    ("public", "kiosk-held"): (POST, "/ki-ot/phieu/{printed_ticket}/da-in", "screen-kiosk"),
    ("public", "kiosk-give-up"): (POST, "/ki-ot/phieu/{printed_ticket}/bo", "screen-kiosk"),
    ("public", "kiosk-lookup"): (PART, "/ki-ot/thu-tuc/", "screen-kiosk"),
    ("public", "kiosk-found"): (PART, "/ki-ot/tim/?q=khai", "screen-kiosk"),
    ("public", "kiosk-procedure"): (PART, "/ki-ot/thu-tuc/{birth}/", "screen-kiosk"),
    ("public", "kiosk-scan"): (PART, "/ki-ot/quet/", "screen-kiosk"),
    ("public", "kiosk-scanned"): (POST, "/ki-ot/da-quet/", "screen-kiosk"),
    ("public", "kiosk-rate"): (POST, "/ki-ot/danh-gia/", "screen-kiosk"),
    ("public", "kiosk-question"): (POST, "/ki-ot/danh-gia/cau-hoi/", "screen-kiosk"),
    ("public", "petition-about-dossier"): (POST, "/phan-anh/ve-ho-so/", ""),
    ("public", "petition-find"): (POST, "/phan-anh/tim/", ""),
    ("staff", "questions-decide"): (POST, "/rating-questions/{question_draft}/publish/", "an"),
    ("staff", "petition-act"): (POST, "/petitions/{petition_new}/act/ask/", "tuan"),
    ("staff", "petition-file"): (AWAY, "/petitions/{petition_new}/files/{petition_file}/", "tuan"),
    ("staff", "petition-page"): (FILE, "/petitions/{petition_new}/files/{petition_file}/1.png", "tuan"),
    ("public", "procedure_sheet"): (FILE, "/thu-tuc/{birth}/to-huong-dan", ""),
    ("staff", "procedure_guide"): (FILE, "/procedures/versions/{birth_version}/guide", "hoa"),
    ("staff", "wall_poster"): (FILE, "/agencies/{agency}/wall/poster", "hoa"),
    ("staff", "wall_labels"): (FILE, "/agencies/{agency}/wall/labels", "hoa"),
    ("public", "language"): (AWAY, "/ngon-ngu/en", ""),
    ("public", "phone-keep"): (POST, "/so/{so_waiting}/giu/", ""),
    ("public", "phone-give-up"): (POST, "/so/{so_waiting}/bo/", ""),
    ("public", "phone-back"): (POST, "/so/{so_held}/quay-lai/", ""),
    ("public", "booking-cancel"): (POST, "/lich-hen/{hen}/huy/", ""),
    ("public", "booking-calendar"): (FILE, "/lich-hen/{hen}/lich.ics", ""),
    ("staff", "booking-drop"): (POST, "/halls/{phone_hall}/bookings/{booking}/cancel/", "minh"),
    ("staff", "booking-rule-end"): (POST, "/halls/{phone_hall}/bookings/rules/{slot_rule}/end/", "an"),
    ("staff", "booking-day-close"): (POST, "/halls/{phone_hall}/bookings/days/", "an"),
    ("staff", "booking-day-open"): (POST, "/halls/{phone_hall}/bookings/days/{closed_day}/open/", "an"),
    ("files", "file"): (FILE, "/f/{token}", ""),
    **{
        ("public", f"station-{verb}"): (POST, f"/tram/jobs/{_NO_JOB}/{verb}", "")
        for verb in ("content", "hold", "done", "failed", "scanned")
    },
    ("public", "station-pair"): (POST, "/tram/pair", ""),
    ("public", "station-next"): (POST, "/tram/next", ""),
    **{
        ("public", f"exchange-{name}"): (JSON, f"/api/v1/{path}", "")
        for name, path in (
            ("procedures", "procedures"),
            ("procedure", "procedures/1.001193"),
            ("statistics", "statistics"),
            ("dossiers", "dossiers"),
            ("dossier", "dossiers/{propose}"),
            ("timeline", "dossiers/{propose}/timeline"),
            ("due", "dossiers/{propose}/due"),
            ("papers", "dossiers/{propose}/papers"),
            ("paper", f"dossiers/{{propose}}/papers/{_NO_JOB}"),
            ("files", "dossiers/{propose}/files"),
            ("file", f"dossiers/{{propose}}/files/{_NO_JOB}"),
            ("changes", "changes"),
            ("webhooks", "webhooks"),
            ("webhook", f"webhooks/{_NO_JOB}"),
            ("webhook-deliveries", f"webhooks/{_NO_JOB}/deliveries"),
            ("description", "openapi.json"),
            ("nothing", "khong-co"),
        )
    },
    ("public", "exchange-no-version"): (JSON, "/api/", ""),
    ("public", "exchange-other-version"): (JSON, "/api/v2/dossiers", ""),
    **{
        ("public", f"exchange-{name}"): (POST, f"/api/v1/{path}", "")
        for name, path in (
            ("token", "token"),
            ("uploads", "uploads"),
            ("supplement", "dossiers/{propose}/supplement"),
            ("withdraw", "dossiers/{propose}/withdraw"),
            ("result-received", "dossiers/{propose}/result/received"),
            ("webhook-secret", f"webhooks/{_NO_JOB}/secret"),
            ("webhook-resume", f"webhooks/{_NO_JOB}/resume"),
            ("webhook-trial", f"webhooks/{_NO_JOB}/trial"),
        )
    },
    ("staff", "integration-secret"): (POST, "/integrations/{client}/secret/", "an"),
    ("staff", "citizen_sign_in_try"): (POST, "/administration/sign-in/try/", "an"),
    ("staff", "integration-end-secrets"): (POST, "/integrations/{client}/end-secrets/", "an"),
    ("staff", "integration-revoke"): (POST, "/integrations/{client}/revoke/", "an"),
    ("staff", "integration-resume"): (POST, f"/integrations/{{client}}/webhooks/{_NO_JOB}/resume/", "an"),
    ("staff", "station-job"): (JSON, f"/stations/jobs/{_NO_JOB}/", "minh"),
    ("staff", "ticket-print"): (POST, f"/stations/tickets/{_NO_JOB}/print/", "minh"),
    ("staff", "ticket-pdf"): (FILE, f"/stations/tickets/{_NO_JOB}.pdf", "minh"),
    ("staff", "dossier-label-pdf"): (FILE, "/dossiers/{propose}/label.pdf", "hoa"),
    ("staff", "dossier-label"): (POST, "/dossiers/{propose}/label/", "hoa"),
    ("staff", "dossier-scan"): (POST, "/dossiers/{propose}/scan/", "hoa"),
    ("staff", "dossier-scan-take"): (POST, f"/dossiers/{{propose}}/scan/{_NO_JOB}/", "hoa"),
    ("staff", "intake-scan"): (POST, "/intake/{filled}/scan/x1/", "minh"),
    ("staff", "intake-scan-take"): (POST, f"/intake/{{filled}}/scan/x1/{_NO_JOB}/", "minh"),
    ("staff", "dossier-separators"): (FILE, "/dossiers/{propose}/separators.pdf", "hoa"),
    ("staff", "hall-voice-sample"): (FILE, "/halls/{hall}/voice/sample.wav", "an"),
    ("staff", "hall-voice-new"): (POST, "/halls/{hall}/voice/new/", "an"),
    ("staff", "hall-voice-end"): (POST, "/halls/{hall}/voice/{voice}/end/", "an"),
    ("staff", "hall-voice-clip"): (FILE, "/halls/{hall}/voice/{voice}/moi-so.wav", "an"),
    ("staff", "hall_open"): (POST, "/halls/{hall}/open/", "an"),
    ("staff", "hall_copy"): (POST, "/halls/{hall}/figures/copy/csv/", "tuan"),
    ("staff", "certification-many"): (POST, "/certification/many/", "tuan"),
    ("staff", "certification-fee"): (JSON, "/certification/fee/", "minh"),
    ("staff", "certification-register-pdf"): (FILE, "/certification/register.pdf", "minh"),
    ("staff", "certification-volume"): (POST, "/certification/volume/", "minh"),
    ("staff", "certification-words"): (FILE, "/certification/{copied}/words.pdf", "minh"),
    ("staff", "mfa_login_webauthn"): (AWAY, "/dang-nhap/khoa/", ""),
    ("staff", "ui_theme_sheet"): (FILE, "/ui/theme.css", ""),
    ("staff", "ui_theme"): (POST, "/ui/theme", "hoa"),
    ("staff", "ui_components"): (ELSEWHERE, "/ui/", ""),
    ("staff", "ui_options"): (JSON, "/ui/options", ""),
    ("staff", "ui_save"): (POST, "/ui/save", ""),
    ("staff", "ui_clock"): (POST, "/ui/clock", ""),
    ("staff", "ui_upload"): (POST, "/ui/upload", ""),
    ("staff", "ui_sample_pdf"): (FILE, "/ui/sample.pdf", ""),
    ("staff", "accounts_end_session"): (AWAY, "/account/sessions/1/end/", "hoa"),
    ("staff", "accounts_end_other_sessions"): (AWAY, "/account/sessions/end/", "hoa"),
    ("staff", "agencies_confirm_reset"): (AWAY, "/people/resets/1/confirm/", "an"),
    ("staff", "agencies_refuse_reset"): (AWAY, "/people/resets/1/refuse/", "an"),
    ("staff", "agencies_end_position"): (AWAY, "/people/positions/{position}/end/", "an"),
    ("staff", "agencies_people_letters"): (POST, "/people/file/letters/", "an"),
    ("staff", "agencies_review_open"): (POST, "/reviews/open/", "an"),
    ("staff", "agencies_review_close"): (POST, "/reviews/{review}/close/", "an"),
    ("staff", "agencies_review_keep"): (POST, "/reviews/{review}/agencies/{agency}/keep/", "tuan"),
    ("staff", "agencies_review_answer"): (POST, "/reviews/items/1/", "tuan"),
    ("staff", "moving_start"): (POST, "/moving/{move}/start/", "an"),
    ("staff", "moving_cancel"): (POST, "/moving/{move}/cancel/", "an"),
    ("staff", "moving_troubles"): (FILE, "/moving/{move}/troubles.csv", "an"),
    ("staff", "agencies_leave"): (AWAY, "/people/{person}/leave/", "an"),
    ("staff", "agencies_reopen"): (AWAY, "/people/{person}/reopen/", "an"),
    ("staff", "agencies_end_sessions"): (AWAY, "/people/{person}/sessions/end/", "an"),
    ("staff", "agencies_ask_reset"): (AWAY, "/people/{person}/reset/", "an"),
    ("staff", "accounts_emergency"): (AWAY, "/account/emergency/", "hoa"),
    ("staff", "agencies_seal_emergency"): (AWAY, "/people/emergency/{sealed}/seal/", "an"),
    ("staff", "calendar_day_act"): (AWAY, "/calendars/{calendar}/days/{day}/act/", "an"),
    ("staff", "reminder"): (AWAY, "/reminders/{message}/", "hoa"),
    ("staff", "reminders-read"): (POST, "/reminders/read", "hoa"),
    ("staff", "letters_act"): (POST, "/administration/letters/act", "an"),
    ("staff", "retention_decide"): (POST, "/administration/retention/changes/{span}/decide/", "an"),
    ("staff", "keeping_decide"): (POST, "/administration/keeping/{period}/decide/", "an"),
    ("staff", "archive-copy"): (POST, "/archive/xlsx", "tuan"),
    ("staff", "recompute_act"): (AWAY, "/calendars/recomputes/{recompute}/act/", "an"),
    ("staff", "recompute_start"): (AWAY, "/calendars/days/{day}/recompute/", "an"),
    ("staff", "recompute_start_hours"): (AWAY, "/calendars/hours/{hours_change}/recompute/", "an"),
    ("staff", "calendar_confirm"): (POST, "/calendars/{calendar}/years/2026/confirm/", "an"),
    ("staff", "calendar_propose"): (POST, "/calendars/{calendar}/years/2026/propose/", "an"),
    ("staff", "procedure_start_draft"): (POST, "/procedures/{edited}/draft/", "chi"),
    ("staff", "procedure_discard"): (POST, "/procedures/versions/{pdraft}/discard/", "chi"),
    ("staff", "procedure_approve"): (POST, "/procedures/approvals/{approval}/approve/", "tuan"),
    ("staff", "procedure_return"): (POST, "/procedures/approvals/{approval}/return/", "tuan"),
    ("staff", "procedure_approval_withdraw"): (POST, "/procedures/approvals/{approval}/withdraw/", "chi"),
    ("staff", "procedure_eform_approve"): (
        POST,
        "/procedures/{eform_waiting_procedure}/form/approvals/{eform_approval}/approve/",
        "tuan",
    ),
    ("staff", "procedure_eform_return"): (
        POST,
        "/procedures/{eform_waiting_procedure}/form/approvals/{eform_approval}/return/",
        "tuan",
    ),
    ("staff", "procedure_eform_withdraw"): (
        POST,
        "/procedures/{eform_waiting_procedure}/form/approvals/{eform_approval}/withdraw/",
        "chi",
    ),
    ("staff", "procedure_end_fee"): (POST, "/procedures/{special}/fees/{pfee}/end/", "chi"),
    ("staff", "procedure_end_exemption"): (POST, "/procedures/{special}/exemptions/{pgroup}/end/", "chi"),
    ("staff", "procedure_search"): (JSON, "/procedures/search?q=dk", "minh"),
    ("staff", "workflow_new_version"): (POST, "/workflows/versions/{workflow_draft}/new/", "chi"),
    ("staff", "workflow_bpmn"): (FILE, "/workflows/versions/{workflow_draft}/bpmn/", "hoa"),
    ("staff", "postings-pdf"): (FILE, "/postings.pdf", "hoa"),
    ("staff", "paper-text-preview"): (FILE, "/paper-texts/apology/preview.pdf", "chi"),
    ("staff", "message-text-discard"): (POST, "/message-texts/received/discard/", "chi"),
    ("staff", "browser"): (POST, "/account/browser", "hoa"),
    ("staff", "browser-worker"): (FILE, "/account/push.js", "hoa"),
    ("staff", "paper-text-discard"): (POST, "/paper-texts/apology/discard/", "chi"),
    ("staff", "result-template-preview"): (FILE, "/result-templates/{rtemplate}/preview.docx", "chi"),
    ("staff", "result-template-original"): (FILE, "/result-templates/{rtemplate}/original.docx", "chi"),
    ("staff", "result-template-discard"): (POST, "/result-templates/{rtemplate}/discard/", "chi"),
    ("staff", "dossier-compose"): (FILE, "/dossiers/{propose}/draft-result/granted.docx", "hoa"),
    ("staff", "register-copy"): (POST, "/register/pdf", "minh"),
    ("staff", "register-elsewhere-copy"): (POST, "/register/elsewhere/xlsx", "minh"),
    ("staff", "intake"): (AWAY, "/intake/", "minh"),
    ("staff", "intake-procedures"): (JSON, "/intake/procedures?q=dk", "minh"),
    ("staff", "intake-points"): (JSON, "/intake/points?q=a", "minh"),
    ("staff", "intake-save"): (POST, "/intake/{filled}/save", "minh"),
    ("staff", "intake-card"): (POST, "/intake/{filled}/card", "minh"),
    ("staff", "intake-known"): (POST, "/intake/{filled}/known", "minh"),
    ("staff", "intake-same-person"): (POST, "/intake/{taken}/same-person", "minh"),
    ("staff", "intake-same-procedure"): (POST, "/intake/{taken}/same-procedure", "minh"),
    ("staff", "intake_batch_slips"): (FILE, "/intake/batch/{batch}/slips.pdf", "minh"),
    ("staff", "people_list_columns"): (POST, "/intake/lists/{list}/columns", "minh"),
    ("staff", "people_list_go"): (POST, "/intake/lists/{list}/go", "minh"),
    ("staff", "people_list_give_up"): (POST, "/intake/lists/{list}/give-up", "minh"),
    ("staff", "people_list_slips"): (FILE, "/intake/lists/{list}/slips/1.pdf", "minh"),
    ("staff", "intake-people"): (POST, "/intake/{filled}/people", "minh"),
    ("staff", "intake-choose"): (POST, "/intake/{filled}/choose", "minh"),
    ("staff", "intake-case"): (PART, "/intake/{filled}/case?procedure={birth}", "minh"),
    ("staff", "intake-file"): (POST, "/intake/{filled}/files/x1", "minh"),
    ("staff", "intake-file-drop"): (POST, "/intake/{filled}/files/x1/{draft_file}/drop", "minh"),
    ("staff", "intake-preview"): (FILE, "/intake/{filled}/look/{draft_file}/1", "minh"),
    ("staff", "intake-discard"): (POST, "/intake/{filled}/discard", "minh"),
    ("staff", "list-counts"): (JSON, "/lists/counts", "hoa"),
    ("staff", "live-token"): (JSON, "/live/token", "hoa"),
    ("staff", "dossier-note-remove"): (POST, "/dossiers/{propose}/notes/{note}/remove/", "hoa"),
    ("staff", "console-line"): (PART, "/counter/line", "minh"),
    ("staff", "console-act"): (POST, "/counter/act/call/", "minh"),
    ("staff", "console-guide-act"): (POST, "/counter/guide/issue/", "minh"),
    ("staff", "dossier-ticket"): (POST, "/dossiers/{propose}/tickets/", "minh"),
    ("staff", "dossier-ticket-off"): (POST, "/dossiers/{propose}/tickets/{note}/off/", "minh"),
    ("staff", "dossier-relation-off"): (POST, "/dossiers/{propose}/related/{note}/off/", "hoa"),
    ("public", "data-rights-copy"): (POST, "/quyen-du-lieu/ban-sao", ""),
    ("staff", "data-request-act"): (POST, "/privacy/{yc_waiting}/act/", "tuan"),
    ("staff", "data-request-copy"): (FILE, "/privacy/{yc_seen}/copy.zip", "tuan"),
    ("staff", "data-request-certificate"): (FILE, "/privacy/{yc_erased}/certificate.pdf", "tuan"),
    ("staff", "incident-act"): (POST, "/incidents/{sc_fresh}/act/", "tuan"),
    ("staff", "incident-told"): (POST, "/incidents/{sc_late}/told/", "tuan"),
    ("staff", "incident-notice"): (FILE, "/incidents/{sc_fresh}/notice.pdf", "tuan"),
    ("staff", "dossier-why"): (POST, "/dossiers/{propose}/why/", "hoa"),
    ("staff", "dossier-watch"): (POST, "/dossiers/{propose}/watch/", "hoa"),
    ("staff", "dossier-colleagues"): (JSON, "/dossiers/{propose}/colleagues", "hoa"),
    ("staff", "opinion-texts"): (JSON, "/opinions/texts", "hoa"),
    ("staff", "opinion-template-drop"): (POST, "/opinions/{template}/drop/", "hoa"),
    ("staff", "delegation-act"): (POST, "/delegations/{delegation}/act/", "hoa"),
    ("staff", "delegation-approval"): (POST, "/delegations/approval/", "an"),
    ("staff", "dossier-peek"): (PART, "/dossiers/{propose}/peek/", "hoa"),
    ("staff", "dossier-paper"): (FILE, "/dossiers/{propose}/papers/{paper}.pdf", "hoa"),
    ("staff", "dossier-reprint"): (POST, "/dossiers/{propose}/papers/{paper}/reprint/", "hoa"),
    ("staff", "slip-pdf"): (FILE, "/papers/slips/{slip}/print.pdf", "minh"),
    ("staff", "slip-withdraw"): (POST, "/papers/slips/{slip}/withdraw/", "minh"),
    ("staff", "slip-settle"): (POST, "/papers/slips/{short_slip}/lines/{short_line}/settle/", "minh"),
    ("staff", "dossier-control-sheet"): (FILE, "/dossiers/{propose}/control-sheet.pdf", "hoa"),
    ("staff", "dossier-upload"): (POST, "/dossiers/{propose}/files/", "hoa"),
    ("staff", "dossier-file-page"): (FILE, "/dossiers/{propose}/files/{file}/page/1.png", "hoa"),
    ("staff", "dossier-file-download"): (AWAY, "/dossiers/{propose}/files/{file}/download", "hoa"),
    ("staff", "api-dossier-due"): (JSON, "/api/v1/dossiers/{propose}/due", "hoa"),
    ("staff", "api-due"): (JSON, "/api/v1/due?received=2026-07-06T09:00:00%2B07:00&limit=3+ngày", "hoa"),
}


def _session_ended(page: Page) -> None:
    """Write into a form, and send it when the session is over."""
    page.fill("[name=name]", "Nghị quyết về mức thu lệ phí hộ tịch")
    del page.motcua_rows.client("chi").cookies[settings.SESSION_COOKIE_NAME]  # type: ignore[attr-defined]
    page.evaluate("() => document.querySelector('main form[method=post]').submit()")


def _forge(page: Page) -> None:
    """Send a form whose token is gone, as one that was open over night."""
    page.evaluate(
        "() => document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach((one) => one.remove())"
    )
    page.evaluate("() => document.querySelector('main form[method=post]').submit()")


#: Pages that no route owns.
ERRORS: dict[str, tuple[str, Visit]] = {
    "404-public": ("public", Visit("/khong-co-trang-nay", kind="public", status=404)),
    "404-staff": ("staff", Visit("/khong-co-trang-nay", "hoa", "desk", 404)),
    "404-dossier": ("staff", Visit("/dossiers/H24.12-261121-9999/", "hoa", "desk", 404)),
    "404-visitor": ("staff", Visit("/khong-co-trang-nay", kind="public", status=404)),
    "404-files": ("files", Visit("/f/khong-co", kind="public", status=404)),
    "403-staff": ("staff", Visit("/people/", "hoa", "desk", 403)),
    "csrf-public": ("public", Visit("/phan-anh/gui/", kind="public", status=403, press=_forge)),
    "csrf-staff": ("staff", Visit("/people/new/", "an", "public", 403, _forge)),
    "session-ended": ("staff", Visit("/legal/new/", "chi", "public", 401, _session_ended)),
    "500-public": ("public", Visit("/hong", kind="public", status=500)),
    "500-staff": ("staff", Visit("/hong", "hoa", "public", 500)),
}
