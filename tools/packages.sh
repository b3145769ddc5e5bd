# The Debian 12 packages that the project needs, each for one reason (README, "Dependencies").

build_packages="gcc libc6-dev make cmake pkg-config gettext libncurses-dev libpq-dev libcjson-dev libicu-dev libcurl4-openssl-dev
    libpango1.0-dev libzint-dev libmicrohttpd-dev libgnutls28-dev"
run_packages="postgresql-15 openssl curl fonts-noto-cjk procps"
test_packages="postgresql-15-pgtap libtap-parser-sourcehandler-pgtap-perl libcmocka-dev libvterm-dev poppler-utils
    zbar-tools python3 jq nginx-light spin"

missing_packages() {
    local p
    for p in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = installed ] || printf '%s ' "$p"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# ensure_packages NAME...: installs what is missing, says so, and does nothing otherwise.
ensure_packages() {
    command -v dpkg-query >/dev/null || die "this is not a Debian system; the packages needed are: $*"
    missing=$(missing_packages "$@")
    [ -z "$missing" ] && return
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
        die "packages are missing ($missing) and sudo is not installed: install them as root"
    step "installing $missing"
    quietly apt-update as_root apt-get update -q
    # shellcheck disable=SC2086
    quietly apt-install as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends $missing
}
