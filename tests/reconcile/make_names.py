"""How ``names.csv`` was made: names of countries and ministers as newspapers spell them, each with the id it means.

Countries: the names of Unicode CLDR (through Babel) in Dutch, English, German and French; those without their accents; those
with hyphens as spaces; and long ones with two letters exchanged. Ministers: the holders of ``offices.yaml`` as "Minister X",
"Min. X", "I. X" and by their full name, and with a slip of the pen. Names that mean nothing here have no id: cities, and other
people with a minister's family name. Run ``python -m tests.reconcile.make_names`` from the root of the repository.
"""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import yaml
from babel import Locale

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MEMBERS_LEFT_OUT = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AC", "CP", "DG", "EA", "IC", "TA", "CQ"}
# Names that CLDR itself uses for two territories, or that are one letter from another country's name in another language.
AMBIGUOUS = {"Guinea", "Guinee", "Guinée", "Niger", "Nigeria", "Dominica", "Dominique", "Congo"}
CITIES = ["Parijs", "Geneve", "Genève", "New York", "Den Haag", "Brussel", "Nairobi", "Teheran", "Bagdad", "Kigali", "Addis Abeba", "Amsterdam", "Rotterdam", "Londen",
          "Wenen", "Rome", "Madrid", "Marrakesh", "Katowice", "Bonn", "Moskou", "Peking", "Washington", "Jeruzalem", "Ramallah", "Caracas", "Willemstad", "Oranjestad",
          "Philipsburg", "Stockholm", "Oslo", "Kopenhagen", "Helsinki", "Warschau", "Praag", "Boedapest", "Athene", "Ankara", "Istanbul", "Caïro"]
OTHERS = ["Hans Blok", "Femke Kaag", "Peter Rutte", "Gerard Koenders", "Wim Ploumen", "Karin Bijleveld", "Henk Hoekstra", "Truus Timmermans", "Otto Rosenthal",
          "Kees Verhagen", "Willem Knapen", "Ellen Bot", "Frits Zijlstra", "Petra Schreinemacher"]


def plain(text: str) -> str:
    """Without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def slip(text: str, at: int) -> str:
    """With two letters exchanged."""
    return text[:at] + text[at + 1] + text[at] + text[at + 2:]


def countries() -> dict[str, str]:
    """Names of countries."""
    found: dict[str, str] = {}
    for lang in ("nl", "en", "de", "fr"):
        for code, name in Locale(lang).territories.items():
            if len(code) == 2 and code.isalpha() and code not in MEMBERS_LEFT_OUT and name not in AMBIGUOUS:
                found.setdefault(name, f"country/{code}")
    for n, (name, id) in enumerate(list(found.items())):
        for other in (plain(name), name.replace("-", " ")):
            found.setdefault(other, id)
        if len(name) >= 9 and n % 4 == 0 and name.isalpha():
            found.setdefault(slip(name, len(name) // 2), id)
    return found


def ministers() -> dict[str, str]:
    """Names of ministers of the Netherlands and the other countries of the Kingdom."""
    rows = yaml.safe_load((ROOT / "data" / "vocabularies" / "offices.yaml").read_text(encoding="utf-8"))["holders"]
    ids: dict[str, set[str]] = {}
    found: dict[str, str] = {}
    for row in rows:
        if row["of"] in ("NL", "AW", "CW", "SX") and "inister" in row["office"]:
            family = row["family_name"]
            id = "person/" + "-".join("".join(c if c.isalnum() else " " for c in plain(family).lower()).split())
            ids.setdefault(family, set()).add(row["full_name"])
            if len(ids[family]) > 1:
                continue
            first = row["full_name"].removesuffix(family).strip()
            for name in (f"Minister {family}", f"Min. {family}", row["full_name"], f"minister {row['full_name']}"):
                found.setdefault(name, id)
            if first:
                found.setdefault(f"{first[0]}. {family}", id)
            if len(family) >= 8 and family.isalpha():
                found.setdefault(f"{first} {slip(family, 3)}", id)
    return {name: id for name, id in found.items() if len(ids.get(name.split(" ", 1)[-1], set())) < 2}


def main() -> None:
    """Write the list."""
    rows = [(name, "country", id) for name, id in countries().items()] + [(name, "person", id) for name, id in ministers().items()]
    step = max(1, len(rows) // 1000)
    rows = sorted(set(rows))[::step][:1000]
    rows += [(name, "country", "") for name in CITIES] + [(name, "person", "") for name in OTHERS]
    with (HERE / "names.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "type", "id"))
        writer.writerows(rows)


if __name__ == "__main__":
    main()
