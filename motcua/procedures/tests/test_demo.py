"""The demo catalogue: complete, plain, repeatable."""

from datetime import date, datetime

from motcua.lib.actor import SYSTEM
from motcua.lib.due import Unit
from motcua.procedures.models import ImportFlag, ProcedureVersion
from motcua.procedures.operations import demo
from motcua.procedures.queries import catalogue as reading

CORE = {
    "1.001193", "1.000894", "1.000656", "1.004873", "2.000815", "2.000884", "2.000908", "2.000992", "1.013831", "1.012783", "1.013225",
    "1.001612", "1.001776", "1.011607", "1.000045", "1.014801", "2.002288",
    "9.990001",  # another agency's part of 1.013831
}  # fmt: skip
DAY = date(2026, 7, 6)
LONGEST_SENTENCE = 45  # words; longer ones lose a reader of 77


def test_all_are_there_and_open(catalogue: list[str]) -> None:
    assert set(catalogue) == CORE
    for code in CORE:
        version = reading.open_version(code, DAY)
        assert version.plain and version.summary and version.where_text and version.steps_text
        for variant in reading.variants(version):
            assert all(reading.limits_for(variant).values())
            assert reading.required_documents(variant)
            assert reading.fees_for(variant, "in_person")


def test_loading_again_changes_nothing(catalogue: list[str], monday: datetime) -> None:
    before = list(ProcedureVersion.objects.values_list("pk", "content_hash", "state"))
    assert demo.load_demo_catalogue(actor=SYSTEM, at=monday) == catalogue
    assert list(ProcedureVersion.objects.values_list("pk", "content_hash", "state")) == before


def test_it_covers_the_kinds_of_limits(catalogue: list[str]) -> None:
    units, most = set(), 0
    for code in CORE:
        variants = list(reading.variants(reading.open_version(code, DAY)))
        most = max(most, len(variants))
        units |= {
            limit.unit for variant in variants for limit in reading.limits_for(variant).values() if limit
        }
    assert {Unit.SAME_DAY_15H, Unit.WORKING_DAY, Unit.CALENDAR_DAY} <= units
    assert most >= 4
    poverty = reading.variants(reading.open_version("1.011607", DAY))[0]
    assert reading.limit_for(poverty, "online") is None


def test_the_old_rules_of_the_allowance_stay_readable(catalogue: list[str]) -> None:
    old = reading.open_version("1.001776", date(2025, 6, 30))
    new = reading.open_version("1.001776", date(2025, 7, 1))
    assert (old.number, new.number) == (1, 2)


def test_sentences_are_short(catalogue: list[str]) -> None:
    for version in ProcedureVersion.objects.all():
        texts = [version.summary, version.conditions, version.where_text, *version.steps_text.splitlines()]
        for sentence in ". ".join(texts).replace("\n", ". ").split(". "):
            assert len(sentence.split()) <= LONGEST_SENTENCE, sentence


def test_what_nobody_verified_waits_for_a_person(catalogue: list[str]) -> None:
    waiting = ImportFlag.objects.filter(reason="own_unverified", settled_at=None)
    assert {"1.001776", "1.013831"} <= set(waiting.values_list("version__procedure__code", flat=True))


def test_shown_papers_are_not_papers_to_hand_in(catalogue: list[str]) -> None:
    version = reading.open_version("2.000815", DAY)
    papers = reading.required_documents(reading.variants(version)[0])
    assert (papers[0].name, papers[0].must_submit) == ("Bản chính giấy tờ cần sao", False)
    assert [paper.key for paper in papers] == ["1", "2"]


def test_papers_of_one_case_are_not_asked_in_another(catalogue: list[str]) -> None:
    first, again = reading.variants(reading.open_version("1.014801", DAY))
    names = [[paper.name for paper in reading.required_documents(variant)] for variant in (first, again)]
    assert "Đơn đề nghị cấp (Mẫu số 25.NT)" in names[0] and "Đơn đề nghị cấp (Mẫu số 25.NT)" not in names[1]
