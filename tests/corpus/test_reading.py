"""Reading: metadata files, what a letter says of itself, and what cannot be read."""

from __future__ import annotations

import logging
import re
import time
from pathlib import Path

import pytest

from avvn_graph.corpus import read_folder, read_letter
from avvn_graph.corpus.reading import MAX_BYTES
from avvn_graph.errors import AvvnError
from tests.corpus.helpers import DOCUMENTS, LETTERS, letter_of


def test_each_letter_reads_alone_as_in_its_folder() -> None:
    for path in sorted(DOCUMENTS.glob("*.txt")):
        letter = read_letter(path)
        assert letter == LETTERS[letter.meta.slug]


@pytest.mark.parametrize(("slug", "date", "session", "kind", "senders", "dossier"), [
    ("verslag-avvn-73", "2018-10", 73, "report", ("S.A. Blok", "S.A.M. Kaag"), None),
    ("inzet-avvn-72", "2017-09", 72, "plans", ("A.G. Koenders", "E.M.J. Ploumen"), None),
    ("inzet-avvn-75", "2020-09", 75, "plans", ("S.A. Blok", "S.A.M. Kaag"), None),
    ("veiligheidsraad-2018", "2019-02-15", None, "council-year", ("Stef Blok", "Sigrid A.M. Kaag"), None),
    ("schriftelijk-overleg-avvn-75", "2020-09", 75, "written-consultation", (), "26150-187"),
])
def test_metadata_and_what_the_letter_says_of_itself_agree(
    tmp_path: Path, slug: str, date: str, session: int | None, kind: str, senders: tuple[str, ...], dossier: str | None,
) -> None:
    known = LETTERS[slug].meta
    assert (known.date, known.session, known.document_type, known.senders, known.dossier) == (date, session, kind, senders, dossier)
    told = letter_of(tmp_path, LETTERS[slug].source).meta
    assert told.date is not None
    assert told.date[:4] == date[:4]
    assert (told.session, told.document_type, told.senders, told.dossier) == (session, kind, senders, dossier)


def test_a_letter_without_metadata_is_taken_in_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "avvn_graph.corpus"):
        letter = letter_of(tmp_path, "Nederland sprak in de Raad.", "Mijn brief.txt")
    assert letter.meta.slug == "mijn-brief"
    assert [r.getMessage() for r in caplog.records] == ["Mijn brief.txt: no metadata file Mijn brief.yaml; taken in with what the text says of itself"]


@pytest.mark.parametrize(("yaml", "message"), [
    ("titel: x", r"a\.yaml: titel: unknown key; known are slug, title"),
    ("session: veel", r"a\.yaml: session: "),
    ("date: 2018-13", r"a\.yaml: date: .*month must be in 1\.\.12"),
    ("date: 2019-02-30", r"a\.yaml: a value is no date"),
    ("date: gisteren", r"a\.yaml: date: .*YYYY"),
    ("type: brief", r"a\.yaml: type: "),
    ("senders: Blok", r"a\.yaml: senders: "),
    ("slug: Mijn Brief", r"a\.yaml: slug: "),
    ("dossier: 26 150", r"a\.yaml: dossier: "),
    ("- x", r"a\.yaml: the file: "),
    ("title: [", r"a\.yaml: not valid YAML"),
])
def test_a_wrong_metadata_file_is_named_with_its_key(tmp_path: Path, yaml: str, message: str) -> None:
    (tmp_path / "a.txt").write_text("Nederland sprak.", encoding="utf-8")
    (tmp_path / "a.yaml").write_text(yaml + "\n", encoding="utf-8")
    with pytest.raises(AvvnError, match=message) as raised:
        read_letter(tmp_path / "a.txt")
    assert "\n" not in str(raised.value)


def test_a_letter_over_the_limit_is_refused_without_reading_it(tmp_path: Path) -> None:
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(50_000_000)
    begin = time.perf_counter()
    with pytest.raises(AvvnError, match=rf"big\.txt: 50,000,000 bytes are more than the {MAX_BYTES:,}"):
        read_letter(tmp_path / "big.txt")
    assert time.perf_counter() - begin < 0.5


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "dir.txt").mkdir()
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    for name in ("dir", "gone", "absent"):
        with pytest.raises(AvvnError, match=rf"{name}\.txt: "):
            read_letter(tmp_path / f"{name}.txt")
    with pytest.raises(AvvnError, match="no such folder"):
        read_folder(tmp_path / "nofolder")


def test_files_that_are_no_letters_are_passed_over_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "a.txt").write_text("Nederland sprak.", encoding="utf-8")
    (tmp_path / "a.yaml").write_text("slug: a\n", encoding="utf-8")
    (tmp_path / "b.pdf").write_bytes(b"%PDF")
    (tmp_path / "c.yaml").write_text("slug: c\n", encoding="utf-8")
    (tmp_path / ".hidden").write_bytes(b"")
    with caplog.at_level(logging.WARNING, "avvn_graph.corpus"):
        assert [x.meta.slug for x in read_folder(tmp_path)] == ["a"]
    assert [r.getMessage() for r in caplog.records] == ["b.pdf: passed over: no reader for .pdf", "c.yaml: passed over: no letter of that name"]


@pytest.mark.parametrize("text", [
    "\n\n1 Mali sprak" * 20_000,
    "De Minister van Defensie," + "\n" * 300_000,
    "De Raad kwam op 3 mei jl. bijeen. " * 9_000,
    "-\n" * 150_000,
])
def test_time_grows_with_length_and_no_faster(tmp_path: Path, text: str) -> None:
    begin = time.process_time()
    letter_of(tmp_path, "Nederland sprak.\n\n" + text)
    assert time.process_time() - begin < 5


def test_five_letters_in_less_than_a_second() -> None:
    begin = time.process_time()
    read_folder(DOCUMENTS)
    assert time.process_time() - begin < 1


@pytest.mark.parametrize("slug", LETTERS)
def test_what_a_metadata_file_quotes_stands_in_the_letter(slug: str) -> None:
    letter = LETTERS[slug]
    lines = (DOCUMENTS / letter.meta.source_file).with_suffix(".yaml").read_text(encoding="utf-8").splitlines()[1:]
    quotes = [q for line in lines for q in re.findall(r'"([^"]+)"', line.partition("#")[2])]
    running = " ".join(letter.source.split())
    assert len(quotes) >= 4
    for quote in quotes:
        assert quote in running, quote
