#!/usr/bin/env python3
"""damaged_input_test.py ORDEAL SLAB_FUZZER OVERNIGHT CORPUS_FILE LITMUS_FILE: does bad input always cost one clear line and exit 1?

Every reader of a file or a run directory and every flag is given input that was sound and has been damaged: cut off, bytes
changed, lines left out, doubled or swapped, numbers made huge or negative. What is damaged may by chance still be sound; so
the property is: the exit status is one of the table's, never a signal's; with 1 there is one line `ordeal: error:`, and it names
the file or the flag; with any other but 2 there is none. ORDEAL_DAMAGE=N: N damages a case.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOLS = {}
KNOWN = {0, 1, 2, 3, 70, 71, 72, 77}
ROUNDS = int(os.environ.get("ORDEAL_DAMAGE", "8"))


def damage(sound, rng):
    """A copy of the bytes with one thing wrong."""
    lines = sound.split(b"\n")
    at = rng.randrange(len(lines))
    other = rng.randrange(len(lines))
    numbers = list(re.finditer(rb"-?\d+", sound))
    ways = ["cut", "bytes", "drop", "double", "swap", "long", "empty", "nul"] + ["number"] * 4 * bool(numbers)
    way = rng.choice(ways)
    if way == "cut":
        return sound[: rng.randrange(len(sound))]
    if way == "bytes":
        copy = bytearray(sound)
        for _ in range(rng.randint(1, 4)):
            copy[rng.randrange(len(copy))] = rng.randrange(256)
        return bytes(copy)
    if way == "number":
        number = rng.choice(numbers)
        bad = rng.choice([b"", b"-1", b"99999999999999999999999", b"4294967296", b"1e9", b"0", b"nan", str(rng.randrange(2**40)).encode()])
        return sound[: number.start()] + bad + sound[number.end() :]
    if way == "drop":
        del lines[at]
    elif way == "double":
        lines.insert(at, lines[at])
    elif way == "swap":
        lines[at], lines[other] = lines[other], lines[at]
    elif way == "long":
        lines[at] = lines[at] * 3000
    elif way == "empty":
        return b""
    elif way == "nul":
        lines[at] = b"\0" * 9
    return b"\n".join(lines)


class Damaged(unittest.TestCase):
    def setUp(self):
        self.rng = random.Random(self.id())
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)

    def path(self, name):
        return os.path.join(self.directory, name)

    def run_tool(self, tool, *args, seconds=None):
        """With `seconds`, who is still at work then was not refused: a plan may have become a long one."""
        tool = subprocess.Popen([TOOLS[tool], *args], cwd=self.directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            text, _ = tool.communicate(timeout=seconds or 120)
        except subprocess.TimeoutExpired:
            tool.kill()
            text, _ = tool.communicate()
            self.assertTrue(seconds, f"{args}: does not end")
            return 72, text.decode("utf-8", "replace")
        return tool.returncode, text.decode("utf-8", "replace")

    def hold(self, names, tool, *args, seconds=None):
        """`names`: one of them is in the line of an error. Returns whether it was refused."""
        code, text = self.run_tool(tool, *args, seconds=seconds)
        errors = [line for line in text.splitlines() if line.startswith("ordeal: error:")]
        said = f"{tool} {args}: exit {code}\n{text[-3000:]}"
        self.assertIn(code, KNOWN, said)
        if code != 1:
            self.assertLessEqual(len(errors), code == 2, said)  # sound, and this machine cannot do it
            return False
        self.assertEqual(len(errors), 1, said)
        self.assertTrue(any(name in errors[0] for name in names), said)
        self.assertLess(len(errors[0]), 600, said)
        self.assertNotRegex(errors[0], r"[\x00-\x08\x0b-\x1f]", said)
        return True

    def damaged_file(self, source, name, tool, *args):
        with open(source, "rb") as file:
            sound = file.read()
        self.assertFalse(self.hold_sound(sound, name, tool, *args), "the sound file is refused")
        refused = 0
        for _ in range(ROUNDS):
            with open(self.path(name), "wb") as file:
                file.write(damage(sound, self.rng))
            refused += self.hold([name], tool, *args)
        self.assertGreater(refused, 0, "no damage was noticed: is the file read?")

    def hold_sound(self, sound, name, tool, *args):
        with open(self.path(name), "wb") as file:
            file.write(sound)
        return self.hold([name], tool, *args)

    def test_a_reproducer(self):
        for verb in (["replay"], ["show"], ["explore", "--deviations=1"], ["minimise", "--out=small.ordeal"], ["compare", "sound.ordeal"]):
            shutil.copy(TOOLS["reproducer"], self.path("sound.ordeal"))
            self.damaged_file(TOOLS["reproducer"], "in.ordeal", "ordeal", verb[0], *verb[1:], "in.ordeal")
            self.assertEqual([n for n in os.listdir(self.directory) if "tmp" in n], [])

    def test_a_reproducer_for_the_fuzzer(self):
        self.damaged_file(TOOLS["reproducer"], "in.ordeal", "slab_fuzzer", "-runs=1", "in.ordeal")

    def test_a_litmus_test(self):
        self.damaged_file(TOOLS["litmus"], "in.litmus", "ordeal", "litmus", "--seconds=2", "in.litmus")

    def test_a_topology(self):
        code, _ = self.run_tool("overnight", "--rounds=1", "--scenarios=drawn/locked", "--canary=SB", "--run_dir=made")
        self.assertIn(code, {0, 2})
        self.damaged_file(self.path("made/topology.xml"), "in.xml", "ordeal", "topo", "--topology=xml:in.xml", "--placement=spread")

    def test_a_run_directory(self):
        code, text = self.run_tool("overnight", "--rounds=50", "--scenarios=drawn/locked", "--canary=SB", "--run_dir=sound")
        self.assertIn(code, {0, 2}, text)
        refused = 0
        for name in sorted(os.listdir(self.path("sound"))):
            source = os.path.join(self.path("sound"), name)
            if not os.path.isfile(source) or os.path.getsize(source) == 0:
                continue
            with open(source, "rb") as file:
                sound = file.read()
            for _ in range(max(ROUNDS // 2, 1)):
                shutil.rmtree(self.path("run"), ignore_errors=True)
                shutil.copytree(self.path("sound"), self.path("run"))
                with open(os.path.join(self.path("run"), name), "wb") as file:
                    file.write(damage(sound, self.rng))
                refused += self.hold(["run"], "ordeal", "whatsup", "run")
                refused += self.hold(["run"], "ordeal", "compare-runs", "run", "sound")
                refused += self.hold(["run", "flags", "--"], "overnight", "--resume=run", "--status=none", seconds=8)
        self.assertGreater(refused, 0)

    def values(self):
        return ["", "-1", "0", "99999999999999999999", "nan", "a,b,c", "\xe9\xff", "=", "--", "1e400", "x" * 5000, "%s%n", "../../nowhere/x", "1\n2"]

    def flags_of(self, text):
        return sorted(set(re.findall(r"^ +--(\w+)", text, re.MULTILINE)))

    def test_flags(self):
        """Each flag of the tool with values that make no sense; what happens to make sense is only planned."""
        plan = {"overnight": ["--dryrun"], "slab_fuzzer": ["-runs=0", "-max_total_time=1", "-timeout=5"]}
        for tool, rest in plan.items():
            _, text = self.run_tool(tool, "--helpfull")
            flags = self.flags_of(text)
            self.assertGreater(len(flags), 8, text)
            for flag in flags:
                if flag in ("help", "helpfull", "dryrun"):
                    continue
                for value in self.rng.sample(self.values(), min(ROUNDS, 4)):
                    self.hold([flag, flag.split("_")[0], value.split("\n")[0][:99] or flag], tool, *rest, f"--{flag}={value}")
                self.assertTrue(self.hold([flag + "x"], tool, f"--{flag}x=1"), f"{tool} --{flag}x=1")

    def test_flags_of_one_dash(self):
        for flag in ("runs", "seed", "max_len", "max_total_time", "timeout", "rss_limit_mb", "jobs", "workers", "merge", "reload", "verbosity", "minimize_crash"):
            for value in ("", "many", "1x", "9" * 30, "1e3", " "):
                self.assertTrue(self.hold(["-" + flag], "slab_fuzzer", f"-{flag}={value}"), f"-{flag}={value}")
            self.assertTrue(self.hold(["-" + flag], "slab_fuzzer", "-" + flag))

    def test_flags_of_verbs(self):
        verbs = {
            "explore": ["deviations", "seconds"],
            "litmus": ["model", "runs", "seconds", "from"],
            "topo": ["topology", "placement", "threads", "crews", "reserve", "cpulist"],
            "report": ["top"],
        }
        for verb, flags in verbs.items():
            for flag in flags:
                for value in self.rng.sample(self.values(), min(ROUNDS, 6)):
                    files = [TOOLS["litmus"]] if verb == "litmus" else [TOOLS["reproducer"]] if verb != "topo" else []
                    self.hold([flag, os.path.basename(files[0]) if files else flag], "ordeal", verb, f"--{flag}={value}", *files)

    def test_no_such_file(self):
        for tool, args in {
            "slab_fuzzer": ["no/such.ordeal"],
            "overnight": ["no/such.ordeal"],
        }.items():
            self.assertTrue(self.hold(["no/such"], tool, *args))
        for verb in ("replay", "explain", "explore", "minimise", "show", "litmus", "report"):
            self.assertTrue(self.hold(["no/such"], "ordeal", verb, "no/such.ordeal"), verb)


if __name__ == "__main__":
    TOOLS = dict(zip(("ordeal", "slab_fuzzer", "overnight", "reproducer", "litmus"), map(os.path.abspath, sys.argv[1:])))
    unittest.main(argv=sys.argv[:1])
