#!/usr/bin/env python3
"""modes_test.py DRIVER [LIBFUZZER]: do -jobs, -merge, -minimize_crash, -reload and signals do what they do to libFuzzer?"""

import os
import re
import signal
import sys
import time

sys.dont_write_bytecode = True
import engines_testing  # noqa: E402
from engines_testing import sha1  # noqa: E402


class Modes(engines_testing.Case):
    def test_jobs(self):
        def check(engine):
            engine.put("dir/in", "good")
            code, text = engine.run("-jobs=3", "-workers=2", "-runs=20", "dir")
            self.assertEqual(code, 0, text)
            self.assertEqual(engine.names("fuzz-*.log"), ["fuzz-0.log", "fuzz-1.log", "fuzz-2.log"])
            self.assertEqual(len(re.findall(r"={18} Job \d exited with exit code 0 =", text)), 3)
            self.assertEqual(text.count("Done "), 3)
            engine.put("bad", "CRASH")
            code, text = engine.run("-jobs=2", "-workers=1", "bad")
            self.assertEqual(code, 1)
            return re.findall(r"={18} Job \d exited with exit code \d+ =+", text)

        self.both(check)

    def test_merge_keeps_what_shows_more_and_survives_a_failure(self):
        def check(engine):
            for name, text in {"a": "a", "b": "a", "c": "cc", "d": "xxCRASH", "e": "eeee"}.items():
                engine.put("from/" + name, text)
            os.mkdir(os.path.join(engine.directory.name, "into"))
            code, text = engine.run("-merge=1", "into", "from")
            self.assertEqual(code, 0, text)
            kept = engine.names("into/*")
            self.assertEqual(kept, sorted("into/" + sha1(t) for t in ("a", "cc", "eeee")))
            self.assertIn("MERGE-OUTER: 5 files, 0 in the initial corpus", text)
            self.assertEqual(len(engine.names("crash-*")), 1)
            code, text = engine.run("-merge=1", "into", "from")
            self.assertIn("MERGE-OUTER: 0 new files with 0 new features added", text)
            self.assertEqual(engine.names("into/*"), kept)
            return re.findall(r"\d+ new files with \d+ new features", text)

        self.both(check)

    def test_minimize_crash_ends_with_a_shorter_one_that_fails(self):
        def check(engine):
            long = "x" * 20 + "CRASH" + "y" * 20
            engine.put("bad", long)
            code, text = engine.run("-minimize_crash=1", "-runs=1000", "bad")
            self.assertEqual(code, 0, text)
            self.assertEqual(engine.get("bad").decode(), long)
            made = engine.names("minimized-from-*")
            self.assertIn("minimized-from-" + sha1(long), made)
            smallest = min(made, key=lambda name: len(engine.get(name)))
            self.assertLess(len(engine.get(smallest)), 20)
            self.assertEqual(engine.run(smallest)[0], 77)
            code, _ = engine.run("-minimize_crash=1", "-runs=1000", "-exact_artifact_path=small", "bad")
            self.assertLess(len(engine.get("small")), 20)
            return text.split("CRASH_MIN: ")[1], code

        self.both(check)

    def test_minimize_crash_refuses_what_does_not_fail(self):
        def check(engine):
            engine.put("fine", "good")
            code, text = engine.run("-minimize_crash=1", "-runs=100", "fine")
            self.assertIn("did not crash", text)
            return code

        self.both(check)

    def test_reload_takes_what_others_found(self):
        def check(engine):
            engine.put("dir/in", "a")
            fuzzer = engine.start("-reload=1", "-max_len=8", "-max_total_time=60", "dir")
            try:
                for line in fuzzer.stdout:
                    if "INITED" in line:
                        time.sleep(2)  # libFuzzer goes by whole seconds
                        engine.put("dir/other", "RARE")
                    if "RELOAD" in line:
                        break
                else:
                    self.fail("no RELOAD")
                fuzzer.send_signal(signal.SIGUSR1)
                fuzzer.stdout.read()
                self.assertEqual(fuzzer.wait(), 0)
            finally:
                fuzzer.kill()
                fuzzer.stdout.close()
                fuzzer.wait()

        self.both(check)

    def test_signals_end_it(self):
        for number, wanted in {signal.SIGINT: 72, signal.SIGTERM: 72, signal.SIGUSR1: 0}.items():

            def check(engine, number=number, wanted=wanted):
                fuzzer = engine.start("-max_total_time=60", "-max_len=3")
                for line in fuzzer.stdout:
                    if "INITED" in line:
                        break
                fuzzer.send_signal(number)
                text = fuzzer.stdout.read()
                fuzzer.stdout.close()
                self.assertEqual(fuzzer.wait(), wanted, text)
                return "run interrupted" in text, "trying to exit gracefully" in text

            self.both(check)


if __name__ == "__main__":
    engines_testing.main()
