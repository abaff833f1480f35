"""Activities are begun from the templates of the four programs."""

from collections.abc import Callable

import pytest

from core.domain.actor import Role
from core.hooks.manager import load_hooks
from core.hooks.types import FieldKind
from tests.functional.browsing import Browser, fields_of
from tests.functional.county import County

SignIn = Callable[[Role], Browser]
PROGRAMS = ("character_ed", "parent_school", "school_link", "sst")
HOOKS = load_hooks(only=PROGRAMS)
TEMPLATES = [
    (kind, number, template) for kind in HOOKS.activity_types.values() for number, template in enumerate(kind.templates)
]


@pytest.fixture(scope="session")
def plugins() -> tuple[str, ...]:
    """Return the keys of the four programs."""
    return PROGRAMS


def test_every_program_has_templates() -> None:
    assert {kind.key.split(".")[0] for kind, _, _ in TEMPLATES} == set(PROGRAMS)


def test_a_form_begins_with_what_its_template_says(sign_in: SignIn, county: County) -> None:
    organizer = sign_in(Role.ORGANIZER)
    organizer.send("/language", {"language": "en"}, seen_on="/overview")
    choice = f"/activities/new/{county.here.term}"
    offered = organizer.get(choice).text
    for kind, number, template in TEMPLATES:
        assert str(template.title) in offered
        page = organizer.get(f"{choice}/{kind.key}?template={number}").text
        filled = fields_of(page)
        assert filled["title"] == [str(template.title)]
        assert filled["session_count"] == [str(template.sessions or kind.sessions)]
        assert filled.get("weekdays", []) == [str(day) for day in template.weekdays]
        for question in kind.form:
            answer = template.answers(str).get(question.key)
            if answer is not None and question.kind is not FieldKind.FLAG:
                lines = answer if isinstance(answer, list) else [str(answer)]
                assert "\n".join(filled[f"setting_{question.key}"]).split() == "\n".join(lines).split()


def test_a_template_speaks_the_organizers_language(sign_in: SignIn, county: County) -> None:
    page = sign_in(Role.ORGANIZER).get(f"/activities/new/{county.here.term}/sst.group_course?template=0").text
    filled = fields_of(page)
    assert filled["title"] == ["认识情绪，说出感受"]
    assert filled["setting_modules"][0].split()[1] == "给情绪起名字"
