# The table: measuring programs write lines "<figure> <measured> <baseline>", one a round; here they become medians.
# A figure without a line is a figure that could not be measured, and that is a failure like one that is over.
# shellcheck disable=SC2154 # names shared with ../../run and its other parts

results=
misses=0

# note FIGURE MEASURED BASELINE: one round of a figure measured by this script itself.
note() {
    [[ $2 =~ ^[0-9.]+$ && ${3:-0} =~ ^[0-9.]+$ ]] || die "$1 gave no number: \"$2\" \"${3:-}\""
    printf '%s %s %s\n' "$1" "$2" "${3:--}" >>"$results"
}

# forget FIGURE WHY: what was measured turned out not to count.
forget() {
    sed -i "/^$1/d" "$results"
    say "$2"
}

# section TITLE COMMAND...: what fails inside is told and leaves its figures missing; the rest is measured all the same.
section() {
    step "$1"
    ("${@:2}") || say "$1: not everything could be measured"
}

# take WHAT COMMAND...: runs a measuring program and keeps its lines; its failure is told and leaves its figures missing.
take() {
    local what=$1 lines="$bench_log/$1.lines"
    shift
    if "$@" >"$lines" 2>"$bench_log/$what.log"; then
        cat "$lines" >>"$results"
    else
        say "$what could not be measured: $(tail -n 5 "$bench_log/$what.log")"
    fi
}

heading() { printf '\n%-46s %12s %12s %8s %10s\n' "$1" measured baseline ratio target; }

# row FIGURE KIND TARGET UNIT TEXT: KIND ratio (measured / baseline, at most), share (measured / baseline, at least),
# most (measured alone, at most).
row() {
    local figure=$1 kind=$2 target=$3 unit=$4 text=$5 line
    line=$(awk -v figure="$figure" -v kind="$kind" -v target="$target" -v unit="$unit" -v text="$text" '
        function median(v, n,   i, j, t) {
            for (i = 2; i <= n; i++) { t = v[i]; for (j = i - 1; j > 0 && v[j] > t; j--) v[j + 1] = v[j]; v[j + 1] = t }
            return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
        }
        function show(x) { return sprintf(x >= 100 ? "%.0f" : x >= 10 ? "%.1f" : "%.2f", x) (unit == "" ? "" : " " unit) }
        $1 == figure { n++; m[n] = $2; if ($3 != "-") { pairs++; b[pairs] = $3; r[pairs] = $3 > 0 ? $2 / $3 : 0 } }
        END {
            if (!n || (kind != "most" && pairs != n)) { printf "%s|not measured|-|-|-|missing", text; exit }
            value = median(m, n)
            base = pairs ? show(median(b, pairs)) : "-"
            ratio = pairs ? median(r, pairs) : 0
            judged = kind == "most" ? value : ratio
            ok = kind == "share" ? judged >= target : judged <= target
            printf "%s|%s|%s|%s|%s %s%s|%s", text, show(value), base, pairs ? sprintf("%.2f", ratio) : "-",
                   kind == "share" ? ">=" : "<=", target, kind == "most" && unit != "" ? " " unit : "", ok ? "ok" : "over"
        }' "$results")
    row_print "$line"
}

row_print() {
    local text measured base ratio target verdict
    IFS='|' read -r text measured base ratio target verdict <<<"$1"
    [ "$verdict" = ok ] || misses=$((misses + 1))
    # printf counts bytes, the texts are ASCII only
    printf '%-46s %12s %12s %8s %10s  %s\n' "$text" "$measured" "$base" "$ratio" "$target" "$verdict"
}
