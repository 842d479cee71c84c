"""Amounts of money: "EUR 58,5 miljoen", "15 miljoen euro", "ruim 22 miljard dollar", "EUR 500.000"."""

from __future__ import annotations

import re
from decimal import Decimal

from babel.numbers import NumberFormatError, parse_decimal
from spacy.language import Language
from spacy.tokens import Doc

from avvn_graph.recognition.candidates import Candidate, propose, text_of

CURRENCIES = {
    "eur": "EUR", "€": "EUR", "euro": "EUR", "euro's": "EUR", "euro’s": "EUR", "usd": "USD", "us$": "USD", "$": "USD",
    "dollar": "USD", "dollars": "USD", "us dollar": "USD", "us dollars": "USD", "amerikaanse dollars": "USD", "amerikaanse dollar": "USD", "gbp": "GBP", "£": "GBP",
    "pond": "GBP", "chf": "CHF", "zwitserse frank": "CHF", "cad": "CAD", "sek": "SEK", "nok": "NOK", "dkk": "DKK",
    "jpy": "JPY", "yen": "JPY", "zweedse kronen": "SEK", "zweedse kroon": "SEK", "noorse kronen": "NOK", "noorse kroon": "NOK",
    "deense kronen": "DKK", "deense kroon": "DKK", "canadese dollar": "CAD", "aud": "AUD", "australische dollar": "AUD", "britse pond": "GBP", "pond sterling": "GBP",
}
_MULTIPLIERS = {"duizend": 3, "miljoen": 6, "mln.": 6, "mln": 6, "million": 6, "miljard": 9, "mld.": 9, "mld": 9,
                "mrd": 9, "billion": 9}
_NUMBER = r"\d{1,3}(?:[.  ]\d{3})+(?:,\d+)?|\d+(?:[,.]\d+)?"
_WORDS = {w: Decimal(n) for w, n in (
    ("half", "0.5"), ("een", "1"), ("één", "1"), ("anderhalf", "1.5"), ("anderhalve", "1.5"), ("twee", "2"), ("tweeënhalf", "2.5"), ("drie", "3"), ("vier", "4"), ("vijf", "5"), ("zes", "6"),
    ("zeven", "7"), ("acht", "8"), ("negen", "9"), ("tien", "10"), ("elf", "11"), ("twaalf", "12"), ("vijftien", "15"), ("twintig", "20"), ("vijfentwintig", "25"), ("dertig", "30"),
    ("veertig", "40"), ("vijftig", "50"), ("zestig", "60"), ("zeventig", "70"), ("vijfenzeventig", "75"), ("tachtig", "80"), ("negentig", "90"), ("honderd", "100"), ("tweehonderd", "200"),
    ("driehonderd", "300"), ("vierhonderd", "400"), ("vijfhonderd", "500"))}
_MULTIPLIER = r"duizend|miljoen|miljard|mln\.?|mld\.?|mrd|million|billion"
_BEFORE = r"EUR|€|USD|US\$|\$|GBP|£|CHF|CAD|SEK|NOK|DKK|JPY|AUD"
_AFTER = r"(?:US |Amerikaanse |Canadese |Australische )?dollars?|(?:Zweedse|Noorse|Deense) kro(?:nen|on)|Britse pond|pond sterling|euro(?:['’]s)?|EUR|USD|GBP|pond|Zwitserse frank|yen"
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?:(?P<before>{_BEFORE})[  ]?(?P<n1>{_NUMBER})(?:[  -]?(?P<m1>{_MULTIPLIER})\b)?(?:[  ]euro\b)?"
    rf"|(?P<word>{'|'.join(_WORDS)})[  ](?P<m4>miljoen|miljard|duizend)[  ](?P<after2>{_AFTER})\b"
    rf"|(?P<n2>{_NUMBER})[  ](?:(?P<m2>{_MULTIPLIER})[  ])?(?P<after>{_AFTER})\b(?![  ]?\d)"
    rf"|(?P<n3>{_NUMBER})[  ](?P<m3>miljoen|miljard|mln\.?|mld\.?)(?=[ ,.;)]))"
)
_HEDGE = re.compile(r"\b(ruim|circa|ca\.|ongeveer|bijna|maximaal|minimaal|minstens|tot|meer dan|zo'n|zo’n|totaal)[ ]$", re.I)
# Numbers of people or things are not money: "96,6 miljoen mensen".
_COUNTED = re.compile(r"^[ ](?:mensen|personen|kinderen|vrouwen|meisjes|jongeren|vluchtelingen|inwoners|ontheemden|ton|"
                      r"hectare|doses|vaccins|Europeanen|Syriërs|burgers|slachtoffers|kilo|km|jaar|banen|huishoudens)")


def parse_amount(number: str, multiplier: str | None) -> Decimal | None:
    """The value of a number as printed in Dutch, or None when it is none (``"1.23.4"``)."""
    text = re.sub(r"[  ]", "", number)
    if re.fullmatch(r"\d+\.\d{1,2}", text):  # English decimal point
        text = text.replace(".", ",")
    try:
        value = parse_decimal(text, locale="nl", strict=True)
    except NumberFormatError:
        return None
    return value * 10 ** _MULTIPLIERS[multiplier.lower()] if multiplier else value


class AmountRecogniser:
    """Proposes amounts; one without a currency ("bijna 13 miljard") is left for linking to complete."""

    def __call__(self, doc: Doc) -> Doc:
        """Add the proposals to ``doc._.candidates``."""
        found = []
        for m in _AMOUNT.finditer(text_of(doc)):
            number = m["n1"] or m["n2"] or m["n3"]
            multiplier = m["m1"] or m["m2"] or m["m3"]
            value = _WORDS[m["word"]] * 10 ** _MULTIPLIERS[m["m4"]] if m["word"] else parse_amount(number, multiplier)
            if value is None or value == 0 or _COUNTED.match(text_of(doc)[m.end():]):
                continue
            currency = CURRENCIES[(m["before"] or m["after"] or m["after2"]).lower().strip()] if m["before"] or m["after"] or m["after2"] else None
            hedge = _HEDGE.search(text_of(doc)[:m.start()])
            found.append(Candidate("amount", m.start(), m.end(), None, m.group(), 6, {
                "value": format(value.normalize(), "f"), "currency": currency, "qualifier": hedge[1] if hedge else None,
            }))
        return propose(doc, found)


@Language.factory("avvn_amounts")
def create_amount_recogniser(nlp: Language, name: str) -> AmountRecogniser:
    """Make the component."""
    return AmountRecogniser()
