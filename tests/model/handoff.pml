/* Who owns a case while it travels: the protocol of src/sync/README.md between a county (sender of "up") and a city.
 *
 * One case. The county may send it up, ask for it back, send it up again; the city takes it, decides and sends a result, or
 * sends it back. A transaction is one atomic step, which is what PostgreSQL makes of it; between two steps either side may
 * crash, for it holds nothing but what it committed. What was ever sent may arrive at any later time, any number of times,
 * in any order, or never: loss, repetition and reordering are one rule, and so is a crash in the middle of a request.
 *
 * Never two owners, never none; each message is imported once; the orders of a case are kept; an answer never changes.
 * The mutants (-DTHAW, -DNO_TOMBSTONE, -DNO_ID, -DEARLY, -DFORGET) break one rule each; spin must find them all. */

#ifndef ROUNDS
#define ROUNDS 2 /* how often the case may go up */
#endif

mtype = { here, leaving, away, nowhere };          /* place of the case in a hall's database */
mtype = { up, recall, result, back };              /* messages */
mtype = { none, taken, recalled, too_late, later }; /* answers */

/* ---- what is committed: county ---- */
mtype c_place = here;
bool c_recalling = false;
byte c_ord = 0;                 /* order of the newest "up" */
mtype c_up[3] = none;           /* final answer to "up" number i */
mtype c_recall[3] = none;
bool c_asked[3] = false;        /* a recall of "up" number i is in the outbox */
mtype c_got[3] = none;          /* answer given to the city's message number i (its inbox) */
bool c_done = false;            /* the result came */

/* ---- what is committed: city ---- */
mtype t_place = nowhere;
mtype t_up[3] = none;           /* answer given to "up" number i (inbox, tombstones included) */
byte t_imported[3] = 0;         /* how often it was imported */
byte t_ord = 0;                 /* order of its newest message back */
mtype t_out[3] = none;          /* final answer to its message number i */
mtype t_kind[3];

/* ---- the network: what was sent, and the newest answer that was given (an older one says "later" or the same) ---- */
bool net_up[3], net_recall[3], net_back[3];
mtype ans_up[3] = none, ans_recall[3] = none, ans_back[3] = none;

/* "leaving" is frozen: nobody can move the case there, and the other side may have taken it already. */
#define two_owners (c_place == here && t_place == here)
#define no_owner (c_place != here && c_place != leaving && t_place != here && t_place != leaving)

inline check() {
    assert(!two_owners);
    assert(!no_owner);
    assert(t_imported[1] <= 1 && t_imported[2] <= 1);
    assert(t_imported[2] == 0 || t_up[1] != none)
}

/* A final answer that was given once is given for ever. */
inline answer_up(i, a) {
    assert(t_up[i] == none || t_up[i] == a);
    t_up[i] = a
}

active proctype county() {
    byte i;
end:
    do
    /* a person sends the case up: the act, its message and the freezing are one transaction */
    :: atomic { c_place == here && !c_done && c_ord < ROUNDS ->
        c_ord++;
#ifdef EARLY
        c_place = away;                 /* gives the case away before the city has it */
#else
        c_place = leaving;
#endif
        c_recalling = false; check() }
    /* a person asks for it back */
    :: atomic { c_place == leaving && !c_recalling && c_ord > 0 && c_up[c_ord] == none ->
        c_recalling = true; c_asked[c_ord] = true }
    /* a station carries what waits */
    :: atomic { c_ord > 0 && c_up[c_ord] == none && !net_up[c_ord] -> net_up[c_ord] = true }
    :: atomic { c_ord > 0 && c_asked[c_ord] && c_recall[c_ord] == none && !net_recall[c_ord] -> net_recall[c_ord] = true }
    /* an answer to "up" arrives, and is committed */
    :: atomic { c_ord > 0 && ans_up[c_ord] != none && ans_up[c_ord] != later && c_up[c_ord] == none ->
        i = c_ord;
        c_up[i] = ans_up[i];
        if
        :: ans_up[i] == taken -> c_place = away
        :: else -> c_place = here; c_recalling = false
        fi;
        check() }
    /* an answer to a recall arrives */
    :: atomic { c_ord > 0 && ans_recall[c_ord] != none && c_recall[c_ord] == none ->
        i = c_ord;
        c_recall[i] = ans_recall[i];
        if
        :: ans_recall[i] == recalled && c_up[i] == none -> c_up[i] = recalled; c_place = here; c_recalling = false
        :: else -> skip /* too late: the message's own answer says what became of the case */
        fi;
        check() }
#ifdef THAW
    /* nobody answers: the case is taken to be ours again */
    :: atomic { c_place == leaving && c_up[c_ord] == none -> c_place = here; check() }
#endif
    /* a message of the city arrives: result or back */
    :: atomic { net_back[1] -> i = 1; goto receive }
    :: atomic { net_back[2] -> i = 2; goto receive }
    od;
receive:
    atomic {
        if
        :: c_got[i] != none -> ans_back[i] = c_got[i]          /* came before: the same receipt */
        :: c_got[i] == none && i == 2 && c_got[1] == none -> ans_back[i] = later
        :: else ->
            if
            :: c_place == away ->
                c_got[i] = taken; c_place = here; ans_back[i] = taken;
                if :: t_kind[i] == result -> c_done = true :: else -> skip fi
            :: else -> ans_back[i] = later                     /* the answer to our "up" is still on its way */
            fi
        fi;
        check()
    }
    goto end
}

active proctype city() {
    byte i;
end:
    do
    :: atomic { net_up[1] -> i = 1; goto receive }
    :: atomic { net_up[2] -> i = 2; goto receive }
    :: atomic { net_recall[1] -> i = 1; goto forget }
    :: atomic { net_recall[2] -> i = 2; goto forget }
    /* people decide, or send it back: act, message and freezing are one transaction */
    :: atomic { t_place == here && t_ord < 2 ->
        t_ord++;
        if :: t_kind[t_ord] = result :: t_kind[t_ord] = back fi;
        t_place = leaving; check() }
    :: atomic { t_ord > 0 && t_out[t_ord] == none && !net_back[t_ord] -> net_back[t_ord] = true }
    :: atomic { t_ord > 0 && ans_back[t_ord] == taken && t_out[t_ord] == none ->
        t_out[t_ord] = taken; t_place = away; check() }
    od;
receive:
    atomic {
        if
#ifndef NO_ID
        :: t_up[i] != none -> ans_up[i] = t_up[i]              /* came before: the same answer */
#endif
        :: t_up[i] == none && i == 2 && t_up[1] == none -> ans_up[i] = later
        :: else ->
#ifdef FORGET
            /* answers before it has committed, and may crash in between */
            if :: ans_up[i] = taken; goto sent :: skip fi;
#endif
            if
            :: t_place == nowhere || t_place == away ->
                t_imported[i]++; answer_up(i, taken); t_place = here; ans_up[i] = taken
            :: else -> ans_up[i] = later                       /* its own message back has no answer yet */
            fi
        fi;
#ifdef FORGET
sent:
#endif
        check()
    }
    goto end;
forget:
    atomic {
        if
        :: t_up[i] == none ->
#ifndef NO_TOMBSTONE
            answer_up(i, recalled);                            /* if it still comes, it is not taken */
#endif
            ans_recall[i] = recalled
        :: t_up[i] == recalled -> ans_recall[i] = recalled
        :: else -> ans_recall[i] = too_late
        fi;
        check()
    }
    goto end
}
