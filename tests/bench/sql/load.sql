-- :cases synthetic cases in one go, as a hall would hold them: about a million a year over the ten counties' two hundred
-- departments, the newest 27,500 open; department 1 of county 0, the one that is measured, has every 33rd case and always 200
-- open ones. Rows as the product writes them, except that events and materials are left out: no list reads them.
-- Triggers and foreign keys rest meanwhile, and the indexes are built afterwards: loading is not what is measured.

set session_replication_role = replica;
set synchronous_commit = off;
set maintenance_work_mem = '512MB';
set work_mem = '256MB';

-- Persons born 1900 to 1908, so nobody's who could come to a window today; as in common.c.
create function pg_temp.citizen(p_n bigint) returns text language plpgsql immutable as $$
declare
    v_body bytea := convert_to((array['320311', '320312', '320303', '320302'])[1 + p_n / 3000000] || to_char(date '1900-01-01' + (p_n % 3000000 / 1000)::integer, 'YYYYMMDD') || lpad((p_n % 1000)::text, 3, '0'), 'UTF8');
    v_sum  integer := 0;
    v_w    integer[] := array[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
begin
    for i in 0 .. 16 loop
        v_sum := v_sum + (get_byte(v_body, i) - 48) * v_w[i + 1];
    end loop;
    return convert_from(v_body, 'UTF8') || substr('10X98765432', v_sum % 11 + 1, 1);
end
$$;

-- Names with the skew of real ones: the first surnames and the first given characters are far more frequent.
create function pg_temp.pick(p_text text, p_n bigint, p_seed integer) returns text language sql immutable as $$
    select substr(p_text, 1 + floor(length(p_text) * power(((hashint8extended(p_n, p_seed) & 1048575) / 1048576.0), 2.0))::integer, 1)
$$;

create temporary table county as
    select row_number() over (order by d.code <> '320311', d.code) - 1 as no, d.code,
           (select min(s.id) from data.staff s where s.division = d.code) as clerk
      from data.division d;

create temporary table department as
    select v.division, v.department, v.item,
           row_number() over (partition by v.division order by v.item <> '0213', v.item) - 1 as no
      from data.item_version v;

create temporary table made as
select n, case when n % 33 = 0 then 0 else (n / 7) % 10 end as county_no, case when n % 33 = 0 then 0 else 1 + n % 19 end as department_no,
       pg_temp.pick('王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文',
                    n, 1)
       || pg_temp.pick(g.given, n, 2) || case when hashint8extended(n, 4) & 7 < 7 then pg_temp.pick(g.given, n, 3) else '' end as name,
       date '2020-01-01' + ((n * 365) / 1000000)::integer as day
  from generate_series(1, (:cases)::bigint) n
 cross join (select string_agg(chr(c), '' order by hashint4extended(c, 7)) as given from generate_series(19968, 21500) c) g;

create temporary table put_aside as
    select c.conname is null as is_index, format('%s', i.indexrelid::regclass) as name, c.conname, i.indrelid::regclass as on_table,
           coalesce(pg_get_constraintdef(c.oid), pg_get_indexdef(i.indexrelid)) as definition
      from pg_index i
      left join pg_constraint c on c.conindid = i.indexrelid and c.contype = 'u'
     where i.indrelid in ('data.applicant'::regclass, 'data.case_file'::regclass) and not i.indisprimary;
do $$
declare
    v_one record;
begin
    for v_one in select * from pg_temp.put_aside loop
        execute case when v_one.is_index then format('drop index %s', v_one.name)
                     else format('alter table %s drop constraint %I', v_one.on_table, v_one.conname) end;
    end loop;
end
$$;

insert into data.applicant (id, division, kind, id_kind, id_number, name, phone, address, updated_at, id_tail, grams)
overriding system value
select m.n, c.code, 'person', 'citizen', x.number, m.name, '13800000000', '演示路1号', m.day, right(x.number, 6), data.grams(m.name)
  from made m
  join county c on c.no = m.county_no
 cross join lateral (select pg_temp.citizen(m.n) as number) x;

insert into data.case_file (id, number, query_code, division, window_code, department, item, item_version, class, process, state,
    applicant, applicant_kind, name, id_kind, id_number, phone, address, single, received_at, accepted_at, accepted_by, promise_days,
    statute_days, promise_due, statute_due, due_provisional, decided_at, result, closed_at, event_count, head_hash, content_digest)
select a.n, a.body || data.check_digit(a.body), '000000', a.code, a.window_code, a.department,
       a.item, 1, 'spot', 'spot',
       case when a.is_open then 'accepted' else 'closed' end, a.n, 'person', a.name, 'citizen', a.id_number, '13800000000', '演示路1号',
       true, a.day, a.day, a.clerk, 1, 3, a.due, a.due + 4, false, case when not a.is_open then a.day + 1 end,
       case when not a.is_open then 'grant' end, case when not a.is_open then a.day + 1 end, 1, '\x00', '\x00'
  from (select m.*, c.code, c.clerk, d.department, d.item, p.id_number, x.due, w.code as window_code,
               c.code || w.code || to_char(m.day, 'YYMMDD') || lpad(m.n::text, greatest(4, length(m.n::text)), '0') as body,
               case when m.department_no = 0 then m.n > (:cases)::bigint - 33 * 200 else m.n > (:cases)::bigint - 27500 end as is_open
          from made m
          join county c on c.no = m.county_no
          join department d on d.division = c.code and d.no = m.department_no
          join data.applicant p on p.id = m.n
         cross join lateral (select lpad((1 + m.n % 32)::text, 2, '0') as code) w
         cross join lateral (select data.today() - 3 + (m.n % 25)::integer as due) x) a;

do $$
declare
    v_one record;
begin
    for v_one in select * from pg_temp.put_aside loop
        execute case when v_one.is_index then v_one.definition
                     else format('alter table %s add constraint %I %s', v_one.on_table, v_one.conname, v_one.definition) end;
    end loop;
end
$$;
select setval('data.case_file_id_seq', (:cases)::bigint), setval('data.applicant_id_seq', (:cases)::bigint);

set session_replication_role = origin;
vacuum (analyze) data.applicant;
vacuum (analyze) data.case_file;
