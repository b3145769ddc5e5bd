# Configuring and building a preset into .guitai/build/<preset>.

build() {
    local preset=$1
    step "building ($preset)"
    (cd "$top" && quietly "configure-$preset" cmake --preset "$preset")
    (cd "$top" && quietly "build-$preset" cmake --build --preset "$preset" -j"$(nproc)")
}

# use_build PRESET: the built programs come first on PATH and find the data of this checkout.
use_build() {
    export PATH="$state/build/$1/bin:$PATH"
    export GUITAI_SHARE="$top" GUITAI_LOCALEDIR="$state/build/$1/locale"
}
