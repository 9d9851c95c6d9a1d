"""Plain Markdown of the notebooks into what a book needs: boxes, links between languages, texts for figures."""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from gptcourse.authoring.languages import SOURCE

LOGGER = logging.getLogger(__name__)
OTHER_PAGE = re.compile(r"\.\./([\w-]+)/([\w/-]+?)(?:\.ipynb|\.md)?(#.*)?")
PUNCTUATION = " .:!؛،…\u200f\u00a0"


def lead_kind(title: str, *leads: dict[str, str]) -> str | None:
    """The kind of box that a bold lead opens: 'Exercise 1.2' or '1.2. feladat' is an exercise, 'Exercises' is none."""
    for kind, word in (item for words in leads for item in words.items()):
        if re.match(rf"([\d.,٫]+\s+)?{re.escape(word)}(?!\w)", title, re.IGNORECASE):
            return kind
    return None


def is_link(node: nodes.Node) -> bool:
    """Whether a node is a link that Sphinx has not yet resolved."""
    return isinstance(node, addnodes.pending_xref | addnodes.download_reference)


def is_output(node: nodes.Node) -> bool:
    """Whether a node holds one output of a cell in all the forms that it was stored in."""
    return isinstance(node, nodes.Element) and node.get("nb_element") == "mime_bundle"


class Boxes(SphinxTransform):
    """`> **Note.** text` becomes an admonition with the writer's own title."""

    default_priority = 203

    def apply(self, **kwargs) -> None:
        course = self.app.course
        leads = course.page_language(self.env.docname).leads
        english = course.languages[SOURCE].leads  # of cells that wait for their translation
        for quote in list(self.document.findall(nodes.block_quote)):
            first = quote.children[0] if quote.children else None
            if not isinstance(first, nodes.paragraph):
                continue
            words = [child for child in first.children if child.astext().strip()]
            if not words or not isinstance(words[0], nodes.strong):
                continue
            title = words[0].astext().rstrip(PUNCTUATION)
            kind = lead_kind(title, leads, english)
            if kind is None:
                known = ", ".join(leads.values())
                LOGGER.warning(
                    f"a quotation opens with '**{title}**', which is none of this language's leads ({known}); use one "
                    "of them, add it to `leads` in book/strings.yml, or do not begin the quotation in bold",
                    location=quote,
                )
                continue
            quote.replace_self(_box(quote, first, words[0], title, kind))


def _box(quote, first, strong, title: str, kind: str) -> nodes.admonition:
    rest = list(first.children[first.index(strong) + 1 :])
    if rest and isinstance(rest[0], nodes.Text):
        rest[0] = nodes.Text(rest[0].astext().lstrip(" :\n"))
    body = list(quote.children[1:])
    if any(node.astext().strip() or not isinstance(node, nodes.Text) for node in rest):
        body.insert(0, nodes.paragraph("", "", *rest))
    box = nodes.admonition("", nodes.title(title, title), *body, classes=[kind])
    box.source, box.line = quote.source, quote.line
    return box


class OtherLanguages(SphinxTransform):
    """`[Magyar](../hu/01-tokenization.ipynb)`: a page of another book, which is built apart from this one."""

    default_priority = 202

    def apply(self, **kwargs) -> None:
        for link in list(self.document.findall(is_link)):
            found = OTHER_PAGE.fullmatch(link.get("reftarget", ""))
            if found and found[1] in self.app.course.languages:
                up = "../" * self.env.docname.count("/")
                uri = f"{up}../{found[1]}/{found[2]}.html{found[3] or ''}"
                link.replace_self(nodes.reference("", "", *link.children, refuri=uri))


class FigureTexts(SphinxTransform):
    """A figure's `text/plain`, which says what the figure shows, becomes the `alt` of its image."""

    default_priority = 204

    def apply(self, **kwargs) -> None:
        for bundle in self.document.findall(is_output):
            texts = {child.get("mime_type"): child.astext() for child in bundle.children}
            for image in bundle.findall(nodes.image):
                image["alt"] = " ".join(texts.get("text/plain", "").split())


class Folds(SphinxTransform):
    """What a folded cell is called, in the language of its page."""

    default_priority = 205

    def apply(self, **kwargs) -> None:
        language = self.app.course.page_language(self.env.docname)
        for cell in self.document.findall(nodes.container):
            if "prompt_show" in cell:
                cell["prompt_show"], cell["prompt_hide"] = language.say("Show code"), language.say("Hide code")


TRANSFORMS = (OtherLanguages, Boxes, FigureTexts, Folds)
