"""How long is each function of a source file? {name: lines}, of several with one name the longest.

C++ is read as clang-format leaves it: a definition begins at the indentation of its scope, and its closing brace stands
alone at that indentation. Not seen: what a macro makes, and lambdas as functions of their own (they count in the function
that they stand in). Of shell only `name() {` in the first column; Python is parsed.
"""

import ast
import re

SCOPE = re.compile(r"^\s*(?:template\s*<.*>\s*)?(?:inline\s+)?(?:namespace|class|struct|union|enum|extern)\b[^()]*\{$")
DATA = re.compile(r"(=|\(|\{|,)\s*\{$")
NAME = re.compile(r"([\w:~]+|operator\s*[^\s(]+|operator\(\))\s*\(")
TEST = re.compile(r"\b(?:TEST|TEST_F|TEST_P|TYPED_TEST|TYPED_TEST_P)\((\w+), (\w+)\)")
NO_NAMES = ("alignas", "decltype", "noexcept", "requires", "__attribute__")


def indent(line):
    return len(line) - len(line.lstrip())


def first_line_of(lines, at):
    """Of the statement whose last line is `at`: up past continued lines."""
    while at > 0:
        above = lines[at - 1].strip()
        if not above or above.startswith(("#", "//")) or above.endswith((";", "{", "}", "*/", "\\")) or re.match(r"(public|private|protected):$", above):
            break
        at -= 1
    return at


def name_of(signature):
    test = TEST.search(signature)
    if test:
        return f"{test[1]}.{test[2]}"
    for match in NAME.finditer(signature):
        if match[1] not in NO_NAMES:
            return match[1]
    return None


def of_cpp(text):
    lines, found, at = text.split("\n"), {}, 0
    while at < len(lines):
        line = re.sub(r"\s*//.*", "", lines[at])
        if line.endswith("{") and not SCOPE.match(line) and not DATA.search(line):
            first = first_line_of(lines, at)
            name = name_of(" ".join(part.strip() for part in lines[first:at + 1]))
            end = next((n for n in range(at + 1, len(lines)) if lines[n].strip() and indent(lines[n]) <= indent(lines[first])), None)
            if name and end and lines[end].lstrip().startswith("}"):
                found[name] = max(found.get(name, 0), end - first + 1)
                at = end
        at += 1
    return found


def of_python(text):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, kinds):
            found[node.name] = max(found.get(node.name, 0), node.end_lineno - node.lineno + 1)
    return found


def of_shell(text):
    found, name, first = {}, None, 0
    for number, line in enumerate(text.split("\n")):
        match = re.match(r"([\w-]+)\(\) \{$", line)
        if match:
            name, first = match[1], number
        elif line == "}" and name:
            found[name], name = number - first + 1, None
    return found


def of_file(path, text):
    if path.endswith(".py"):
        return of_python(text)
    return of_cpp(text) if path.endswith((".cc", ".h")) else of_shell(text)
