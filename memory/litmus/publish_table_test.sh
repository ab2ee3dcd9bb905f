#!/bin/bash
# Is docs/publish_and_consume.md what the searches say today?
set -u
table=$1 page=$2
"$table" >printed || { echo "FAILED: the table's searches ended with $?"; exit 1; }
grep '^|' "$page" >written
diff written printed && echo "the page is what was found"
