-- One row a day. Two running counts make "n working days later" and "is it certain" index look-ups.

set role guitai_owner;

create table data.calendar_edition (
    year         integer primary key check (year between 2000 and 2200),
    document     text not null,
    loaded_at    timestamptz not null default clock_timestamp(),
    known_until  date not null
);
comment on table data.calendar_edition is 'yearly notices of the State Council that have been loaded';

create table data.calendar_exception (
    day      date primary key,
    edition  integer not null references data.calendar_edition on delete cascade,
    is_work  boolean not null,
    holiday  text not null
);
comment on table data.calendar_exception is 'days off and make-up workdays as the notices name them';

create table data.calendar_day (
    day       date primary key,
    is_work   boolean not null,
    ordinal   integer not null,
    unknown   integer not null,
    edition   integer,
    note      text
);
comment on table data.calendar_day is 'every day of the range, derived from editions and exceptions';
comment on column data.calendar_day.ordinal is 'working days up to and including this day';
comment on column data.calendar_day.unknown is 'days without a notice up to and including this day';
comment on column data.calendar_day.edition is 'year of the notice that covers the day; null: provisional';
create index calendar_day_ordinal on data.calendar_day (ordinal) where is_work;

reset role;
