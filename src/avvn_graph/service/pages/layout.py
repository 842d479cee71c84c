"""What every page has in common: its language and theme, words, addresses, numbers and dates, and how it is rendered."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi import Request
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from starlette.responses import Response

from avvn_graph.service import lookups
from avvn_graph.service.words import COLUMNS, KINDS, LANGUAGES, RELATIONS, WORDS
from avvn_graph.stems import forms
from avvn_graph.stems import words as words_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_SERVICE = Path(__file__).resolve().parent.parent
STATIC = _SERVICE / "static"
THEMES = ("auto", "light", "dark")
_YEAR_OF_SECONDS = 31_536_000
_MONTHS = {
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
}
_DURATION = re.compile(r"P(\d+)([YMD])")
_UNITS = {"Y": (("jaar", "jaar"), ("year", "years")), "M": (("maand", "maanden"), ("month", "months")), "D": (("dag", "dagen"), ("day", "days"))}
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}


def language(request: Request) -> str:
    """``nl`` or ``en``: by ``?lang=``, else by the cookie of an earlier choice, else by Accept-Language."""
    for asked in (request.query_params.get("lang"), request.cookies.get("lang")):
        if asked in LANGUAGES:
            return asked
    best, quality = "nl", 0.0
    for part in request.headers.get("accept-language", "").split(","):
        name, _, q = part.strip().partition(";q=")
        try:
            weight = float(q or 1)
        except ValueError:
            continue
        if name[:2].lower() in WORDS and weight > quality:
            best, quality = name[:2].lower(), weight
    return best


def theme(request: Request) -> str:
    """``auto``, ``light`` or ``dark``: by ``?theme=``, else by the cookie of an earlier choice."""
    for asked in (request.query_params.get("theme"), request.cookies.get("theme")):
        if asked in THEMES:
            return asked
    return "auto"


class Addresses:
    """Where things are on this server."""

    def __init__(self, base: str) -> None:
        """``base`` is the base IRI of the graph."""
        self._ids = f"{base}id/"

    def __call__(self, iri: str) -> str:
        """The address of an IRI; empty when it is nothing that may become a link."""
        if iri.startswith(self._ids):
            path = iri.removeprefix(self._ids)
            if path.startswith("passage/"):
                _, slug, place = path.split("/", 2)
                return f"/page/document/{slug}#p{place}"
            return f"/page/{path}"
        if iri.startswith(lookups.PREFIXES["avvn"]):
            return "/page/ontology#" + lookups.local_name(iri)
        # Nothing but the web: a javascript: IRI in the data must not become a link.
        return iri if iri.startswith(("http://", "https://")) else ""

    def path(self, iri: str) -> str:
        """``kind/key`` of one of our things."""
        return iri.removeprefix(self._ids)

    def kind(self, iri: str) -> str:
        """The kind of one of our things; empty for anything else."""
        return self.path(iri).split("/", 1)[0] if iri.startswith(self._ids) else ""

    def ours(self, iri: str) -> bool:
        """Whether it is one of our things."""
        return iri.startswith(self._ids)


def number(value: Any, lang: str) -> str:
    """A number as it is written: 2.171 in Dutch, 2,171 in English."""
    try:
        parsed = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    text = f"{parsed.normalize():,f}" if parsed % 1 else f"{int(parsed):,}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "nl" else text


def money(value: Any, currency: str, lang: str) -> str:
    """An amount as it is written: € 15 miljoen, EUR 15 million and so on."""
    symbol = _SYMBOLS.get(currency, currency)
    try:
        parsed = Decimal(str(value))
    except InvalidOperation:
        return f"{symbol} {value}"
    for size, words in ((10**9, ("miljard", "billion")), (10**6, ("miljoen", "million"))):
        if parsed >= size and (parsed / size * 100) % 1 == 0:
            return f"{symbol}\u00a0{number(parsed / size, lang)}\u00a0{words[LANGUAGES.index(lang)]}"
    return f"{symbol}\u00a0{number(parsed, lang)}"


def date(value: str, lang: str) -> str:
    """A day, month, year or length of time as it is written: ``2018-10`` becomes "oktober 2018", ``P5Y`` "5 jaar"."""
    if length := _DURATION.fullmatch(value):
        return f"{length[1]} {_UNITS[length[2]][LANGUAGES.index(lang)][length[1] != '1']}"
    found = _DATE.fullmatch(value)
    if not found:
        return value
    year, month, day = found.groups()
    if month and 1 <= int(month) <= 12:
        return f"{int(day)} {_MONTHS[lang][int(month) - 1]} {year}" if day else f"{_MONTHS[lang][int(month) - 1]} {year}"
    return year


def capital(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates, read once."""
    made = Environment(
        loader=FileSystemLoader(_SERVICE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"local": lookups.local_name, "capital": capital, "breakable": breakable, "inline": inline, "marked": marked}
    return made


def breakable(text: str) -> Markup:
    """Text in which an IRI may break after its slashes."""
    return Markup("<wbr>").join(Markup.escape(part) for part in re.split(r"(?<=[/#])", text))


def marked(text: str, looked: Collection[str]) -> Markup:
    """Text with the words marked whose stems are among those looked for."""
    parts = re.split(r"([^\W_]+)", text)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part) if n % 2 and any(f in looked for word in words_of(part) for f in forms(word)) else part
        for n, part in enumerate(parts))


@lru_cache(maxsize=2048)
def inline(text: str) -> Markup:
    """A line of Markdown, such as the API's descriptions are."""
    return Markup(_markdown().renderInline(text or ""))


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # not before it is needed

    return MarkdownIt("commonmark", {"html": False})


@lru_cache(maxsize=8)
def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


@lru_cache(maxsize=1)
def islands() -> str:
    """The address of the built scripts; empty when they have not been built."""
    script = STATIC / "islands" / "main.js"
    return f"/static/islands/main.js?v={_version(script)}" if script.is_file() else ""


def render(request: Request, template: str, status: int = 200, *, headers: dict[str, str] | None = None, **context: Any) -> Response:
    """A page from a template.

    In the template ``w`` has the words of its language, ``href`` makes an IRI an address of this server, ``number``,
    ``money`` and ``date`` write figures as the language does. A ``lang`` or ``theme`` in the address is kept in a cookie.
    """
    lang, chosen = language(request), theme(request)
    state = request.app.state.avvn
    now = state.graphs.now

    def switch(name: str, value: str) -> str:
        return "?" + str(request.url.include_query_params(**{name: value}).query)

    html = environment().get_template(template).render(**{
        "w": WORDS[lang], "kinds": KINDS[lang], "columns": COLUMNS[lang], "relations": RELATIONS[lang], "lang": lang,
        "theme": chosen, "themes": THEMES, "switch": switch, "href": Addresses(state.settings.base_iri),
        "number": lambda value: number(value, lang), "date": lambda value: date(value, lang),
        "money": lambda value, currency: money(value, currency, lang), "path": request.url.path,
        "query": request.query_params.get("q", ""), "islands": islands(), "style": f"/static/style.css?v={_version(STATIC / 'style.css')}",
        "build": now.build if now else None, **context,
    })
    sent = {"content-type": "text/html; charset=utf-8", "vary": "Accept, Accept-Language, Cookie", "content-language": lang} | (headers or {})
    response = Response(html, status, sent)
    for name, value, allowed in (("lang", request.query_params.get("lang"), LANGUAGES), ("theme", request.query_params.get("theme"), THEMES)):
        if value and value in allowed:
            response.set_cookie(name, value, max_age=_YEAR_OF_SECONDS, samesite="lax", httponly=True)
    return response


def name_of(labels: Iterable[tuple[str, str | None]], lang: str) -> str:
    """The best of a thing's names, preferred first, for a reader of a language."""
    names = list(labels)
    return next((text for text, tag in names if tag == lang), names[0][0] if names else "")


def key_path(kind: str, key: str) -> str:
    """``kind/key`` percent-encoded as it stands in an address."""
    return f"{quote(kind, safe='')}/{quote(key, safe='/')}"
