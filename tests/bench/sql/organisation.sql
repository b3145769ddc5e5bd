-- Ten counties with twenty departments and thirty-two windows each, one item a department, and the people who play the
-- desks. Loaded by the superuser through the administrator's own functions, so every row is as the product makes it.
-- The item of the measured saves is the demonstration's 0213, its document in :'item'; the password is :'password'.

create schema bench;

create temporary table county (no integer, code text, name text);
insert into county values (0, '320311', '泉山区'), (1, '320302', '鼓楼区'), (2, '320303', '云龙区'), (3, '320305', '贾汪区'),
    (4, '320312', '铜山区'), (5, '320321', '丰县'), (6, '320322', '沛县'), (7, '320324', '睢宁县'), (8, '320381', '新沂市'),
    (9, '320382', '邳州市');

create function pg_temp.must(p_answer jsonb) returns jsonb language plpgsql volatile as $$
begin
    if (p_answer ->> 'ok')::boolean is not true then
        raise exception '%', p_answer;
    end if;
    return p_answer;
end
$$;

create function pg_temp.department(p_no integer) returns text language sql immutable as $$
    select case p_no when 1 then 'SCJG' else 'BM' || lpad(p_no::text, 2, '0') end
$$;

select count(pg_temp.must(api_admin.organisation__load(gen_random_uuid(), jsonb_build_object(
    'division', jsonb_build_object('code', c.code, 'name', c.name, 'level', 'county', 'hall_name', c.name || '政务服务中心',
        'phone', '0516-00000000', 'closing', '17:30'),
    'departments', (select jsonb_agg(jsonb_build_object('code', pg_temp.department(n), 'name', '测试部门' || n)) from generate_series(1, 20) n),
    'windows', (select jsonb_agg(jsonb_build_object('code', lpad(n::text, 2, '0'), 'name', '综合窗口' || n, 'place', '一楼'))
                  from generate_series(1, 32) n)))))
  from county c;

select count(pg_temp.must(api_admin.item__publish(gen_random_uuid(), c.code, (:'item')::jsonb
        || jsonb_build_object('code', case n when 1 then '0213' else '9' || lpad(n::text, 3, '0') end,
               'department', pg_temp.department(n), 'effective_from', '2020-01-01'))))
  from county c, generate_series(1, 20) n;

-- A second item of the measured department, for an applicant who has a case of the first one open.
select count(pg_temp.must(api_admin.item__publish(gen_random_uuid(), '320311', (:'item')::jsonb
        || '{"code":"0214","department":"SCJG","effective_from":"2020-01-01"}')));

-- desk_0 … desk_31: one window each in one county; spread_0 … spread_31: the same over ten; reader: one department's clerk; verifier: the
-- second person of an on-the-spot decision.
create temporary table person as
select 'desk_' || i as login, 0 as county, i + 1 as window_no from generate_series(0, 31) i
union all select 'spread_' || i, i % 10, i / 10 + 1 from generate_series(0, 31) i
union all select 'reader', 0, 32
union all select 'verifier', 0, 31;

select set_config('bench.password', :'password', false) is null;
do $$
declare
    v_person record;
    v_answer jsonb;
    v_one    text;
begin
    for v_person in select p.*, c.code from pg_temp.person p join pg_temp.county c on c.no = p.county loop
        v_answer := pg_temp.must(api_admin.staff__add(gen_random_uuid(), v_person.login, '测试人员', v_person.code, 'SCJG', '窗口人员',
            '0516-00000000', case v_person.login when 'verifier' then '[{"duty":"verify","department":"SCJG"}]'::jsonb
                else '[{"duty":"accept","department":"SCJG"},{"duty":"review","department":"SCJG"},{"duty":"issue","department":"SCJG"}]' end,
            jsonb_build_array(jsonb_build_object('window', lpad(v_person.window_no::text, 2, '0'))),
            case v_person.login when 'verifier' then '[{"duty":"verify","department":"SCJG","document_no":"测试授权1号","valid_from":"2020-01-01",
                "valid_to":"2040-01-01"}]'::jsonb else '[]' end,
            jsonb_build_object('number', 'T' || v_person.login, 'valid_from', '2020-01-01', 'valid_to', '2040-01-01'), date '2020-01-01'));
        if not exists (select 1 from pg_roles r where r.rolname = v_person.login) then
            execute format('create role %I login', v_person.login);
        end if;
        execute format('alter role %I password %L', v_person.login, current_setting('bench.password'));
        for v_one in select jsonb_array_elements_text(v_answer -> 'after') loop
            execute v_one;
        end loop;
    end loop;
end
$$;
