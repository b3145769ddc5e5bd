#include "admin.h"

#include "guitai/base/file.h"
#include "guitai/base/i18n.h"
#include "guitai/base/paths.h"
#include "guitai/base/xalloc.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SQL_FILE_MAX (8u << 20)
#define MANIFEST_MAX (64u << 10)
#define MANIFEST_LINES 200
#define LOCK_KEY "7318, 0" /* one migration of a database at a time */
#define RACE_TRIES 5

struct step {
    char *name, *sql;
    const char *kind; /* a literal */
    char digest[65];
    bool due;         /* to be run */
    bool changed;     /* new, or not what was applied last */
    bool applied_now, recorded;
};

struct run {
    struct step steps[MANIFEST_LINES];
    size_t count, applied;
};

bool initdb_digest(struct db_admin *a, const char *text, char *out, struct err *e)
{
    struct db_result *r;
    const char *params[] = { text };
    if (!db_admin_query(a, "select encode(sha256(convert_to($1, 'UTF8')), 'hex') as digest", params, 1, &r,
                        e))
        return false;
    snprintf(out, 65, "%s", db_value(r, 0, "digest"));
    db_result_free(&r);
    return true;
}

static bool has_record_table(struct db_admin *a, bool *has, struct err *e)
{
    struct db_result *r;
    if (!db_admin_query(a, "select to_regclass('data.schema_change') is not null as has", NULL, 0, &r, e))
        return false;
    *has = strcmp(db_value(r, 0, "has"), "t") == 0;
    db_result_free(&r);
    return true;
}

bool initdb_recorded(struct db_admin *a, const char *name, char *digest, struct err *e)
{
    struct db_result *r;
    bool has;
    const char *params[] = { name };
    digest[0] = '\0';
    if (!has_record_table(a, &has, e))
        return false;
    if (!has)
        return true;
    if (!db_admin_query(a, "select digest from data.schema_change where name = $1", params, 1, &r, e))
        return false;
    if (db_rows(r) == 1)
        snprintf(digest, 65, "%s", db_value(r, 0, "digest"));
    db_result_free(&r);
    return true;
}

bool initdb_record(struct db_admin *a, const char *name, const char *kind, const char *digest, struct err *e)
{
    const char *params[] = { name, kind, digest };
    return db_admin_query(a,
                          "insert into data.schema_change (name, kind, digest) values ($1, $2, $3)"
                          " on conflict (name) do update set kind = excluded.kind, digest = excluded.digest,"
                          " applied_at = clock_timestamp()",
                          params, 3, NULL, e);
}

/* ---- the manifest ---- */

static const char *kind_of(const char *name)
{
    if (strncmp(name, "changes/", 8) == 0)
        return "change";
    return strncmp(name, "modules/", 8) == 0 ? "module" : "roles";
}

static bool read_manifest(struct run *run, struct err *e)
{
    char path[PATH_MAX], *text;
    size_t len;
    if (!paths_share("sql/manifest", path, sizeof path, e) || !file_read(path, MANIFEST_MAX, &text, &len, e))
        return false;
    bool ok = true;
    char *rest = text;
    for (char *line; ok && (line = strsep(&rest, "\n")) != NULL;) {
        line[strcspn(line, "#\r")] = '\0';
        line[strcspn(line, " \t")] = '\0';
        if (line[0] == '\0')
            continue;
        if (run->count == MANIFEST_LINES || strstr(line, "..") || line[0] == '/')
            ok = err_set(e, ERR_INPUT, _("%s: cannot take the line “%s”"), path, line);
        else
            run->steps[run->count++] = (struct step){ .name = xstrdup(line), .kind = kind_of(line) };
    }
    free(text);
    return ok;
}

static void free_run(struct run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        free(run->steps[i].name);
        free(run->steps[i].sql);
    }
}

/* ---- applying ---- */

struct apply {
    struct run *run;
    struct step *step;
};

/* The file, then its record and those of the files before it that ran when there was no table to record them
 * in. */
static bool apply_file(struct db_admin *a, void *ctx, struct err *e)
{
    struct apply *apply = ctx;
    bool has;
    if (!db_admin_run(a, apply->step->sql, e))
        return false;
    apply->step->applied_now = true;
    if (!has_record_table(a, &has, e))
        return false;
    for (size_t i = 0; has && i < apply->run->count; i++) {
        struct step *s = &apply->run->steps[i];
        if (s->applied_now && !s->recorded && !initdb_record(a, s->name, s->kind, s->digest, e))
            return false;
    }
    for (size_t i = 0; has && i < apply->run->count; i++)
        apply->run->steps[i].recorded |= apply->run->steps[i].applied_now;
    return true;
}

/* Roles are shared by the databases of a cluster: two migrations may meet there though each database has its
 * lock. */
static bool is_race(const struct err *e)
{
    return e->kind == ERR_CONFLICT || strstr(e->message, "tuple concurrently") ||
           (strcmp(e->code, "23505") == 0 && strstr(e->message, "pg_"));
}

static bool apply_with_patience(struct db_admin *a, struct apply *apply, struct err *e)
{
    for (int i = 1;; i++) {
        if (admin_transaction(a, apply_file, apply, e))
            return true;
        apply->step->applied_now = false;
        if (i == RACE_TRIES || !is_race(e))
            return false;
        nanosleep(&(struct timespec){ .tv_nsec = i * 50000000L }, NULL);
    }
}

/* Reads the file and compares it with what this database has had. */
static bool plan_step(struct db_admin *a, struct step *s, struct err *e)
{
    char name[PATH_MAX], path[PATH_MAX], recorded[65];
    size_t len;
    snprintf(name, sizeof name, "sql/%s", s->name);
    if (!paths_share(name, path, sizeof path, e) || !file_read(path, SQL_FILE_MAX, &s->sql, &len, e) ||
        !initdb_digest(a, s->sql, s->digest, e) || !initdb_recorded(a, s->name, recorded, e))
        return false;
    s->changed = strcmp(s->digest, recorded) != 0;
    s->due = s->changed ||
             strcmp(s->kind, "roles") == 0; /* a dump may be restored to a cluster without the roles */
    if (strcmp(s->kind, "change") != 0 || recorded[0] == '\0' || !s->changed)
        return true;
    err_set(e, ERR_VERSION, _("%s has been changed after it was applied to this database"), s->name);
    return err_hint(
        e, "%s",
        _("restore the file; what must change in the tables goes into a new file under sql/changes"));
}

/* Later modules build on earlier ones: when anything is new, all of them are loaded again. */
static void plan_modules(struct run *run)
{
    bool any = false;
    for (size_t i = 0; i < run->count; i++)
        any |= run->steps[i].changed;
    for (size_t i = 0; i < run->count; i++)
        run->steps[i].due |= any && strcmp(run->steps[i].kind, "module") == 0;
}

static bool apply_step(struct db_admin *a, struct run *run, struct step *s, struct err *e)
{
    struct apply apply = { .run = run, .step = s };
    if (!s->due)
        return true;
    if (apply_with_patience(a, &apply, e)) {
        run->applied += s->changed;
        return true;
    }
    return err_prefix(e, s->name);
}

static bool migrate(struct db_admin *a, struct err *e)
{
    struct run *run = xcalloc(1, sizeof *run);
    bool ok = read_manifest(run, e);
    for (size_t i = 0; ok && i < run->count; i++)
        ok = plan_step(a, &run->steps[i], e);
    plan_modules(run);
    for (size_t i = 0; ok && i < run->count; i++)
        ok = apply_step(a, run, &run->steps[i], e);
    if (ok)
        printf(_("database %s: %zu of %zu files were new\n"), db_admin_database(a), run->applied, run->count);
    free_run(run);
    free(run);
    return ok;
}

/* ---- the database itself ---- */

static bool create_database(const char *name, struct err *e)
{
    struct db_admin *a = db_admin_open("postgres", e);
    if (!a)
        return false;
    char *quoted = db_admin_identifier(a, name);
    char *sql = xasprintf("create database %s template template0 encoding 'UTF8' locale 'C.UTF-8'", quoted);
    bool ok = db_admin_run(a, sql, e);
    for (int i = 1; !ok && i < RACE_TRIES && strcmp(e->code, "55006") == 0; i++) {
        nanosleep(&(struct timespec){ .tv_nsec = 200000000L },
                  NULL); /* template0 is being copied by another */
        ok = db_admin_run(a, sql, e);
    }
    if (ok)
        printf(_("database %s created\n"), name);
    else if (strcmp(e->code, "42P04") == 0 || strcmp(e->code, "23505") == 0)
        ok = true; /* another init-db was first */
    free(sql);
    free(quoted);
    db_admin_close(&a);
    return ok;
}

static struct db_admin *open_or_create(struct err *e)
{
    struct db_admin *a = db_admin_open(NULL, e);
    if (a || strcmp(e->code, "3D000") != 0)
        return a;
    char *name = db_admin_default_database();
    bool ok = create_database(name, e);
    free(name);
    return ok ? db_admin_open(NULL, e) : NULL;
}

struct options {
    bool demo;
    const char *division, *password_file;
};

static bool init(const struct options *o, struct err *e)
{
    char password[PASSWORD_MAX_BYTES] = "";
    bool ok = !o->demo || (demo_knows(o->division, e) &&
                           password_read(o->password_file, _("the demonstration staff"), password, e));
    struct db_admin *a = ok ? open_or_create(e) : NULL;
    ok = a &&
         db_admin_run(a, "set client_min_messages = warning; set lock_timeout = 0; set statement_timeout = 0",
                      e) &&
         db_admin_run(a, "select pg_advisory_lock(" LOCK_KEY ")", e) && migrate(a, e) &&
         (!o->demo || demo_load(a, o->division, password, e));
    db_admin_close(&a);
    wipe(password, sizeof password);
    return ok;
}

int initdb_verb(int argc, char **argv)
{
    static const struct option options[] = {
        { "demo", no_argument, NULL, 'd' },
        { "division", required_argument, NULL, 'v' },
        { "password-file", required_argument, NULL, 'p' },
        { 0 },
    };
    struct options o = { 0 };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 'd': o.demo = true; break;
        case 'v': o.division = optarg; break;
        case 'p': o.password_file = optarg; break;
        default: return admin_usage();
        }
    }
    if (optind != argc || (!o.demo && (o.division || o.password_file)))
        return admin_usage();
    struct err e;
    return init(&o, &e) ? 0 : admin_fail(&e);
}
