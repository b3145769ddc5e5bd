# The hand-off of the demonstration: an authority, a certificate for each hall, their pairing, an endpoint and a sending
# service for each. Everything lies in .guitai/demo/halls/.

halls_divisions="320300 320321"
halls_place() { halls="$state/demo/halls"; }

# halls_files DIVISION: the certificate files of a hall, as the environment names them.
halls_files() {
    halls_place
    printf "export GUITAI_TLS_CERT='%s' GUITAI_TLS_KEY='%s' GUITAI_TLS_CA='%s' GUITAI_TLS_CRL='%s'\n" \
        "$halls/$1.pem" "$halls/$1.key" "$state/demo/ca.pem" "$halls/revoked.pem"
}

halls_certificate() {
    [ -s "$halls/$1.pem" ] && openssl x509 -in "$halls/$1.pem" -checkend 2592000 -noout >/dev/null 2>&1 && return
    quietly "hall-$1" openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" \
        -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" -addext "extendedKeyUsage=serverAuth,clientAuth" \
        -keyout "$halls/$1.key" -out "$halls/$1.csr"
    quietly "hall-$1" openssl x509 -req -in "$halls/$1.csr" -days 365 -copy_extensions copy -CA "$state/demo/ca.pem" \
        -CAkey "$secrets/ca.key" -CAcreateserial -CAserial "$halls/serial" -out "$halls/$1.pem"
    rm -f "$halls/$1.csr"
    chmod 600 "$halls/$1.key"
}

# A list with nobody in it: `openssl ca -revoke` with this folder's database adds one.
halls_revocations() {
    [ -s "$halls/revoked.pem" ] && return
    : >"$halls/index.txt"
    echo 01 >"$halls/crlnumber"
    printf '%s\n' '[ca]' 'default_ca = demo' '[demo]' "database = $halls/index.txt" "crlnumber = $halls/crlnumber" \
        'default_md = sha256' 'default_crl_days = 3650' >"$halls/authority.cnf"
    quietly hall-revoked openssl ca -config "$halls/authority.cnf" -gencrl -cert "$state/demo/ca.pem" \
        -keyfile "$secrets/ca.key" -out "$halls/revoked.pem"
}

# halls_pair: each database learns of the other; the secret stands in files only until both know it.
halls_pair() {
    [ -f "$halls/paired" ] && return
    step "pairing the city and the county: certificates, secret, sign-ins that can only receive"
    rm -f "$halls"/*.secret
    local own
    rm -f "$halls/addressed"
    halls_peers "$halls/pair.secret"
    PGDATABASE=guitai_320300 quietly pair guitai-admin sync set --report-minutes 1 --make-duplicate-key "$halls/key.secret"
    PGDATABASE=guitai_320321 quietly pair guitai-admin sync set --report-minutes 1 --duplicate-key "$halls/key.secret"
    for own in $halls_divisions; do
        PGDATABASE="guitai_$own" quietly pair guitai-admin endpoint-login "endpoint_$own" --password-file "$secrets/password"
    done
    rm -f "$halls"/*.secret
    touch "$halls/paired"
}

halls_port() { cat "$halls/port-$1"; }

# A hall keeps its port as long as nobody else has taken it. Below the range that the kernel gives to clients.
halls_ports() {
    local own from=18442
    for own in $halls_divisions; do
        if ! halls_lives "endpoint-$own" && ! { [ -s "$halls/port-$own" ] && port_free "$(halls_port "$own")"; }; then
            free_port "$from" >"$halls/port-$own"
            rm -f "$halls/addressed"
        fi
        from=$(halls_port "$own")
    done
}

# halls_peers [OPTION…]: tells each database where the other hall is; the options are those of a secret.
halls_peers() {
    [ -f "$halls/addressed" ] && return
    PGDATABASE=guitai_320300 quietly pair guitai-admin peer add 320321 --name 丰县 --relation lower \
        --url "https://localhost:$(halls_port 320321)" ${1:+--make-secret "$1"}
    PGDATABASE=guitai_320321 quietly pair guitai-admin peer add 320300 --name 徐州市 --relation upper \
        --url "https://localhost:$(halls_port 320300)" ${1:+--secret "$1"}
    touch "$halls/addressed"
}

halls_settings() {
    cat >"$halls/$1.conf" <<CONF
listen = 127.0.0.1:$(halls_port "$1")
certificate = $halls/$1.pem
key = $halls/$1.key
authority = $state/demo/ca.pem
revoked = $halls/revoked.pem
CONF
}

# halls_mark PID: when a process was started, which its number alone does not say: after a restart of the machine it may be
# anybody's.
halls_mark() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# halls_run NAME COMMAND…: in the background, once; its process number and start in NAME.pid, what it says in NAME.log.
halls_run() {
    local name=$1
    shift
    halls_lives "$name" && return
    setsid nohup "$@" </dev/null >>"$halls/$name.log" 2>&1 9>&- &
    printf '%s %s\n' $! "$(halls_mark $!)" >"$halls/$name.pid"
}

# halls_lives NAME: the process of NAME.pid, in halls_pid, is still the one that was started.
halls_lives() {
    local start
    [ -s "$halls/$1.pid" ] && read -r halls_pid start <"$halls/$1.pid" && [ -n "$start" ] && [ "$(halls_mark "$halls_pid")" = "$start" ]
}

halls_answer() {
    curl -s --max-time 2 --cacert "$state/demo/ca.pem" --cert "$halls/$1.pem" --key "$halls/$1.key" \
        "https://localhost:$(halls_port "$1")/v1/health" | grep -q '"ok": *true'
}

halls_start() {
    halls_place
    mkdir -p -m 700 "$halls"
    local own courier tries
    halls_revocations
    halls_ports
    for own in $halls_divisions; do
        halls_certificate "$own"
        halls_settings "$own"
    done
    halls_pair
    halls_peers
    for own in $halls_divisions; do
        courier=courier
        [ "$own" = 320300 ] || courier=courier_fx@county
        (
            eval "$(demo_env)"
            export PGDATABASE="guitai_$own" PGUSER="endpoint_$own" PGPASSFILE="$secrets/staff.pgpass"
            halls_run "endpoint-$own" guitai-endpoint --config "$halls/$own.conf"
        )
        (
            eval "$(demo_env "$courier")"
            halls_run "sync-$own" guitai sync --json
        )
    done
    for own in $halls_divisions; do
        tries=0
        until halls_answer "$own"; do
            tries=$((tries + 1))
            [ $tries -le 50 ] || { tail -n 5 "$halls/endpoint-$own.log" >&2; die "the endpoint of $own does not answer; its log is $halls/endpoint-$own.log"; }
            sleep 0.2
        done
    done
}

halls_stop() {
    halls_place
    local file
    for file in "$halls"/*.pid; do
        if halls_lives "$(basename "$file" .pid)"; then kill "$halls_pid" 2>/dev/null || true; fi
        rm -f "$file"
    done
}
