"""One word, one meaning: the glossary is complete, and both message catalogues keep to it."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Every word of the design's own list; a new word of the trade is added there and here.
WORDS = """tenant, customer, contact, interaction, entry point, queue, skill, offer, agent state, available,
offered, busy, away, signed out, wrap-up, disposition, handle time, abandoned, service level, occupancy, utilisation,
adherence, conformance, shrinkage, ticket, recommendation, brand, value grade, business, module, post,
ring, overflow, ladder, reserve team, point, funnel, grade"""


def glossary() -> dict[str, str]:
    rows = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \|$", (ROOT / "docs/glossary.md").read_text("utf-8"), re.M)
    return {term: chinese for term, chinese, meaning in rows if term not in ("term", "---")}


def flat(catalogue: dict[str, object], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in catalogue.items():
        if isinstance(value, dict):
            found.update(flat(value, f"{prefix}{key}."))
        else:
            found[prefix + key] = str(value)
    return found


def catalogues() -> list[tuple[str, dict[str, str], dict[str, str]]]:
    pairs = []
    for english in [*ROOT.glob("frontend/src/**/en.json"), *ROOT.glob("src/hotline/**/en.json")]:
        chinese = english.with_name("zh.json")
        pairs.append(
            (str(english.relative_to(ROOT)), *(flat(json.loads(p.read_text("utf-8"))) for p in (english, chinese)))
        )
    return pairs


def test_every_word_of_the_design_stands_in_both_languages() -> None:
    terms = glossary()
    wanted = [word.strip() for word in WORDS.replace("\n", " ").split(",")]
    assert [word for word in wanted if word not in terms] == []
    assert [term for term, chinese in terms.items() if not re.search(r"[\u4e00-\u9fff]", chinese)] == []
    assert len(set(terms.values())) == len(terms), "two terms share one Chinese word"


@pytest.mark.parametrize(
    ("name", "english", "chinese"), catalogues(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_catalogue_is_complete_and_keeps_to_the_glossary(
    name: str, english: dict[str, str], chinese: dict[str, str]
) -> None:
    assert sorted(english) == sorted(chinese)
    assert [key for key in english if not english[key].strip() or not chinese[key].strip()] == []
    terms = glossary()
    wrong = {
        key: (english[key], chinese[key])
        for key in english
        if (term := english[key].strip().lower()) in terms and terms[term] != chinese[key].strip()
    }
    assert wrong == {}


# What other houses call an agent and a contact; here they would be second words for one meaning.
FOREIGN = ("座席", "接触")


def test_no_text_of_the_program_uses_another_houses_word() -> None:
    sources = [path for kind in ("py", "json", "ts", "tsx") for path in ROOT.glob(f"src/hotline/**/*.{kind}")]
    sources += [path for kind in ("json", "ts", "tsx") for path in ROOT.glob(f"frontend/src/**/*.{kind}")]
    read = {path.relative_to(ROOT): path.read_text("utf-8") for path in sources if "frontend_build" not in path.parts}
    assert [(str(path), word) for path, text in read.items() for word in FOREIGN if word in text] == []


def test_there_are_catalogues_to_test() -> None:
    assert catalogues()
