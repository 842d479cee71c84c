"""The command line: ``avvn-graph``. Exit code 0 when done, 2 for wrong usage, 1 for a failure with one clear line."""

from __future__ import annotations

import csv
import json
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from avvn_graph import __version__
from avvn_graph.errors import AvvnError
from avvn_graph.settings import Settings, get_settings


class _Commands(click.Group):
    """Turns what the user can mend into one line and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AvvnError as error:
            click.echo(f"avvn-graph: {error}", err=True)
            ctx.exit(1)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(1)


def _progress(line: str) -> None:
    click.echo(line, err=True)


def _setup_warnings() -> None:
    import logging

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s", stream=sys.stderr)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="avvn-graph")
def main() -> None:
    """Dutch letters about the UN General Assembly as a knowledge graph."""
    _setup_warnings()


@main.command()
@click.option("--input", "input_", type=click.Path(path_type=Path), help="Folder with the letters.")
@click.option("--output", type=click.Path(path_type=Path), help="Folder for the builds.")
def build(input_: Path | None, output: Path | None) -> None:
    """Texts to a validated store."""
    from avvn_graph.graph.build import build as run

    settings = get_settings()
    click.echo(str(run(settings, input=input_, output=output, progress=_progress)))
    _measure(settings, output or settings.store, input_)
    if settings.store_graphs:
        _load_remote(settings, output or settings.store)


def _measure(settings: Settings, folder: Path, input_: Path | None) -> None:
    """Keep with a build of the annotated letters how good it is, which the catalogue then tells."""
    from avvn_graph import evaluation
    from avvn_graph.graph import publish

    current = publish.current(folder)
    if current is None or (input_ is not None and input_.resolve() != settings.documents.resolve()):
        return
    files = evaluation.annotated(settings.annotations, settings.documents)
    if files:
        publish.record_quality(current, evaluation.evaluate(current.path / "graph.nq", files, settings.documents).figures())


@main.command()
@click.option("--store", type=click.Path(path_type=Path), help="Folder of the builds.")
def publish(store: Path | None) -> None:
    """Load the current build into the SPARQL server of AVVN_STORE_URL and AVVN_STORE_GRAPHS; `build` does so too."""
    settings = get_settings()
    _load_remote(settings, store or settings.store)


def _load_remote(settings: Settings, folder: Path) -> None:
    from avvn_graph.graph import publish
    from avvn_graph.store.remote import Address, load

    current = publish.current(folder)
    if current is None:
        raise AvvnError(f"{folder}: there is no store; run: avvn-graph build")
    if not settings.store_url:
        raise AvvnError("AVVN_STORE_URL: give the query endpoint of the server to load into")
    auth = settings.store_auth.get_secret_value() if settings.store_auth else None
    quads = load(Address(settings.store_url, settings.store_graphs, auth), current.nquads, settings.base_iri, _progress)
    click.echo(f"{quads} quads of build {current.id} are on {settings.store_url}")


@main.command()
@click.option("--host", default=None, help="Address to listen on.")
@click.option("--port", default=None, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--workers", default=None, type=click.IntRange(1, 64), help="Server processes, each with its own query workers.")
@click.option("--writable", is_flag=True, help="Take updates from whoever has the token, AVVN_TOKEN.")
@click.option("--empty", is_flag=True, help="With --writable and no store: start with an empty one instead of building.")
def serve(host: str | None, port: int | None, workers: int | None, writable: bool, empty: bool) -> None:
    """Serve the graph; builds it first when there is no store."""
    from avvn_graph.graph import publish

    settings = get_settings()
    if workers:
        settings = settings.model_copy(update={"workers": workers})
    if writable:
        settings = settings.model_copy(update={"writable": True})
    if settings.writable and settings.token is None:
        raise AvvnError("--writable needs a token: set AVVN_TOKEN to 16 characters or more, known to those who may write")
    if empty and not settings.writable:
        raise click.UsageError("--empty goes with --writable")
    address, number = host or settings.host, settings.port if port is None else port
    _check_port(address, number)
    if publish.current(settings.store) is None and not empty and not settings.store_url:
        from avvn_graph.graph.build import build as run

        _progress("no store yet: building")
        _progress(str(run(settings, input=None, output=None, progress=_progress)))
        _measure(settings, settings.store, None)
    if settings.writable and settings.workers > 1:
        raise AvvnError("AVVN_WORKERS: a writable server is one process")
    import uvicorn

    options: dict[str, Any] = {"host": address, "port": number, "log_level": "info", "access_log": False, "timeout_graceful_shutdown": 10}
    if settings.workers > 1:
        with tempfile.TemporaryDirectory(prefix="avvn-graph-") as folder:  # where the processes count together
            os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", folder)
            uvicorn.run("avvn_graph.service.app:create_app", factory=True, workers=settings.workers, **options)
    else:
        from avvn_graph.service.app import create_app

        uvicorn.run(create_app(settings), **options)


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AvvnError(f"--port {port}: cannot listen on {host}:{port} ({error.strerror}); choose another port") from None


@main.command()
@click.option("--store", type=click.Path(path_type=Path), help="Folder of the builds.")
@click.option("--format", "format_", type=click.Choice(["nquads", "trig", "turtle", "jsonld", "csv", "parquet"]), default="nquads", show_default=True)
@click.argument("file", required=False, type=click.Path(path_type=Path))
def export(store: Path | None, format_: str, file: Path | None) -> None:
    """Write the graph to FILE or standard output; csv and parquet write tables into a folder FILE."""
    if format_ in ("csv", "parquet"):
        from avvn_graph.graph.tables import export_tables

        if file is None:
            raise click.UsageError(f"--format {format_} writes several tables: name a folder for them")
        export_tables(store or get_settings().store, format_, file)
        return
    from avvn_graph.graph.export import export as run

    if file is not None and file.is_dir():
        raise click.UsageError(f"{file} is a folder; --format {format_} writes one file")
    run(store or get_settings().store, format_, file)


def _store(settings: Settings) -> Any:
    from avvn_graph.graph import publish

    current = publish.current(settings.store)
    if current is None:
        raise AvvnError(f"{settings.store}: there is no store; run: avvn-graph build")
    import pyoxigraph as ox

    return ox.Store.read_only(str(current.store))


def _rows(store: Any, sparql: str) -> tuple[list[str], list[dict[str, str]]]:
    try:
        result = store.query(sparql, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise AvvnError(f"the query does not parse: {str(error).splitlines()[0]}") from None
    except (ValueError, OSError, RuntimeError) as error:
        raise AvvnError(f"the query failed: {error}") from None
    if not hasattr(result, "variables"):
        raise AvvnError("the query is not a SELECT; use the SPARQL endpoint for CONSTRUCT, DESCRIBE and ASK")
    names = [v.value for v in result.variables]
    return names, [{n: getattr(row[n], "value", "") if row[n] is not None else "" for n in names} for row in result]


def _show(names: list[str], rows: list[dict[str, str]], format_: str) -> None:
    if format_ == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    elif format_ == "csv":
        writer = csv.DictWriter(sys.stdout, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    else:
        shown = [n for n in names if n not in ("start", "end", "statement", "passage")]
        width = {n: min(48, max([len(n), *(len(_short(r[n])) for r in rows)])) for n in shown}
        click.echo("  ".join(n.ljust(width[n]) for n in shown).rstrip())
        for row in rows:
            click.echo("  ".join(_short(row[n])[:width[n]].ljust(width[n]) for n in shown).rstrip())
        click.echo(f"({len(rows)} rows)", err=True)


def _short(value: str) -> str:
    return value.split("/id/", 1)[1] if "/id/" in value and " " not in value else value.replace("\n", " ")


@main.command()
@click.argument("query")
@click.option("--param", "-p", multiple=True, help="A parameter, NAME=VALUE; may be repeated.")
@click.option("--format", "format_", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
def query(query: str, param: tuple[str, ...], format_: str) -> None:
    """Run a canned query by NAME, or a query FILE."""
    from avvn_graph.catalogue import load

    settings = get_settings()
    values = {}
    for pair in param:
        name, sign, value = pair.partition("=")
        if not sign:
            raise click.BadParameter(f"{pair!r} is not NAME=VALUE", param_hint="--param")
        values[name] = value
    queries = load(settings.queries)
    if query in queries:
        sparql = queries[query].bind(values, settings.base_iri)
    elif Path(query).is_file():
        from avvn_graph.store.gate import inspect

        if values:
            raise AvvnError("--param: only canned queries take parameters")
        sparql = Path(query).read_text(encoding="utf-8")
        inspect(sparql)  # refuses what would open a network connection
    else:
        raise AvvnError(f"{query}: neither a canned query nor a file; canned: {', '.join(queries)}")
    _show(*_rows(_store(settings), sparql), format_)


@main.command()
@click.argument("question")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
def ask(question: str, format_: str) -> None:
    """Answer a QUESTION in Dutch or English with the sentences it rests on."""
    from avvn_graph.ask import Asker
    from avvn_graph.catalogue import load

    settings = get_settings()
    store = _store(settings)
    catalogue = load(settings.queries)

    def run(sparql: str) -> list[dict[str, str]]:
        return _rows(store, sparql)[1]

    answer = Asker(catalogue, settings.vocabularies, settings.base_iri, run).answer(question)
    if format_ == "json":
        click.echo(json.dumps(answer.as_dict(), ensure_ascii=False, indent=1))
        return
    click.echo(answer.summary)
    if answer.query is None:
        for example in answer.nearest:
            click.echo(f"  {example}")
        return
    for row in answer.rows:
        modality = f" [{row['modality']}]" if row.get("modality") else ""
        click.echo(f"- {row.get('label') or row.get('firstLabel') or row.get('documentTitle') or ''}{modality}")
        if row.get("evidence"):
            click.echo(f"    “{row['evidence']}” ({row.get('documentTitle', '')}, {row.get('start', '')}-{row.get('end', '')})")
    click.echo(f"\nquery {answer.query} {answer.parameters}\n{answer.sparql}")


@main.command()
@click.option("--store", type=click.Path(path_type=Path), help="Folder of the builds.")
def validate(store: Path | None) -> None:
    """Check the current build against the SHACL shapes."""
    from avvn_graph.graph import publish
    from avvn_graph.graph.validation import check_file

    settings = get_settings()
    current = publish.current(store or settings.store)
    if current is None:
        raise AvvnError(f"{store or settings.store}: there is no store; run: avvn-graph build")
    quads = check_file(current.path / "graph.nq", settings.ontology)
    click.echo(f"{quads} quads conform to {settings.ontology / 'shapes.ttl'}")


@main.command()
@click.argument("gold", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--sources", type=click.Path(path_type=Path), help="Folder with the annotated texts.")
@click.option("--misses", is_flag=True, help="Also list what was missed and what was wrong.")
@click.option("--record", is_flag=True, help="Keep the figures with the build: /catalog then states them as DQV measurements.")
def evaluate(gold: tuple[Path, ...], sources: Path | None, misses: bool, record: bool) -> None:
    """Precision, recall and F1 of the current build against GOLD annotations."""
    from avvn_graph.evaluation import evaluate as run
    from avvn_graph.graph import publish

    settings = get_settings()
    current = publish.current(settings.store)
    if current is None:
        raise AvvnError(f"{settings.store}: there is no store; run: avvn-graph build")
    result = run(current.path / "graph.nq", list(gold), sources or settings.documents)
    click.echo(result.table())
    if record:
        publish.record_quality(current, result.figures())
    if misses:
        for line in result.misses:
            click.echo(line)


@main.command()
@click.argument("gold", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--sources", type=click.Path(path_type=Path), help="Folder with the annotated texts.")
@click.option("--output", type=click.Path(path_type=Path), help="File to write; standard output without.")
@click.option("--calibrate", is_flag=True, help="Write the confidence of each rule (data/vocabularies/confidence.yaml) instead of the page.")
def quality(gold: tuple[Path, ...], sources: Path | None, output: Path | None, calibrate: bool) -> None:
    """The quality page of the current build, by GOLD annotations."""
    from avvn_graph.graph import publish
    from avvn_graph.quality import calibration, page

    settings = get_settings()
    current = publish.current(settings.store)
    if current is None:
        raise AvvnError(f"{settings.store}: there is no store; run: avvn-graph build")
    make = calibration if calibrate else page
    text = make(current.path / "graph.nq", list(gold), sources or settings.documents, settings)
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        beside = output.with_name(output.name + ".part")
        beside.write_text(text, encoding="utf-8")
        beside.replace(output)
    else:
        click.echo(text, nl=False)


@main.command()
def mcp() -> None:
    """Serve language-model clients over standard input and output (Model Context Protocol)."""
    from avvn_graph.graph import publish

    settings = get_settings()
    if publish.current(settings.store) is None and not settings.store_url:
        raise AvvnError(f"{settings.store}: there is no store; run: avvn-graph build")
    from avvn_graph.mcp import create_server

    create_server(settings).run("stdio")


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def add(files: tuple[Path, ...]) -> None:
    """Take in new documents and rebuild; when one cannot be read, nothing changes."""
    from avvn_graph.corpus import read_folder
    from avvn_graph.graph.build import build as run

    settings = get_settings()
    with tempfile.TemporaryDirectory(prefix="avvn-add-") as name:
        trial = Path(name) / "documents"
        shutil.copytree(settings.documents, trial)
        for file in files:
            if not file.is_file():
                raise AvvnError(f"{file}: no such file")
            if (trial / file.name).exists():
                raise AvvnError(f"{file.name}: a document of this name is there already; rename the file")
            for part in (file, file.with_suffix(".yaml")):
                if part.is_file():
                    shutil.copy(part, trial / part.name)
        read_folder(trial)
        report = run(settings, input=trial, output=None, progress=_progress)
        for file in files:  # only what has been built and validated joins the corpus
            for part in (file, file.with_suffix(".yaml")):
                if part.is_file():
                    beside = settings.documents / f".{part.name}.part"
                    shutil.copy(part, beside)
                    beside.replace(settings.documents / part.name)
    click.echo(str(report))


if __name__ == "__main__":
    main()
