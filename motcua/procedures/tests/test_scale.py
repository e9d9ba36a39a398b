"""2,000 procedures × 300 agencies: every list asks fewer than twelve queries, and none of them walks the table.

The rows are written by SQL in the test's own transaction: 2,000 procedures with a version, a case, limits, papers and
fees each, 8,000 doubtful rows, 600,000 rows of who receives what. Statements and times are printed with `-s`.
"""

import gzip
import html
import random
import re
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.accounts.models import AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import Agency, AgencyCode, AgencyName, Unit, UnitKind
from motcua.agencies.operations import people
from motcua.agencies.roles import Role
from motcua.dossiers.tests import intake_world
from motcua.dossiers.tests.intake_world import World
from motcua.lib.actor import SYSTEM
from motcua.procedures.models import AgencyProcedure, LegalReference, Procedure, ProcedureVersion
from motcua.procedures.operations.legal_texts import TextFacts, enter
from motcua.procedures.queries import legal_texts
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql, pytest.mark.long]  # 600,000 rows: minutes
PROCEDURES, AGENCIES, LIMIT, SLOWEST = 2_000, 300, 12, 1.5
TRANSACTION = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")

_FILL = f"""
create temporary table wanted as
  select n, '8.' || lpad(n::text, 6, '0') as code, 'thu tuc ' || w.a || ' ' || w.b || ' so ' || n as folded
  from generate_series(1, {PROCEDURES}) n
  cross join lateral (select (array['dang ky','cap lai','gia han','xac nhan','thu hoi'])[1 + n % 5] as a,
                             (array['dat dai','khai sinh','giay phep','ho tich','thuy san','xay dung','y te'])[1 + n % 7] as b) w;
insert into procedures_procedure (code, key, name, sector_id, levels, keywords, lowered, folded, search_text, initials, sort_key)
  select code, code, initcap(folded), (select min(id) from procedures_sector), '{{commune}}', '', folded, folded, folded,
         'tt', folded from wanted;
insert into procedures_procedureversion (procedure_id, number, state, in_force_from, in_force_to, decision_number,
    repeal_decision_number, name, field, levels, kind_text, summary, steps_text, conditions, where_text, applicants,
    agency_text, authority_text, issuing_agency, online_level, limit_text, limit_unit, limit_ambiguous, plain, source,
    source_url, source_record, content_hash, created_at, editions)
  select p.id, v, case when v = 1 then 'published' else 'draft' end, null, null, '1/QĐ', '', p.name, 'Đất đai', p.levels, '',
         '', repeat('Nộp hồ sơ rồi nhận kết quả. ', 120), '', '', '{{}}', '', '', '', '', '', '', false, false,
         case when v = 1 then 'S1' else 'office' end, '', '{{}}', 'x' || v, now(), '{{}}'
  from procedures_procedure p, generate_series(1, 2) v where p.code like '8.%' and (v = 1 or p.id % 3 = 0);
insert into procedures_procedurevariant (version_id, position, name, when_text, is_default, ask_within_unit, answer_within_unit,
    on_expiry, resume, resume_unit, allows_boundary_free, allows_representative, financial_stop)
  select id, 0, '', '', true, '', '', '', 'continue', '', false, true, false from procedures_procedureversion
  where content_hash in ('x1', 'x2');
insert into procedures_timelimitrow (version_id, variant_id, position, channel, value, unit, source_text, source_unit,
    ambiguous_at_source, note)
  select version_id, id, c, (array['in_person','online','post'])[c], 5, 'working_day', '5', '', false, ''
  from procedures_procedurevariant v, generate_series(1, 3) c
  where not exists (select 1 from procedures_timelimitrow t where t.variant_id = v.id);
insert into procedures_requireddocument (version_id, position, key, name, hint, when_text, case_text, originals, copies,
    form_file, is_note, must_submit, always)
  select id, n, '', 'Giấy tờ số ' || n, '', '', '', 1, 0, '', false, true, true
  from procedures_procedureversion, generate_series(1, 12) n where content_hash in ('x1', 'x2');
insert into procedures_importflag (version_id, path, reason, source_text, settled_note)
  select id, 'documents[' || n || ']', (array['paper_is_note','paper_form_split'])[1 + n % 2], 'chữ', ''
  from procedures_procedureversion, generate_series(1, 4) n where content_hash = 'x1';
insert into agencies_agency (name, short_name, sort_key, level_id, opened_on, delegation_needs_approval)
  select 'UBND xã số ' || n, 'Xã ' || n, 'xa ' || lpad(n::text, 4, '0'), (select min(id) from agencies_agencylevel),
         '2025-07-01', false from generate_series(1, {AGENCIES}) n;
insert into procedures_agencyprocedure (agency_id, procedure_id, competent, valid_from)
  select a.id, p.id, true, '2025-07-01' from agencies_agency a, procedures_procedure p
  where a.name like 'UBND xã số %' and p.code like '8.%';
insert into procedures_legalreference (version_id, position, number, name)
  select id, n, (array['Luật số ', 'Nghị định ', ''])[1 + n % 3] || (n * 7 + id % 40) || '/2024/NĐ-CP', 'quy định số ' || n
  from procedures_procedureversion, generate_series(1, 8) n where content_hash in ('x1', 'x2');
insert into procedures_searchword (word) select distinct unnest(string_to_array(folded, ' ')) from wanted
  on conflict do nothing;
analyze procedures_procedure, procedures_procedureversion, procedures_agencyprocedure, procedures_importflag, agencies_agency;
"""


@pytest.fixture(scope="module")
def big(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The small world with the whole province beside it."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = intake_world.build()
        with connection.cursor() as cursor:
            for statement in _FILL.split(";\n"):
                if statement.strip():
                    cursor.execute(statement)
        account = open_account(
            login_name="chi", full_name="Chi", account_kind=AccountKind.STAFF, actor=SYSTEM, at=timezone.now()
        )
        world.accounts["chi"] = account
        unit = Unit.objects.filter(agency=world.home, kind=UnitKind.DIVISION)[0]
        people.appoint(
            account_id=account.pk, unit_id=unit.pk, title="Công chức", roles=(Role.BUSINESS_ADMIN,),
            valid_from=date(2025, 7, 1), actor=SYSTEM, at=timezone.now(),
        )  # fmt: skip
        yield world
        transaction.set_rollback(True)


def test_the_rows_are_there(big: World) -> None:
    assert Procedure.objects.filter(code__startswith="8.").count() == PROCEDURES
    assert AgencyProcedure.objects.filter(procedure__code__startswith="8.").count() == PROCEDURES * AGENCIES
    assert ProcedureVersion.objects.count() > PROCEDURES * 1.3


def _address(name: str) -> str:
    one = Procedure.objects.get(code="8.001000")
    version = one.versions.order_by("number")[0].pk
    return name.format(one=one.pk, version=version, code=one.code)


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("chi", "/procedures/"),
        ("chi", "/procedures/?q=dat+dai"),
        ("chi", "/procedures/?q=8.0015"),
        ("chi", "/procedures/?q=khai+sihn"),
        ("chi", "/procedures/?state=written"),
        ("chi", "/procedures/?state=waiting"),
        ("chi", "/procedures/?state=flagged"),
        ("chi", "/procedures/?state=repealed"),
        ("chi", "/procedures/{one}/agencies/"),
        ("chi", "/procedures/{one}/agencies/?q=so+250"),
        ("chi", "/procedures/areas/"),
        ("chi", "/procedures/flags"),
        ("chi", "/procedures/flags?reason=paper_is_note"),
        ("chi", "/procedures/flags/settled"),
        ("chi", "/procedures/{one}/fees/"),
        ("chi", "/legal/"),
        ("minh", "/procedures/search?q=dat+dai"),
        ("minh", "/procedures/search?q=dat+dai&all=1"),
        ("", "/thu-tuc?q=giay+phep"),
        ("", "/thu-tuc"),
    ],
)
def test_a_list_asks_fewer_than_twelve_queries(big: World, who: str, name: str) -> None:
    client = big.client(who) if who else Client(HTTP_HOST="localhost")
    address = _address(name)
    client.get(address)
    start = time.process_time()  # the program's own: a busy machine adds nothing
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(address)
    took = time.process_time() - start
    set_database_actor(SYSTEM)
    asked = [query for query in seen.captured_queries if not query["sql"].startswith(TRANSACTION)]
    inside = sum(float(query["time"]) for query in asked)
    print(
        f"{address:55} {len(asked):3} queries  {inside * 1000:6.0f} ms in SQL  {took * 1000:6.0f} ms of the program"
    )
    assert answer.status_code == 200
    assert len(asked) < LIMIT, "\n".join(query["sql"][:200] for query in asked)
    assert took < SLOWEST


def test_what_ended_and_what_is_missing_is_found_without_walking_every_reference(big: World) -> None:
    """16,000 references of 2,000 procedures mean some hundred texts: those are read, not the references."""
    today = timezone.localdate()
    for number, ended in (("47/2024/NĐ-CP", today), ("48/2024/NĐ-CP", None)):
        facts = TextFacts(number=number, name="Nghị định", in_force_to=ended)
        enter(facts=facts, actor=SYSTEM, at=timezone.now())
    start = time.perf_counter()
    ended_rows, missing = legal_texts.resting_on_ended(today), legal_texts.not_entered(today)
    took = time.perf_counter() - start
    print(f"what ended and what is missing: {took * 1000:.0f} ms")
    resting = LegalReference.objects.filter(
        version__state="published",
        version__procedure__code__startswith="8.",
        number__regex="(^| )47/2024/NĐ-CP$",
    )
    assert len(ended_rows) == 200 < resting.count() == len(legal_texts.resting_on_ended(today, limit=2_000))
    assert len(missing) == 50 and not {"47/2024/NĐ-CP", "48/2024/NĐ-CP"} & {one[0] for one in missing}
    counted = [one[2] for one in missing]
    assert counted == sorted(counted, reverse=True)
    assert took < SLOWEST


def test_a_long_text_is_not_read_to_show_its_page(big: World) -> None:
    """Up to 2 MB of a law lie in one column; its page needs the articles' headings only."""
    row = enter(
        facts=TextFacts(number="99/2024/QH15", name="Luật", body="Điều 1. Một\n" + "chữ " * 400_000),
        actor=SYSTEM, at=timezone.now(),
    )  # fmt: skip
    chi = big.client("chi")
    with CaptureQueriesContext(connection) as seen:
        assert chi.get(f"/legal/{row.pk}/").status_code == 200
    set_database_actor(SYSTEM)
    asked = [one["sql"] for one in seen.captured_queries]
    assert [one for one in asked if 'FROM "procedures_legaltext"' in one], "control: the text was asked for"
    assert not [one for one in asked if '"procedures_legaltext"."body"' in one]


SYLLABLES = (  # of names of procedures
    "đăng ký cấp lại gia hạn xác nhận thu hồi giấy phép kinh doanh vận tải hộ tịch khai sinh kết hôn chứng thực quyền sử dụng "
    "đất tài sản gắn liền công trình xây dựng nhà ở riêng lẻ trợ xã hội người cao tuổi khuyết tật trẻ em môi trường nước khai "
    "thác khoáng thủy lâm nông nghiệp thú y dịch vụ du lịch văn hóa thể thao trường học giáo viên bằng tốt bảo hiểm lao động"
)


def test_the_posted_page_of_a_large_office_stays_light(big: World) -> None:
    """400 procedures with names as long as real ones: a phone loads the page within its budget and finds its way by sector."""
    rng, level = random.Random(7), big.home.level_id
    agency = Agency.objects.create(
        name="UBND phường Rộng",
        short_name="Phường Rộng",
        sort_key="rong",
        level_id=level,
        opened_on=date(2025, 7, 1),
    )
    AgencyName.objects.create(
        agency=agency, name=agency.name, short_name=agency.short_name, valid_from=date(2025, 7, 1)
    )
    AgencyCode.objects.create(agency=agency, code="H99.07", scheme="new", valid_from=date(2025, 7, 1))
    kept = list(
        Procedure.objects.filter(code__startswith="8.").order_by("pk").values_list("pk", flat=True)[:400]
    )
    AgencyProcedure.objects.bulk_create(
        AgencyProcedure(agency=agency, procedure_id=one, competent=True, valid_from=date(2025, 7, 1))
        for one in kept
    )
    for version in ProcedureVersion.objects.filter(procedure_id__in=kept, number=1):
        version.name = " ".join(rng.choices(SYLLABLES.split(), k=rng.randint(8, 30))).capitalize()
        version.save(update_fields=["name"])
    visitor = Client(HTTP_HOST="localhost")
    visitor.get("/niem-yet/H99.07")
    start = time.process_time()  # of the program alone: the wall clock of a busy machine says little
    with CaptureQueriesContext(connection) as seen:
        page = visitor.get("/niem-yet/H99.07")
    took = time.process_time() - start
    assert took < SLOWEST and len(seen.captured_queries) < 14
    shown, heaviest = [], len(page.content)
    assert "400 thủ tục" in page.content.decode() and 'href="/thu-tuc/8.' not in page.content.decode()
    todo = re.findall(r'href="(\?linh-vuc=[^"]+)"', page.content.decode())
    while todo:
        page = visitor.get(f"/niem-yet/H99.07{html.unescape(todo.pop())}")
        text = page.content.decode()
        shown += re.findall(r'href="/thu-tuc/(8\.\d+)"', text)
        todo += re.findall(r'rel="next" href="([^"]+)"', text)
        heaviest = max(heaviest, len(gzip.compress(page.content, 6)))
    print(f"posted, 400 procedures: {took * 1000:.0f} ms, {heaviest} bytes compressed at most")
    assert len(shown) == len(set(shown)) == 400
    assert heaviest < 25_000, "with the sheets of every public page (17 kB) it stays below 42 kB"


def test_paging_costs_the_same_far_down(big: World) -> None:
    """The fortieth page is reached by key, not by counting rows off."""
    chi, address, costs = big.client("chi"), "/procedures/", []
    for _page in range(40):
        with CaptureQueriesContext(connection) as seen:
            text = chi.get(address).content.decode()
        costs.append(len(seen.captured_queries))
        older = _older(text)
        if not older:
            break
        address = "/procedures/" + older
    set_database_actor(SYSTEM)
    assert len(costs) == 40
    assert max(costs[1:]) - min(costs[1:]) <= 1


def _older(text: str) -> str:
    import re

    found = re.search(r'href="(\?[^"]*after=[^"]+)"', text)
    return found[1].replace("&amp;", "&") if found else ""


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        (
            "select 1 from procedures_procedure p where p.search_text like '%%khai sinh so 77%%'",
            "procedure_text_trgm",
        ),
        (
            "select 1 from procedures_procedure p where p.words @@ to_tsquery('simple', 'sinh:* & 77:*')",
            "procedure_words",
        ),
        (
            "select 1 from procedures_agencyprocedure where agency_id = (select max(id) from agencies_agency)"
            " and procedure_id = 5 and valid_from <= now()",
            "procedures_",
        ),
        (
            "select id from procedures_importflag where settled_at is null and reason = 'paper_is_note' and id > 5"
            " order by id limit 50",
            "procedures_",
        ),
    ],
)
def test_the_searches_can_use_their_index(big: World, sql: str, index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(f"explain {sql}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("set local enable_seqscan = on")
    assert index in plan and "Seq Scan on procedures_" not in plan, plan
