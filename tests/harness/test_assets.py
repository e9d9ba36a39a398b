"""Third-party files: only those named in assets.lock, unchanged, and none of them in the repository."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import collect_assets  # noqa: E402


def entries() -> list[dict[str, str]]:
    return list(tomllib.loads((ROOT / "assets.lock").read_text(encoding="utf-8"))["asset"])


def test_the_files_in_place_are_those_of_the_lock() -> None:
    assert collect_assets.check() == len(entries())


def test_a_changed_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for entry in entries():
        target = tmp_path / entry["target"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / entry["target"]).read_bytes())
    monkeypatch.setattr(collect_assets, "ROOT", tmp_path)
    assert collect_assets.check()
    with (tmp_path / entries()[1]["target"]).open("ab") as file:
        file.write(b" ")
    with pytest.raises(collect_assets.Fault, match="differs"):
        collect_assets.check()


def test_versions_agree_and_nothing_names_a_registry() -> None:
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(lock)["packages"]
    for entry in entries():
        assert packages[f"node_modules/{entry['package']}"]["version"] == entry["version"]
    assert "resolved" not in lock
    assert not re.search(r"registry\.|npmjs", lock + (ROOT / "assets.lock").read_text(encoding="utf-8"))


def test_no_third_party_file_is_committed() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert not [
        name
        for name in tracked
        if name.startswith(("motcua/ui/static/vendor/", "motcua/base/printing/fonts/"))
    ]
    assert not [name for name in tracked if name.endswith((".woff2", ".ttf", ".min.js", ".min.css"))]


def test_the_sheet_carries_no_foreign_type_or_crown() -> None:
    sheet = (ROOT / "motcua/ui/static/vendor/govuk.css").read_text(encoding="utf-8")
    assert "GDS Transport" not in sheet
    assert "@font-face" not in sheet
    assert "url(" not in sheet
    assert sheet.count("@layer govuk{") == 1
