"""Words: all that a plugin says is said in both languages, and alike by all plugins."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from core.conformance.subject import Subject
from core.hooks.calling import Plugin

_METHODS = [("**/tests/**", "ignore"), ("**.py", "python"), ("**/templates/**.html", "jinja2")]
_CATALOGUE = Path("translations/zh_Hans_CN/LC_MESSAGES/messages.po")


def languages(subject: Subject) -> Iterator[str]:
    """Yield what has no Chinese, what is no longer said, and entries that would come out wrong."""
    entries = chinese_of(subject.plugin)
    said = said_by(subject.plugin)
    yield from (f"“{text}” has no Chinese in {_CATALOGUE}" for text in sorted(said - entries.keys()))
    yield from (f"“{text}” is in {_CATALOGUE}, but nobody says it" for text in sorted(entries.keys() - said))
    for text, entry in entries.items():
        if entry.fuzzy:
            yield f"“{text}”: the entry is marked fuzzy"
        yield from (f"“{text}”: {error}" for error in entry.check())
        if not any("\u4e00" <= letter <= "\u9fff" for letter in str(entry.string)):
            yield f"“{text}”: the entry is not Chinese"


def compiled(subject: Subject) -> Iterator[str]:
    """Compile the plugin's catalogue, which is what runs; yield why that can't be done."""
    path = subject.plugin.folder / _CATALOGUE
    if not path.exists() or _is_compiled(path):
        return
    try:
        compile_catalogue(path)
    except OSError as error:
        yield f"{_CATALOGUE} is not compiled, and can't be: {error}"


def compile_catalogue(path: Path) -> None:
    """Write the .mo file beside a .po file."""
    with path.open("rb") as file:
        catalogue = read_po(file)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)


def _is_compiled(path: Path) -> bool:
    if not path.with_suffix(".mo").exists():
        return False
    with path.open("rb") as source, path.with_suffix(".mo").open("rb") as compiled_file:
        return _translations(read_po(source)) == _translations(read_mo(compiled_file))


def _translations(catalogue: Catalog) -> Mapping[object, object]:
    # A plural is read as a tuple from the source, and as a list from what was compiled.
    return {_plain(entry.id): _plain(entry.string) for entry in catalogue if entry.id}


def _plain(text: object) -> object:
    return tuple(text) if isinstance(text, (list, tuple)) else text


def the_same_words(subject: Subject) -> Iterator[str]:
    """Yield what another plugin translates otherwise: the catalogues are read as one."""
    own = chinese_of(subject.plugin)
    for other in subject.together.plugins:
        if other.key == subject.plugin.key:
            continue
        for text, entry in chinese_of(other).items():
            if text in own and own[text].string != entry.string:
                yield f"“{text}” is “{own[text].string}” here and “{entry.string}” in “{other.key}”"


def said_by(plugin: Plugin) -> frozenset[str]:
    """Return all that a plugin's sources say to people."""
    keywords = {**DEFAULT_KEYWORDS, "Message": None}
    found = (message for _, _, message, _, _ in extract_from_dir(plugin.folder, _METHODS, keywords=keywords))
    return frozenset(message if isinstance(message, str) else message[0] for message in found)


def chinese_of(plugin: Plugin) -> Mapping[str, Entry]:
    """Return the entries of a plugin's catalogue by what they translate; none where it has no catalogue."""
    path = plugin.folder / _CATALOGUE
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {entry.id if isinstance(entry.id, str) else entry.id[0]: entry for entry in read_po(file) if entry.id}
