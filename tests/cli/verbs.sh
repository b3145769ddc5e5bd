#!/usr/bin/env bash
# What scripts rely on: the verbs, their exit statuses, and one clear line for wrong input.
set -u
. "$(dirname "$0")/lib.sh"

run 0 guitai --version
says "guitai 0."
run 0 guitai check id 11010519491231002X
run 2 guitai check id 110105194912310021
complains "校验位"
run 0 guitai check credit 91350100M000100Y43
run 2 guitai check credit 91350100M000100Y44
run 2 guitai nonsense
complains "guitai"

person zhang
run 0 guitai due 2026-09-07 20
says 2026-10-10
run 0 guitai due 2026-12-15 20 --json
says 2027-01-12
says '"provisional"'
run 0 guitai due 2026-02-13 5 --explain
says 2026-02-14
run 2 guitai due 2026-02-30 5
run 0 guitai item list --json
says '"0213"'
run 0 guitai case list
silent
run 2 guitai case list --limit abc
complains "case list [--search TEXT"
run 2 guitai --idle soon
complains "--idle"

id=$(citizen 32031119990505"$((100 + $$ % 900))")
form() {
    cat <<JSON
{ "item": "0213", "id_number": "${1:-$id}", "name": "${2:-张三·测试}", "phone": "13800002071", "form": "P",
  "materials": [ {"no":1,"state":"original","copies":1}, {"no":2,"state":"checked","copies":1},
                 {"no":3,"state":"copy","copies":1}, {"no":4,"state":"${3:-original}","copies":1} ] }
JSON
}

# A mistake in the form names the field and saves nothing.
form 110105194912310021 >"$work/form"
run 2 guitai case accept --form "$work/form"
complains "校验位"
form "$id" "某某" missing >"$work/form"
run 2 guitai case accept --form "$work/form"
complains "住所"
printf '{ "item": "0213",\n "nonsense": 1 }' >"$work/form"
run 2 guitai case accept --form "$work/form"
complains nonsense
printf '{ "item": ' >"$work/form"
run 2 guitai case accept --form "$work/form"
complains "form:1"

# An ended item names the document that ended it, an unknown one says so, whoever asks.
for code in 0919 2401 9999; do
    printf '{ "item": "%s", "id_number": "%s", "name": "某某", "phone": "13800002071" }' $code "$id" >"$work/form"
    run $((10#$code == 919 ? 2 : 3)) guitai case accept --form "$work/form" # the form itself knows an end
    case $code in
    0919) complains "徐政服〔演示〕27号" ;;
    2401) complains "尚未生效" ;;
    9999) complains "没有事项 9999" ;;
    esac
done

# The whole way, with the receipt on paper; the separator of the name is folded.
form "$id" "阿依古丽•艾山" >"$work/form"
run 0 guitai case accept --form - --json --print-to "$work/receipt.txt" --format text <"$work/form"
number=$(printf %s "$out" | grep -oE '[0-9]{19,}' | head -n 1)
[ ${#number} -ge 19 ] || fail "no case number in: $out"
grep -q "$number" "$work/receipt.txt" || fail "the receipt does not carry the number"
grep -q "阿\*" "$work/receipt.txt" || fail "the receipt does not mask the name"
grep -q "$id" "$work/receipt.txt" && fail "the receipt shows the whole citizen number"
form "$id" >"$work/form"
run 3 guitai case accept --form "$work/form"
complains "$number"
run 0 guitai case show "$number" --json
says "阿依古丽·艾山"
run 2 guitai case show "${number%?}$(((${number: -1} + 1) % 10))"
run 3 guitai case act "$number" grant --opinion "准予登记。"
run 3 guitai case act "$number" review_agree
run 3 guitai case act "$number" approve --opinion "准予登记。"
complains "review_agree 审查同意"
run 3 guitai print "$number" --document poem --to "$work/poem.txt"
complains "没有文书 poem, 可用: receipt 受理通知书"
run 2 guitai case act "$number" review_agree --opinion "材料齐全，同意。" --print-to -
# What somebody typed stays readable, whatever it looks like to a program, and however long it is.
long="材料齐全，同意。\\u0000$(printf '核对无误，%.0s' $(seq 200))完"
run 0 guitai case act "$number" review_agree --opinion "$long"
run 0 guitai case show "$number"
says "$long"
run 3 guitai case act "$number" review_agree --opinion "再审一次。"

person li
run 0 guitai case act "$number" grant --opinion "准予登记。" --print-to "$work/decision.pdf" --format pdf
head -c 5 "$work/decision.pdf" | grep -q '%PDF-' || fail "the decision is not a PDF"
run 0 guitai print "$number" --document receipt --format text --to "$work/again.txt"
grep -q "补打第1次" "$work/again.txt" || fail "a reprint does not say so"

# A print that failed is no print: the next one is the first, without a mark; only after that it is 补打.
person zhang
id=$(citizen 32031119990506"$((100 + $$ % 900))")
form "$id" >"$work/form"
run 7 guitai case accept --form "$work/form" --print-to "$work/no/such/folder/r.txt" --format text
number=$(printf %s "$out" | grep -oE '[0-9]{19,}' | head -n 1)
run 7 guitai print "$number" --to "$work/no/such/folder/r.txt"
run 0 guitai print "$number" --to "$work/first.txt"
grep -q 补打 "$work/first.txt" && fail "the first paper that came out says it is a reprint"
run 0 guitai print "$number" --to "$work/second.txt"
grep -q "补打第1次" "$work/second.txt" || fail "the second does not"
guitai print "$number" --to - >/dev/full 2>"$work/full"
[ $? = 7 ] || fail "a full disk is no failure"
[ -s "$work/full" ] || fail "a full disk is not told"
run 0 guitai print "$number" --to "$work/third.txt"
grep -q "补打第2次" "$work/third.txt" || fail "what never came out counts as a print"

# English shows the English label of every coded value; what was typed stays as it was typed.
export LC_ALL=en_US.UTF-8
english() {
    local word
    for word in 已受理 已审查 准予 即办件 承诺件 报批件 受理 审查 核准 原件 复印件 已核验; do
        case $out in *[[:space:]]"$word"[[:space:]]*) fail "“$word” in English: $1" ;; esac
    done
}
run 0 guitai case list
english "case list"
says accepted
run 0 guitai item list
english "item list"
says "on the spot"
run 0 guitai case show "$number"
english "case show"
says "state: accepted"
says "class: on the spot"
says original
says intake
says "review: agree"
run 3 guitai case act "$number" seal
complains "does not take"
unset LC_ALL

# Items that nobody may verify or sign: for who answers for them.
run 0 guitai item list --unauthorised
case $out in *0213*) fail "a clerk without the duty sees the list: $out" ;; esac
person zhao
run 0 guitai item list --unauthorised --json
case $out in *'"0213"'*) fail "0213 has an authorisation: $out" ;; esac
run 2 guitai case list --unauthorised

# Another department's clerk does not see it; a wrong password is one clear line.
person chen
run 3 guitai case show "$number"
printf '*:*:*:*:wrong\n' >"$work/pass"
run 4 guitai case list
complains "guitai: "
done_testing
