import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkpo.model.path import ElementPath, Step


def test_a_path_names_members_from_one() -> None:
    path = ElementPath.parse("order-lines[2]/account/code")
    assert path.steps == (Step("order-lines", 2), Step("account"), Step("code"))
    assert path.names == ("order-lines", "account", "code")


def test_underscores_become_dashes() -> None:
    assert str(ElementPath.parse("order_lines/line_num")) == "order-lines/line-num"


@pytest.mark.parametrize("text", ["", "/", "order-lines//price", "order-lines[0]/price", "a b", "x[-1]", "x[1", "é"])
def test_what_is_not_a_path_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="is not an element path; write names joined by '/', as in order-lines/price"):
        ElementPath.parse(text)


steps = st.builds(Step, st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True), st.none() | st.integers(1, 9999))


@given(st.lists(steps, min_size=1, max_size=5))
def test_writing_a_path_and_reading_it_gives_the_same(parts: list[Step]) -> None:
    path = ElementPath(tuple(parts))
    assert ElementPath.parse(str(path)) == path
