"""What a kiosk says beside what it shows: nine sentences in Vietnamese and English, read by the machine or recorded.

The names are part of addresses (`/am-thanh/ki-ot/start.wav`). Pure.
"""

VIETNAMESE, ENGLISH = "vi", "en"
LANGUAGES = (VIETNAMESE, ENGLISH)

SENTENCES: dict[str, tuple[str, str]] = {
    "start": (
        "Kính chào quý khách. Chạm vào ô đầu tiên để lấy số. Cần người giúp, xin chạm vào gặp người hướng dẫn.",
        "Welcome. Touch the first box to take a number. For help, touch meet a guide.",
    ),
    "services": (
        "Xin chọn nhóm việc quý khách cần làm. Chưa rõ nên chọn gì, xin chạm vào ô việc khác.",
        "Please choose what you have come for. If you are not sure, touch other business.",
    ),
    "priority": (
        "Người từ 80 tuổi, người khuyết tật, phụ nữ mang thai, người có con nhỏ và người có công được gọi trước."
        " Nếu thuộc diện này, xin chạm vào ô của mình.",
        "People of 80 and over, people with a disability, pregnant women, people with a small child and people"
        " with merit are called earlier. If this is you, touch your box.",
    ),
    "take": (
        "Xin lấy phiếu ở khe bên dưới, rồi ngồi chờ. Khi đến lượt, loa và màn hình sẽ gọi số của quý khách.",
        "Please take your ticket below and have a seat. Your number will be called and shown on the screen.",
    ),
    "lookup": (
        "Gõ vài chữ trong tên việc cần làm, hoặc chọn theo nhóm. Trang sau cho biết giấy tờ, thời gian và phí.",
        "Type a few letters of what you need, or choose a group. The next page shows papers, time and fee.",
    ),
    "scan": (
        "Đưa mã vuông trên giấy hẹn vào trước máy quét, cách chừng một gang tay.",
        "Hold the square code of your slip in front of the scanner, about a hand's length away.",
    ),
    "rate": (
        "Xin cho biết quý khách có hài lòng không: chạm vào một khuôn mặt. Câu trả lời không ghi tên.",
        "Please tell us how it went: touch a face. Your answer carries no name.",
    ),
    "timeout": (
        "Quý khách còn ở đây không? Xin chạm vào cần thêm thời gian để tiếp tục.",
        "Are you still there? Touch more time to go on.",
    ),
    "person": (
        "Người hướng dẫn sẽ đến giúp. Xin đợi bên máy một lát.",
        "Somebody is coming to help you. Please wait here a moment.",
    ),
}


def word(name: str, language: str) -> str:
    """Return the name by which a recording of a sentence is kept."""
    return f"ki-ot-{name}-{language}"


def sentence(of: str) -> tuple[str, str] | None:
    """Return the text and the language of a recording's name; None where it names no sentence."""
    for language in LANGUAGES:
        for name in SENTENCES:
            if of == word(name, language):
                return text(name, language), language
    return None


def text(name: str, language: str) -> str:
    """Return a sentence. Raises KeyError for a name that is none."""
    return SENTENCES[name][LANGUAGES.index(language)]


def all_words(language: str) -> list[str]:
    """Return the names of all sentences of a language, in the order a visitor meets them."""
    return [word(name, language) for name in SENTENCES]
