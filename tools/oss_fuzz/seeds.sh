#!/bin/bash
# seeds.sh ZIP FILE...: which inputs does a campaign on OSS-Fuzz start from? The corpus with the bugs taken out: a seed that crashes is a BAD BUILD there.
#
# What is left of a reproducer is its program, geometry, allocator and model; the allocator is then the correct one, and nothing may be found.
set -euo pipefail
zip=$1
shift
seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
for file in "$@"; do
  sed -E '/^(bug|decision|expect) /d' "$file" >"$seeds/${file##*/}"
done
# Python is everywhere here, zip is not; and it lets the times be fixed, so that the same corpus is the same file.
python3 - "$zip" "$seeds" <<'END'
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as out:
    for name in sorted(os.listdir(sys.argv[2])):
        with open(os.path.join(sys.argv[2], name), "rb") as seed:
            out.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), seed.read())
END
