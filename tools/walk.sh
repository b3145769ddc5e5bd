# One case from intake to the licence handed over, by commands: what ./run shows on a machine without a terminal.

# as SIGN-IN COMMAND…: runs it as that person of the demonstration.
as() {
    local who=$1
    shift
    (
        eval "$(demo_env "$who")"
        exec "$@"
    )
}

# A synthetic citizen number that nobody used here before: the check digit is found by asking.
walk_number() {
    local body last
    printf -v body '3203111999%02d%02d%03d' $((RANDOM % 12 + 1)) $((RANDOM % 28 + 1)) $((RANDOM % 1000))
    for last in 0 1 2 3 4 5 6 7 8 9 X; do
        if guitai check id "$body$last" >/dev/null 2>&1; then
            printf '%s' "$body$last"
            return
        fi
    done
}

walk_form() {
    cat <<JSON
{ "item": "0213", "id_number": "$(walk_number)", "name": "王小䶮", "phone": "13800002071",
  "address": "徐州市泉山区淮海西路12号",
  "trade_name": "王小䶮小吃店", "form": "P", "scope": "小吃服务；预包装食品销售", "capital": "30000.00", "employees": "2",
  "materials": [ { "no": 1, "state": "original", "copies": 1 }, { "no": 2, "state": "checked", "copies": 1 },
                 { "no": 3, "state": "copy", "copies": 1 }, { "no": 4, "state": "original", "copies": 1 },
                 { "no": 5, "state": "missing", "copies": 0 } ] }
JSON
}

walk_upward_form() {
    cat <<JSON
{ "item": "1204", "id_number": "$(walk_number)", "name": "贾小䶮", "phone": "13800002072", "address": "丰县中阳大道1号",
  "work": "1", "exam_date": "$(date -d '3 days ago' +%F)", "school": "丰县安全培训中心",
  "materials": [ { "no": 1, "state": "original", "copies": 1 }, { "no": 2, "state": "checked", "copies": 1 },
                 { "no": 3, "state": "original", "copies": 1 }, { "no": 4, "state": "copy", "copies": 1 },
                 { "no": 5, "state": "electronic", "copies": 1 }, { "no": 6, "state": "copy", "copies": 1 } ] }
JSON
}

# walk_until WHO NUMBER STATE: waits until the case stands there, as that person sees it.
walk_until() {
    local tries=0
    until as "$1" guitai case show "$2" --json 2>/dev/null | grep -qE "\"state\":[[:space:]]*\"$3\""; do
        tries=$((tries + 1))
        [ $tries -le 150 ] || die "case $2 did not come to $3; the logs are in $state/demo/halls"
        sleep 0.2
    done
}

walk_handoff() {
    local number
    say "" "7. 安平 (anping@county) in Feng county accepts 1204 特种作业操作证核发, which the city decides:"
    walk_upward_form >"$state/demo/walk.json"
    as anping@county guitai case accept --form "$state/demo/walk.json" --print-to "$state/receipts/" --format pdf |
        tee "$state/demo/walk.out"
    number=$(grep -oE '^[0-9]{19,}' "$state/demo/walk.out")
    as anping@county guitai case act "$number" review_agree --opinion "经初审，材料齐全，同意上报。"
    say "" "8. 卞方 (bianfang@county) sends it up; the two halls' services and endpoints carry it over HTTPS:"
    as bianfang@county guitai case act "$number" send_up --opinion "同意初审意见，上报市局。"
    walk_until tian "$number" received
    say "   the city has it, with the county's opinion and all materials"
    say "" "9. 田安 (tian) reviews and 董平 (dong) decides in the city; the result goes back by itself:"
    as tian guitai case act "$number" review_agree --opinion "经审查，符合法定条件。"
    as dong guitai case act "$number" grant --opinion "同意审查意见，准予。"
    walk_until anping@county "$number" granted
    say "" "10. At the county's window the certificate is made, sealed and handed over:"
    local action
    for action in make seal issue; do as anping@county guitai case act "$number" "$action"; done
    as anping@county guitai case show "$number"
    say "" "11. Both halls prove to each other that nothing was lost and nothing happened twice:"
    as admin@county guitai-admin reconcile --peer 320300 --since "$(date +%F)"
}

walk() {
    local number receipt decision
    say "No terminal here: one case is played through by the same program's commands."
    say "" "1. 张敏 (zhang), window 03, accepts 0213 个体工商户设立登记 and prints the receipt:"
    walk_form >"$state/demo/walk.json"
    as zhang guitai case accept --form "$state/demo/walk.json" --print-to "$state/receipts/" --format pdf |
        tee "$state/demo/walk.out"
    number=$(grep -oE '^[0-9]{19,}' "$state/demo/walk.out")
    receipt=$(tail -n 1 "$state/demo/walk.out")
    say "" "2. 吴涛 (wu), who may review and, as substitute, verify, reviews with an opinion:"
    as wu guitai case act "$number" review_agree --opinion "材料齐全，符合法定形式，同意。"
    say "" "3. He tries to verify his own review, and the rule of two persons refuses him:"
    as wu guitai case act "$number" grant --opinion "准予登记。" 2>&1 && die "the database let one person do both" || true
    say "" "4. 李卫东 (li), chief representative, verifies within his authorisation; the decision is printed:"
    as li guitai case act "$number" grant --opinion "符合条件，准予登记。" --print-to "$state/receipts/" --format pdf |
        tee "$state/demo/walk.out"
    decision=$(tail -n 1 "$state/demo/walk.out")
    say "" "5. Licence made, sealed, handed over:"
    local action
    for action in make seal issue; do as zhang guitai case act "$number" "$action"; done
    say "" "6. The case as it stands, and its chain of records:"
    as zhang guitai case show "$number"
    as admin guitai-admin audit verify "$number"
    walk_handoff
    say "" "receipt:  $receipt" "decision: $decision" \
        "as a person: eval \"\$(./run env zhang)\"; guitai case show $number" "the end: ./run stop"
}
