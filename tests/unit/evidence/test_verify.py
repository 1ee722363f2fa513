"""Whatever is done to a pack is told, and the part that does not hold is named."""

import json
import os
import struct
import zipfile
from pathlib import Path

import pytest
from packs import chained, contents, events_of, forged, listed, sealed

from bulkpo.cli.main import run
from bulkpo.errors import InputError
from bulkpo.runs.evidence.sealed import END, SEALED_END, SealedZip, _Sealing
from bulkpo.runs.evidence.verify import Verified, verify_pack
from bulkpo.runs.evidence.words import MANIFEST

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The evidence of a run."""
    folder = tmp_path_factory.mktemp("evidence")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        mapping, orders = ROOT / "mappings/import/legacy-orders.yaml", ROOT / "samples/legacy-orders.xlsx"
        assert run(["import", str(mapping), str(orders), "--out", "."]) == 0
        assert run(["evidence", "1", "-o", "pack.zip"]) == 0
    return folder / "pack.zip"


def wrong(path: Path) -> dict[str, str]:
    """What is wrong with a pack, by part."""
    return {it.part: it.said for it in verify_pack(path).troubles}


def rewritten(pack: Path, path: Path, **changes: bytes) -> Path:
    """A pack with other members, and a manifest and seal that agree with them; names with their dots as `__`."""
    members = contents(pack)
    del members[MANIFEST]
    return forged(path, members | {name.replace("__", "."): text for name, text in changes.items()})


def test_one_byte_of_each_member_changed_is_told_with_the_members_name(pack: Path, tmp_path: Path) -> None:
    whole = pack.read_bytes()
    with zipfile.ZipFile(pack) as archive:
        infos = archive.infolist()
    assert len(infos) == 13
    for info in infos:
        if not info.compress_size:
            continue
        start = info.header_offset + 30 + len(info.filename)
        for place in (start, start + info.compress_size // 2, start + info.compress_size - 1):
            bent = bytearray(whole)
            bent[place] ^= 0x10
            (tmp_path / "bent.zip").write_bytes(bent)
            found = wrong(tmp_path / "bent.zip")
            is_last = place == start + info.compress_size - 1  # where bits may be left over that say nothing
            assert {"structure", *([] if is_last else [info.filename])} <= found.keys(), (info.filename, found)


def test_one_byte_of_each_members_content_changed_under_a_new_seal_is_told(pack: Path, tmp_path: Path) -> None:
    members = contents(pack)
    for name, text in members.items():
        bent = bytearray(text)
        bent[len(bent) // 2] ^= 0x01
        found = wrong(sealed(tmp_path / "bent.zip", {**members, name: bytes(bent)}))
        assert found, name
        assert name in found or name == MANIFEST, (name, found)


def test_one_byte_anywhere_in_the_zip_files_own_structure_changed_is_told(pack: Path, tmp_path: Path) -> None:
    whole = pack.read_bytes()
    with zipfile.ZipFile(pack) as archive:
        places = [
            place
            for info in archive.infolist()
            for start in (info.header_offset, info.header_offset + 30 + len(info.filename) + info.compress_size)
            for place in range(start, start + 16)
        ]
        places += range(archive.start_dir, len(whole))
    chosen = places[::5] + list(range(len(whole) - SEALED_END, len(whole)))
    for place in chosen:
        bent = bytearray(whole)
        bent[place] ^= 0x04
        (tmp_path / "bent.zip").write_bytes(bent)
        assert not verify_pack(tmp_path / "bent.zip").holds, place


@pytest.mark.parametrize("cut", [1, 22, SEALED_END, 5_000, 40_000])
def test_a_pack_that_is_cut_short_or_has_more_behind_its_end_is_told(pack: Path, tmp_path: Path, cut: int) -> None:
    whole = pack.read_bytes()
    bent = tmp_path / "bent.zip"
    bent.write_bytes(whole[:-cut])
    assert "structure" in wrong(bent)
    bent.write_bytes(whole + b"\0" * cut)
    assert "structure" in wrong(bent)
    bent.write_bytes(b"\0" * cut + whole)
    assert "structure" in wrong(bent)


def test_a_missing_an_added_and_a_renamed_file_are_told(pack: Path, tmp_path: Path) -> None:
    members = contents(pack)
    without = {name: text for name, text in members.items() if name != "orders.jsonl"}
    assert wrong(sealed(tmp_path / "a.zip", without))["orders.jsonl"] == "the manifest lists it, and it is missing"
    more = {**members, "results/99-more.xlsx": b"more"}
    said = "it is there, and the manifest does not list it"
    assert wrong(sealed(tmp_path / "b.zip", more)) == {"results/99-more.xlsx": said}
    del without[MANIFEST]
    assert wrong(forged(tmp_path / "c.zip", without)) == {"orders.jsonl": "every pack has it, and it is missing"}


def test_events_that_are_reordered_left_out_changed_or_cut_short_are_told(pack: Path, tmp_path: Path) -> None:
    lines = contents(pack)["events.jsonl"].splitlines(keepends=True)
    broken = "line {} does not follow the line before it: one of the two was changed, moved or left out"
    for bent, said in [
        ([*lines[:4], lines[5], lines[4], *lines[6:]], broken.format(5)),
        ([*lines[:4], *lines[5:]], broken.format(5)),
        ([*lines[:4], lines[4].replace(b'"state": "', b'"state": "un'), *lines[5:]], broken.format(6)),
        (lines[:-1], "the chain has no last line: it is cut short"),
        ([*lines[:-1], lines[-1][:-1]], f"line {len(lines)} has no end: the file is cut short"),
        ([*lines, lines[-1]], f"line {len(lines) + 1} stands behind the last one; something was added"),
        ([line.replace(b"\n", b"\r\n") for line in lines], broken.format(2)),
        (
            [*lines[:-1], lines[-1].replace(b'"events": 48', b'"events": 47')],
            "the last line speaks of 47 events, and there are 48",
        ),
        ([b"\xef\xbb\xbf" + lines[0], *lines[1:]], broken.format(2)),
    ]:
        path = rewritten(pack, tmp_path / "bent.zip", events__jsonl=b"".join(bent))
        assert wrong(path)["events.jsonl"] == said


def test_a_chain_cut_short_and_made_to_end_anew_is_not_the_one_that_run_json_knows(pack: Path, tmp_path: Path) -> None:
    text, _ = chained(events_of(contents(pack))[:-30])
    found = wrong(rewritten(pack, tmp_path / "bent.zip", events__jsonl=text))
    assert found["events.jsonl"] == "its chain ends otherwise than run.json says"
    assert found["payloads.jsonl"] == "it has more than the events have sent"


def test_a_payload_that_is_not_what_was_sent_is_told(pack: Path, tmp_path: Path) -> None:
    text = contents(pack)["payloads.jsonl"].replace(b"<type>", b"<type> ", 1)
    found = wrong(rewritten(pack, tmp_path / "bent.zip", payloads__jsonl=text))
    assert found == {"payloads.jsonl": "what event 1 sent is missing, or is not what was sent"}


def test_an_order_whose_events_end_otherwise_is_told_even_where_chain_and_sums_are_made_anew(
    pack: Path, tmp_path: Path
) -> None:
    members = contents(pack)
    events = events_of(members)
    (last,) = [event for event in events if event.get("order") == 1 and event["state"] == "created"]
    last["state"] = "refused"
    members["events.jsonl"], head = chained(events)
    facts = json.loads(members["run.json"])
    facts["events"]["head"] = head
    found = wrong(
        rewritten(pack, tmp_path / "a.zip", events__jsonl=members["events.jsonl"], run__json=json.dumps(facts).encode())
    )
    said = "the events end otherwise for 1 of its orders than they say"
    assert found == {"orders.jsonl": said}


def test_a_name_that_stands_twice_in_a_line_is_told_since_readers_take_different_ones(
    pack: Path, tmp_path: Path
) -> None:
    members = contents(pack)
    line = members["orders.jsonl"].splitlines(keepends=True)
    twice = line[0].replace(b"{", b'{"outcome": "refused", ', 1)
    found = wrong(rewritten(pack, tmp_path / "a.zip", orders__jsonl=twice + b"".join(line[1:])))
    assert found == {"orders.jsonl": "a line of it is no JSON that tells an outcome"}


def test_a_member_that_only_some_readers_see_is_told_even_under_a_seal(pack: Path, tmp_path: Path) -> None:
    members = contents(pack)
    with (tmp_path / "a.zip").open("wb") as file:
        made = SealedZip(file, "2026-11-27T10:00:00+00:00")
        for name, text in members.items():
            made.put(name, [text])
        made.put("results/99-hidden.xlsx", [b"hidden"])
        hidden = made._zip.filelist.pop()
        made.finish()
    found = verify_pack(tmp_path / "a.zip")
    size = found.size - SEALED_END
    assert hidden.filename not in zipfile.ZipFile(tmp_path / "a.zip").namelist()
    assert [it.part for it in found.troubles] == ["structure"], size
    assert "bytes before the list of members belong to none" in found.troubles[0].said


def test_what_stands_before_a_member_must_say_what_the_list_says_even_under_a_seal(pack: Path, tmp_path: Path) -> None:
    whole = pack.read_bytes()[:-SEALED_END]
    end = pack.read_bytes()[-SEALED_END:][: END.size]
    bent = bytearray(whole)
    bent[30] ^= 0x20  # the first letter of the first name, where it stands before the member
    path = tmp_path / "a.zip"
    with path.open("wb") as file:
        sealing = _Sealing(file)
        sealing.write(bytes(bent))
        sealing.write(end[:-2] + b"\0\0")
        sealing.seal()
    found = verify_pack(path)
    assert found.troubles[0] == ("structure", "what stands before orders.jsonl is not what the list says of it")


def test_orders_and_rows_that_do_not_come_to_the_sums_are_told(pack: Path, tmp_path: Path) -> None:
    members = contents(pack)
    fewer = b"".join(members["orders.jsonl"].splitlines(keepends=True)[1:])
    found = wrong(rewritten(pack, tmp_path / "a.zip", orders__jsonl=fewer))
    assert found == {"orders.jsonl": "its lines are 23 created, and no sum in run.json says so"}
    facts = json.loads(members["run.json"])
    facts["accounting"]["sums"][0]["whole"] += 1
    found = wrong(rewritten(pack, tmp_path / "b.zip", run__json=json.dumps(facts).encode()))
    assert found == {"run.json": "a sum does not add up: rows, as the check read them"}


def test_an_id_that_is_another_in_rows_or_what_was_read_back_is_told(pack: Path, tmp_path: Path) -> None:
    members = contents(pack)
    for name, many in (("rows.jsonl", 2), ("read-back.jsonl", 1)):
        number = json.loads(members["orders.jsonl"].splitlines()[0])["coupa_id"]
        bent = members[name].replace(f'"coupa_id": {number},'.encode(), b'"coupa_id": 77,')
        found = wrong(forged(tmp_path / f"{name}.zip", {**members, name: bent}))
        said = f"{many} of its lines have another Coupa id than orders.jsonl"
        if name == "rows.jsonl":
            said = f"{many} of its lines tell of their orders what orders.jsonl does not"
        assert found == {name: said}


def test_copies_that_are_not_the_files_the_run_knew_are_told(pack: Path, tmp_path: Path) -> None:
    members = contents(pack)
    first, second = (next(name for name in members if name.startswith(room)) for room in ("inputs/", "results/"))
    swapped = {**members, first: members[second], second: members[first]}
    said = "it is not the file that run.json tells of, or one of the two is missing"
    assert wrong(forged(tmp_path / "a.zip", swapped)) == dict.fromkeys((first, second), said)
    without = {name: text for name, text in members.items() if name != first}
    assert wrong(forged(tmp_path / "b.zip", without)) == {first: said}
    assert wrong(forged(tmp_path / "c.zip", {**members, "inputs/99-more.csv": b"1"})) == {"inputs/99-more.csv": said}


def test_what_was_read_back_is_counted_and_rows_tell_of_their_orders_what_orders_do(pack: Path, tmp_path: Path) -> None:
    members = contents(pack)
    fewer = b"".join(members["read-back.jsonl"].splitlines(keepends=True)[1:])
    said = "it has 23 orders, of which 0 differ, and run.json says otherwise"
    assert wrong(forged(tmp_path / "a.zip", {**members, "read-back.jsonl": fewer})) == {"read-back.jsonl": said}
    rows = [json.loads(line) for line in members["rows.jsonl"].splitlines()]
    sent = next(row for row in rows if row["outcome"] == "created")
    left = next(row for row in rows if row["outcome"] == "left out")
    sent["outcome"], left["outcome"] = left["outcome"], sent["outcome"]
    bent = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    said = "1 of its lines tell of their orders what orders.jsonl does not"
    assert wrong(forged(tmp_path / "b.zip", {**members, "rows.jsonl": bent})) == {"rows.jsonl": said}


def test_a_manifest_that_was_changed_is_told_with_the_file_it_no_longer_fits(pack: Path, tmp_path: Path) -> None:
    members = contents(pack)
    manifest = members[MANIFEST].splitlines(keepends=True)
    bent = manifest[0].replace(manifest[0][:4], b"0000")
    name = manifest[0].split()[1].decode()
    assert list(wrong(sealed(tmp_path / "a.zip", {**members, MANIFEST: bent + b"".join(manifest[1:])}))) == [name]
    for text in (b"".join(manifest[1:]), b"", members[MANIFEST] + manifest[0], b"# a remark\n" + members[MANIFEST]):
        assert not verify_pack(sealed(tmp_path / "b.zip", {**members, MANIFEST: text})).holds


@pytest.mark.parametrize(
    "name",
    [
        "../outside.txt", "/etc/outside", "inputs/../../outside", "C:\\outside", "inputs\\01-a", "inputs/01-\u202ex",
        "CON:", "a\nb", "inputs/deep/01-x", ".." , "con\x00trol", "",
    ],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused_before_anything_is_read(pack: Path, tmp_path: Path, name: str) -> None:
    members = contents(pack)
    del members[MANIFEST]
    path = tmp_path / "bent.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for known, text in members.items():
            archive.writestr(known, text)
        archive.writestr(zipfile.ZipInfo(name) if name else "x/", b"x")
    found = verify_pack(path)
    assert any("is no name that a pack has" in it.said for it in found.troubles) or name == "con\x00trol"
    assert not found.holds


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_told_since_tools_see_different_ones(pack: Path, tmp_path: Path) -> None:
    for twin in ("run.json", "RUN.json"):
        path = tmp_path / f"{twin}.zip"
        path.write_bytes(pack.read_bytes())
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(twin, b"{}")
        said = "there are 2 members of this name, so that tools see different ones"
        assert wrong(path)["run.json"] == said


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with path.open("wb") as file:
        pack = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        pack.writestr("run.json", b"{}")
        pack.writestr("events.jsonl", b"\0" * 3_000_000)
        pack.close()
    _say_size(path, "events.jsonl", 0xFFFFFFF0)
    found = wrong(path)
    assert found["events.jsonl"] == f"it says that it unpacks to {0xFFFFFFF0:,} bytes; it was not unpacked"


@pytest.mark.parametrize("said", [0, 10, 2_999_999, 3_000_001])
def test_members_that_lie_about_their_size_are_told(pack: Path, tmp_path: Path, said: int) -> None:
    members = contents(pack)
    members["events.jsonl"] = b"\0" * 3_000_000
    path = forged(tmp_path / "bent.zip", {name: text for name, text in members.items() if name != MANIFEST})
    _say_size(path, "events.jsonl", said)
    assert "events.jsonl" in wrong(path)


def _say_size(path: Path, name: str, size: int) -> None:
    """Let the list of members say that one has another size."""
    with zipfile.ZipFile(path) as archive:
        start = archive.start_dir
    whole = bytearray(path.read_bytes())
    place = whole.index(name.encode(), start) - 46
    struct.pack_into("<L", whole, place + 24, size & 0xFFFFFFFF)
    path.write_bytes(whole)


def test_members_that_lie_over_one_another_are_told(tmp_path: Path) -> None:
    path = tmp_path / "bent.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("run.json", b"x" * 100_000)
        archive.writestr("README.txt", b"y")
        start = archive.start_dir
    whole = bytearray(path.read_bytes())
    start = whole.rindex(b"README.txt") - 46
    struct.pack_into("<LLLHHHHHLL", whole, start + 16, 0, 100_000, 100_000, 10, 0, 0, 0, 0, 0, 0)
    path.write_bytes(whole)
    assert "structure" in wrong(path)


@pytest.mark.parametrize("text", [b"", b"PK", b"no pack", b"PK\x05\x06" + b"\0" * 18, b"\0" * 10_000])
def test_what_is_no_pack_at_all_does_not_hold(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(text)
    assert "structure" in wrong(tmp_path / "x.zip")


def test_a_file_that_is_not_there_is_an_error_of_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"x\.zip: cannot be read: No such file or directory"):
        verify_pack(tmp_path / "x.zip")


def test_members_that_are_a_bomb_together_are_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    names = [f"results/{number:02}-x" for number in range(8)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"\0" * 1_000_000)
    for name in names:
        _say_size(path, name, 1 << 30)
    assert f"{8 << 30:,} bytes; none was unpacked" in wrong(path)["structure"]


@pytest.mark.skipif(os.name != "posix", reason="no such files elsewhere")
def test_what_is_no_file_is_not_read_at_all(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.zip")
    for path in (tmp_path / "x.zip", tmp_path, Path("/dev/zero")):
        with pytest.raises(InputError, match="is no file; name the pack"):
            verify_pack(path)


def test_one_who_changes_everything_is_found_out_by_the_digest_that_was_kept(pack: Path, tmp_path: Path) -> None:
    members = contents(pack)
    del members[MANIFEST]
    events = events_of(members)
    events[3]["detail"] = "as I like it"
    members["events.jsonl"], head = chained(events)
    facts = json.loads(members["run.json"])
    facts["events"]["head"] = head
    members["run.json"] = json.dumps(facts).encode()
    path = forged(tmp_path / "forged.zip", members)
    kept: Verified = verify_pack(pack)
    assert verify_pack(path).holds
    found = verify_pack(path, kept.sha256)
    assert [it.part for it in found.troubles] == ["pack"]
    assert found.troubles[0].said == f"its SHA-256 is {found.sha256}, and not the one it is held against"
    assert verify_pack(pack, kept.sha256.upper()).holds


def test_json_that_is_deep_or_of_another_shape_is_told_and_never_raises(pack: Path, tmp_path: Path) -> None:
    for text in (
        b"[" * 100_000,
        b"[]",
        b"null",
        b'{"evidence": 2}',
        b'{"evidence": 1, "accounting": {"sums": [1, {}]}}',
    ):
        assert "run.json" in wrong(rewritten(pack, tmp_path / "a.zip", run__json=text))
    for text in (b"[" * 100_000 + b"\n", b"[]\n", b"\n", b'{"outcome": []}\n'):
        for name in ("orders__jsonl", "rows__jsonl", "events__jsonl", "payloads__jsonl"):
            assert not verify_pack(rewritten(pack, tmp_path / "a.zip", **{name: text})).holds


def test_a_pack_of_its_own_members_listed_alike_holds(pack: Path, tmp_path: Path) -> None:
    members = contents(pack)
    assert verify_pack(sealed(tmp_path / "again.zip", members)).holds
    assert listed(members) == members[MANIFEST]
    assert END.size == 22
