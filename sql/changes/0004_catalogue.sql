-- The catalogue: classes, processes, steps, and items in versions that never change once published.

set role guitai_owner;

create table data.process (
    code text primary key,
    zh   text not null,
    en   text not null
);
comment on table data.process is 'a route through the step table';

create table data.state (
    code    text primary key,
    zh      text not null,
    en      text not null,
    colour  text not null default '',
    closed  boolean not null default false,
    place   text not null default 'here' check (place in ('here', 'leaving', 'away')),
    sort    integer not null
);
comment on table data.state is 'states of a case';
comment on column data.state.place
    is 'whose the case is: ours, ours but frozen while a message about it is under way, or another hall''s';

create table data.document (
    code text primary key,
    zh   text not null,
    en   text not null,
    sort integer not null
);
comment on table data.document is 'documents that a case can give; when, data.document_ready says';

create table data.step (
    process              text not null references data.process,
    from_state           text not null references data.state,
    action               text not null,
    to_state             text not null references data.state,
    duty                 text not null references data.duty,
    decision             text check (decision in ('review', 'verify', 'sign')),
    result               text check (result in ('grant', 'refuse', 'return', 'terminate')),
    stage                text check (stage in ('receive', 'review', 'sign', 'make', 'seal', 'issue')),
    opinion_required     boolean not null default false,
    needs_authorisation  boolean not null default false,
    needs_credential     boolean not null default false,
    only_ended           boolean not null default false,
    handoff              text check (handoff in ('up', 'transfer', 'result', 'return', 'recall')),
    takes                text check (takes in ('materials', 'to', 'asked')),
    by_system            boolean not null default false,
    clock                text check (clock in ('start', 'end')),
    document             text references data.document,
    sort                 integer not null,
    zh                   text not null,
    en                   text not null,
    key                  char(1) not null,
    offer                jsonb not null,
    primary key (process, from_state, action),
    constraint step_decision_opinion check (decision is null or opinion_required)
);
comment on table data.step is 'the only moves there are; permission, keys, chart and tests all come from it';
comment on column data.step.only_ended is 'only for cases of an item that ended with the rule terminate';
comment on column data.step.takes is 'what the act is given besides an opinion: materials, a hall, material numbers';
comment on column data.step.handoff is 'message to another hall that the act writes';
comment on column data.step.by_system is 'made by the hand-off itself when an answer or a message comes; nobody can do it';
comment on column data.step.offer is 'action, zh, en, key, duty, opinion_required, document, takes as a client is told them';
comment on column data.step.document is 'document that is issued with the act';

create table data.action (
    code text primary key,
    zh   text not null,
    en   text not null
);
comment on table data.action is 'labels of events that are no step (recalculation, unmasking, reprint)';

create table data.handling_class (
    code                  text primary key,
    zh                    text not null,
    en                    text not null,
    process               text not null references data.process,
    default_promise_days  integer not null,
    default_statute_days  integer not null,
    warn_days             integer not null,
    warn_percent          integer not null check (warn_percent between 1 and 100)
);
comment on table data.handling_class is 'the three classes: each decides route, default limits and warning';

create table data.item (
    division  text not null references data.division,
    code      text not null check (code ~ '^[0-9A-Za-z][0-9A-Za-z.-]{0,32}$'),
    primary key (division, code)
);
comment on table data.item is 'an approval item of a division; what it is stands in its versions';

create table data.item_version (
    division        text not null,
    item            text not null,
    version         integer not null check (version > 0),
    name            text not null,
    initials        text not null default '',
    department      integer not null references data.department,
    kind            text not null check (kind in ('permit', 'approval', 'filing', 'service', 'inspection')),
    class           text not null references data.handling_class,
    level           text not null,
    service_object  text not null check (service_object in ('person', 'org', 'both')),
    conditions      text not null,
    way             text not null,
    authority       text not null,
    procedure       text not null,
    statute_days    integer not null check (statute_days between 0 and 400),
    promise_days    integer not null check (promise_days between 0 and 400),
    result_document text not null,
    responsible     text not null,
    phone           text not null,
    place           text not null,
    free            boolean not null,
    repeatable      boolean not null default false,
    effective_from  date not null,
    fields          jsonb not null default '[]',
    field_ids       text[] not null,
    process         text not null references data.process,
    class_name      text not null,
    department_name text not null,
    full_name       text not null,
    published_by    name not null default session_user,
    published_at    timestamptz not null default clock_timestamp(),
    primary key (division, item, version),
    constraint item_version_owner unique (division, item, version, department),
    constraint item_version_item foreign key (division, item) references data.item,
    constraint promise_within_statute check (promise_days <= statute_days)
);
comment on table data.item_version is 'what the catalogue said from a day on; immutable';
comment on column data.item_version.repeatable is 'one applicant may have several open cases of it';
comment on column data.item_version.process
    is 'route of the class, and below the names as printed, on the day of publication: renaming a department changes '
        'no old case';
comment on column data.item_version.fields is 'what the item asks beyond the common fields, as authored';

create table data.item_field (
    division    text not null,
    item        text not null,
    version     integer not null,
    no          smallint not null,
    id          text not null,
    label       text not null,
    kind        text not null,
    mandatory   boolean not null,
    most        integer not null,
    choices     text[] not null,
    show_field  text,
    show_is     text[],
    show_not    text[],
    primary key (division, item, version, no),
    constraint item_field_id unique (division, item, version, id),
    foreign key (division, item, version) references data.item_version
);
comment on table data.item_field is 'item_version.fields taken apart for the check of what is typed';
comment on column data.item_field.label is 'zh|en';
comment on column data.item_field.show_field
    is 'shown only when this field (of the item, or applicant_kind, id_kind, agent_name) is one of show_is, or is none of show_not';

create table data.item_material (
    division   text not null,
    item       text not null,
    version    integer not null,
    no         smallint not null check (no between 1 and 99),
    name       text not null check (length(btrim(name)) > 0),
    form       text not null check (form in ('original', 'copy', 'check', 'electronic')),
    copies     smallint not null default 1 check (copies between 0 and 99),
    mandatory  boolean not null,
    source     text,
    primary key (division, item, version, no),
    foreign key (division, item, version) references data.item_version
);
comment on table data.item_material is 'the closed list of materials that may be asked for';

create table data.item_fee (
    division      text not null,
    item          text not null,
    version       integer not null,
    no            smallint not null check (no between 1 and 99),
    name          text not null check (length(btrim(name)) > 0),
    amount_cents  bigint not null check (amount_cents between 0 and 100000000000),
    unit          text,
    basis         text not null check (length(btrim(basis)) > 0),
    primary key (division, item, version, no),
    constraint item_fee_amount unique (division, item, version, no, amount_cents),
    foreign key (division, item, version) references data.item_version
);
comment on table data.item_fee is 'the closed list of fees, each with its basis (licensing law art. 58)';

create table data.legal_basis (
    id          integer generated always as identity primary key,
    law         text not null check (length(btrim(law)) > 0),
    article     text not null check (length(btrim(article)) > 0),
    text        text not null default '',
    valid_from  date,
    valid_to    date,
    constraint legal_basis_text unique (law, article, text)
);
comment on table data.legal_basis is 'articles on which items stand';

create table data.item_basis (
    division     text not null,
    item         text not null,
    version      integer not null,
    no           smallint not null,
    legal_basis  integer not null references data.legal_basis,
    primary key (division, item, version, no),
    foreign key (division, item, version) references data.item_version
);
comment on table data.item_basis is 'the legal bases of an item version';

create table data.item_end (
    division     text not null,
    item         text not null,
    ended_on     date not null,
    document_no  text not null check (length(btrim(document_no)) > 0),
    rule         text not null check (rule in ('finish', 'terminate', 'convert')),
    note         text,
    ended_by     name not null default session_user,
    primary key (division, item),
    foreign key (division, item) references data.item
);
comment on table data.item_end is 'items cancelled: from which day, by which document, what becomes of open cases';

create trigger item_version_frozen before update or delete on data.item_version
    for each row execute function data.refuse_change();
create trigger item_material_frozen before update or delete on data.item_material
    for each row execute function data.refuse_change();
create trigger item_field_frozen before update or delete on data.item_field
    for each row execute function data.refuse_change();
create trigger item_fee_frozen before update or delete on data.item_fee
    for each row execute function data.refuse_change();
create trigger item_basis_frozen before update or delete on data.item_basis
    for each row execute function data.refuse_change();
create trigger item_end_frozen before update or delete on data.item_end
    for each row execute function data.refuse_change();
create trigger item_version_kept before truncate on data.item_version
    for each statement execute function data.refuse_change();

reset role;
