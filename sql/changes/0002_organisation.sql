-- Divisions, departments, windows, people, and what each person may do and until when.

set role guitai_owner;

create table data.division (
    code       text primary key check (code ~ '^[0-9]{6}$'),
    name       text not null,
    name_en    text,
    level      text not null check (level in ('city', 'county')),
    hall_name  text not null,
    phone      text,
    address    text,
    government text,
    closing    time not null default '17:30'
);
comment on table data.division is 'a city or county (GB/T 2260 code) and its hall';
comment on column data.division.government is 'the body that hears reconsiderations; null: <name>人民政府';

create table data.department (
    id          integer generated always as identity primary key,
    division    text not null references data.division,
    code        text not null check (code ~ '^[A-Z0-9]{2,12}$'),
    name        text not null,
    full_name   text,
    name_en     text,
    phone       text,
    reconsider  text,
    constraint department_code unique (division, code)
);
comment on table data.department is 'a department of one division; its code is unique there';
comment on column data.department.reconsider
    is 'the body that hears reconsiderations of its decisions when that is not the government: taxation and others led '
        'from above (reconsideration law art. 27)';

create table data.counter_window (
    division    text not null references data.division,
    code        text not null check (code ~ '^[0-9]{2}$'),
    name        text not null,
    department  integer references data.department,
    kind        text not null default 'window' check (kind in ('window', 'department')),
    place       text,
    phone       text,
    primary key (division, code)
);
comment on table data.counter_window is 'a window of the hall, or a terminal in a department';
comment on column data.counter_window.department is 'null: a general window that serves every department';

create table data.staff (
    id          integer generated always as identity primary key,
    login       name not null,
    name        text not null check (length(btrim(name)) > 0),
    division    text not null references data.division,
    department  integer references data.department,
    title       text,
    phone       text,
    valid_from  date not null,
    valid_to    date,
    end_reason  text,
    ended_by    name,
    constraint staff_login unique (login),
    constraint staff_period check (valid_to is null or valid_to >= valid_from)
);
comment on table data.staff is 'a person with an own login role of the same name';

create table data.duty (
    code text primary key,
    zh   text not null,
    en   text not null,
    sort integer not null
);
comment on table data.duty is 'kinds of duty; the step table names the duty of each action';

create table data.post (
    id          integer generated always as identity primary key,
    staff       integer not null references data.staff,
    duty        text not null references data.duty,
    department  integer references data.department,
    valid_from  date not null,
    valid_to    date,
    document    text,
    constraint post_period check (valid_to is null or valid_to >= valid_from)
);
comment on table data.post is 'a duty held by a person for one department, or (null) for the whole division';
create index post_staff on data.post (staff, duty);

create table data.shift (
    id           integer generated always as identity primary key,
    staff        integer not null references data.staff,
    division     text not null,
    window_code  text not null,
    valid_from   date not null,
    valid_to     date,
    foreign key (division, window_code) references data.counter_window,
    constraint shift_period check (valid_to is null or valid_to >= valid_from)
);
comment on table data.shift is 'who sits at which window, and when';
create index shift_staff on data.shift (staff, window_code);

create table data.authorisation (
    id              integer generated always as identity primary key,
    staff           integer not null references data.staff,
    department      integer not null references data.department,
    item            text,
    duty            text not null check (duty in ('verify', 'sign')),
    document_no     text not null check (length(btrim(document_no)) > 0),
    valid_from      date not null,
    valid_to        date not null,
    substitute_for  integer references data.staff,
    constraint authorisation_period check (valid_to >= valid_from),
    constraint authorisation_other_person check (substitute_for <> staff)
);
comment on table data.authorisation
    is 'written power of a person to verify or sign, for an item or (null) all of a department';
comment on column data.authorisation.substitute_for is 'A/B substitute: acts for this person inside the period';
create index authorisation_staff on data.authorisation (staff, duty);
create index authorisation_department on data.authorisation (department, duty);

create table data.credential (
    id          integer generated always as identity primary key,
    staff       integer not null references data.staff,
    number      text not null,
    kind        text not null default '行政执法证',
    valid_from  date not null,
    valid_to    date not null,
    constraint credential_number unique (kind, number, valid_from),
    constraint credential_period check (valid_to >= valid_from)
);
comment on table data.credential is 'enforcement credentials with their validity';
create index credential_staff on data.credential (staff);

reset role;
