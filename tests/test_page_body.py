"""Which of a page's text is the article: golden pages, and the cases that single mechanisms are for."""

from __future__ import annotations

import statistics

import pytest

from extractors.articles import extract_html
from extractors.page_lines import ends_article, is_furniture_line, is_top_line
from tests.benchmarks.extraction import read_pages, score

GOLDEN = {
    f"{folder}/{name}": (page, texts[name])
    for folder in ("articles", "site_types")
    for pages, texts in [read_pages(folder)]
    for name, page in pages.items()
}
URL = "https://news.example/2026/story"
SENTENCE = "The committee met for the {} time on Monday and put the ships off until the spring, its chair said."
NUMBERS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def paragraphs(count: int = 6, start: int = 0) -> str:
    return "".join(f"<p>{SENTENCE.format(n)}</p>" for n in NUMBERS[start : start + count])


def body(markup: str, title: str = "Ships put off until the spring") -> list[str]:
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{markup}</body></html>"
    return extract_html(page.encode(), URL).body.split("\n\n")


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_a_golden_page_is_read_as_a_person_would(name: str) -> None:
    """The body is the text set down beside the page, but for a line at most."""
    page, text = GOLDEN[name]
    assert score(text, extract_html(page, URL).body).f1 > 0.95


def test_pages_by_which_no_rule_was_made_are_read_as_well() -> None:
    """The rules hold for the markup of sites that they were not written for, on the whole."""
    pages, texts = read_pages("site_types_held_out")
    scores = [score(texts[name], extract_html(page, URL).body) for name, page in pages.items()]
    assert statistics.mean(s.f1 for s in scores) > 0.97


def test_a_text_in_several_boxes_is_whole() -> None:
    """Sites that put ads between parts of a text close its box and open another one."""
    box = '<div class="article-body">{}</div><div class="ad-slot">Advertisement</div>'
    found = body("".join(box.format(paragraphs(2, start)) for start in (0, 2, 4)))
    assert found == [SENTENCE.format(n) for n in NUMBERS[:6]]


def test_teasers_and_comments_below_are_left_out() -> None:
    """A row of its own for each, with a label beside it, tells them from paragraphs."""
    rows = "".join(
        f'<div class="row"><b>reader{n}</b><div>I wrote to my member of parliament {n} times about those ships, '
        'and never had an answer.</div><a href="#">Answer</a></div>'
        for n in range(9)
    )
    assert body(f"<div>{paragraphs(5)}</div><section>{rows}</section>") == [
        SENTENCE.format(n) for n in NUMBERS[:5]
    ]


def test_the_next_article_of_an_endless_page_is_left_out() -> None:
    """Pages that load the next article below the first hold several; the first is the page's."""
    one, two = (
        f"<div><h1>{title}</h1><div>{{}}</div></div>" for title in ("Ships put off", "Eels")
    )
    markup = one.format(paragraphs(4)) + two.format(paragraphs(4, 4))
    page = f"<html><head><title>Ships put off</title></head><body>{markup}</body></html>"
    assert extract_html(page.encode(), URL).body.split("\n\n") == [
        SENTENCE.format(n) for n in NUMBERS[:4]
    ]


def test_a_paragraph_with_links_is_whole() -> None:
    """Where only breaks part the paragraphs, trafilatura ends some at a link and loses the rest."""
    texts = [
        f'The <a href="/c">committee</a> met in room {n} and put off the <b>ships</b> that nobody needs, its chair said.'
        for n in range(6)
    ]
    found = body(f'<div class="text">{"<br><br>".join(texts)}</div>')
    assert found == [
        f"The committee met in room {n} and put off the ships that nobody needs, its chair said."
        for n in range(6)
    ]


def test_a_sentence_that_is_a_link_stays_and_a_headline_goes() -> None:
    """Local papers link whole paragraphs; a link behind a label, or without an end, points elsewhere."""
    linked = f'<p><a href="/a">{SENTENCE.format("fourth")}</a></p>'
    pointers = '<p><b>More: </b><a href="/b">Eels counted from the air by night</a></p><p><a href="/c">Eels again</a></p>'
    found = body(f"<div>{paragraphs(3)}{linked}{pointers}{paragraphs(2, 4)}</div>")
    assert found == [SENTENCE.format(n) for n in NUMBERS[:6]]


def test_first_lines_in_a_box_called_teaser_stay() -> None:
    """What is called a teaser is one when it links to another article."""
    first = f'<div class="teaser-text"><p>{SENTENCE.format("first")}</p></div>'
    other = f'<div class="teaser"><a href="/eels">Eels</a><p>{SENTENCE.format("eighth")}</p></div>'
    found = body(f"{first}<div>{paragraphs(3, 1)}</div>{other}")
    assert found == [SENTENCE.format(n) for n in NUMBERS[:4]]


def test_a_caption_within_a_paragraph_is_left_out() -> None:
    """Some sites put picture and caption into the text itself."""
    caption = (
        '<span><img src="/a.jpg"><em class="img_desc">Two ships at the pier of Tarn</em></span>'
    )
    found = body(f"<div><p>{caption}{SENTENCE.format('first')}</p>{paragraphs(3, 1)}</div>")
    assert found == [SENTENCE.format(n) for n in NUMBERS[:4]]


def test_comments_longer_than_the_text_are_left_out() -> None:
    """How much readers write says nothing of where the article is."""
    comments = "".join(
        f'<li class="comment"><p>I wrote to my member of parliament {n} times about those ships, and had no answer.</p></li>'
        for n in range(30)
    )
    found = body(f"<div>{paragraphs(3)}</div><ol>{comments}</ol>")
    assert found == [SENTENCE.format(n) for n in NUMBERS[:3]]


def test_what_a_site_unfolds_for_subscribers_is_read() -> None:
    """It stands in the page, in a box beside the first paragraphs."""
    shown, hidden = paragraphs(2), paragraphs(4, 2)
    found = body(f'<div class="preview">{shown}</div><div class="members" hidden>{hidden}</div>')
    assert found == [SENTENCE.format(n) for n in NUMBERS[:6]]


def test_a_paragraph_in_an_odd_box_stays_when_the_page_states_it() -> None:
    """The text given to search engines says of a box that it is the article's, whatever its name."""
    text = " ".join(SENTENCE.format(n) for n in NUMBERS[:6])
    data = f'{{"@type": "NewsArticle", "headline": "Ships", "articleBody": "{text}"}}'
    odd = f"<aside>{paragraphs(1, 5)}</aside>"
    script = f'<script type="application/ld+json">{data}</script>'
    assert body(f"<div>{paragraphs(5)}</div>{odd}") == [SENTENCE.format(n) for n in NUMBERS[:5]]
    assert body(f"{script}<div>{paragraphs(5)}</div>{odd}") == [
        SENTENCE.format(n) for n in NUMBERS[:6]
    ]


def test_an_article_of_two_sentences_is_no_bot_check() -> None:
    """The form for comments below it asks whether its reader is a robot."""
    title = "Ferry committee puts ships off until spring"
    text = "The ferry committee put two ships off until the spring. It meets again on Monday."
    form = '<form><div class="g-recaptcha"></div></form>'
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p>{form}</body></html>"
    assert extract_html(page.encode(), URL).body == text


def test_a_heading_that_is_never_closed_takes_nothing_along() -> None:
    """Then all of the text is a heading to the parser; the footer's prose is not the article."""
    text = "<br><br>".join(SENTENCE.format(n) for n in NUMBERS)
    footer = f"<footer><p>{'Published by the harbour press, registered in the town hall. ' * 3}</p></footer>"
    page = f"<html><head><title>Ships</title></head><body><h1>Ships<br><br>{text}<div>{footer}</div></body></html>"
    assert SENTENCE.format("third") in extract_html(page.encode(), URL).body


def test_a_page_without_text_gives_what_search_engines_are_given() -> None:
    """A page that a script fills is empty until it runs; its linked data is not."""
    text = "\\n\\n".join(SENTENCE.format(n) for n in NUMBERS[:6])
    data = f'{{"@type": "NewsArticle", "headline": "Ships", "articleBody": "{text}"}}'
    markup = f'<script type="application/ld+json">{data}</script><div id="app">Loading</div>'
    page = f"<html><head><title>Ships</title></head><body>{markup}</body></html>"
    article = extract_html(page.encode(), URL)
    assert article.method.value == "linked_data"
    assert article.body.split("\n\n")[0] == SENTENCE.format("first")


@pytest.mark.parametrize(
    "line",
    [
        "Read more: Harbour seals counted from the air",
        "ALSO READ: Harbour seals",
        "Follow us on Twitter and Facebook",
        "Sign up for our newsletter to get five stories before breakfast",
        "© 2026 Northern Press Group",
        "Reporting by Lars Quist in Nordhavn; Editing by Una Wray",
        "Rust on a cross-beam (Image: Newsquay)",
        "Updated: 09:40, 12 March 2026",
        "Lire aussi : Ventes d’armes",
        "Advertisement",
    ],
)
def test_lines_that_are_no_article_wherever_they_stand(line: str) -> None:
    """What asks, credits, dates and points elsewhere."""
    assert is_furniture_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "Read aloud in court, the letter took an hour.",
        "Join the party on Sunday, the poster said.",
        "Follow the instructions on the crate.",
        "Copyright law protects the plans of the ship.",
        "Loading the boats took three days.",
        "Published in 1926, the book is out of print.",
        "Most of them were children.",
        "The newsletter of the yard has not appeared since May.",
        "Photographs of the boats hang in the hall.",
    ],
)
def test_sentences_about_such_things_stay(line: str) -> None:
    """A line is left out only when all of it is of such a form."""
    assert not is_furniture_line(line)
    assert not ends_article(line)


def test_bylines_and_dates_are_top_lines_and_datelines_are_not() -> None:
    """They are left out above the first paragraph alone."""
    assert all(map(is_top_line, ("By Lars Quist", "March 12, 2026 | 8:15 AM", "4 min read")))
    assert not is_top_line("NORDHAVN, March 2 - Norland will hand over two batteries.")
