"""The glossary: one text for the page and for the documents."""

from deeplift_genomics.report.terms import as_markdown, terms
from tests.conftest import ROOT


def test_the_document_says_what_the_page_says():
    assert (ROOT / "docs" / "glossary.md").read_text() == as_markdown()


def test_words_are_explained_once():
    words = [term.word.lower() for term in terms()]
    assert len(words) == len(set(words)) == len({term.id for term in terms()})
    assert all(term.meaning.endswith((".", ")")) for term in terms())
    assert "|" not in "".join(term.meaning for term in terms())


def test_the_page_has_every_word_that_it_links_to(page):
    links = {found["href"][1:] for tag, found in page.tags if found.get("class") == "term"}
    assert links and links <= {term.id for term in terms() if term.on_page}
