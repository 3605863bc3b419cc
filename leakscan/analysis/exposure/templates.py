"""Pages and templates: what of them is rendered for the browser, and what is code that runs on the server."""

import posixpath
import re

from leakscan.analysis.exposure.patterns import lazily

_PHP = (".php", ".phtml", ".php5", ".php7", ".inc", ".module", ".ctp")
_TAGGED = (
    ".erb",
    ".ejs",
    ".jsp",
    ".jspx",
    ".jspf",
    ".asp",
    ".aspx",
    ".ascx",
    ".rhtml",
    ".eex",
    ".heex",
    ".leex",
    ".gsp",
)
_RAZOR = (".cshtml", ".vbhtml", ".razor")
_MARKUP = (
    ".html", ".htm", ".xhtml", ".jinja", ".jinja2", ".j2", ".twig", ".hbs", ".handlebars", ".mustache", ".liquid",
    ".njk", ".ftl", ".vm", ".tmpl", ".gohtml", ".tpl", ".haml", ".pug", ".jade", ".slim", ".latte", ".edge", ".cfm",
    ".mako", ".dust", ".soy", ".marko",
)  # fmt: skip
_PLAIN_TEMPLATES = (
    ".j2",
    ".jinja",
    ".jinja2",
    ".tmpl",
    ".tpl",
    ".vm",
    ".liquid",
    ".erb",
    ".eex",
    ".ejs",
    ".inc",
    ".mustache",
)
_LOOKS_LIKE_MARKUP = lazily(
    r"<(?:script|html|body|div|head|form|input|meta|span|h\d|p|a|ul|ol|li|table|tr|td|section|main|button)\b",
    re.IGNORECASE,
)
_HANDED = lazily(r"wp_localize_script\s*\(|wp_add_inline_script\s*\(|@json\(")
_LARGEST = 1_000_000
_SCRIPT = lazily(r"<script\b(?![^>]{0,200}runat=)[^>]{0,300}>", re.IGNORECASE)


def is_template(path: str, text: str | None) -> bool:
    """Whether a file is a page or a template of one, as far as its name and, if known, its text tell."""
    lower = posixpath.basename(path.lower())
    if not lower.endswith((*_PHP, *_TAGGED, *_RAZOR, *_MARKUP)):
        return False
    if lower.endswith(_PLAIN_TEMPLATES) and not lower.endswith((".html.erb", ".js.erb")):
        inner = posixpath.splitext(lower)[0]
        if inner.endswith((".html", ".htm", ".js")):
            return True
        return text is not None and _LOOKS_LIKE_MARKUP.search(text[:_LARGEST]) is not None
    return True


def is_rendered(path: str, text: str, offset: int) -> bool:
    """Whether the value at `offset` of a page or a template reaches the browser."""
    if len(text) > _LARGEST:
        return not path.lower().endswith(_PHP)
    lower = path.lower()
    if lower.endswith(_PHP):
        inside = _in_php(text, offset, blade=lower.endswith(".blade.php"))
    elif lower.endswith(_TAGGED):
        inside = _in_pair(text, offset, "<%", "%>") or _in_server_script(text, offset)
    elif lower.endswith(_RAZOR):
        inside = _in_razor(text, offset)
    elif lower.endswith((".pug", ".jade", ".haml", ".slim")):
        return not re.match(r"\s*(?:-|//-)", text[text.rfind("\n", 0, offset) + 1 : offset])
    else:
        inside = any(_in_pair(text, offset, *pair) for pair in (("{%", "%}"), ("{#", "#}"), ("{{!", "}}"), ("<#", ">")))
    return not inside or _comes_out(text, offset)


def in_script(text: str, offset: int) -> bool:
    """Whether `offset` stands inside a `<script>` that a text in server code writes out."""
    before = text[max(0, offset - 4000) : offset]
    opened = list(_SCRIPT.finditer(before))
    if not opened or "</script" in before[opened[-1].end() :].lower():
        return False
    return "</script" in text[offset : offset + 20_000].lower()


def _in_pair(text: str, offset: int, opener: str, closer: str) -> bool:
    """Whether `offset` stands between a pair of signs that holds server code; `<%=` and the like write it out."""
    begin = text.rfind(opener, 0, offset)
    if begin < 0 or text.find(closer, begin, offset) >= 0:
        return False
    return text[begin + len(opener) : begin + len(opener) + 1] not in {"=", "-"} or text.startswith("<%--", begin)


def _in_server_script(text: str, offset: int) -> bool:
    before = text[:offset].lower()
    begin = before.rfind("<script")
    return begin >= 0 and "</script" not in before[begin:] and "runat" in before[begin : begin + 200]


def _in_php(text: str, offset: int, *, blade: bool) -> bool:
    begin = max(text.rfind("<?php", 0, offset), text.rfind("<?=", 0, offset), text.rfind("<? ", 0, offset))
    inside = begin >= 0 and text.find("?>", begin, offset) < 0 and not text.startswith("<?=", begin)
    if blade and not inside:
        return _in_pair(text, offset, "@php", "@endphp") or _in_pair(text, offset, "{{--", "--}}")
    return inside


_RAZOR_BLOCK = lazily(r"@(?:code|functions)?\s*\{")


def _in_razor(text: str, offset: int) -> bool:
    from leakscan.analysis.exposure.names import closing

    blocks = _RAZOR_BLOCK.finditer(text, 0, offset)
    spans = ((found.start(), closing(text, found.end() - 1)) for found in list(blocks)[:200])
    return any(begin <= offset < end for begin, end in spans) and not in_script(text, offset)


_VARIABLE = lazily(r"([$@]?[A-Za-z_]\w*)\s*(?::?=|=>)\s*[\"'`]?[^\"'`\n]{0,40}$")


def _comes_out(text: str, offset: int) -> bool:
    """Whether what stands in server code is written out all the same: in a script, or as a variable further down."""
    if in_script(text, offset):
        return True
    line = text[text.rfind("\n", 0, offset) + 1 : offset][-300:]
    if _HANDED.search(text[max(0, offset - 300) : offset]):
        return True
    found = _VARIABLE.search(line)
    if found is None:
        return False
    name = re.escape(found[1])
    echoed = rf"(?:<\?=|<\?php\s+echo|<%[=-]|\{{\{{|\{{!!|@)\s*(?:[\w:]{{1,40}}\()?\s*{name}\b"
    bare = name.startswith(("\\$", "@"))
    return re.search(echoed, text) is not None and (bare or "<%" in text or "@" in text)
