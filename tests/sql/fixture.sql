set client_min_messages = warning;
-- A small hall for the tests, loaded by a superuser after the manifest. Every date is relative to today.
-- People (320300): an accept+issue general desk; bo accept+review SCJG window 02; cai review SCJG; dong verify SCJG;
-- er verifies as dong's substitute; feng signs; gao supervises; hu keeps catalogue and staff; ji expired credential;
-- kong no authorisation; lu another department (WSJK); 320321: mei, a neighbour county.

create schema test;

create function test.r() returns uuid language sql volatile as $$ select gen_random_uuid() $$;

-- Run a query under a person's own login, as his psql would; give its value, or {"sqlstate","message"}.
create function test.as_user(p_login text, p_sql text) returns jsonb language plpgsql volatile as $$
declare
    v_answer  jsonb;
    v_state   text;
    v_message text;
begin
    execute format('set local session authorization %I', p_login);
    begin
        execute 'select to_jsonb(x) from (' || p_sql || ') as x(x)' into v_answer;
    exception when others then
        get stacked diagnostics v_state = returned_sqlstate, v_message = message_text;
        v_answer := jsonb_build_object('sqlstate', v_state, 'message', v_message);
    end;
    reset session authorization;
    return v_answer;
end
$$;

-- A writing call as the client makes it: the answer of the act with that of what follows it.
create function test.followed(p_login text, p_sql text) returns jsonb language plpgsql volatile as $$
declare
    v_request text := quote_literal(gen_random_uuid());
    v_answer  jsonb := test.as_user(p_login, replace(p_sql, 'gen_random_uuid()', v_request));
begin
    if (v_answer ->> 'ok')::boolean then
        return v_answer || test.as_user(p_login, 'select api.case__after(' || v_request || ')');
    end if;
    return v_answer;
end
$$;

-- Run a statement that gives no row (DDL, DML); null when it succeeded, its SQLSTATE otherwise.
create function test.try(p_login text, p_sql text) returns text language plpgsql volatile as $$
declare
    v_state text;
begin
    execute format('set local session authorization %I', p_login);
    begin
        execute p_sql;
    exception when others then
        get stacked diagnostics v_state = returned_sqlstate;
    end;
    reset session authorization;
    return v_state;
end
$$;

-- A citizen number of a synthetic person: serial n of a day that no living office uses for real persons.
create function test.citizen(p_n integer) returns text language sql immutable as $$
    select b.body || substr('10X98765432', (select sum(substr(b.body, i, 1)::integer * (array[7,9,10,5,8,4,2,1,6,3,7,9,10,5,8,4,2])[i])::integer
                                              from generate_series(1, 17) i) % 11 + 1, 1)
      from (select '320311' || to_char(date '1900-01-01' + p_n / 1000, 'YYYYMMDD') || lpad((p_n % 1000)::text, 3, '0') as body) b
$$;

create function test.item(p_code text, p_class text, p_more jsonb default '{}') returns jsonb language sql stable as $$
    select jsonb_build_object('code', p_code, 'name', '测试事项' || p_code, 'department', 'SCJG', 'kind', 'permit', 'class', p_class,
        'level', 'city', 'service_object', 'both', 'conditions', '具备条件', 'way', '窗口受理', 'authority', '本级', 'procedure', '受理→审查→核准',
        'statute_days', 20, 'promise_days', case p_class when 'spot' then 1 else 10 end, 'result_document', '许可证', 'responsible', '测试甲',
        'phone', '0516-00000001', 'place', '二楼', 'effective_from', to_char(data.today() - 30, 'YYYY-MM-DD'),
        'materials', jsonb_build_array(
            jsonb_build_object('no', 1, 'name', '申请书', 'form', 'original', 'copies', 1, 'mandatory', true, 'source', '申请人自备'),
            jsonb_build_object('no', 2, 'name', '身份证明', 'form', 'check', 'copies', 1, 'mandatory', true, 'source', '申请人自备'),
            jsonb_build_object('no', 3, 'name', '租赁合同', 'form', 'copy', 'copies', 1, 'mandatory', false, 'source', '申请人自备')),
        'fees', '[]'::jsonb, 'bases', jsonb_build_array(jsonb_build_object('law', '中华人民共和国行政许可法', 'article', '第三十二条', 'text', '受理')),
        'fields', '[]'::jsonb) || p_more
$$;

create function test.accept(p_login text, p_n integer, p_item text default '0001', p_window text default '02') returns jsonb
    language sql volatile as $$
    select test.followed(p_login, format($q$ select api.case__accept(gen_random_uuid(), %L, %L, null, 'person', 'citizen', %L, '王小明',
        '13800000000', '演示路1号', null, null, '[{"no":1,"state":"original","copies":1},{"no":2,"state":"checked","copies":1}]', '{}', null) $q$,
        p_window, p_item, test.citizen(p_n)))
$$;

create function test.act(p_login text, p_number text, p_action text, p_opinion text default '材料齐全, 同意') returns jsonb language sql volatile as $$
    select test.followed(p_login, format('select api.case__act(gen_random_uuid(), %L, %L, %L, null, %L, null, %L)', p_number, p_action, p_opinion,
        case p_action when 'transfer' then '320321' end, case p_action when 'supplement' then '[{"no":3,"state":"copy"}]' end))
$$;

create function test.person(p_login text, p_name text, p_division text, p_department text, p_posts jsonb, p_shifts jsonb default '[]',
    p_authorisations jsonb default '[]', p_credential jsonb default null) returns void language plpgsql volatile as $$
declare
    v_answer jsonb;
    v_one    text;
begin
    v_answer := api_admin.staff__add(gen_random_uuid(), p_login, p_name, p_division, p_department, '窗口人员', '0516-00000001', p_posts,
        p_shifts, p_authorisations, p_credential, data.today() - 100);
    if not (v_answer ->> 'ok')::boolean then
        raise exception 'fixture: %', v_answer;
    end if;
    if not exists (select 1 from pg_roles r where r.rolname = p_login) then
        execute format('create role %I login', p_login);
    end if;
    for v_one in select jsonb_array_elements_text(v_answer -> 'after') loop
        execute v_one;
    end loop;
end
$$;

-- Outcome of a writing function in one word: ok, or code/field; a raised error gives its SQLSTATE.
create function test.outcome(p_answer jsonb) returns text language sql immutable as $$
    select case when p_answer ->> 'sqlstate' is not null then p_answer ->> 'sqlstate'
                when (p_answer ->> 'ok')::boolean then 'ok'
                else (p_answer ->> 'code') || '/' || coalesce(p_answer ->> 'field', '') end
$$;

-- Move a case along by the persons named.
create function test.moved_on(p_number text, p_acts text[]) returns text language plpgsql volatile as $$
declare
    v_one    text;
    v_answer jsonb;
begin
    foreach v_one in array p_acts loop
        v_answer := test.act(split_part(v_one, ' ', 1), p_number, split_part(v_one, ' ', 2));
        if not coalesce((v_answer ->> 'ok')::boolean, false) then
            raise exception '%: %', v_one, v_answer;
        end if;
    end loop;
    return p_number;
end
$$;

-- A case accepted by t_bo and moved along by the persons named: '{"t_bo review_agree","t_dong grant"}'. Its number.
create function test.moved(p_n integer, p_item text, variadic p_acts text[] default '{}') returns text language plpgsql volatile as $$
declare
    v_number text;
    v_answer jsonb := test.accept('t_bo', p_n, p_item);
begin
    v_number := v_answer ->> 'number';
    if v_number is null then
        raise exception 'not accepted: %', v_answer;
    end if;
    return test.moved_on(v_number, p_acts);
end
$$;

-- The message by which the county 320321 sends a case up to 320300, received there.
create function test.sent_up(p_number text, p_order integer, p_n integer, p_item text) returns void language plpgsql volatile as $$
declare
    v_id     uuid := gen_random_uuid();
    v_body   text;
    v_mac    text;
    v_answer jsonb;
begin
    v_body := jsonb_build_object('opinion', '材料齐全, 同意上报', 'materials', jsonb_build_array('{"no":1,"name":"申请书","state":"original","copies":1}'::jsonb,
            jsonb_build_object('no', 2, 'name', '身份证明', 'state', 'checked', 'copies', p_order)),
        'case', jsonb_build_object('number', p_number, 'query_code', '123456', 'item', p_item, 'applicant_kind', 'person', 'id_kind', 'citizen',
            'id_number', test.citizen(p_n), 'name', '王小明', 'phone', '13800000000', 'accepted_at', data.hall_text(data.clock() - interval '3 days')))::text;
    select sync.message_mac(p, v_id, p_number, p_order, 'up', sync.digest(v_body)) into v_mac from sync.peer p
     where p.own = '320300' and p.division = '320321';
    v_answer := api_sync.handoff__receive('320321', jsonb_build_object('protocol', 1, 'from', '320321', 'to', '320300', 'messages',
        jsonb_build_array(jsonb_build_object('id', v_id, 'case', p_number, 'order', p_order, 'kind', 'up', 'digest', sync.digest(v_body), 'mac', v_mac,
            'body', v_body))));
    if v_answer #>> '{answers,0,answer}' is distinct from 'taken' then
        raise exception 'not received: %', v_answer;
    end if;
end
$$;

-- A case that the county accepted three days ago and sent up, moved along here. Its number.
create function test.received(p_n integer, p_item text, variadic p_acts text[] default '{}') returns text language plpgsql volatile as $$
declare
    v_number text := '32032101' || to_char(data.today(), 'YYMMDD') || lpad(p_n::text, 4, '0');
begin
    v_number := v_number || data.check_digit(v_number);
    perform test.sent_up(v_number, 1, p_n, p_item);
    return test.moved_on(v_number, p_acts);
end
$$;

create function test.days(p_from integer, p_to integer) returns jsonb language sql stable as $$
    select jsonb_build_object('valid_from', to_char(data.today() + p_from, 'YYYY-MM-DD'), 'valid_to', to_char(data.today() + p_to, 'YYYY-MM-DD'))
$$;

do $fixture$
declare
    v_ok   jsonb := test.days(-100, 400);
    v_year integer;
begin
    perform api_admin.organisation__load(gen_random_uuid(), jsonb_build_array(
        '{"division":{"code":"320300","name":"徐州市","level":"city","hall_name":"徐州市政务服务中心","phone":"0516-00000000","closing":"17:30"},
          "departments":[{"code":"SCJG","name":"市场监管局"},{"code":"WSJK","name":"卫健委"}],
          "windows":[{"code":"01","name":"综合窗口","place":"一楼A区01号"},{"code":"02","name":"市场监管窗口","department":"SCJG","place":"二楼B区02号"},
                     {"code":"03","name":"卫健窗口","department":"WSJK","place":"二楼B区03号"},{"code":"04","name":"市场监管二窗","department":"SCJG","place":"二楼B区04号"}]}'::jsonb,
        '{"division":{"code":"320321","name":"丰县","level":"county","hall_name":"丰县政务服务中心"},
          "departments":[{"code":"SCJG","name":"市场监管局"}],
          "windows":[{"code":"01","name":"综合窗口","place":"一楼01号"}]}'::jsonb));
    perform test.person('t_an', '安宁', '320300', null, '[{"duty":"accept"},{"duty":"issue"}]', '[{"window":"01"}]');
    perform test.person('t_bo', '薄云', '320300', 'SCJG', '[{"duty":"accept","department":"SCJG"},{"duty":"review","department":"SCJG"},{"duty":"issue","department":"SCJG"}]',
        '[{"window":"02"},{"window":"04"}]', '[]', v_ok || '{"number":"T0001"}');
    perform test.person('t_cai', '蔡青', '320300', 'SCJG', '[{"duty":"review","department":"SCJG"}]', '[]', '[]', v_ok || '{"number":"T0002"}');
    perform test.person('t_dong', '董正', '320300', 'SCJG', '[{"duty":"review","department":"SCJG"},{"duty":"verify","department":"SCJG"}]', '[{"window":"02"}]',
        jsonb_build_array(v_ok || '{"department":"SCJG","duty":"verify","document_no":"徐市监授〔2026〕1号"}'), v_ok || '{"number":"T0003"}');
    perform test.person('t_er', '尔雅', '320300', 'SCJG', '[{"duty":"verify","department":"SCJG"}]', '[]',
        jsonb_build_array(v_ok || '{"department":"SCJG","duty":"verify","document_no":"徐市监代〔2026〕2号","substitute_for":"t_dong"}'), v_ok || '{"number":"T0004"}');
    perform test.person('t_feng', '冯局', '320300', 'SCJG', '[{"duty":"sign","department":"SCJG"}]', '[]',
        jsonb_build_array(v_ok || '{"department":"SCJG","duty":"sign","document_no":"徐市监授〔2026〕3号"}'));
    perform test.person('t_gao', '高督', '320300', null, '[{"duty":"supervise"}]');
    perform test.person('t_hu', '胡管', '320300', null, '[{"duty":"admin"},{"duty":"catalogue"}]');
    perform test.person('t_ji', '季过', '320300', 'SCJG', '[{"duty":"review","department":"SCJG"},{"duty":"verify","department":"SCJG"}]', '[]',
        jsonb_build_array(v_ok || '{"department":"SCJG","duty":"verify","document_no":"徐市监授〔2026〕4号"}'), test.days(-400, -1) || '{"number":"T0005"}');
    perform test.person('t_kong', '孔无', '320300', 'SCJG', '[{"duty":"verify","department":"SCJG"}]', '[]', '[]', v_ok || '{"number":"T0006"}');
    perform test.person('t_lu', '陆卫', '320300', 'WSJK', '[{"duty":"accept","department":"WSJK"},{"duty":"review","department":"WSJK"},{"duty":"verify","department":"WSJK"},{"duty":"issue","department":"WSJK"}]',
        '[{"window":"03"}]', '[]', v_ok || '{"number":"T0007"}');
    perform test.person('t_mei', '梅县', '320321', null, '[{"duty":"accept"},{"duty":"review"},{"duty":"issue"}]', '[{"window":"01"}]', '[]', v_ok || '{"number":"T0008"}');
    perform test.person('t_old', '旧人', '320300', 'SCJG', '[{"duty":"accept","department":"SCJG"}]', '[{"window":"02"}]');
    perform api_admin.staff__end(gen_random_uuid(), 't_old', data.today() - 1, '调离');

    perform api_admin.item__publish(gen_random_uuid(), d.code, test.item(i.code, i.class, i.more))
       from (values ('320300'), ('320321')) d(code),
            (values ('0001', 'spot', '{}'::jsonb), ('0002', 'promise', '{}'), ('0003', 'leader', '{}'),
                    ('0004', 'promise', '{"fees":[{"no":1,"name":"证照工本费","amount":"10.00","unit":"本","basis":"苏价费〔2020〕1号"}]}'),
                    ('0005', 'spot', '{"service_object":"org","repeatable":true}')) i(code, class, more);
    perform api_admin.item__publish(gen_random_uuid(), '320300', test.item('0101', 'promise', '{"department":"WSJK"}'));
    perform api_admin.item__publish(gen_random_uuid(), '320300', test.item('0006', 'spot', '{"materials":[{"no":1,"name":"表","mandatory":false}],
        "fields":[{"id":"area","label":{"zh":"面积"},"kind":"number","mandatory":true,"length":[1,8]},
                  {"id":"food","label":{"zh":"业态"},"kind":"choice","choices":[{"code":"a","zh":"甲"},{"code":"b","zh":"乙"}],"mandatory":true},
                  {"id":"boss","label":{"zh":"法人身份证"},"kind":"citizen","mandatory":true,"show_when":{"field":"applicant_kind","is":["org"]}},
                  {"id":"opened","label":{"zh":"开业日期"},"kind":"date"}]}'));
    perform api_admin.item__publish(gen_random_uuid(), '320300', test.item('0007', 'spot'));
    perform api_admin.item__publish(gen_random_uuid(), '320300', test.item('0008', 'spot'));
    perform api_admin.item__publish(gen_random_uuid(), '320300', test.item('0009', 'spot', jsonb_build_object('effective_from', to_char(data.today() + 10, 'YYYY-MM-DD'))));
    perform api_admin.peer__set(gen_random_uuid(), '320300', '320321', '丰县', 'https://localhost:1', 'lower', repeat('7', 64));
    perform api_admin.peer__set(gen_random_uuid(), '320300', '320000', '江苏省', 'https://localhost:1', 'upper', repeat('7', 64));
    perform api_admin.peer__set(gen_random_uuid(), '320321', '320300', '徐州市', 'https://localhost:1', 'upper', repeat('7', 64));
end
$fixture$;
