"""One door each: one upload function, one PDF maker, one XML parser, one place that calls the outside."""

import pytest

from tests.house.source import Module, imported, modules

# What is imported, and the only modules that may. A door that is not built yet has no module.
DOORS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "makes PDFs": (
        ("typst", "img2pdf", "weasyprint", "reportlab", "docxtpl"),
        ("motcua/base/printing/", "motcua/base/files/"),
    ),
    "reads uploads": (
        ("django.core.files.uploadhandler", "pi_heif", "pypdfium2"),
        ("motcua/base/files/", "motcua/base/printing/book_program.py"),  # which puts our own parts together
    ),
    "parses XML": (("xml", "lxml", "defusedxml"), ("motcua/lib/xml_documents.py",)),
    "calls the outside": (
        ("urllib.request", "requests", "httpx", "aiohttp", "urllib3", "smtplib", "http.client"),
        (
            "motcua/clients/http.py",  # the one for every other carrier and system
            "motcua/cli/run/installation.py",  # asks our own web process whether it is up
            "motcua/base/notifications/channels/",  # each hands messages to one kind of carrier
        ),
    ),
    "runs raw crypto": (
        ("cryptography",),
        (
            "motcua/lib/crypto.py",
            "motcua/accounts/",
            "motcua/clients/web_push.py",
            "motcua/base/files/signed_pdf.py",  # in the checker's child: signs one page of its own to warm up
            "motcua/base/files/trust.py",  # reads certificates
        ),
    ),
    "checks signatures": (
        ("pyhanko", "pyhanko_certvalidator", "asn1crypto"),
        ("motcua/base/files/signed_pdf.py",),
    ),
    "reads spreadsheets": (("openpyxl",), ("motcua/base/files/spreadsheet.py",)),  # in the checker's child
    "writes spreadsheets": (
        ("xlsxwriter",),
        (
            "motcua/reports/",
            "motcua/exchange/",
            "motcua/base/printing/listing.py",
        ),
    ),
    # What opens a stranger's file is loaded by the checker alone, never by the program itself.
    "opens strangers' files": (
        tuple(
            f"motcua.base.files.{name}"
            for name in (
                "spreadsheet",
                "separated",
                "row_lines",
                "splitting",
                "word",
                "inspection",
                "binding",
            )
        ),
        (
            "motcua/base/files/checker.py",
            "motcua/base/files/spreadsheet.py",
            "motcua/base/files/separated.py",
            "motcua/base/files/binding.py",
        ),
    ),
}


def intruders(module: Module, wanted: tuple[str, ...], doors: tuple[str, ...]) -> list[str]:
    """Return what the module imports of `wanted` without being one of its doors."""
    if doors and module.path.startswith(doors):
        return []
    return [
        f"{module.path}:{line} {name}"
        for name, line in imported(module.tree)
        if any(name == one or name.startswith(f"{one}.") for one in wanted)
    ]


@pytest.mark.parametrize("door", DOORS)
def test_there_is_one_door(door: str) -> None:
    wanted, allowed = DOORS[door]
    assert [fault for module in modules() for fault in intruders(module, wanted, allowed)] == []


@pytest.mark.parametrize("door", DOORS)
def test_a_planted_second_door_is_found(door: str) -> None:
    wanted, allowed = DOORS[door]
    planted = Module.of("motcua/dossiers/views/x.py", f"import {wanted[0]}\n")
    assert intruders(planted, wanted, allowed)


def test_uploads_are_stored_by_one_function() -> None:
    """Nobody else reads `request.FILES` into a file of their own."""
    writers = [
        module.path
        for module in modules()
        if "sha256" in module.text
        and ("os.link" in module.text or "fsync" in module.text)
        and not module.path.startswith(("motcua/base/files/", "motcua/config/", "motcua/cli/"))
    ]
    assert writers == []
