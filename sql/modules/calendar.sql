-- Working days. "n working days later" is: the work day whose ordinal is n more than the start's.

set role guitai_owner;

create or replace function data.calendar_rebuild(p_until date default null) returns void language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_first date;
    v_last  date;
begin
    -- two rebuilds at once would meet on every row
    perform pg_advisory_xact_lock(7318, 3);
    select make_date(least(min(e.year), extract(year from data.today())::integer) - 1, 1, 1),
           make_date(greatest(max(e.year), extract(year from data.today())::integer) + 2, 12, 31)
      into v_first, v_last from data.calendar_edition e;
    v_first := coalesce(v_first, make_date(extract(year from data.today())::integer - 1, 1, 1));
    v_last := greatest(v_last, make_date(extract(year from data.today())::integer + 2, 12, 31), p_until,
        (select max(c.day) from data.calendar_day c));
    v_first := least(v_first, (select min(c.day) from data.calendar_day c));
    insert into data.calendar_day as old (day, is_work, ordinal, unknown, edition, note)
    select d.day, d.is_work, count(*) filter (where d.is_work) over upto,
           count(*) filter (where d.edition is null) over upto, d.edition, d.note
      from (select g.day::date as day, coalesce(x.is_work, extract(isodow from g.day) < 6) as is_work,
                   coalesce(x.edition, e.year) as edition, x.holiday as note
              from generate_series(v_first::timestamp, v_last::timestamp, interval '1 day') as g(day)
              left join data.calendar_exception x on x.day = g.day::date
              left join data.calendar_edition e on e.year = extract(year from g.day)) d
    window upto as (order by d.day)
    on conflict (day) do update set is_work = excluded.is_work, ordinal = excluded.ordinal, unknown = excluded.unknown,
        edition = excluded.edition, note = excluded.note
     where (old.is_work, old.ordinal, old.unknown, old.edition, old.note)
           is distinct from (excluded.is_work, excluded.ordinal, excluded.unknown, excluded.edition, excluded.note);
end
$$;
comment on function data.calendar_rebuild
    is 'derive every day from editions and exceptions, to the end of the year after next';
grant execute on function data.calendar_rebuild to guitai_api, guitai_keeper;

do $$
begin
    if not exists (select 1 from data.calendar_day c
                    where c.day >= make_date(extract(year from data.today())::integer + 2, 12, 31)) then
        perform data.calendar_rebuild();
    end if;
end
$$;

reset role;
grant create on schema data, api to guitai_api;
set role guitai_api;

create or replace function data.due(p_from date, p_days integer, out due date, out provisional boolean)
    language plpgsql volatile as $$
begin
    if p_from is null or p_days is null or p_days not between 0 and 1000
        or p_from not between date '2000-01-01' and date '2200-12-31' then
        perform data.refuse('GT007', null, 'days', coalesce(p_days::text, ''));
    end if;
    for v_try in 1 .. 2 loop
        select case when p_days = 0 then f.day else t.day end, t.unknown > f.unknown or f.edition is null
          into due, provisional
          from data.calendar_day f
          join data.calendar_day t on t.is_work and t.ordinal = f.ordinal + p_days
         where f.day = p_from;
        if found or v_try = 2 then
            exit;
        end if;
        -- the horizon moves with the years: reach as far as anybody asks, within reason
        if p_from > data.today() + 3700 then
            exit;
        end if;
        perform data.calendar_rebuild(make_date(extract(year from p_from + p_days * 2)::integer + 1, 12, 31));
    end loop;
    if due is null then
        perform data.refuse('GT050', null, (select to_char(max(c.day), 'YYYY-MM-DD') from data.calendar_day c));
    end if;
end
$$;
comment on function data.due
    is 'day p_days working days after p_from (start excluded; 0: the day itself); provisional past the last notice';

create or replace function api.due(p_from date, p_days integer) returns jsonb language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp as $$
declare
    v_due         date;
    v_provisional boolean;
    v_start       integer;
begin
    perform data.whoami();
    p_from := coalesce(p_from, data.today());
    select d.due, d.provisional into v_due, v_provisional from data.due(p_from, coalesce(p_days, 0)) d;
    select c.ordinal into v_start from data.calendar_day c where c.day = p_from;
    return jsonb_build_object('from', to_char(p_from, 'YYYY-MM-DD'), 'days', coalesce(p_days, 0),
        'due', to_char(v_due, 'YYYY-MM-DD'), 'provisional', v_provisional,
        'known_until', (select to_char(max(e.known_until), 'YYYY-MM-DD') from data.calendar_edition e),
        'explain', (select coalesce(jsonb_agg(jsonb_build_object('date', to_char(c.day, 'YYYY-MM-DD'),
                               'weekday', extract(isodow from c.day)::integer, 'work', c.is_work,
                               'n', case when c.is_work and c.day > p_from then c.ordinal - v_start end,
                               'note', c.note, 'provisional', c.edition is null) order by c.day), '[]')
                      from data.calendar_day c where c.day between p_from and v_due));
end
$$;
comment on function api.due is 'due date with its reason day by day; raises GT050 beyond the calendar';
grant execute on function api.due to guitai_staff;

reset role;
revoke create on schema data, api from guitai_api;
