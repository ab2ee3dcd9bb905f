"""Which formatters does this machine have? Makes @tidy_tools//:paths.bzl with a path, or "", for each of them.

They are not needed to build or to test anything else: where one is missing, its test in tools/tidy is SKIPPED.
tools/tidy/install.sh gets both.
"""

def _version_of(ctx, tool):
    return ctx.execute([tool, "--version"]).stdout

def _clang_format(ctx):
    numbered = ctx.which("clang-format-19")
    plain = ctx.which("clang-format")
    if numbered or not plain:
        return numbered
    return plain if "version 19." in _version_of(ctx, plain) else None

def _buildifier(ctx):
    env = ctx.os.environ
    cache = env.get("XDG_CACHE_HOME", env.get("HOME", "/") + "/.cache")
    installed = ctx.path(cache + "/ordeal/buildifier")
    return installed if installed.exists else ctx.which("buildifier")

def _impl(ctx):
    found = {"BUILDIFIER": _buildifier(ctx), "CLANG_FORMAT": _clang_format(ctx)}
    ctx.file("paths.bzl", "".join(["%s = \"%s\"\n" % (name, path or "") for name, path in found.items()]))
    ctx.file("BUILD.bazel", "")

tidy_tools = repository_rule(
    implementation = _impl,
    configure = True,
    environ = ["HOME", "PATH", "XDG_CACHE_HOME"],
    local = True,
)
