"""Who may include whom? The folders bottom to top, each with those whose headers its files may include.

The one table of the repository's architecture: every BUILD file takes its visibility from it (visible_to), and
//tools/layering:include_test holds every #include to it. A file belongs to the longest folder named here that it is under.
"""

_CORE = [
    "base",
    "memory",
    "memory/native",
    "memory/model",
    "memory/litmus",
    "memory/tsan",
    "allocator",
    "program",
    "shadow",
]

# A folder may always include itself, and may name only folders above it in this table.
LAYERS = {
    "base": [],
    # A main() for fuzz targets where there is no libFuzzer. It knows none of them.
    "fuzz/driver": ["base"],
    # The vocabulary of shared-memory access: not how either memory answers.
    "memory": ["base"],
    "memory/native": ["base", "memory"],
    "memory/model": ["base", "memory"],
    "memory/litmus": ["base", "memory", "memory/model"],
    "memory/tsan": ["base", "memory", "memory/model"],
    # An allocator is written once against the vocabulary and cannot know which memory it is on.
    "allocator": ["base", "memory"],
    # The properties that every allocator has on every memory: tests alone.
    "allocator/properties": ["base", "memory", "memory/native", "memory/model", "allocator"],
    # fuzz/driver: linked into the fuzz targets of the text and byte forms.
    "program": ["base", "memory", "fuzz/driver"],
    # The judge sees events alone: neither the allocator that it judges nor the memory.
    "shadow": ["base", "memory", "program"],
    "run": _CORE,
    "finding": _CORE + ["run"],
    "corpus": _CORE + ["run", "finding"],
    # fuzz and stress are two users of the same parts and know nothing of each other.
    "fuzz": _CORE + ["fuzz/driver", "run", "finding", "corpus"],
    "stress": _CORE + ["run", "finding", "corpus"],
    "tools": _CORE + ["run", "finding", "corpus", "fuzz", "stress"],
}

# What may be included in quotes though no folder of ours: by any file ...
LIBRARIES = [
    "absl",
    "boost",
    "hwloc.h",
    "nlohmann",
]

# ... and only by tests (*_test, *_testing, *_benchmark).
TEST_LIBRARIES = [
    "benchmark",
    "gmock",
    "gtest",
]

def _packages_of(folder):
    # A folder with layers inside stands for its own package alone.
    for other in LAYERS:
        if other.startswith(folder + "/"):
            return "//%s:__pkg__" % folder
    return "//%s:__subpackages__" % folder

def visible_to(layer):
    """The visibility of targets in the folder `layer`: that folder and those that may include it.

    package(default_visibility = visible_to("memory/model"))
    """
    if layer not in LAYERS:
        fail("visible_to: expected a folder of tools/bzl/layers.bzl, got " + layer)
    return [_packages_of(folder) for folder, below in LAYERS.items() if folder == layer or layer in below]
