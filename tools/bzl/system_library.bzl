"""How does a library of the operating system become a label? By asking pkg-config, or by looking for its header.

pkg_config_repository(
    name = "com_google_absl",
    debian = "libabsl-dev",
    modules = {"absl/strings:str_format": "absl_str_format"},
)

makes @com_google_absl//absl/strings:str_format with the flags that `pkg-config absl_str_format` prints. The headers stay
where the system has them: the compiler finds them by itself. A library that is not installed is an error only when a
target that needs it is built, so that a machine without (say) Google Benchmark builds everything else.
"""

_LIBRARY = """
cc_library(
    name = "{name}",
    defines = {defines},
    linkopts = {linkopts},
    visibility = ["//visibility:public"],
)
"""

_MISSING = """
genrule(
    name = "{name}_missing",
    outs = ["{name}_missing.h"],
    cmd = "echo '{looked_for} not found: apt-get install {debian}' >&2; exit 1",
)

cc_library(
    name = "{name}",
    hdrs = ["{name}_missing.h"],
    visibility = ["//visibility:public"],
)
"""

def _library(name, defines, linkopts):
    return _LIBRARY.format(name = name, defines = repr(defines), linkopts = repr(linkopts))

def _missing(ctx, name, looked_for):
    return _MISSING.format(name = name, looked_for = looked_for, debian = ctx.attr.debian)

def _write(ctx, packages):
    for package, text in packages.items():
        ctx.file((package + "/" if package else "") + "BUILD.bazel", text)
    if "" not in packages:
        ctx.file("BUILD.bazel", "")

def _from_pkg_config(ctx, tool, name, query):
    # The first word is the module; what follows are link flags that its .pc file does not name.
    words = query.split(" ")
    module = words[0]
    result = ctx.execute([tool, "--cflags", "--libs", module])
    if result.return_code != 0:
        return _missing(ctx, name, "pkg-config module " + module)
    defines = []
    linkopts = words[1:]
    for flag in result.stdout.strip().split(" "):
        if flag.startswith("-D"):
            defines.append(flag[len("-D"):])
        elif flag.startswith("-l") or flag.startswith("-L") or flag.startswith("-W"):
            linkopts.append(flag)
        elif flag and flag != "-pthread":
            # -I of a place that the compiler does not search by itself would have to become a symlink and `includes`.
            fail("pkg-config {}: expected only -D, -l, -L and -W flags, got {}".format(module, flag))
    return _library(name, defines, linkopts)

def _pkg_config_impl(ctx):
    tool = ctx.which("pkg-config")
    packages = {}
    for label, query in ctx.attr.modules.items():
        package, name = label.split(":")
        text = _from_pkg_config(ctx, tool, name, query) if tool else _missing(ctx, name, "the command pkg-config")
        packages[package] = packages.get(package, "") + text
    _write(ctx, packages)

pkg_config_repository = repository_rule(
    implementation = _pkg_config_impl,
    attrs = {
        "debian": attr.string(mandatory = True, doc = "the Debian package, for the message when it is missing"),
        "modules": attr.string_dict(mandatory = True, doc = "'package:name' of the label -> pkg-config module"),
    },
    configure = True,
    environ = ["PATH", "PKG_CONFIG_LIBDIR", "PKG_CONFIG_PATH"],
    local = True,
)

_INCLUDE = ["/usr/local/include", "/usr/include"]

def _probed_impl(ctx):
    text = ""
    for name, header in ctx.attr.headers.items():
        places = [header] if header.startswith("/") else [place + "/" + header for place in _INCLUDE]
        if [place for place in places if ctx.path(place).exists]:
            linkopts = ctx.attr.linkopts.get(name)
            text += _library(name, [], linkopts.split(" ") if linkopts else [])
        else:
            text += _missing(ctx, name, header)
    _write(ctx, {"": text})

probed_repository = repository_rule(
    implementation = _probed_impl,
    attrs = {
        "debian": attr.string(mandatory = True, doc = "the Debian package, for the message when it is missing"),
        "headers": attr.string_dict(mandatory = True, doc = "name of the label -> a header, or the path of a file, that shows it is installed"),
        "linkopts": attr.string_dict(doc = "name of the label -> link flags; headers alone have none"),
    },
    configure = True,
    local = True,
)
