"""Where a guess is written: whole or not at all, and never over what nobody said may go."""

from pathlib import Path

import pytest

from bulkpo.errors import OutputError, UsageError
from bulkpo.workspace.drafting import guess
from bulkpo.workspace.opening import Workspace
from bulkpo.workspace.requests import GuessRequest


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text("PO Number,Supplier,Qty\nPO-1,Acme,2\n", encoding="utf-8")
    return path


def test_a_mapping_is_written_over_only_by_force_and_keeps_its_ends_of_lines(file: Path) -> None:
    place = file.with_name("orders.yaml")
    place.write_bytes(b"# mine\r\n")
    with pytest.raises(UsageError, match="there is such a file already"):
        guess(GuessRequest((file,), place), Workspace(file.parent))
    assert place.read_bytes() == b"# mine\r\n"
    drafted = guess(GuessRequest((file,), place, overwrites=True), Workspace(file.parent))
    assert place.read_bytes() == drafted.text.replace("\n", "\r\n").encode()


def test_what_cannot_be_written_is_told_and_nothing_is_left_of_it(file: Path) -> None:
    (file.parent / "taken").mkdir()
    with pytest.raises(OutputError, match="taken: may not be written"):
        guess(GuessRequest((file,), file.parent / "taken", overwrites=True), Workspace(file.parent))
    assert [path.name for path in file.parent.iterdir() if path.name.endswith(".part")] == []
