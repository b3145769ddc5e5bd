# A private PostgreSQL, apart from any that the machine has: own folder, own socket, own port, passwords for everybody.
#
# PostgreSQL refuses to run as root. As root the server therefore runs as the user postgres, and its folder lies where
# that user can enter (a checkout under a closed home folder is not such a place).

server_user() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=postgres --regid=postgres --clear-groups \
            env -i PATH="$PATH" LC_ALL=C.UTF-8 HOME=/ "$@"
    else
        env -i PATH="$PATH" LC_ALL=C.UTF-8 HOME="$HOME" "$@"
    fi
}

# cluster_place NAME: sets cluster (server folder), sock and secrets for that cluster.
cluster_place() {
    local base="$state/$1"
    mkdir -p "$base" && chmod 755 "$base"
    secrets="$base/secrets"
    mkdir -p -m 700 "$secrets"
    cluster="$base/server"
    if [ ${#cluster} -gt 80 ] || { [ "$(id -u)" = 0 ] && ! server_user test -x "$base"; }; then
        cluster="/var/tmp/guitai-$(id -u)-$1-$(printf %s "$base" | cksum | cut -d' ' -f1)"
        ln -sfn "$cluster" "$base/server-elsewhere"
    fi
    sock="$cluster"
    log="$cluster/server.log"
}

port_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port FROM: the first free port above.
free_port() {
    local p=$(($1 + 1))
    until port_free "$p"; do p=$((p + 1)); done
    printf '%s' "$p"
}

cluster_running() { [ -f "$cluster/data/postmaster.pid" ] && server_user "$PG_BIN/pg_ctl" -D "$cluster/data" status >/dev/null 2>&1; }

cluster_certificates() {
    local d="$cluster/tls"
    [ -f "$d/server.pem" ] && return
    mkdir -p "$d"
    quietly tls-ca openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
        -subj "/CN=guitai demonstration authority" -keyout "$secrets/ca.key" -out "$d/ca.pem"
    quietly tls-req openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=localhost" \
        -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" -keyout "$d/server.key" -out "$d/server.csr"
    quietly tls-sign openssl x509 -req -in "$d/server.csr" -days 3650 -copy_extensions copy \
        -CA "$d/ca.pem" -CAkey "$secrets/ca.key" -CAcreateserial -out "$d/server.pem"
    rm -f "$d/server.csr"
    chmod 600 "$d/server.key"
    [ "$(id -u)" != 0 ] || chown -R postgres: "$d"
}

# The server's folder. Where everybody can write, somebody else may have made it before, with links in it.
cluster_folder() {
    local owner
    if [ -e "$cluster" ] || [ -L "$cluster" ]; then
        owner=$(stat -c %U "$cluster")
        [ ! -L "$cluster" ] && { [ -O "$cluster" ] || { [ "$(id -u)" = 0 ] && [ "$owner" = postgres ]; }; } ||
            die "$cluster is not ours (it belongs to $owner): remove it and run again"
    else
        mkdir "$cluster"
    fi
    chmod 755 "$cluster"
    [ "$(id -u)" != 0 ] || chown postgres: "$cluster"
}

cluster_make() {
    step "making a private PostgreSQL in $cluster"
    cluster_folder
    rm -rf "$cluster/data.new"
    random_hex 16 >"$secrets/superuser"
    printf '*:*:*:postgres:%s\n' "$(cat "$secrets/superuser")" >"$secrets/admin.pgpass"
    chmod 600 "$secrets"/*
    # initdb reads the password as the server's user, who may not enter the secrets.
    server_user sh -c 'umask 077 && cat >"$1"' sh "$cluster/password" <"$secrets/superuser"
    (
        cd /
        quietly initdb server_user "$PG_BIN/initdb" -D "$cluster/data.new" --no-sync -U postgres -E UTF8 \
            --locale=C.UTF-8 --auth=scram-sha-256 --pwfile="$cluster/password"
    )
    rm -f "$cluster/password"
    cluster_certificates
    mv "$cluster/data.new" "$cluster/data" # whoever is killed before this makes it anew
}

# cluster_config OPTION...: the settings, written anew at every start; further lines from the arguments.
cluster_config() {
    {
        printf "%s\n" "listen_addresses = '127.0.0.1'" "unix_socket_directories = '$sock'" \
            "password_encryption = 'scram-sha-256'" "log_min_error_statement = error" "timezone = 'Asia/Shanghai'" \
            "log_line_prefix = '%m %u@%d '" "shared_buffers = '256MB'" "max_connections = 120" \
            "tcp_keepalives_idle = 5" "tcp_keepalives_interval = 2" "tcp_keepalives_count = 3" \
            "ssl = on" "ssl_cert_file = '$cluster/tls/server.pem'" "ssl_key_file = '$cluster/tls/server.key'" \
            "ssl_min_protocol_version = 'TLSv1.2'" "$@"
    } >"$cluster/guitai.conf"
    grep -q guitai.conf "$cluster/data/postgresql.conf" ||
        printf "include '%s/guitai.conf'\n" "$cluster" | tee -a "$cluster/data/postgresql.conf" >/dev/null
    # Over the network nobody signs in without TLS and a password.
    printf '%s\n' 'local all all scram-sha-256' 'hostssl all all 127.0.0.1/32 scram-sha-256' >"$cluster/data/pg_hba.conf"
}

# cluster_start PORT [OPTION...]: makes it when missing; a server that was killed recovers.
cluster_start() {
    port=$1
    shift
    export PGHOST="$sock" PGPORT="$port" PGUSER=postgres PGPASSFILE="$secrets/admin.pgpass"
    unset PGSSLMODE PGSSLROOTCERT PGCHANNELBINDING PGSERVICE PGPASSWORD
    if [ -d "$cluster/data" ] && [ ! -f "$cluster/data/PG_VERSION" ]; then
        die "$cluster/data exists but holds no PostgreSQL: remove it and run again"
    fi
    [ -d "$cluster/data" ] || cluster_make
    if cluster_running; then # wherever it was wished this time
        port=$(server_user sed -n 4p "$cluster/data/postmaster.pid")
        export PGPORT="$port"
        return
    fi
    port_free "$port" || die "port $port on 127.0.0.1 is taken by another program; this one is free: GUITAI_PORT=$(free_port "$port") ./run"
    cluster_config "$@"
    (cd / && server_user "$PG_BIN/pg_ctl" -D "$cluster/data" -l "$log" -o "-p $port" -w -t 60 start 9>&- >/dev/null) || {
        tail -n 15 "$log" >&2
        die "PostgreSQL did not start; its log is $log"
    }
}

cluster_stop() {
    cluster_running || return 0
    (cd / && server_user "$PG_BIN/pg_ctl" -D "$cluster/data" -m fast -w -t 60 stop >/dev/null) ||
        die "PostgreSQL in $cluster did not stop"
}

cluster_remove() {
    cluster_stop
    rm -rf "$cluster" "$state/$1"
}
