#!/usr/bin/env python3
"""planted_in_docs_test.py: do links.py, legend.py, pages.py and layer_table.py refuse what they must, and only that?"""

import json
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from planted import Planted  # noqa: E402


class Links(Planted):
    checker = "links.py"
    sound = {
        "README.md": "# Top\n[a page](docs/page.md), [its part](docs/page.md#two-words-and-code), [here](#top), [far](https://x.y/z)\n",
        "docs/page.md": "# Page\n## Two words, and `code`\n`fuzz/a.h`, `fuzz/a.h:3`, `fuzz/{a,b}.h`, `fuzz/*.h`, `fuzz/made`, `out/x.txt`, `fuzz/NAME.h`\n"
                        "//fuzz:made, //fuzz/...\n## Page\n[twice](#page-1)\n```\n[no link](nowhere.md) `fuzz/no.h`\n```\n",
        "fuzz/a.h": "", "fuzz/b.h": "", "fuzz/BUILD": 'cc_binary(name = "made")\n',
    }

    def test_a_sound_tree_passes(self):
        self.accepts({})

    def test_a_dead_link(self):
        self.refuses({"docs/bad.md": "one\n[x](no.md)\n"}, "docs/bad.md:2: a link to no.md, and there is no docs/no.md")

    def test_a_dead_anchor(self):
        self.refuses({"docs/bad.md": "[x](page.md#three)\n"}, "docs/bad.md:1: a link to #three, and docs/page.md has no such heading")
        self.refuses({"docs/bad.md": "# A\n```\n# B\n```\n[x](#b)\n"}, "docs/bad.md:5: a link to #b, and docs/bad.md has no such heading")

    def test_a_path_that_is_not_there(self):
        self.refuses({"docs/bad.md": "`fuzz/c.h`\n"}, "docs/bad.md:1: `fuzz/c.h`, and there is no such file")
        self.refuses({"docs/bad.md": "`fuzz/{a,c}.h`\n"}, "`fuzz/{a,c}.h`, and there is no such file")

    def test_a_label_that_is_not_there(self):
        self.refuses({"docs/bad.md": "```\ntools/bazel run //fuzz:other\n```\n"}, "docs/bad.md:2: //fuzz:other, and fuzz/BUILD does not name it")
        self.refuses({"docs/bad.md": "//other\n"}, "docs/bad.md:1: //other, and there is no other/BUILD")


class Legend(Planted):
    checker = "legend.py"
    sound = {
        "docs/output.md": "| `nothing found in N inputs` |\n`a (NOT so)`\n",
        "docs/output/finding.md": "`effect`: says `x`\n",
        "fuzz/a.cc": 'PrintSummary(absl::StrCat("nothing found in ", n, " inputs"));\nstd::printf("%s (NOT %5.1f"\n    " so)\\n", x);\nreturn "never printed";\n',
        "finding/b.cc": 'line("effect", text);\n', "fuzz/a_test.cc": 'std::printf("anything");\n',
    }

    def test_a_sound_tree_passes(self):
        self.accepts({"docs/output.md": self.sound["docs/output.md"] + "so\n"})

    def test_what_is_printed_and_not_explained(self):
        sound = {"docs/output.md": self.sound["docs/output.md"] + "so\n"}
        for text, expected in [('\nPrintSummary("all is well");\n', 'fuzz/c.cc:2: prints "all is well"'),
                               ('absl::PrintF("%d of\\n nothing found in %d lots", 1);\n', 'fuzz/c.cc:1: prints "lots"'),
                               ('std::fprintf(stderr, "(%s", F("late)").c_str());\n', 'fuzz/c.cc:1: prints "late"')]:
            with self.subTest(expected):
                self.refuses({**sound, "fuzz/c.cc": text}, expected, count=2 if "lots" in expected else 1)
        self.refuses({**sound, "finding/c.cc": '\n  paper.Line("cause", x);\n'}, 'finding/c.cc:2: prints "cause"')


class Pages(Planted):
    checker = "pages.py"
    sound = {
        "docs/README.md": "[a](stress.md), [b](output/x.md)\n", "docs/stress.md": "", "docs/output/x.md": "",
        "shadow/violation.h": 'constexpr const char* kNames[kViolations] = {\n    "none", "overlap",\n    "livelock"};\n',
        "finding/verdict.h": '  std::string headline;  // "race", "not-ordering/sequential", "ordering/POWER"\n',
        "docs/violations/README.md": "| [overlap](overlap.md) | x |\n| [livelock](livelock.md) | x |\n",
        "docs/violations/overlap.md": "", "docs/violations/livelock.md": "",
        "docs/headlines/README.md": "| [race](race.md) |\n| [a](not-ordering-sequential.md) |\n| [b](ordering.md) |\n",
        "docs/headlines/race.md": "", "docs/headlines/ordering.md": "", "docs/headlines/not-ordering-sequential.md": "",
    }

    def test_a_sound_tree_passes(self):
        self.accepts({})

    def test_a_violation_without_a_page(self):
        self.refuses({"shadow/violation.h": 'kNames[kViolations] = {"none", "overlap", "livelock", "new"};\n'},
                     "shadow/violation.h:1: new has no page: expected docs/violations/new.md")

    def test_a_headline_without_a_page(self):
        self.refuses({"finding/verdict.h": 'std::string headline;  // "race", "not-ordering/sequential", "ordering/POWER", "a/b"\n'},
                     "a/b has no page: expected docs/headlines/a-b.md")

    def test_a_page_of_nothing(self):
        self.refuses({"docs/violations/old.md": ""}, "docs/violations/old.md:1: a page of something that shadow/violation.h does not name")

    def test_a_page_without_a_row(self):
        self.refuses({"docs/violations/README.md": "| [overlap](overlap.md) | x |\n"}, "docs/violations/README.md:1: no row for livelock.md")

    def test_a_page_that_nobody_finds(self):
        self.refuses({"docs/decisions/0099.md": ""}, "docs/decisions/0099.md:1: expected a link to it in docs/README.md")

    def test_names_that_cannot_be_read(self):
        self.refuses({"shadow/violation.h": ""}, "shadow/violation.h:1: expected a list of names, found none", count=3)


class LayerTable(Planted):
    checker = "layer_table.py"
    HEAD = "| folder | what | may include |\n|---|---|---|\n"
    BASE, MEMORY, RUN, TOOLS = "| `base` | x | none of ours |\n", "| `memory` | x | `base` |\n", "| `run` | a | b | core |\n", "| `tools` | y | core, `run` |\n"
    LAYERS = [["base", []], ["memory", ["base"]], ["run", ["base", "memory"]], ["tools", ["base", "memory", "run"]]]
    sound = {"docs/architecture.md": HEAD + BASE + MEMORY + RUN + TOOLS}

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.table = os.path.join(folder.name, "layers.json")
        with open(self.table, "w", encoding="utf-8") as file:
            json.dump({"layers": self.LAYERS}, file)

    def test_the_same_table_passes(self):
        self.accepts({}, before=[self.table])

    def test_other_tables(self):
        for rows, expected in [
                (self.BASE + "| `memory` | x | none of ours |\n" + self.RUN + self.TOOLS, "architecture.md:4: memory and tools/bzl/layers.bzl differ in: base"),
                (self.BASE + self.MEMORY + "| `run` | x | `base` |\n" + self.TOOLS, "architecture.md:5: run and tools/bzl/layers.bzl differ in: memory"),
                (self.MEMORY + self.BASE + self.RUN + self.TOOLS, "architecture.md:3: expected the row of base, got memory"),
                (self.BASE + self.MEMORY + self.RUN, "expected 4 rows, got 3"),
                (self.BASE + "| `memory` | x | some |\n" + self.RUN + self.TOOLS, "architecture.md:4: the third column: expected folders in backticks"),
        ]:
            with self.subTest(expected):
                count = 3 if "third" in expected else 1
                self.refuses({"docs/architecture.md": self.HEAD + rows}, expected, before=[self.table], count=count)


if __name__ == "__main__":
    unittest.main()
