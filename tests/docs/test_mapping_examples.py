from pathlib import Path

import pytest

from bulkpo.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = {
    path.stem: next((ROOT / "samples").glob(f"{path.stem}.*"), None)
    for path in sorted((ROOT / "mappings/import").glob("*.yaml"))
}
FOLDERS = {"monthly": "monthly/orders-*.csv", "monthly-german": "monthly/bestellungen-*.csv"}
SAMPLES |= {name: ROOT / "samples" / pattern for name, pattern in FOLDERS.items()}


@pytest.mark.parametrize(("name", "sample"), [(name, sample) for name, sample in SAMPLES.items() if sample])
def test_every_example_reads_its_sample_without_an_error(
    name: str, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(ROOT / f"mappings/import/{name}.yaml"), str(sample)]) == 0, capsys.readouterr()


def test_only_the_examples_for_data_kept_elsewhere_have_no_sample() -> None:
    assert {name for name, sample in SAMPLES.items() if sample is None} == {
        "adventure-works",
        "city-register",
        "exported-orders",
        "oracle-ebs",
    }
