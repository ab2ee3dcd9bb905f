#!/usr/bin/env python3
"""legend.py WORKSPACE: is what the tools print explained in docs/output.md and docs/output/?

Of every PrintSummary(), printf(), fprintf(stderr, ...) and PrintF() outside tests, the constant texts: each stretch between
two placeholders that has a letter must stand in one of those pages, word for word. So must the names of lines that reports
are made of: line("NAME", ...) and Line("NAME", ...) in finding/. Not seen: texts that are put together elsewhere.
"""

import re
import sys

sys.dont_write_bytecode = True
import tree as trees  # noqa: E402

PRINTERS = re.compile(r"\b(?:PrintSummary|std::printf|absl::PrintF|std::fprintf)\(")
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
PLACEHOLDER = re.compile(r"%[-+ #0]*[\d*]*(?:\.[\d*]+)?(?:hh|h|ll|l|z|j)?[a-zA-Z%]|\\x1b\[?[\dA-Za-z]*|\\[nt\"]")
LABEL = re.compile(r'\b[lL]ine\("([a-z-]+)"')
# Code and a table of the docs that we write out, and what is said when a programmer was wrong.
SKIPPED = ("finding/export/", "base/check.cc", "memory/litmus/publish_table.cc")


def plain(text):
    """Without what Markdown adds, and one space for many."""
    return re.sub(r"[\s`|]+", " ", text.replace("\\", "")).strip()


def is_printer(path):
    return path.endswith(".cc") and not re.search(r"_(test|testing|benchmark)\.cc$", path) and not path.startswith(SKIPPED)


def call_at(text, start):
    """The arguments of the call whose "(" ends at `start`."""
    depth, at, quoted = 1, start, False
    while at < len(text) and depth:
        if text[at] == "\\":
            at += 1
        elif text[at] == '"':
            quoted = not quoted
        elif not quoted:
            depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
    return text[start:at]


def texts(text):
    """(line, constant text) of all that a source prints."""
    for match in PRINTERS.finditer(text):
        arguments = re.sub(r'(?<!\\)"\s*"', "", call_at(text, match.end()))  # literals that stand side by side are one
        line = text.count("\n", 0, match.start()) + 1
        for literal in LITERAL.findall(arguments):
            for part in PLACEHOLDER.split(literal):
                part = part.strip(" ,:;.()[]=$'")
                if re.search("[A-Za-z]", part):
                    yield line, plain(part)


def legend(tree):
    return plain(" ".join(tree.text(path) for path in tree.having(".md") if path == "docs/output.md" or path.startswith("docs/output/")))


def check(tree):
    explained = legend(tree)
    for path in filter(is_printer, tree.files):
        text = tree.text(path)
        found = list(texts(text))
        if path.startswith("finding/"):
            found += [(text.count("\n", 0, m.start()) + 1, m[1]) for m in LABEL.finditer(text)]
        for line, part in found:
            if part not in explained:
                yield path, line, f'prints "{part}", and no page of docs/output has it'


if __name__ == "__main__":
    sys.exit(trees.main("sources", lambda tree: list(filter(is_printer, tree.files)), check))
