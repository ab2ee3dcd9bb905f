#!/usr/bin/env python3
"""planted_in_code_test.py: do disabled.py, lengths.py, mutants.py, clang_format.py and buildifier.py refuse what they must, and only that?"""

import os
import stat
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import functions  # noqa: E402
from planted import Planted  # noqa: E402


class Disabled(Planted):
    checker = "disabled.py"
    sound = {
        "a_test.cc": "// slow on one core\nTEST(A, DISABLED_B) {}\nvoid F() { GTEST_SKIP() << 1; GTEST_SKIP()\n      << 2; }\n#if 0  // kept for C\n#endif\n",
        "BUILD": 'cc_binary(\n    tags = ["manual"],\n)\n\ncc_test(\n    # needs a night\n    tags = ["manual"],\n)\n',
    }

    def test_a_sound_tree_passes(self):
        self.accepts({})

    def test_what_does_not_run_and_says_nothing(self):
        for path, text, expected in [
                ("b_test.cc", "\nTEST(A, DISABLED_B) {}\n", "b_test.cc:2: a DISABLED_ test without a comment"),
                ("b.h", "#if 0\n#endif\n", "b.h:1: #if 0 without a comment"),
                ("b_test.cc", "GTEST_SKIP();\n", "b_test.cc:1: GTEST_SKIP() without a message"),
                ("b/BUILD", 'sh_test(\n    name = "x",\n    tags = ["manual"],\n)\n', 'b/BUILD:3: a test with the tag "manual" without a comment'),
        ]:
            with self.subTest(expected):
                self.refuses({path: text}, expected)


LONG_FUNCTION = "int F(int a,\n      int b) {\n" + "  a += b;\n" * 60 + "  return a;\n}\n"
LONG_FILE = "// line\n" * 201


class Lengths(Planted):
    checker = "lengths.py"
    LIST = "tools/tidy/lengths.txt"
    sound = {"a.cc": "int G() { return 0; }\n" + LONG_FUNCTION, "b.h": LONG_FILE,
             LIST: "# what is long\nfile 201 b.h\nfunction 64 a.cc F\n"}

    def test_what_is_listed_passes(self):
        self.accepts({})

    def test_a_new_one(self):
        self.refuses({"c.cc": LONG_FUNCTION}, "c.cc:1: F() has 64 lines, expected at most 50")
        self.refuses({"c.sh": "#!/bin/bash\n" + LONG_FILE}, "c.sh:1: has 202 lines, expected at most 200")
        self.refuses({"c.py": "def f():\n" + "    pass\n" * 50}, "c.py:1: f() has 51 lines, expected at most 50")

    def test_one_that_grew(self):
        self.refuses({"b.h": LONG_FILE + "\n"}, "b.h:1: has 202 lines, expected at most 201 (tools/tidy/lengths.txt:2)")
        self.refuses({"a.cc": LONG_FUNCTION.replace("  return", "\n  return")}, "a.cc:1: F() has 65 lines, expected at most 64 (tools/tidy/lengths.txt:3)")

    def test_one_that_shrank_is_lowered(self):
        shorter = {"a.cc": LONG_FUNCTION.replace("  return a;\n", ""), "b.h": ""}
        self.refuses(shorter, f'{self.LIST}:3: "function 64 a.cc F" is now 63', f'{self.LIST}:2: "file 201 b.h" is not over the limit any more', count=2)
        status, _, left = self.run_on(shorter, before=["--update"])
        self.assertEqual(status, 0)
        self.assertIn("function 63 a.cc F\n", left[self.LIST])
        self.assertNotIn("b.h", left[self.LIST])

    def test_an_update_raises_nothing(self):
        status, _, left = self.run_on({"b.h": LONG_FILE + "\n", "c.h": LONG_FILE}, before=["--update"])
        self.assertEqual(status, 1)
        self.assertIn("file 201 b.h\n", left[self.LIST])
        self.assertNotIn("c.h", left[self.LIST])

    def test_a_row_that_is_none(self):
        self.refuses({self.LIST: "file 201 b.h\nfunction 64 a.cc F\nfunction 3 a.cc\n"}, f"{self.LIST}:3: expected", 'got "function 3 a.cc"')


class Mutants(Planted):
    checker = "mutants.py"
    with open(os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "mutants", "run.py"), encoding="utf-8") as runner:
        sound = {
            "tools/mutants/run.py": runner.read(),
            "tools/mutants/mutants.txt": "[memory/a.cc]\n* no fence\n-   Fence();\n",
            "tools/mutants/equivalent.txt": "a.cc: no fence | nobody needs it\n",
            "memory/a.cc": "void F() {\n  Fence();\n}\n",
        }

    def test_a_sound_tree_passes(self):
        self.accepts({})

    def test_a_mutant_that_cannot_be_made(self):
        self.refuses({"memory/a.cc": "void F() { Fence(); }\n"}, "a.cc: no fence: its text is 0 times in memory/a.cc, not once")
        self.refuses({"memory/a.cc": "  Fence();\n  Fence();\n"}, "is 2 times in memory/a.cc")
        self.refuses({"tools/mutants/equivalent.txt": "a.cc: no load | x\n"}, "tools/mutants/equivalent.txt:1: a.cc: no load: no such mutant")


class Functions(unittest.TestCase):
    def test_what_is_seen(self):
        found = functions.of_cpp(
            "namespace a {\n\nclass B : public C {\n public:\n  B(int a)\n      : a_(a),\n        b_(a) {\n    Do();\n  }\n  int One() const { return 1; }\n"
            "  bool operator==(const B& o) const {\n    if (o.a) {\n      return true;\n    }\n    return false;\n  }\n};\n\n"
            "// text (\nTEST(Suite, Name) {\n  const auto f = [](int x) {\n    return x;\n  };\n  f(1);\n}\n\n"
            "constexpr int kTable[] = {\n    1,\n};\n\ntemplate <class T>\nauto D<T>::Of(T t) -> int {\n  return 1;\n}\n\nstruct S {\n  int a;\n};\n}\n")
        self.assertEqual(found, {"B": 5, "operator==": 6, "Suite.Name": 6, "::Of": 4})
        self.assertEqual(functions.of_shell("#!/bin/bash\nsay() {\n  echo\n}\n"), {"say": 3})


class Formatters(Planted):
    """With a stand-in for each tool, which finds fault with one file: whether the real ones do is their business."""

    def tool(self, text):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "tool")
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/bash\n" + text)
        os.chmod(path, stat.S_IRWXU)
        return path

    def test_clang_format(self):
        self.checker, self.sound = "clang_format.py", {"a.cc": "", "b.h": ""}
        version = 'if [[ $1 == --version ]]; then echo "clang-format version 19.1.7"; exit; fi\n'
        self.accepts({}, before=[self.tool(version)])
        self.refuses({}, "a.cc:3: laid out otherwise", before=[self.tool(version + "echo 'a.cc:3:1: error: code should'; exit 1\n")])
        self.refuses({}, "it broke", before=[self.tool(version + "echo it broke; exit 1\n")])
        status, output, _ = self.run_on({}, before=[self.tool("echo clang-format version 14.0.6\n")])
        self.assertEqual((status, "expected clang-format 19, got" in output), (1, True), output)

    def test_buildifier(self):
        self.checker, self.sound = "buildifier.py", {"a/BUILD": ""}
        self.accepts({}, before=[self.tool("exit 0\n")])
        self.refuses({}, "a/BUILD:1: reformat", before=[self.tool("echo 'a/BUILD # reformat'; exit 4\n")])
        self.refuses({}, "exit status 3", before=[self.tool("exit 3\n")])


if __name__ == "__main__":
    unittest.main()
