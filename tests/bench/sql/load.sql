-- :cases synthetic cases in one go, as a hall would hold them: about a million a year over the ten counties' two hundred
-- departments, the newest 27,500 open; department 1 of county 0, the one that is measured, has every 33rd case and always 200
-- open ones. Rows as the product writes them, except that events and materials are left out: no list reads them.
-- Triggers and foreign keys rest meanwhile, and the indexes are built afterwards: loading is not what is measured.

set session_replication_role = replica;
set synchronous_commit = off;
set maintenance_work_mem = '512MB';
set work_mem = '256MB';

-- A number from 0 to p_below - 1, small ones far more often: so names are skewed as real ones are.
create function pg_temp.skewed(p_n bigint, p_seed integer, p_below integer) returns integer language sql immutable as $$
    select floor(p_below * power((hashint8extended(p_n, p_seed) & 1048575) / 1048576.0::double precision, 2))::integer
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
       f.families[1 + pg_temp.skewed(n, 1, cardinality(f.families))] || chr(19968 + pg_temp.skewed(n, 2, 1500))
       || case when hashint8extended(n, 4) & 7 < 7 then chr(19968 + pg_temp.skewed(n, 3, 1500)) else '' end as name,
       date '2020-01-01' + ((n * 365) / 1000000)::integer as day
  from generate_series(1, (:cases)::bigint) n
 cross join (select regexp_split_to_array('王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕'
                    || '苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱', '') as families) f;

-- Citizen numbers of people born 1900 to 1908, as common.c makes them; each area with the weighted sum of its six digits.
create temporary table person as
select m.n, a.code || '190' || d.y || lpad(d.m::text, 2, '0') || lpad(d.d::text, 2, '0') || lpad(d.s::text, 3, '0')
       || substr('10X98765432', ((a.weighted + 11 + d.y * 3 + d.m / 10 * 7 + d.m % 10 * 9 + d.d / 10 * 10 + d.d % 10 * 5 + d.s / 100 * 8
                                  + d.s / 10 % 10 * 4 + d.s % 10 * 2) % 11 + 1)::integer, 1) as number
  from made m
  join (values (0, '320311', 66), (1, '320312', 70), (2, '320303', 66), (3, '320302', 62)) a(no, code, weighted) on a.no = m.n / 3000000
 cross join lateral (select m.n % 3000000 / 336000 as y, m.n / 28000 % 12 + 1 as m, m.n / 1000 % 28 + 1 as d, m.n % 1000 as s) d;

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
select m.n, c.code, 'person', 'citizen', p.number, m.name, '13800000000', '演示路1号', m.day, right(p.number, 6), data.grams(m.name)
  from made m
  join county c on c.no = m.county_no
  join person p on p.n = m.n;

insert into data.material_set (division, item, item_version, department, given, lines)
select v.division, v.item, v.version, v.department, md5('bench')::uuid, '' from data.item_version v;

insert into data.case_file (id, number, query_code, division, window_code, department, item, item_version, class, process, state,
    applicant, applicant_kind, name, id_kind, id_number, phone, address, single, received_at, accepted_at, accepted_by, promise_days,
    statute_days, promise_due, statute_due, due_provisional, decided_at, result, closed_at, event_count, head_hash, content_digest, material_set)
select a.n, a.body || data.check_digit(a.body), '000000', a.code, a.window_code, a.department,
       a.item, 1, 'spot', 'spot',
       case when a.is_open then 'accepted' else 'closed' end, a.n, 'person', a.name, 'citizen', a.id_number, '13800000000', '演示路1号',
       true, a.day, a.day, a.clerk, 1, 3, a.due, a.due + 4, false, case when not a.is_open then a.day + 1 end,
       case when not a.is_open then 'grant' end, case when not a.is_open then a.day + 1 end, 1, '\x00', '\x00',
       a.material_set
  from (select m.*, c.code, c.clerk, d.department, d.item, t.id as material_set, p.number as id_number, x.due, w.code as window_code,
               c.code || w.code || to_char(m.day, 'YYMMDD') || lpad(m.n::text, greatest(4, length(m.n::text)), '0') as body,
               case when m.department_no = 0 then m.n > (:cases)::bigint - 33 * 200 else m.n > (:cases)::bigint - 27500 end as is_open
          from made m
          join county c on c.no = m.county_no
          join department d on d.division = c.code and d.no = m.department_no
          join data.material_set t on t.division = d.division and t.item = d.item
          join person p on p.n = m.n
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
