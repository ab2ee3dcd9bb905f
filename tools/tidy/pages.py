#!/usr/bin/env python3
"""pages.py WORKSPACE: has every violation and every headline its page, and is every page known to docs/README.md?

Violations are the names of ViolationName in shadow/violation.h; headlines are those that finding/verdict.h lists at
`headline`. A page is docs/violations/NAME.md or docs/headlines/NAME.md (`/` becomes `-`; all ordering/RUNG share
ordering.md), is of nothing else, and has a row in the README.md beside it. All other pages of docs/ are linked from
docs/README.md.
"""

import re
import sys

sys.dont_write_bytecode = True
import tree as trees  # noqa: E402

VIOLATIONS = "shadow/violation.h"
HEADLINES = "finding/verdict.h"
NAMES = re.compile(r"kNames\[kViolations\] = \{(.*?)\}", re.DOTALL)
LISTED = re.compile(r"std::string headline;\s*//(.*)")
QUOTED = re.compile(r'"([^"]+)"')


def violations(tree):
    block = NAMES.search(tree.text(VIOLATIONS))
    return [name for name in QUOTED.findall(block[1]) if name != "none"] if block else []


def headlines(tree):
    block = LISTED.search(tree.text(HEADLINES))
    return QUOTED.findall(block[1]) if block else []


def page_of(headline):
    return "ordering" if headline.startswith("ordering/") else headline.replace("/", "-")


def compare(tree, folder, pages, source):
    """pages: {page: name}."""
    if not pages:
        yield source, 1, "expected a list of names, found none"
    index = f"{folder}/README.md"
    rows = set(re.findall(r"^\|[^|]*\]\(([\w-]+)\.md\)", tree.text(index), re.MULTILINE))
    there = {path[len(folder) + 1:-len(".md")] for path in tree.having(".md") if path.startswith(folder + "/")} - {"README"}
    for page, name in sorted(pages.items()):
        if page not in there:
            yield source, 1, f"{name} has no page: expected {folder}/{page}.md"
        elif page not in rows:
            yield index, 1, f"no row for {page}.md"
    for page in sorted(there - set(pages)):
        yield f"{folder}/{page}.md", 1, f"a page of something that {source} does not name"


def unlisted(tree):
    index = "docs/README.md"
    linked = re.findall(r"\]\(([\w/.-]+\.md)\)", tree.text(index))
    for path in tree.having(".md"):
        name = path.removeprefix("docs/")
        if path.startswith("docs/") and path != index and not name.startswith(("violations/", "headlines/")) and name not in linked:
            yield path, 1, f"expected a link to it in {index}"


def check(tree):
    yield from unlisted(tree)
    yield from compare(tree, "docs/violations", {name: name for name in violations(tree)}, VIOLATIONS)
    yield from compare(tree, "docs/headlines", {page_of(name): name for name in headlines(tree)}, HEADLINES)


if __name__ == "__main__":
    sys.exit(trees.main("violations and headlines", lambda tree: violations(tree) + headlines(tree), check))
