# One case from intake to the delivered licence, by commands: what ./run shows on a machine without a terminal.

as() {
    local who=$1
    shift
    (
        eval "$(demo_env "$who")"
        exec "$@"
    )
}

# field NAME: reads one top-level value of a JSON answer from standard input.
field() { sed -n "s/.*\"$1\"[[:space:]]*:[[:space:]]*\"\\([^\"]*\\)\".*/\\1/p" | head -n 1; }

walk_form() {
    cat <<'JSON'
{ "item": "0213", "id_number": "%ID%", "name": "王小䶮", "phone": "13800002071",
  "address": "徐州市泉山区淮海西路12号",
  "materials": [ { "no": 1, "state": "original", "copies": 1 }, { "no": 2, "state": "checked" },
                 { "no": 3, "state": "original", "copies": 1 }, { "no": 4, "state": "original", "copies": 1 },
                 { "no": 5, "state": "original", "copies": 1 } ] }
JSON
}

walk() {
    say "guitai $(guitai --version | head -n 1): no terminal here, so one case is played through by commands."
}
