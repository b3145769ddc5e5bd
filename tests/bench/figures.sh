# What is measured, in which order, and the targets (issue text and performance notes: "Figures to reach").
# shellcheck disable=SC2154 # names shared with ../../run and its other parts

figures_all() {
    local round
    bench_scale 10000 1000000
    step "terminal: start, sign-in, echo, memory"
    take start as_clerk reader guitai_scale_1000000 bench_start 11 "$(command -v bench_floor)" "$(command -v guitai)"
    take signin as_clerk reader guitai_scale_1000000 bench_signin 9 "$(command -v bench_floor_db)"
    take echo as_clerk desk_1 guitai_bench bench_echo 3 300
    take burst as_clerk desk_2 guitai_bench bench_burst 200
    step "save to commit"
    save_trips
    for round in 1 2 3; do save_round $round; done
    step "32 desks"
    for round in 1 2 3; do desks_round $round; done
    step "look-ups under row security"
    take flat as_clerk reader postgres bench_flat 3 300 guitai_scale_10000 guitai_scale_1000000
    print_terminal
    print_save
    print_flat
}

print_terminal() {
    heading "Terminal"
    row echo ratio 1.05 us "echo of a key, against readline"
    row echo_ascii most 1 bytes "wire for a plain ASCII key"
    row echo_han most 3 bytes "wire for a Chinese character"
    row cursor most 4 bytes "wire for a cursor key, most"
    row echo_most most 400 bytes "wire for any key, most (repaint: 1311)"
    row start ratio 1.5 ms "start to sign-in screen, against ncursesw"
    row signin ratio 1.5 ms "password to filled queue, against libpq"
    row memory most 16 MB "resident after 200 intakes"
}

print_save() {
    heading "Save to commit"
    row trips most 1 "" "round trips of a save"
    row save ratio 1.3 ms "save, against pgbench calling the same"
    row save_p99 most 2 ms "save, p99"
    row function ratio 3 ms "the function, against a bare insert"
    row desks share 0.85 /s "32 desks of one county, against ten"
    row desks_p99 most 25 ms "32 desks of one county, p99"
}

# Targets: 1,000,000 against 10,000 in the "index used" column; the fragment's is flat there (0.18 / 0.21).
print_flat() {
    heading "1,000,000 cases, against 10,000"
    row queue ratio 2.7 ms "queue, first page"
    row queue_next ratio 2.2 ms "queue, next page"
    row by_number ratio 4 ms "by case number"
    row by_id ratio 2.7 ms "by ID number"
    row by_prefix ratio 5.6 ms "first two characters of a name"
    row by_fragment ratio 1.25 ms "any two characters of a name"
}
