#!/usr/bin/env python3
"""links.py WORKSPACE: does everything that a page of the docs points at exist?

Of every *.md: the files of relative links, their #anchors (as GitHub makes them of headings), paths in backticks that begin
with a folder of the tree, and //labels. Not looked at: the web, and what is in fenced blocks, but for labels in them.
"""

import glob
import os
import re
import sys

sys.dont_write_bytecode = True
import tree as trees  # noqa: E402 (its bytecode would lie in the source tree)

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`]+)`")
PATH = re.compile(r"[\w.*{},/-]+")
LABEL = re.compile(r"(?<![\w:/])//((?:\w+/)*\w+)(?![/\w])(?::([\w.]+))?")
WEB = re.compile(r"[a-z]+:")
PLACEHOLDER = re.compile(r"(^|[/.])[A-Z]{2,}\b")

# Paths that look like ours and are not there, by how they begin; and why that is right.
NOT_HERE = {
    "memory/tsan": "named in the table of layers, and not written yet",
    "tools/memory-model": "the kernel's",
}


# The first page of the archive that //:dist makes: its links are the archive's.
ARCHIVE_ROOT = {"tools/dist/README.md": ""}
MADE_BY_THE_BUILD = {("tools/dist/README.md", "THIRD_PARTY")}


def slug(heading):
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def prose(tree, path):
    """(line, text, fenced) of a page."""
    fenced = False
    for number, line in tree.lines(path):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        else:
            yield number, line, fenced


def anchors(tree, path):
    found = {}
    for _, line, fenced in prose(tree, path):
        match = None if fenced else re.match(r"#+ +(.*)", line)
        if match:
            name = slug(match[1])
            found[name] = found.get(name, -1) + 1
    return {name + (f"-{n}" if n else "") for name, last in found.items() for n in range(last + 1)}


def link_breach(tree, path, target):
    if WEB.match(target):
        return None
    file, _, anchor = target.partition("#")
    base = ARCHIVE_ROOT.get(path, os.path.dirname(path))
    if (path, file) in MADE_BY_THE_BUILD:
        return None
    to = os.path.normpath(os.path.join(base, file)) if file else path
    if not tree.exists(to):
        return f"a link to {target}, and there is no {to}"
    if anchor and to.endswith(".md") and anchor not in anchors(tree, to):
        return f"a link to #{anchor}, and {to} has no such heading"
    return None


def alternatives(text):
    """a/{b,c}.h: a/b.h and a/c.h."""
    match = re.match(r"(.*)\{([^{}]*)\}(.*)$", text)
    return [match[1] + part + match[3] for part in match[2].split(",")] if match else [text]


def path_breach(tree, path, code):
    folders = {file.split("/")[0] for file in tree.files if "/" in file}
    text = re.sub(r":\d+$", "", code)
    if not PATH.fullmatch(text) or text.split("/")[0] not in folders or "/" not in text:
        return None
    if text.startswith(tuple(NOT_HERE)) or PLACEHOLDER.search(text):
        return None
    for one in alternatives(text):
        places = (os.path.join(tree.root, one), os.path.join(tree.root, os.path.dirname(path), one))
        if not any(glob.glob(place) for place in places) and not made_by_a_build(tree, one):
            return f"`{code}`, and there is no such file"
    return None


def made_by_a_build(tree, path):
    """A target's output: stress/overnight."""
    folder, name = os.path.split(path)
    return f"{folder}/BUILD" in tree.files and f'"{name}"' in tree.text(f"{folder}/BUILD")


def names_target(build, name):
    """In full, or as a list of tests is made: [... + "_test" for ... in [...]]."""
    stem = name[:-len("_test")] if name.endswith("_test") and '+ "_test"' in build else name
    return f'"{name}"' in build or f'"{stem}"' in build


def label_breach(tree, package, name):
    if name == "all":
        return None
    build = f"{package}/BUILD"
    if build not in tree.files:
        return f"//{package}, and there is no {build}"
    if not names_target(tree.text(build), name or os.path.basename(package)):
        return f"//{package}:{name or os.path.basename(package)}, and {build} does not name it"
    return None


def check(tree):
    for path in tree.having(".md"):
        for number, line, fenced in prose(tree, path):
            rules = [label_breach(tree, match[1], match[2]) for match in LABEL.finditer(line)]
            if not fenced:
                rules += [path_breach(tree, path, code) for code in CODE.findall(line)]
                rules += [link_breach(tree, path, target) for target in LINK.findall(CODE.sub("", line))]
            yield from ((path, number, rule) for rule in rules if rule)


if __name__ == "__main__":
    sys.exit(trees.main("pages", lambda tree: tree.having(".md"), check))
