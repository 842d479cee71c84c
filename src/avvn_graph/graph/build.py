"""Letters in, a published graph out: the one place that knows the order of the steps."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from avvn_graph import __version__
from avvn_graph.errors import AvvnError
from avvn_graph.facts import Letter, LetterFacts
from avvn_graph.graph import publish, seen, validation
from avvn_graph.graph.inference import Inferred, infer
from avvn_graph.graph.links import link_quads
from avvn_graph.graph.ontology import ontology_quads
from avvn_graph.graph.provenance import build_quads
from avvn_graph.graph.quads import Names, letter_quads
from avvn_graph.graph.terms import BUILD_PLACEHOLDER, SKOS, Iris
from avvn_graph.graph.vocabularies import vocabulary_quads
from avvn_graph.settings import Settings

Extractor = Callable[[Sequence[Letter]], Sequence[LetterFacts]]
"""Letters to what they say, in the same order."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build came to."""

    build: publish.Build
    documents: int
    passages: int
    mentions: int
    statements: int
    quads: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.documents} documents, {self.passages} passages, {self.mentions} mentions, "
            f"{self.statements} statements, {self.quads} quads in {self.seconds:.1f} s: build {self.build.id}"
        )


@dataclass(frozen=True, slots=True)
class Dataset:
    """All quads of a build: ``id`` is a hash over ``lines``, canonical N-Quads, sorted.

    In ``lines`` the build's own IRI has a placeholder of the same length where the id belongs. When a build was made is
    no part of it: the same letters give the same bytes, whenever and wherever.
    """

    id: str
    quads: tuple[ox.Quad, ...]
    lines: frozenset[bytes]
    inferred: Inferred

    def nquads(self, iris: Iris) -> bytes:
        """The file to publish: the id in place of its placeholder, sorted again."""
        placeholder, own = (iris.build(key).value.encode() for key in (BUILD_PLACEHOLDER, self.id))
        lines = {line.replace(placeholder, own) for line in self.lines}
        return b"".join(line + b"\n" for line in sorted(lines))


def build(
    settings: Settings,
    *,
    input: Path | None = None,
    output: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
    extractor: Extractor | None = None,
    created: datetime | None = None,
) -> BuildReport:
    """Build the graph of a folder of letters, validate it, and serve it in place of the one before.

    ``input`` is a folder (default ``settings.documents``), ``output`` the store folder (default ``settings.store``);
    ``progress`` is told each step in a few words. ``extractor`` defaults to the extraction with these settings;
    ``created`` is the time to record (default now).

    Raises AvvnError, with what was served before untouched, when a letter cannot be read, the graph breaks a shape
    (each violation on a line of its own) or the folder cannot be written.
    """
    began = datetime.now(UTC)
    folder, store_dir = input or settings.documents, output or settings.store
    from avvn_graph.corpus import read_folder

    progress(f"reading {folder}")
    letters = read_folder(folder)
    return build_letters(
        letters, settings, output=store_dir, progress=progress, extractor=extractor, created=created, began=began
    )


def build_letters(
    letters: Sequence[Letter],
    settings: Settings,
    *,
    output: Path,
    progress: Callable[[str], None] = lambda _: None,
    extractor: Extractor | None = None,
    created: datetime | None = None,
    began: datetime | None = None,
) -> BuildReport:
    """The same for letters already read."""
    began = began or datetime.now(UTC)
    progress(f"extracting from {len(letters)} letters")
    facts = (extractor or _extractor(settings))(letters)
    progress("writing quads")
    iris = Iris(settings.base_iri)
    data = dataset(facts, settings, iris)
    moment = created or began
    nquads = data.nquads(iris)
    quads = nquads.count(b"\n")
    manifest = {
        "created": moment.isoformat(timespec="seconds"),
        "version": __version__,
        "base": settings.base_iri,
        "quads": quads,
        "documents": [
            {"slug": f.letter.meta.slug, "source_file": f.letter.meta.source_file, "sha256": f.letter.meta.sha256}
            for f in facts
        ],
    }

    def check() -> None:
        progress(f"validating {len(data.lines)} quads")
        own = iris.graph("inferred")  # the shapes are for what is stated
        validation.check((q for q in data.quads if q.graph_name != own), settings.ontology)
        data.inferred.check()

    files = {f"{publish.TEXTS}/{f.letter.meta.slug}.txt": f.letter.source.encode("utf-8") for f in facts}
    subjects = {q.subject.value for q in data.quads if isinstance(q.subject, ox.NamedNode)}
    files[seen.FILE] = seen.carry(_before(output), data.id, str(manifest["created"]), subjects, iris.base)
    published = publish.publish(
        output, data.id, nquads, manifest, stage=lambda step: progress(f"publishing: {step}"), check=check, files=files
    )
    return BuildReport(
        build=published,
        documents=len(facts),
        passages=sum(len(f.letter.passages) for f in facts),
        mentions=sum(len(f.mentions) for f in facts),
        statements=sum(len(f.statements) for f in facts),
        quads=quads,
        seconds=(datetime.now(UTC) - began).total_seconds(),
    )


def _before(store_dir: Path) -> Path | None:
    try:
        build = publish.current(store_dir)
    except AvvnError:  # damaged: it is about to be replaced
        return None
    return build.path if build else None


def dataset(facts: Sequence[LetterFacts], settings: Settings, iris: Iris) -> Dataset:
    """Every quad of a build: ontology, vocabularies, letters in their order, provenance, and what follows from all that.

    Each triple stands in one graph only: the first of these that states it. The store's union of graphs is no set (a
    triple in two graphs is two rows, and counts twice in a sum), and which letters state a fact is what statements tell.
    """
    slugs = [f.letter.meta.slug for f in facts]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise AvvnError(f"{slug}: two letters have this slug; give one another `slug` in its metadata file")
    vocabulary = list(vocabulary_quads(settings.vocabularies, iris))
    names = Names(facts, _dutch_names(vocabulary), iris)
    own = iris.build()
    sources = [
        ontology_quads(settings.ontology, iris),
        vocabulary,
        *(letter_quads(letter, names, iris, own) for letter in facts),
        build_quads(facts, own, __version__, iris),
    ]
    stated = list(chain.from_iterable(sources))
    stated += list(link_quads(settings.vocabularies, stated, iris))
    quads = list({quad.triple: quad for quad in reversed(stated)}.values())
    own_graph = iris.graph("ontology")
    inferred = infer(
        (q for q in quads if q.graph_name != own_graph), (q for q in quads if q.graph_name == own_graph), iris
    )
    quads += inferred.quads
    lines = _lines(quads)
    digest = hashlib.sha256()
    for line in sorted(lines):
        digest.update(line + b"\n")
    return Dataset(digest.hexdigest()[:16], tuple(quads), frozenset(lines), inferred)


def _extractor(settings: Settings) -> Extractor:
    # Only a build needs the extraction and the library under it.
    from avvn_graph.extraction import extract

    return lambda letters: extract(letters, settings)


def _lines(quads: Iterable[ox.Quad]) -> set[bytes]:
    text = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    assert text is not None  # bytes when no output is given
    lines = set(text.split(b"\n"))
    lines.discard(b"")
    return lines


def _dutch_names(quads: Iterable[ox.Quad]) -> dict[ox.NamedNode, frozenset[str]]:
    found: dict[ox.NamedNode, set[str]] = {}
    for quad in quads:
        if (
            quad.predicate.value in (SKOS + "prefLabel", SKOS + "altLabel")
            and isinstance(quad.object, ox.Literal)
            and quad.object.language in ("nl", None)
            and isinstance(quad.subject, ox.NamedNode)
        ):
            found.setdefault(quad.subject, set()).add(quad.object.value)
    return {node: frozenset(names) for node, names in found.items()}
