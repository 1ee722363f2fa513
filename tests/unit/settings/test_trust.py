"""Who may say where secrets go: a `bulkpo.yaml` that strangers can change is refused, and a mapping reads no pipes."""

import os
import re
from pathlib import Path

import pytest

from bulkpo.cli.main import run
from bulkpo.errors import UsageError
from bulkpo.settings import load_profile, work_folder

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs the owners and rights of POSIX files")
as_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs to give files away")
ENVIRONMENT = {"BULKPO_ACME_CLIENT_SECRET": "x"}
TEXT = "bulkpo: profiles/1\nprofiles: {acme: {url: 'https://acme.coupahost.com', client_id: me}}\n"
STRANGER = 54_321


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "work"
    folder.mkdir(mode=0o755)
    path = folder / "bulkpo.yaml"
    path.write_text(TEXT, encoding="utf-8")
    path.chmod(0o644)
    return path


def refused(file: Path, environment: dict[str, str] | None = None) -> str:
    with pytest.raises(UsageError) as caught:
        load_profile("acme", file.parent, ENVIRONMENT | (environment or {}))
    with pytest.raises(UsageError, match=re.escape(str(caught.value))):
        work_folder(file.parent, environment or {})
    return str(caught.value)


def said(file: Path, trouble: str) -> str:
    return (
        f"{file}: is not taken, since {trouble}: whoever changes it could have your secrets sent elsewhere. If that is "
        f"meant, set the variable BULKPO_TRUSTED={file.parent}"
    )


def test_a_file_that_everybody_may_write_is_refused(file: Path) -> None:
    file.chmod(0o646)
    assert refused(file) == said(file, f"everybody may write {file} (chmod o-w takes that away)")


def test_a_file_in_a_folder_that_everybody_may_write_is_refused(file: Path) -> None:
    file.parent.chmod(0o757)
    assert refused(file) == said(file, f"everybody may write {file.parent} (chmod o-w takes that away)")


def test_a_folder_like_tmp_lets_nobody_take_anothers_file_away(file: Path) -> None:
    file.parent.chmod(0o1777)
    assert load_profile("acme", file.parent, ENVIRONMENT).name == "acme"


@pytest.mark.parametrize("is_folder", [False, True])
@as_root
def test_a_file_of_somebody_else_is_refused(file: Path, is_folder: bool) -> None:
    place = file.parent if is_folder else file
    os.chown(place, STRANGER, -1)
    owner = f"belongs to user {STRANGER}, neither to you nor to root (make a copy of your own)"
    assert refused(file) == said(file, f"{place} {owner}")


@pytest.mark.parametrize("is_folder", [False, True])
@as_root
def test_a_file_that_a_group_of_several_may_write_is_refused(file: Path, is_folder: bool) -> None:
    place = file.parent if is_folder else file
    os.chown(place, -1, STRANGER)
    place.chmod(0o775)
    assert refused(file) == said(file, f"the group {STRANGER} may write {place} (chmod g-w takes that away)")


def test_a_umask_of_002_is_no_obstacle_where_the_group_is_the_users_own(file: Path) -> None:
    import grp
    import pwd

    user = pwd.getpwuid(os.geteuid())
    group = grp.getgrgid(user.pw_gid)
    if group.gr_name != user.pw_name or set(group.gr_mem) - {user.pw_name}:
        pytest.skip("this user has no group to itself")
    for place in (file, file.parent):
        os.chown(place, -1, user.pw_gid)
        place.chmod(0o775)
    assert load_profile("acme", file.parent, ENVIRONMENT).name == "acme"


def test_a_link_is_as_good_as_what_it_leads_to(file: Path, tmp_path: Path) -> None:
    here = tmp_path.resolve() / "here"
    here.mkdir(mode=0o755)
    (here / "bulkpo.yaml").symlink_to(file)
    assert load_profile("acme", here, ENVIRONMENT).name == "acme"
    file.parent.chmod(0o777)
    trouble = f"everybody may write {file.parent} (chmod o-w takes that away)"
    assert refused(here / "bulkpo.yaml") == said(here / "bulkpo.yaml", trouble)


def test_a_folder_that_is_said_to_be_trusted_is_taken_as_it_is(file: Path) -> None:
    file.parent.chmod(0o777)
    listed = os.pathsep.join(["/somewhere/else", str(file.parent / ".")])
    assert load_profile("acme", file.parent, ENVIRONMENT | {"BULKPO_TRUSTED": listed}).name == "acme"
    assert work_folder(file.parent, {"BULKPO_TRUSTED": listed}) == file.parent / ".bulkpo"
    refused(file, {"BULKPO_TRUSTED": str(file.parent.parent)})


def test_no_command_works_below_such_a_file(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    below = file.parent / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    file.chmod(0o666)
    for command in (["runs"], ["show"], ["ping", "--to", "acme"], ["export", "suppliers"], ["journal", "check"]):
        assert run(command) == 2
        assert "everybody may write" in capsys.readouterr().err
    assert not (file.parent / ".bulkpo").exists()


def test_a_pipe_of_that_name_is_no_settings_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.unlink()
    os.mkfifo(file)
    monkeypatch.chdir(file.parent)
    assert run(["runs"]) == 0


IMPORT = """\
bulkpo: import/1
name: small
resource: purchase_orders
document: {{key: po-number}}
{line}
columns: {{Number: po-number}}
"""
EXPORT = "bulkpo: export/1\nname: small\nresource: purchase_orders\n{line}\ncolumns: [po-number]\n"
CONTENT = {
    "shadow": "root:$6$S3cr3tMark:19000:0:99999:7:::\nme:$6$S3cr3tMark:19000:0:99999:7:::\n",
    "credentials.csv": 'Key,Secret\nS3cr3tMark,"S3cr3tMark1"\nS3cr3tMark,S3cr3tMark2\n',
    "id": "-----BEGIN PRIVATE KEY-----\nS3cr3tMark/+==\n-----END PRIVATE KEY-----\n",
    "token.json": '{"S3cr3tMark": ["S3cr3tMark", {"S3cr3tMark": 1}]}\n',
    "odd.yaml": "S3cr3tMark: &S3cr3tMark !S3cr3tMark\n  - *S3cr3tMarks\n S3cr3tMark # a: b: c\n",
    "keys.env": "export S3cr3tMark=S3cr3tMark,\nS3cr3tMark='S3cr3tMark\n",
    "bytes": "S3cr3tMark\udcff\udcfe\x00S3cr3tMark",
}


@pytest.mark.parametrize("name", CONTENT)
def test_what_a_mapping_names_is_not_told_where_it_is_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(CONTENT[name], encoding="utf-8", errors="surrogateescape")
    Path("orders.csv").write_text("Number\nPO-1\n", encoding="utf-8")
    for number, (text, command) in enumerate(
        [
            (IMPORT.format(line=f"crosswalks: {{x: {name}}}"), ["check", "0.yaml", "orders.csv"]),
            (IMPORT.format(line=f"instance: {name}"), ["check", "1.yaml", "orders.csv"]),
            (EXPORT.format(line=f"instance: {name}"), ["export", "2.yaml"]),
        ]
    ):
        Path(f"{number}.yaml").write_text(text, encoding="utf-8")
        assert run(command) in (2, 3)
        told = capsys.readouterr()
        assert told.err
        assert "S3cr3tMark" not in told.out + told.err


def test_a_mapping_reads_no_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    Path("orders.csv").write_text("Number\nPO-1\n", encoding="utf-8")
    Path("0.yaml").write_text(IMPORT.format(line="crosswalks: {x: pipe}"), encoding="utf-8")
    Path("1.yaml").write_text(IMPORT.format(line="instance: pipe"), encoding="utf-8")
    Path("2.yaml").write_text(EXPORT.format(line="instance: pipe"), encoding="utf-8")
    for command in (
        ["check", "0.yaml", "orders.csv"],
        ["check", "1.yaml", "orders.csv"],
        ["export", "2.yaml"],
    ):
        assert run(command) in (2, 3)
        assert "no ordinary file; save what it gives to a file first" in capsys.readouterr().err
