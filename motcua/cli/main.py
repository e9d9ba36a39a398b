"""`motcua`: the program of an installation's administrators.

Each command stands in its own module, imported only when it is called. Exit codes, the same for all:

    0    done; for a check: everything is in order
    1    refused, or the check found something (the message says what)
    2    wrong usage: unknown command, option or value
    3    this installation cannot be reached: bad setting, no database
    130  stopped with Ctrl-C
"""

import importlib
import importlib.util
import sys
from typing import NamedTuple

import click

from motcua import __version__
from motcua.config.env import text
from motcua.lib.refusal import Refusal

REFUSED = 1
USAGE = 2
UNREACHABLE = 3
INTERRUPTED = 130


class Entry(NamedTuple):
    """Where a command lives ("module:attribute") and the line that `motcua --help` shows for it."""

    target: str
    help: str


COMMANDS: dict[str, Entry] = {
    "serve": Entry("motcua.cli.commands.serve:serve", "Chạy hệ thống: web, kênh trực tiếp, việc nền."),
    "demo": Entry("motcua.cli.commands.demo:demo", "Bản trình diễn trên máy này."),
    "training": Entry("motcua.cli.commands.training:training", "Bản tập huấn bên cạnh hệ thống thật."),
    "migrate": Entry("motcua.cli.commands.migrate:migrate", "Tạo hoặc nâng cấp cơ sở dữ liệu."),
    "worker": Entry("motcua.cli.commands.worker:worker", "Việc nền (serve tự khởi động)."),
    "assets": Entry("motcua.cli.commands.assets:assets", "Gom tệp giao diện để phục vụ."),
    "init": Entry("motcua.cli.commands.init:init", "Cài đặt lần đầu, đến khi nhận được hồ sơ."),
    "agency": Entry("motcua.cli.commands.agency:agency", "Cơ quan: cây, tên, mã, lịch."),
    "unit": Entry("motcua.cli.commands.unit:unit", "Đơn vị trong cơ quan, lĩnh vực phụ trách."),
    "place": Entry("motcua.cli.commands.place:place", "Bộ phận một cửa."),
    "point": Entry("motcua.cli.commands.place:point", "Điểm tiếp nhận."),
    "counter": Entry("motcua.cli.commands.place:counter", "Quầy."),
    "device": Entry("motcua.cli.commands.device:device", "Máy lấy số, màn hình của sảnh."),
    "user": Entry("motcua.cli.commands.user:user", "Tài khoản cán bộ."),
    "move": Entry("motcua.cli.commands.move:move", "Chuyển hồ sơ từ hệ thống cũ: XLSX, CSV."),
    "verify": Entry("motcua.cli.commands.verify:verify", "Kiểm tra chuỗi băm của lịch sử."),
    "mail-bounce": Entry(
        "motcua.cli.commands.mail_bounce:mail_bounce", "Nhận thư bị trả lại từ máy chủ thư."
    ),
    "reindex": Entry("motcua.cli.commands.reindex:reindex", "Lập chỉ mục tìm kiếm cho hồ sơ cũ."),
    "retention": Entry("motcua.cli.commands.retention:retention", "Dữ liệu được giữ bao lâu, vì sao."),
    "sign-in": Entry(
        "motcua.cli.commands.sign_in:sign_in", "Đăng nhập của người dân: nơi định danh có kết nối đúng không."
    ),
    "malware": Entry(
        "motcua.cli.commands.malware:malware", "Quét mã độc: ClamAV, tuổi dấu hiệu, tệp chờ quét."
    ),
    "signatures": Entry(
        "motcua.cli.commands.signatures:signatures", "Chữ ký số: nơi cấp chứng thư được tin cậy."
    ),
    "scans": Entry("motcua.cli.commands.scans:scans", "Chữ trong giấy tờ quét: Tesseract, tệp chờ đọc."),
    "procedures": Entry("motcua.cli.commands.procedures:procedures", "Danh mục thủ tục hành chính."),
    "eforms": Entry("motcua.cli.commands.eforms:eforms", "Tờ khai điện tử có sẵn."),
    "workflow": Entry("motcua.cli.commands.workflow:workflow", "Quy trình nội bộ."),
    "calendar": Entry("motcua.cli.commands.calendar:calendar", "Lịch làm việc, ngày nghỉ."),
    "due": Entry("motcua.cli.commands.due:due", "Tính ngày hẹn trả và giải thích."),
    "card": Entry("motcua.cli.commands.card:card", "Đọc nội dung mã QR của thẻ căn cước."),
    "vectors": Entry("motcua.cli.commands.vectors:vectors", "Chạy tệp ca kiểm thử."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by table: a missing or broken module troubles no other command."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, entry in COMMANDS.items() if _exists(entry)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None or not _exists(entry):
            return None
        module, _, attribute = entry.target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        names = self.list_commands(ctx)
        if names:
            with formatter.section("Lệnh"):
                formatter.write_dl([(name, COMMANDS[name].help) for name in names])


def _exists(entry: Entry) -> bool:
    return importlib.util.find_spec(entry.target.partition(":")[0]) is not None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="motcua", message="%(prog)s %(version)s")
def cli() -> None:
    """Một cửa điện tử: lệnh dành cho người quản trị."""


def main() -> None:
    """Entry point: run a command and turn what went wrong into a sentence and an exit code."""
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Đã dừng.", err=True)
        sys.exit(INTERRUPTED)
    except Refusal as refusal:
        click.echo(refusal.message, err=True)
        sys.exit(REFUSED)
    except SystemExit as stop:
        if isinstance(stop.code, str):  # config.env.BadSetting
            click.echo(stop.code, err=True)
            sys.exit(UNREACHABLE)
        raise
    except Exception as error:
        if not _database_is_away(error):
            raise
        click.echo(f"Không kết nối được cơ sở dữ liệu: {error}".strip(), err=True)
        if not text("MOTCUA_DATABASE_URL"):
            click.echo(
                "Cơ sở dữ liệu nhúng chạy cùng “motcua serve”: để lệnh đó chạy ở cửa sổ khác.", err=True
            )
        sys.exit(UNREACHABLE)
    sys.exit(code if isinstance(code, int) else 0)


def _database_is_away(error: Exception) -> bool:
    """Recognise Django's OperationalError without importing Django for commands that never needed it."""
    module = sys.modules.get("django.db.utils")
    return module is not None and isinstance(error, module.OperationalError)


if __name__ == "__main__":
    main()
