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


class Metadata(BaseModel):
    """The contents of a metadata file."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    slug: str | None = Field(None, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str | None = None
    date: str | None = None
    session: int | None = Field(None, ge=1, le=200)
    type: Literal["report", "plans", "council-year", "written-consultation", "letter"] = "letter"
    senders: list[str] = []
    dossier: str | None = Field(None, pattern=r"^\d{5}(-[IVXLC]+)?-[0-9A-Z]+$")

    @field_validator("date", mode="before")
    @classmethod
    def _iso(cls, value: object) -> object:
        text = value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, int) else value
        if isinstance(text, str) and not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
            raise ValueError("a date is YYYY, YYYY-MM or YYYY-MM-DD")
        return text


def describe(path: Path, source: str, checksum: str) -> DocumentMeta:
    """The metadata of a letter; raises AvvnError that names the metadata file and the key that is wrong."""
    beside = path.with_suffix(".yaml")
    if beside.is_file():
        try:
            rows = yaml.safe_load(beside.read_text(encoding="utf-8")) or {}
            known = Metadata.model_validate(rows)
        except yaml.YAMLError as error:
            raise AvvnError(f"{beside.name}: not valid YAML: {str(error).splitlines()[0]}") from None
        except UnicodeDecodeError:
            raise AvvnError(f"{beside.name}: not UTF-8") from None
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(x) for x in first["loc"]) or "the file"
            raise AvvnError(f"{beside.name}: {where}: {first['msg']}") from None
    else:
        log.warning("%s: no metadata file %s; taken in with what the text says of itself", path.name, beside.name)
        known = guess(source)
    return DocumentMeta(
        slug=known.slug or slug(path.stem), source_file=path.name, sha256=checksum, title=known.title or path.stem,
        date=known.date, session=known.session, document_type=known.type, senders=tuple(known.senders), dossier=known.dossier,
    )


_DATED = re.compile(rf"(?:\bDatum\s+|\bDen Haag,\s+)(?P<d>\d{{1,2}})\s+(?P<m>{_MONTH})\s+(?P<y>\d{{4}})")
_ANY_DATE = re.compile(rf"\b(?:(?P<d>\d{{1,2}})\s+)?(?P<m>{_MONTH})\s+(?P<y>20\d{{2}})\b")
_SESSION = re.compile(r"\b(?P<n>\d{2,3})\s?(?:e|de|ste)\s+(?:zitting\s+van\s+de\s+)?(?:VN-)?(?:AVVN|Algemene\s+Vergadering)", re.I)
_SENDER = re.compile(r"^(?:De\s+)?(?:[Mm]inister|[Ss]taatssecretaris|[Mm]inister-[Pp]resident)[^,\n]{0,120},\s*\n+\s*((?:[A-Z]\.)+\s?[\w’' -]+?)\s*$", re.M)
_BETREFT = re.compile(r"^Betreft\s+(.{8,160}?)\s*$", re.M)


def guess(source: str) -> Metadata:
    """What a letter says of itself.

    Its date is the one in its head; else the latest date that it tells of in the past tense's company, which is the
    latest full or month date in the text not after the last year it names in brackets: taken as month. Its session is
    the one named first.
    """
    head = _DATED.search(source)
    when: str | None = None
    if head:
        when = f"{head['y']}-{_MONTHS.index(head['m']) + 1:02}-{int(head['d']):02}"
    else:
        found = sorted(f"{m['y']}-{_MONTHS.index(m['m']) + 1:02}" for m in _ANY_DATE.finditer(source[:6000]))
        when = found[-1] if found else None
    session = _SESSION.search(source)
    start = source[:3000].lower()
    kind: Literal["report", "plans", "council-year", "written-consultation", "letter"] = "letter"
    if re.search(r"antwoord van (?:het kabinet|de minister)", source, re.I) or "vragen en opmerkingen vanuit de fracties" in start:
        kind = "written-consultation"
    elif re.search(r"lid(?:maatschap)? van de (?:vn[ -])?veiligheidsraad", start) and "blikt" in start:
        kind = "council-year"
    elif re.search(r"over de inzet van|inzet voor de|wordt u geïnformeerd over de inzet|informeert u over de inzet", start):
        kind = "plans"
    elif re.search(r"verslag|teruggeblikt|blikt terug|vond plaats|vertegenwoordigd tijdens|werd vertegenwoordigd", start):
        kind = "report"
    subject = _BETREFT.search(source)
    senders = [re.sub(r"\s+", " ", m[1]) for m in _SENDER.finditer(source)]
    return Metadata(title=subject[1] if subject else None, date=when, session=int(session["n"]) if session else None,
                    type=kind, senders=list(dict.fromkeys(senders)))
