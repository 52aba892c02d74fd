#!/usr/bin/env bash
# Names the tests that a file of the test runner's output says were started and not ended, and shows what the machine is doing.
set -euo pipefail
started=$(sed -nE -e '/^◇ Test (case passing|run started)/d' -e 's/^◇ Test (.*) started\.$/\1/p' "$1" | sort)
ended=$(sed -nE -e 's/ with [0-9]+ test cases? (passed|failed) after / \1 after /' -e 's/^[^ ]+ Test (.*) (passed|failed) after .*$/\1/p' "$1" | sort)
echo "Started and not ended:"
comm -23 <(echo "$started") <(echo "$ended") | sed 's/^/  /'
echo "What runs:"
ps -e -o pid,ppid,etimes,stat,wchan:24,args --forest | cut -c 1-200
for process in $(pgrep --full 'PackageTests\.xctest'); do
    echo "Threads of process $process and what each waits for in the kernel:"
    for thread in "/proc/$process/task/"*; do
        printf '  %s %s %s\n' "$(cat "$thread/comm")" "$(cut -d ' ' -f 3 "$thread/stat" 2>/dev/null)" "$(cat "$thread/wchan")"
    done 2>/dev/null | sort | uniq --count
    if command -v gdb >/dev/null || apt-get install --yes --quiet gdb >/dev/null 2>&1; then
        gdb --batch --pid "$process" --eval-command 'thread apply all backtrace 30' 2>/dev/null | cut -c 1-300 || true
    fi
done
