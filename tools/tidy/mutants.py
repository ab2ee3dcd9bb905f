#!/usr/bin/env python3
"""mutants.py WORKSPACE: can every mutant of the memory model still be made, and is every excused survivor one of them?

Nobody runs tools/mutants/run.py on every change, and a line that moved takes its mutants along unseen: the old text of each
in mutants.txt must stand in its file, once.
"""

import importlib.util
import os
import sys

sys.dont_write_bytecode = True
import tree as trees  # noqa: E402

FOLDER = "tools/mutants"


def runner_of(tree):
    spec = importlib.util.spec_from_file_location("mutants_run", os.path.join(tree.root, FOLDER, "run.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def check(tree):
    run = runner_of(tree)
    mutants = run.read_mutants(os.path.join(tree.root, FOLDER, "mutants.txt"))
    for mutant in mutants:
        try:
            run.changed(mutant, tree.text(mutant.file))
        except (run.Error, OSError) as error:
            yield f"{FOLDER}/mutants.txt", 1, str(error)
    names = {run.key_of(mutant) for mutant in mutants}
    for key in run.read_reasons(os.path.join(tree.root, FOLDER, "equivalent.txt")):
        if key not in names:
            yield f"{FOLDER}/equivalent.txt", 1, f"{key}: no such mutant"


if __name__ == "__main__":
    sys.exit(trees.main("lists of mutants", lambda tree: [path for path in tree.files if path == f"{FOLDER}/mutants.txt"], check))
