"""How long each kind of personal data is kept, why, and what happens then: one table for pages, jobs and tests.

Jobs take their spans from here, so that what the page says is what is done. Dossiers and all that belongs to them are
never deleted by the program: whether they go is for the archive to decide. A model that holds personal data and
stands in no row is a fault that a test names.
"""

from dataclasses import dataclass

from motcua.lib.finding import mark as _

_ARCHIVE = _("Luật Lưu trữ 33/2024/QH15; NĐ 118/2025/NĐ-CP Điều 22")
_PRIVACY = _("Luật Bảo vệ dữ liệu cá nhân 91/2025; thời gian theo quyết định của cơ quan")
_OFFICE = _("theo quyết định của cơ quan")


@dataclass(frozen=True)
class Kind:
    """One kind of data. `days`: deleted so long after its last use unless an administrator set another span; None: not
    deleted by the program.

    `models` are the tables that hold it, as "app.Model". The words are Vietnamese, marked for translation; `span` of
    what is deleted holds %(days)s.
    """

    key: str
    name: str
    models: tuple[str, ...]
    days: int | None
    span: str
    ground: str
    then: str

    least: int = 7
    most: int = 3650

    def bounded(self, days: int) -> int:
        """Return `days` brought within what this kind allows."""
        return min(max(days, self.least), self.most)


KINDS: tuple[Kind, ...] = (
    Kind(
        "dossiers", _("Hồ sơ, giấy tờ, kết quả và mọi việc ghi trong hồ sơ"),
        (
            "dossiers.Dossier", "dossiers.Task", "dossiers.Pause", "dossiers.SupplementRequest",
            "dossiers.Consultation", "dossiers.Apology", "dossiers.HandoverSlip", "dossiers.Holding",
            "dossiers.HandoverLine", "dossiers.DossierDocument", "dossiers.Paper", "dossiers.Result",
            "dossiers.Note", "dossiers.Relation", "dossiers.Posting", "exchange.Incoming", "certification.Visit",
            "certification.CopiedPaper", "certification.Signer", "certification.ElectronicCopy",
        ),
        None, _("đến khi cơ quan lưu trữ quyết định"), _ARCHIVE,
        _("Phần mềm không xóa. Hết thời hạn bảo quản thì cơ quan lưu trữ quyết định."),
    ),
    Kind(
        "applicants", _("Người dân, tổ chức có hồ sơ"),
        ("applicants.Person", "applicants.Organization", "dossiers.KnownName", "applicants.VaultPaper",
         "applicants.VaultFile"),
        None, _("như hồ sơ của họ"), _ARCHIVE, _("Phần mềm không xóa chừng nào còn hồ sơ của họ."),
    ),
    Kind(
        "citizens", _("Tài khoản của người dân: ai, định danh nào, làm thay ai"),
        ("applicants.CitizenAccount", "applicants.CitizenIdentity", "applicants.Mandate"),
        None, _("như hồ sơ của họ"), _PRIVACY,
        _("Định danh gỡ khỏi tài khoản thì không đăng nhập được nữa; lịch sử vẫn gọi tên tài khoản."),
    ),
    Kind(
        "trail", _("Lịch sử và nhật ký: ai làm, ai đọc, ai tra cứu"),
        ("audit.Entry", "applicants.LookUp", "applicants.VaultLook", "dossiers.Shown"),
        None, _("không xóa"), _PRIVACY,
        _("Nối bằng chuỗi băm hoặc chỉ ghi thêm: không ai sửa, xóa được, kể cả phần mềm."),
    ),
    Kind(
        "officers", _("Tài khoản, vị trí, ủy quyền, rà soát quyền của cán bộ"),
        (
            "accounts.Account", "accounts.Invitation", "accounts.ResetRequest",
            "accounts.Notice", "accounts.EmergencySeal", "accounts.EmailChange", "agencies.Position",
            "agencies.Delegation", "agencies.ReviewItem", "agencies.PlannedChange", "dossiers.OwnReminder",
            "dossiers.OpinionTemplate", "retention.SpanChange", "feedback.Forwarding",
        ),
        None, _("không xóa"), _OFFICE, _("Tài khoản nghỉ việc bị khóa, không xóa: lịch sử gọi tên người đã làm."),
    ),
    Kind(
        "secrets", _("Dấu băm của mật khẩu cũ và mã đã dùng"), ("accounts.PasswordRecord", "accounts.UsedCode"),
        None, _("chỉ các bản gần nhất"), _OFFICE, _("Bản cũ hơn xóa ngay khi có bản mới; chỉ để không dùng lại."),
    ),
    Kind(
        "catalogue", _("Ai soạn, ai duyệt danh mục thủ tục"),
        ("procedures.ProcedureVersion", "procedures.ImportFlag", "procedures.DraftEdit", "procedures.Approval",
         "procedures.NationalReview", "procedures.KeepingPeriod", "procedures.FormFamily", "feedback.QuestionSet",
         "eforms.FormDraft", "eforms.FormApproval"),
        None, _("không xóa"), _OFFICE, _("Ở cùng bản thủ tục."),
    ),
    Kind(
        "drafts", _("Bản nháp tiếp nhận chưa thành hồ sơ"), ("dossiers.Draft",),
        30, _("%(days)s ngày từ lần sửa cuối"), _PRIVACY,
        _("Xóa bản nháp; trang bản nháp báo trước. Hồ sơ đã có mã không đụng tới."),
    ),
    Kind(
        "applications", _("Hồ sơ trực tuyến đang chuẩn bị"),
        ("online.Application", "online.ApplicationPaper", "online.ApplicationFile"),
        30, _("%(days)s ngày từ lần lưu cuối"), _PRIVACY,
        _("Xóa hồ sơ chưa nộp cùng tệp và tờ khai; hồ sơ đã nộp thì giữ cùng hồ sơ."),
    ),
    Kind(
        "answers", _("Tờ khai điện tử chưa nộp"), ("eforms.FormAnswer", "eforms.Confirmation"),
        30, _("%(days)s ngày từ lần lưu cuối"), _PRIVACY,
        _("Xóa tờ khai chưa nộp; tờ khai đã nộp ở cùng hồ sơ."),
    ),
    Kind(
        "lists", _("Danh sách nhiều người chưa tiếp nhận"), ("dossiers.PeopleList", "dossiers.ListRow"),
        30, _("%(days)s ngày từ khi tải lên"), _PRIVACY, _("Xóa các dòng chưa thành hồ sơ."),
    ),
    Kind(
        "files", _("Tệp tải lên không dùng đến, và chữ đọc được trong tệp"), ("files.StoredFile", "dossiers.ScanText"),
        30, _("%(days)s ngày từ khi không còn hồ sơ nào dùng"), _PRIVACY, _("Để riêng sau một ngày, rồi xóa hẳn."),
    ),
    Kind(
        "uploads", _("Tệp đang gửi dở"), ("files.Upload",),
        None, _("một ngày từ lần gửi cuối"), _PRIVACY, _("Xóa cả phần đã gửi; tệp gửi xong thì vào hồ sơ."),
    ),
    Kind(
        "moving", _("Tệp chuyển từ hệ thống cũ chưa nhập"), ("moving.Move",),
        30, _("%(days)s ngày từ khi tải lên"), _PRIVACY, _("Xóa nội dung tệp; việc đã tải lên vẫn ghi."),
    ),
    Kind(
        "guards", _("Lần nhập sai mật khẩu, kèm địa chỉ máy"), ("accounts.LoginGuard",),
        90, _("%(days)s ngày từ lần cuối; 30 ngày nếu chưa từng đăng nhập được"), _PRIVACY, _("Xóa."),
    ),
    Kind(
        "integrations", _("Hệ thống kết nối: đầu mối kỹ thuật, khóa ký tin"), ("exchange.Client", "exchange.Webhook"),
        None, _("không xóa"), _OFFICE, _("Thu hồi thì khóa ngay; lịch sử gọi tên hệ thống đã gửi."),
    ),
    Kind(
        "outbox", _("Tin trong hộp gửi nội bộ"), ("outbox.Message",),
        None, _("không xóa"), _OFFICE, _("Chỉ có mã và số, không có tên hay số giấy tờ."),
    ),
    Kind(
        "letters", _("Sáng nào cán bộ nào có thư nhắc việc"), ("dossiers.Letter",),
        None, _("không xóa"), _OFFICE, _("Chỉ ghi ngày và có thư hay không; lời thư ở tin báo."),
    ),
    Kind(
        "messages", _("Tin báo cho cán bộ và người dân"), ("notifications.Message", "notifications.Preference"),
        None, _("lời thư xóa khi gửi xong; nội dung khác xóa sau 90 ngày"), _PRIVACY,
        _("Còn lại: kênh nào, ngày nào, gửi được hay không."),
    ),
    Kind(
        "recipients", _("Cách nhận tin của người dân, máy nhận tin"),
        ("notifications.Recipient", "notifications.PushSubscription", "notifications.Token"),
        None, _("chừng nào còn nhận tin; máy thôi nhận thì xóa ngay"), _PRIVACY,
        _("Số điện thoại, hộp thư lưu mã hóa để giữ đúng lựa chọn của người đó."),
    ),
    Kind(
        "hall", _("Số thứ tự, lịch hẹn, ca trực ở sảnh"),
        ("counters.Ticket", "counters.Booking", "counters.Shift", "counters.Pause", "counters.HelpCall"),
        None, _("không xóa"), _OFFICE, _("Không có tên, số điện thoại của người đến; cán bộ trực theo ca."),
    ),
    Kind(
        "voices", _("Giọng cán bộ ghi để gọi số"), ("counters.Voice", "counters.Clip"),
        None, _("đến khi ngừng dùng giọng đó"), _OFFICE,
        _("Ngừng dùng giọng thì xóa hẳn mọi bản ghi, cả bản đã thay; chỉ còn tên giọng và ngày."),
    ),
    Kind(
        "station_jobs", _("Việc in và quét của trạm ở quầy"), ("counters.StationJob",),
        30, _("%(days)s ngày từ khi xong"), _OFFICE,
        _("Xóa. Trang quét chưa ai lấy vào hồ sơ thì xóa sau một ngày."),
    ),
    Kind(
        "ratings", _("Lời góp ý kèm đánh giá"), ("feedback.Rating",),
        365, _("%(days)s ngày từ ngày đánh giá"), _PRIVACY, _("Xóa lời góp ý; mức đánh giá vẫn giữ."),
    ),
    Kind(
        "rating_traces", _("Lúc nào và từ máy nào có đánh giá (dấu băm), để thấy đánh giá sắp đặt"),
        ("feedback.RatingTrace",),
        None, _("đến hôm sau"), _PRIVACY, _("Máy xem rồi tự xóa; không ai đọc được, kể cả lãnh đạo."),
    ),
    Kind(
        "petitions", _("Tên, điện thoại, thư điện tử của người gửi phản ánh, kiến nghị"),
        ("feedback.Petition", "feedback.PetitionMessage", "feedback.PetitionFile", "feedback.Publication"),
        365, _("%(days)s ngày từ khi giải quyết xong"), _PRIVACY,
        _("Xóa tên và cách liên hệ; nội dung, tệp gửi kèm và câu trả lời giữ theo quy định lưu trữ."),
    ),
    Kind(
        "data_requests", _("Yêu cầu của người dân về dữ liệu của mình"), ("privacy.DataRequest",),
        None, _("không xóa; bản sao dữ liệu đã trao xóa sau 30 ngày"), _PRIVACY,
        _("Giữ làm chứng đã trả lời đúng hạn. Bản sao chỉ còn dấu băm."),
    ),
    Kind(
        "incidents", _("Sổ sự cố dữ liệu cá nhân"), ("privacy.Incident", "privacy.Concerned"),
        None, _("không xóa"), _PRIVACY, _("Giữ làm chứng đã báo cơ quan và người liên quan đúng hạn."),
    ),
    Kind(
        "knocks", _("Dấu băm địa chỉ mạng của người lấy số, đặt lịch, gửi phản ánh, mở tờ khai"),
        ("counters.Knock", "eforms.Beginning"),
        None, _("một ngày"), _PRIVACY, _("Để một nơi không lấy hết chỗ; dấu của ngày trước tự xóa khi có người dùng."),
    ),
)  # fmt: skip
_BY_KEY = {kind.key: kind for kind in KINDS}


def kind(key: str) -> Kind:
    """Return the row of a kind."""
    return _BY_KEY[key]


def found(key: str) -> Kind | None:
    """Return the row of a kind, None when there is none."""
    return _BY_KEY.get(key)


def unnamed(labels: set[str]) -> list[str]:
    """Return the models among `labels` that no row names."""
    named = {label for kind in KINDS for label in kind.models}
    return sorted(labels - named)


def named_twice() -> list[str]:
    """Return the models that more than one row names."""
    labels = [label for kind in KINDS for label in kind.models]
    return sorted({label for label in labels if labels.count(label) > 1})
