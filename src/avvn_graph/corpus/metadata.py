"""What is known of a letter beside its text: from its metadata file, else from what the text says of itself."""

from __future__ import annotations

import logging
import re
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from avvn_graph.errors import AvvnError
from avvn_graph.facts import DocumentMeta
from avvn_graph.text import slug

log = logging.getLogger("avvn_graph.corpus")

_MONTHS = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"]
_MONTH = "|".join(_MONTHS)


DocumentType = Literal["report", "plans", "council-year", "written-consultation", "letter"]


class Metadata(BaseModel):
    """The contents of a metadata file."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    slug: str | None = Field(None, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str | None = None
    date: str | None = None
    session: int | None = Field(None, ge=1, le=200)
    type: DocumentType = "letter"
    senders: list[str] = []
    dossier: str | None = Field(None, pattern=r"^\d{5}(-[IVXLC]+)?-[0-9A-Z]+$")

    @field_validator("date", mode="before")
    @classmethod
    def _iso(cls, value: object) -> object:
        text = value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, int) else value
        if isinstance(text, str):
            if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
                raise ValueError("a date is YYYY, YYYY-MM or YYYY-MM-DD")
            year, month, day = (*text.split("-"), "01", "01")[:3]
            date(int(year), int(month), int(day))
        return text


def describe(path: Path, source: str, checksum: str) -> DocumentMeta:
    """The metadata of a letter, from the YAML file beside it or, with a warning, from the letter itself; raises AvvnError that names the metadata file and the key that is wrong."""
    beside = path.with_suffix(".yaml")
    if beside.is_file():
        known = _read(beside)
    else:
        log.warning("%s: no metadata file %s; taken in with what the text says of itself", path.name, beside.name)
        known = guess(source)
    return DocumentMeta(
        slug=known.slug or slug(path.stem), source_file=path.name, sha256=checksum, title=known.title or path.stem,
        date=known.date, session=known.session, document_type=known.type, senders=tuple(known.senders), dossier=known.dossier,
    )


def _read(path: Path) -> Metadata:
    try:
        return Metadata.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(x) for x in first["loc"]) or "the file"
        if first["type"] == "extra_forbidden":
            raise AvvnError(f"{path.name}: {where}: unknown key; known are {', '.join(Metadata.model_fields)}") from None
        raise AvvnError(f"{path.name}: {where}: {first['msg']}") from None
    except yaml.YAMLError as error:
        raise AvvnError(f"{path.name}: not valid YAML: {' '.join(str(error).split())}") from None
    except UnicodeDecodeError:
        raise AvvnError(f"{path.name}: not UTF-8") from None
    except OSError as error:
        raise AvvnError(f"{path.name}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        # What YAML takes for a date but the calendar does not have, such as 2019-02-30.
        raise AvvnError(f"{path.name}: a value is no date: {error}") from None


_DATED = re.compile(rf"^[ \t]*(?:Datum\s+|(?:Den Haag|[’']s-Gravenhage),?\s+)(?P<d>\d{{1,2}})\s+(?P<m>{_MONTH})\s+(?P<y>\d{{4}})", re.M)
_ANY_DATE = re.compile(rf"\b(?P<m>{_MONTH})\s+(?P<y>20\d{{2}}|19\d{{2}})\b")
_SESSION = re.compile(r"\b(?P<n>\d{2,3})\s?(?:e|de|ste)\s+(?:zitting\s+van\s+de\s+)?(?:VN-)?(?:AVVN|Algemene\s+Vergadering)", re.I)
_SUBJECT = re.compile(r"^(?:Betreft|Onderwerp)[ \t:]+(\S[^\n]{7,160}(?:\n[ \t]*(?!Datum|Geachte|Den Haag|Onze|Uw\b|Bijlage|Kenmerk)[^\W_][^\n]{2,120}){0,3})", re.M)
_PAGE_FOOT = re.compile(r"vergaderjaar \d{4}[–-]\d{4}, (\d{2}) (\d{3})(?: ([IVXLC]+))?, nr\. (\d+)")
_TITLE_NUMBER = re.compile(r"^[ \t]*(\d{2}) ?(\d{3})(?:[ -]([IVXLC]+))?\b[^\n]*\n(?:[^\n]*\n){0,4}?[ \t]*Nr\. ?(\d+)\b", re.M)
_FIRST_SESSION = 1946


def guess(source: str) -> Metadata:
    """What a letter says of itself; senders are read from its signatures by the caller.

    Session: the first one named. Dossier: from the foot of a page or the head of a parliamentary paper. Type: by the
    wording of the opening. Date: the one in its head. Without one it is an estimate, good to the month: a letter with
    plans, or a consultation about them, is of the September in which its session opens (session 1 was that of 1946); a
    report is of the latest month that it names in that year, from September on; any other letter is of the latest month
    named in its first 6,000 characters.
    """
    named = _SESSION.search(source)
    session = int(named["n"]) if named else None
    kind = _type(source)
    subject = _SUBJECT.search(source[:6000])
    number = _PAGE_FOOT.search(source) or _TITLE_NUMBER.search(source[:3000])
    dossier = "-".join([number[1] + number[2], *([number[3]] if number[3] else []), number[4]]) if number else None
    return Metadata(title=" ".join(subject[1].split()) if subject else None, date=_date(source, kind, session), session=session, type=kind, dossier=dossier)


def _date(source: str, kind: str, session: int | None) -> str | None:
    head = _DATED.search(source[:6000])
    if head and int(head["d"]) <= 31:
        return f"{head['y']}-{_MONTHS.index(head['m']) + 1:02}-{int(head['d']):02}"
    opened = _FIRST_SESSION + session - 1 if session else None
    if opened and kind in ("plans", "written-consultation"):
        return f"{opened}-09"
    text = source if opened else source[:6000]
    months = [f"{m['y']}-{_MONTHS.index(m['m']) + 1:02}" for m in _ANY_DATE.finditer(text)]
    if opened and kind == "report":
        return max([f"{opened}-09", *(m for m in months if m.startswith(str(opened)))])
    return max(months, default=None)


def _type(source: str) -> DocumentType:
    opening = " ".join(re.sub(r"-[ \t]*\r?\n\s*", "", source[:5000]).lower().split())
    if re.search(r"^[ \t]*\d+\.[ \t]+antwoord van", source, re.I | re.M) or "opmerkingen vanuit de fracties" in opening:
        return "written-consultation"
    if re.search(r"(?:informeert|geïnformeerd|informeren|ontvangt)\b.{0,60}\binzet\b|\binzet van .{0,60}\bvoor de \d+\s?(?:e|de|ste)\b", opening[:1500]):
        return "plans"
    if re.search(r"\blid(?:maatschap)? van de (?:vn[ -])?veiligheidsraad", opening[:2000]) and re.search(r"\bblik(?:t|ken)\b|terugblik|teruggeblikt", opening):
        return "council-year"
    if re.search(r"\bverslag\b|terugblik|teruggeblikt|\bwas .{0,60}\bvertegenwoordigd\b|\bverloop van\b|\bblikt\b.{0,40}\bterug\b", opening):
        return "report"
    return "letter"
