"""How does a test read what a .bzl file says? json_file() writes a Starlark value to a file."""

def _impl(ctx):
    ctx.actions.write(ctx.outputs.out, ctx.attr.text + "\n")

_json_file = rule(
    implementation = _impl,
    attrs = {
        "out": attr.output(mandatory = True),
        "text": attr.string(mandatory = True),
    },
)

def json_file(name, out, content):
    _json_file(
        name = name,
        out = out,
        text = json.encode(content),
    )
