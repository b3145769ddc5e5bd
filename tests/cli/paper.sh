#!/usr/bin/env bash
# The printed page, read back as the applicant and a scanner would: text with rare characters, both codes, and no
# character that silently came out blank.
set -u
. "$(dirname "$0")/lib.sh"

person zhang
id=$(citizen 32031119980606"$((100 + $$ % 900))")
cat >"$work/form" <<JSON
{ "item": "0213", "id_number": "$id", "name": "陈頔䶮", "phone": "13800002073", "form": "P", "trade_name": "䶮記𠮷祥小吃店",
  "materials": [ {"no":1,"state":"original","copies":1}, {"no":2,"state":"checked"},
                 {"no":3,"state":"copy"}, {"no":4,"state":"original"} ] }
JSON
run 0 guitai case accept --form "$work/form" --print-to "$work/receipt.pdf" --format pdf
number=$(printf %s "$out" | grep -oE '[0-9]{19,}' | head -n 1)
code=$(printf %s "$out" | grep -oE '[0-9]{6}' | tail -n 1)
run 0 pdftotext -layout "$work/receipt.pdf" -
for word in "$number" 受理通知书 个体工商户设立登记 行政许可专用章 承诺办结 法定办结; do says "$word"; done
case $out in *"$id"*) fail "the receipt shows the whole citizen number" ;; esac

pdftoppm -r 200 -png "$work/receipt.pdf" "$work/page"
run 0 zbarimg --nodbus -q "$work"/page-*.png
says "CODE-128:$number"
says "QR-Code:$number"

# The longest opinion is printed to its last character, though no page holds its row.
run 0 guitai case act "$number" review_agree --opinion "$(printf '逐项核对无误第%d项，' $(seq 156))末尾完"
run 0 guitai print "$number" --document steps --format pdf --to "$work/steps.pdf"
out=$(pdftotext "$work/steps.pdf" - | tr -d ' \n\f')
says "末尾完"
for n in 30 90 156; do says "无误第${n}项"; done
person li
run 0 guitai case act "$number" grant --opinion "准予登记。" --print-to "$work/decision.pdf" --format pdf
run 0 pdftotext -layout "$work/decision.pdf" -
says 陈頔䶮
says 准予

# A paper with a hole is not printed: the block that lacks its data is named.
printf '{"document":"receipt","format":"pdf","to":"%s","data":{"number":"1"}}' "$work/hole.pdf" >"$work/job"
out=$(guitai-print <"$work/job" 2>&1)
says '"ok":false'
[ ! -e "$work/hole.pdf" ] || fail "a paper with a hole was printed"

# Each of these once came out blank in PDFs made by cairo alone.
mkdir -p "$work/forms/documents"
for glyph in 如 准 予 申 请 人 䶮 𠮷 龘 ·; do
    cat >"$work/forms/documents/glyph.json" <<JSON
{ "id": "glyph", "title": {"zh": "字", "en": "Glyph"}, "paper": "a5", "columns": 48,
  "blocks": [ { "kind": "text", "text": "{text}" } ] }
JSON
    printf '{"document":"glyph","format":"pdf","to":"%s","data":{"text":"%s"}}' "$work/glyph.pdf" "$glyph" >"$work/job"
    out=$(GUITAI_SHARE=$work guitai-print <"$work/job")
    says '"ok":true'
    pdftoppm -r 100 -mono "$work/glyph.pdf" "$work/glyph"
    ink=$(tail -c +14 "$work"/glyph-1.pbm | tr -d '\000' | wc -c)
    [ "$ink" -gt 1 ] || fail "$glyph is blank on paper"
done
done_testing
