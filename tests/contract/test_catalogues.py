"""Everything that the product says is said in Chinese as well, by the catalogue of the package that says it."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
PACKAGES = [
    Path("core"),
    *(path.relative_to(ROOT) for path in sorted((ROOT / "plugins").iterdir()) if (path / "plugin.py").exists()),
    *([Path("admin")] if (ROOT / "admin/plugin.py").exists() else []),
]
KEYWORDS = {**DEFAULT_KEYWORDS, "Message": (1,), "_l": None}
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
LOCALE = "zh_Hans_CN"

_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%")
_HAN = re.compile(r"[\u3400-\u9fff]")
#: Tags, comments and template expressions: what is left of a template without them, people read.
_MARKUP = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<[^>]*>", re.DOTALL)
_READ_ATTRIBUTE = re.compile(r'\b(?:title|alt|placeholder|aria-label|data-confirm|data-label)="(?!\s*\{\{)([^"{]+)"')
_WORD = re.compile(r"[^\W\d_]{2,}")
#: In a template for the eye of a machine, or a name that is the same in all languages.
_NO_WORDS = {"元旦"}


def said(package: Path) -> Catalog:
    """Return what the package says, as it would be extracted for a translator."""
    catalog = Catalog()
    skipped = ("node_modules", "static", "translations")
    found = extract_from_dir(
        str(ROOT / package),
        METHODS,
        keywords=KEYWORDS,
        directory_filter=lambda path: not any(part in skipped for part in Path(path).parts),
    )
    for _file, _line, message, _comments, context in found:
        catalog.add(message, context=context)
    return catalog


def translated(package: Path) -> Catalog:
    """Return the package's Chinese catalogue; an empty one where it says nothing."""
    path = ROOT / package / "translations" / LOCALE / "LC_MESSAGES" / "messages.po"
    content = path.read_bytes() if path.exists() else b""
    return read_po(BytesIO(content), locale=LOCALE, abort_invalid=True)


@pytest.mark.parametrize("package", PACKAGES, ids=str)
def test_every_sentence_has_its_translation_and_no_translation_is_left_over(package: Path) -> None:
    sentences, catalogue = said(package), translated(package)
    wanted = {message.id for message in sentences if message.id}
    there = {message.id for message in catalogue if message.id and _is_said(message)}
    assert wanted - there == set(), "without translation"
    assert there - wanted == set(), "said by nobody any more"
    assert not catalogue.obsolete
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


@pytest.mark.parametrize("package", PACKAGES, ids=str)
def test_translations_have_the_placeholders_of_their_sentences(package: Path) -> None:
    for message in translated(package):
        for text in _strings(message):
            assert set(_PLACEHOLDER.findall(text)) == set(_PLACEHOLDER.findall(_first(message.id))), message.id


@pytest.mark.parametrize(
    "template",
    sorted((*ROOT.glob("core/web/templates/**/*.html"), *ROOT.glob("plugins/*/templates/**/*.html"))),
    ids=str,
)
def test_a_template_holds_no_text_outside_the_catalogues(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    read = [*_WORD.findall(_MARKUP.sub(" ", source)), *_READ_ATTRIBUTE.findall(source)]
    assert [word for word in read if word not in _NO_WORDS] == []


def test_the_code_says_everything_in_english_first() -> None:
    for package in PACKAGES:
        assert [m.id for m in said(package) if m.id and _HAN.search(_first(m.id)) and not _quotes(_first(m.id))] == []


def _quotes(sentence: str) -> bool:
    """Tell whether a sentence in English only names something Chinese: a heading, a sheet, a word of a file."""
    return len(_HAN.findall(sentence)) < len(_WORD.findall(sentence)) * 2


def _is_said(message: Message) -> bool:
    return all(_strings(message)) and bool(_strings(message))


def _strings(message: Message) -> list[str]:
    if not message.id:
        return []
    return list(message.string) if isinstance(message.string, list | tuple) else [message.string]


def _first(msgid: object) -> str:
    return str(msgid[0] if isinstance(msgid, list | tuple) else msgid)
