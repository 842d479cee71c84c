"""What a researcher does: asks, reads the sentence a row rests on, sees the query, takes the table along."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

QUESTION = "welke resoluties heeft Nederland geïnitieerd"
LETTER = "/page/document/inzet-avvn-72"


def ask(page: Page, question: str) -> None:
    box = page.get_by_role("main").locator("input[name=q]")
    box.fill(question)
    box.press("Enter")
    page.wait_for_url(re.compile(r"\?q="))


def in_view(page: Page, selector: str) -> bool:
    return bool(page.locator(selector).first.evaluate("e => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight }"))


def test_question_to_sentence_query_and_table(visit: Open, site: httpx.Client) -> None:
    with visit() as v:
        page = v.go("/")
        ask(page, QUESTION)
        v.islands()
        expect(page.locator("h1")).to_contain_text("7 resoluties")
        rows = page.locator("table.answer > tbody")
        assert rows.count() == 7
        found = rows.filter(has_text="Equal Political Participation").first
        assert "Samen met Tsjechië" in found.locator("tr.evidence").inner_text()
        answer = page.url

        # The sentence, lit in its letter.
        found.locator("tr.evidence cite a").first.click()
        v.islands()
        assert page.locator(":target").inner_text().startswith("Samen met Tsjechië, Botswana, Peru en Indonesië")
        assert page.locator(":target").evaluate("e => getComputedStyle(e).backgroundColor") != "rgba(0, 0, 0, 0)"
        assert in_view(page, ":target")
        v.page.screenshot(path=_artefact("sentence-lit"))

        # The query, in the editor, with the same rows.
        page.goto(answer)
        page.get_by_text("De SPARQL-vraag").click()
        query = page.locator("article.result pre code").inner_text()
        page.get_by_role("link", name=re.compile("editor")).click()
        v.islands()
        page.locator(".yasr table tbody tr").first.wait_for()
        shown = page.evaluate("document.querySelector('.yasqe .CodeMirror').CodeMirror.getValue()")
        assert shown.split() == query.split()
        assert len({link.inner_text() for link in page.locator(".yasr tbody td:nth-child(2) a.iri").all()}) == 7
        v.shot("editor-with-answer")

        # The table, to take along.
        page.goto(answer)
        href = page.locator(".takeaway a", has_text="CSV").get_attribute("href")
        assert href
        downloaded = site.get(href)
        assert downloaded.headers["content-type"].startswith("text/csv")
        assert len(list(csv.DictReader(io.StringIO(downloaded.text)))) >= 7
        turtle = page.locator(".takeaway a", has_text="Turtle").get_attribute("href")
        assert turtle
        assert site.get(turtle).headers["content-type"].startswith("text/turtle")


def test_the_same_address_gives_turtle_to_a_program(site: httpx.Client) -> None:
    page = site.get("/id/resolution/S-RES-2417", headers={"accept": "text/html"}, follow_redirects=True)
    assert page.url.path == "/page/resolution/S-RES-2417"
    data = site.get("/id/resolution/S-RES-2417", headers={"accept": "text/turtle"}, follow_redirects=True)
    assert data.headers["content-type"].startswith("text/turtle")
    assert "https://w3id.org/avvn/id/resolution/S-RES-2417" in data.text or "S-RES-2417" in data.text


def test_what_was_understood_can_be_changed(visit: Open) -> None:
    with visit() as v:
        page = v.go("/")
        ask(page, QUESTION)
        page.locator(".understood select").nth(1).select_option(label="Zambia")
        page.locator(".understood form").nth(1).get_by_role("button").click()
        expect(page.get_by_role("heading", name=re.compile("Zambia")).first).to_be_visible()


def test_a_refusal_says_so_and_offers_what_can_be_asked(visit: Open) -> None:
    with visit() as v:
        page = v.go("/")
        ask(page, "hoe laat vertrekt de trein naar Groningen")
        assert page.locator("table.answer").count() == 0
        offered = page.locator(".try a")
        assert offered.count() >= 3
        offered.first.click()
        expect(page.locator("table.answer").first).to_be_visible()


def test_asking_without_scripts(visit: Open) -> None:
    with visit(js=False) as v:
        page = v.page
        page.goto(v.base + "/")
        ask(page, QUESTION)
        assert page.locator("table.answer > tbody").count() == 7
        page.locator("tr.evidence cite a").first.click()
        assert "/page/document/" in page.url
        assert page.locator(":target").is_visible()


def test_the_other_language(visit: Open) -> None:
    with visit() as v:
        page = v.go("/page/country/SE")
        assert page.locator("h1").inner_text() == "Zweden"
        page.get_by_role("link", name="English").click()
        assert page.locator("h1").inner_text() == "Sweden"
        assert page.locator("html").get_attribute("lang") == "en"
        v.go("/queries")
        assert page.locator("html").get_attribute("lang") == "en", "the choice is remembered"


def test_a_place_in_a_letter_by_its_characters(visit: Open) -> None:
    with visit() as v:
        page = v.go(LETTER + "#char=260,270")
        lit = page.locator(".s.lit")
        assert lit.count() == 1
        assert lit.get_attribute("id") == "p253-385"
        expect(lit).to_be_focused()
        # Another place in the same page.
        page.evaluate("location.hash = 'char=26634,26700'")
        expect(page.locator(".s.lit")).to_contain_text("Tijdens de zitting van de Derde Commissie")
        assert page.locator(".s.lit").count() == 1
        assert in_view(page, ".s.lit")


def test_a_sentence_says_what_it_states(visit: Open) -> None:
    with visit() as v:
        page = v.go(LETTER)
        page.locator("#p253-385").click(position={"x": 4, "y": 8})
        panel = page.locator(".letter-panel")
        expect(panel).to_contain_text("lid van")
        expect(panel).to_contain_text("VN-Veiligheidsraad")
        expect(panel).to_be_focused()
        v.page.screenshot(path=_artefact("sentence-panel"))
        assert not v.axe()
        page.keyboard.press("Escape")
        expect(panel).to_have_count(0)
        # A mention answers to the keyboard too, and leads on to its page.
        mention = page.locator("#p1-250 a.m").first
        mention.focus()
        mention.press("Enter")
        expect(panel).to_contain_text("begint")
        panel.locator(".panel-mentions a").first.click()
        page.wait_for_url("**/page/country/NL")


def test_the_panel_leaves_the_sentence_in_sight(visit: Open) -> None:
    with visit(width=360, height=740) as v:
        page = v.go(LETTER + "#char=27268,27300")
        page.locator(".s.lit").click(position={"x": 150, "y": 8})
        panel = page.locator(".letter-panel")
        expect(panel).to_contain_text("Tsjechië")
        below = page.locator(".s.lit").evaluate("e => e.getBoundingClientRect().bottom")
        assert below <= panel.evaluate("e => e.getBoundingClientRect().top")
        v.page.screenshot(path=_artefact("sentence-panel-narrow"))


def test_the_legend_remembers(visit: Open) -> None:
    with visit() as v:
        page = v.go(LETTER)
        page.locator("#show-country").uncheck()
        assert "none" in page.locator(".letter a.m.country").first.evaluate("e => getComputedStyle(e).textDecorationLine")
        v.go("/page/document/verslag-avvn-73")
        expect(page.locator("#show-country")).not_to_be_checked()
        expect(page.locator("#show-person")).to_be_checked()


@pytest.mark.parametrize("narrow", [False, True])
def test_the_network_by_keyboard(visit: Open, narrow: bool) -> None:
    with visit(width=360 if narrow else 1280) as v:
        page = v.go("/page/organisation/VNVR")
        v.settle()
        buttons = page.locator(".network-nodes button")
        before = buttons.count()
        assert before > 5
        assert page.locator(".network-boxes input").count() > 3
        colours = page.locator(".network-legend .swatch").evaluate_all("all => all.map(e => getComputedStyle(e).backgroundColor)")
        assert len(set(colours)) == len(colours) > 2, "each kind has its colour"
        assert page.locator(".network-nodes button[tabindex='0']").count() == 1
        page.locator(".network-nodes button[tabindex='0']").focus()
        page.keyboard.press("ArrowDown")
        chosen = page.locator(".network-nodes button:focus")
        name = chosen.get_attribute("data-iri")
        expect(page.locator(".network-details")).to_contain_text((chosen.text_content() or "").strip().split(" ")[0])
        page.keyboard.press("Enter")
        expect(page.locator(".network-status")).not_to_be_empty()
        page.wait_for_function("n => document.querySelectorAll('.network-nodes button').length > n", arg=before)
        assert page.locator(".network-nodes button:focus").get_attribute("data-iri") == name
        # Fewer relations, fewer nodes.
        after = buttons.count()
        page.locator(".network-boxes input").first.uncheck()
        assert buttons.count() < after
        v.shot(f"network-{'narrow' if narrow else 'wide'}")
        assert not v.axe()


def test_charts_stand_above_their_tables(visit: Open) -> None:
    with visit() as v:
        page = v.go("/page/person/blok")
        v.settle()
        figure = page.locator("figure[data-kind=timeline]")
        assert figure.locator(".chart svg circle").count() == figure.locator("tbody time").count()
        v.go("/page/country/NL")
        v.settle()
        bars = page.locator("figure[data-kind=bar]").first
        assert bars.locator(".chart svg rect").count() == bars.locator("tbody tr").count()
        assert bars.locator(".chart svg g[aria-label=bar]").evaluate("e => getComputedStyle(e).fill") != "rgb(0, 0, 0)"
        expect(bars.locator("table")).to_be_visible()


def pick(page: Page, term: str) -> None:
    """Take the first suggestion of the editor, which must be this one."""
    expect(page.locator(".CodeMirror-hint").first).to_have_text(term)
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    page.wait_for_function("term => document.querySelector('.yasqe .CodeMirror').CodeMirror.getValue().endsWith(term)", arg=term)
    if page.locator(".CodeMirror-hint").count():
        page.keyboard.press("Escape")


def test_the_editor(visit: Open) -> None:
    with visit() as v:
        page = v.go("/page/sparql")
        editor = page.locator(".yasqe .CodeMirror")
        editor.click()
        page.keyboard.press("Control+A")
        page.keyboard.press("Delete")
        page.keyboard.type("SELECT * WHERE { ?r avvn:initia")
        pick(page, "avvn:initiatedBy")
        page.keyboard.type(" ?c . ?c a avvn:Coun")
        pick(page, "avvn:Country")
        page.keyboard.type(" }")
        # The keyboard is not caught in the editor.
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") != "TEXTAREA"
        page.get_by_role("button", name="Run query").click()
        rows = page.locator(".yasr table tbody tr")
        rows.first.wait_for()
        assert "PREFIX avvn:" in parse_qs(urlsplit(page.url).query)["query"][0]
        first = page.locator(".yasr tbody a.iri").first
        first.hover()
        assert (first.get_attribute("href") or "").startswith("/page/")
        assert not v.axe()
        # An example, as it would be run.
        page.get_by_label("Voorbeelden").select_option(label="Bijdragen aan vredesmissies")
        page.wait_for_function("() => document.querySelector('.yasqe .CodeMirror').CodeMirror.getValue().includes('contributesTo')")
        assert "{{" not in page.evaluate("document.querySelector('.yasqe .CodeMirror').CodeMirror.getValue()")
        page.get_by_role("button", name="Run query").click()
        expect(page.locator(".yasr_response_chip")).to_contain_text("results")
        # The address reproduces it.
        page.reload()
        v.islands()
        page.locator(".yasr table tbody tr").first.wait_for()


def test_a_mistake_in_the_editor_is_told(visit: Open) -> None:
    with visit(allowed=(400,)) as v:
        page = v.go("/page/sparql?query=SELECT+WHERE+%7B+%3Fs")
        expect(page.locator(".sparql-problem")).to_contain_text("line 1")
        assert not v.axe()


def test_on_paper(visit: Open) -> None:
    with visit() as v:
        page = v.go(LETTER)
        page.emulate_media(media="print")
        expect(page.locator("header.top nav")).to_be_hidden()
        expect(page.locator(".contents")).to_be_hidden()
        expect(page.locator("#p253-385")).to_be_visible()
        pages = page.pdf(format="A4").count(b"/Type /Page\n")
        assert 5 <= pages <= 25


def test_first_stop_of_the_keyboard_skips_to_the_page(visit: Open) -> None:
    with visit() as v:
        page = v.go("/page/country/SE")
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_theme_chosen_by_hand_reaches_the_islands(visit: Open) -> None:
    with visit() as v:
        page = v.go("/page/sparql?theme=dark")
        paper = "e => getComputedStyle(e).backgroundColor"
        assert page.locator("body").evaluate(paper) == page.locator(".yasqe .CodeMirror").evaluate(paper) != "rgb(255, 255, 255)"
        assert not v.axe("color-contrast")
        v.go("/page/organisation/VNVR")
        assert page.locator("html").get_attribute("data-theme") == "dark", "the choice is remembered"


def test_names_are_completed(visit: Open) -> None:
    with visit() as v:
        page = v.go("/")
        box = page.get_by_role("combobox")
        box.press_sequentially("welke resoluties heeft Neder", delay=20)
        options = page.get_by_role("option")
        expect(options.first).to_contain_text("Nederland")
        v.page.screenshot(path=_artefact("completion"))
        assert not v.axe()
        box.press("ArrowDown")
        assert box.get_attribute("aria-activedescendant")
        box.press("Enter")
        expect(box).to_have_value(re.compile("^welke resoluties heeft Nederland"))
        box.press_sequentially(" geïnitieerd")
        # Nothing is chosen in the list, so the key is the form's.
        box.press("Enter")
        page.wait_for_url(re.compile(r"\?q="))
        assert page.locator("table.answer > tbody").count() == 7


def _artefact(name: str) -> str:
    from tests.browser.conftest import ARTEFACTS

    ARTEFACTS.mkdir(exist_ok=True)
    return str(ARTEFACTS / f"{name}.png")
