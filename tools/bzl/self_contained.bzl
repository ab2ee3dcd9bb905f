"""How does a binary run where our libraries are not installed? It brings all of them along but the C library's own.

cc_binary(
    name = "ordeal",
    linkopts = SELF_CONTAINED,
)

Bazel puts a binary's own linkopts in front of its libraries', and the toolchain ends the static part
(tools/toolchain/cc_toolchain_config.bzl). A library that has no archive is an error of the linker. //tools/dist:dist_test looks at the result.
"""

SELF_CONTAINED = [
    "-static-libgcc",
    "-static-libstdc++",
    "-Wl,-Bstatic",
]
