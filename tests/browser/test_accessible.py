"""What axe-core, the checker of accessibility, says of a page; contrasts; names of drawings."""

import pytest

from tests.browser.checks import ask, faults, nameless, prepare
from tests.browser.visit import DESK, PHONE, visit


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, gallery, size, scheme):
    with visit(browser, gallery, viewport=size, color_scheme=scheme) as found:
        prepare(found.page)
        assert faults(found.page) == []


def test_nothing_is_wrong_with_what_is_opened(browser, gallery):
    with visit(browser, gallery) as found:
        for css in (".display summary", "a.term"):
            found.page.locator(css).click()
            assert faults(found.page) == []


FAINT = """<!DOCTYPE html><html lang="en"><title>x</title><style>
body { color: #000; background: #fff; } .soft { color: #999; } .ok { color: #767676; }
.dark { background: #000; } .half { color: #00000040; } .large { font-size: 24px; color: #949494; }
.under { fill: #000; opacity: 0.5; } .strong { fill: #fff; }
</style><main><h1 class="large">large</h1><p class="soft">faint</p><p class="ok">right</p>
<div class="dark"><p>on dark</p></div><p class="half">half</p><p hidden class="soft">hidden</p>
<svg class="plot" role="img" aria-label="a cell"><rect class="under" width="99" height="30"/>
<text class="strong" y="20">on a cell</text></svg></main>"""


def test_what_is_wrong_is_found(browser, tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<!DOCTYPE html><title>x</title><main><svg role='img'></svg></main>")
    with visit(browser, path) as found:
        rules = {line.split(": ")[0] for line in faults(found.page)}
    assert {"html-has-lang", "svg-img-alt"} <= rules
    path.write_text(FAINT)
    with visit(browser, path) as found:
        faint = ask(found.page, "faint")
    assert [line.split(">")[1].split("<")[0] for line in faint] == [
        "faint",
        "on dark",
        "half",
        "on a cell",
    ]


def test_every_drawing_has_a_name(browser, gallery, tmp_path):
    with visit(browser, gallery) as found:
        assert nameless(found.page) == []
    (tmp_path / "page.html").write_text("<!DOCTYPE html><svg class='plot' aria-label=' '></svg>")
    with visit(browser, tmp_path / "page.html") as found:
        assert len(nameless(found.page)) == 1
