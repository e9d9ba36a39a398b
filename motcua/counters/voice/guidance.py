"""What a kiosk says beside what it shows: nine sentences in Vietnamese and English, read by the machine or recorded.

The names are part of addresses (`/am-thanh/ki-ot/start.wav`). Pure.
"""

VIETNAMESE, ENGLISH = "vi", "en"
LANGUAGES = (VIETNAMESE, ENGLISH)

SENTENCES: dict[str, tuple[str, str]] = {
    "start": (
        "Xin chào anh chị. Chạm vào ô lấy số để làm việc ở quầy. Người được ưu tiên chạm vào ô lấy số ưu tiên."
        " Cần người giúp thì chạm vào gặp người hướng dẫn.",
        "Welcome. Touch take a number to be served at a counter. If you have priority, touch priority number."
        " For help, touch meet a guide.",
    ),
    "services": (
        "Chọn việc anh chị cần làm ở quầy. Chưa rõ thì chạm vào ô tôi không biết chọn gì.",
        "Choose what you need at the counter. If you are not sure, touch I do not know what to choose.",
    ),
    "priority": (
        "Chạm vào diện ưu tiên của anh chị. Khi được gọi, đưa giấy tờ cho cán bộ xem.",
        "Touch the group you belong to. Show your papers to the officer when you are called.",
    ),
    "take": (
        "Đây là số của anh chị. Lấy phiếu ở máy, hoặc chụp mã bằng điện thoại, rồi ngồi chờ."
        " Khi đến lượt, màn hình và loa sẽ gọi số.",
        "This is your number. Take the ticket, or scan the code with your phone, and have a seat."
        " Your number will be called and shown on the screen.",
    ),
    "lookup": (
        "Anh chị cần làm việc gì? Chạm vào một nhóm, hoặc gõ tên việc. Trang sau cho biết giấy tờ, thời gian và phí.",
        "What do you need? Touch a group, or type its name. The next page shows papers, time and fee.",
    ),
    "scan": (
        "Đưa mã vuông vào ô sáng đỏ của máy quét, cách chừng một gang tay. Không quét được thì gõ mã.",
        "Hold the square code in the red light of the scanner, a hand's length away. If that fails, type the code.",
    ),
    "rate": (
        "Để đánh giá, quét phiếu số hoặc giấy tiếp nhận, rồi chạm vào một khuôn mặt. Đánh giá không kèm tên.",
        "To rate, scan your ticket or slip, then touch a face. Your answer carries no name.",
    ),
    "timeout": (
        "Anh chị còn ở đây không? Chạm vào cần thêm thời gian để làm tiếp.",
        "Are you still there? Touch more time to go on.",
    ),
    "person": (
        "Máy đang báo người hướng dẫn. Xin đứng đợi ở máy này, hoặc đến bàn hướng dẫn trong sảnh. Không cần lấy số.",
        "The guide is being called. Please wait at this machine, or go to the guide's desk in the hall.",
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
