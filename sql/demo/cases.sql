-- Demonstration cases: some 130 in a city, 72 in a county, in every state, over the last three months.
--
-- Nothing is written by hand into the case tables: each event is the real api function, called under the login of the
-- person who did it, so numbers, limits, decisions and the chain of hashes are as genuine as those of a working day.
-- Only the clock is bent: data.clock(), the one place where the product reads the moment, is replaced inside this
-- transaction and put back before it ends, so no other session ever sees the other one.
-- Run as a superuser (set session authorization), after organisation, calendar, catalogue and staff.
-- Same input, same cases: all choices come from md5 over fixed words. All persons, firms and numbers are invented:
-- the order codes 990 to 994 and 999 of the citizen numbers and the bodies XXXXnnnn of the credit codes are not issued.

create or replace function pg_temp.pick(p_seed text, p_n integer) returns integer language sql immutable as $$
    select ('x' || substr(md5(p_seed), 1, 7))::bit(28)::integer % p_n
$$;

create or replace function pg_temp.request(p_seed text) returns uuid language sql immutable as $$
    select md5('guitai demonstration ' || p_seed)::uuid
$$;

create or replace function pg_temp.citizen(p_area text, p_birth date, p_order integer) returns text language sql immutable as $$
    select b.body || substr('10X98765432', (sum(substr(b.body, i, 1)::integer
               * (array[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])[i]) % 11)::integer + 1, 1)
      from (select p_area || to_char(p_birth, 'YYYYMMDD') || p_order as body) b, generate_series(1, 17) i
     group by b.body
$$;

-- GB 32100-2015 around a subject code of GB 11714 (X has the value 33 there).
create or replace function pg_temp.credit(p_area text, p_serial integer) returns text language sql immutable as $$
    with subject as (
        select '91' || p_area || 'XXXX' || lpad(p_serial::text, 4, '0')
               || (array['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'X', '0'])
                  [12 - (33 * (3 + 7 + 9 + 10) + s.a * 5 + s.b * 8 + s.c * 4 + s.d * 2) % 11] as body
          from (select p_serial / 1000 % 10 as a, p_serial / 100 % 10 as b, p_serial / 10 % 10 as c, p_serial % 10 as d) s
    ), total as (
        select t.body, sum((position(substr(t.body, i, 1) in '0123456789ABCDEFGHJKLMNPQRTUWXY') - 1)
                           * (array[1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])[i]) % 31 as rest
          from subject t, generate_series(1, 17) i group by t.body
    )
    select body || substr('0123456789ABCDEFGHJKLMNPQRTUWXY', ((31 - rest) % 31)::integer + 1, 1) from total
$$;

create temporary table demo_applicant on commit drop as
select d.code as division, n as no,
       case when k.org then 'org' else 'person' end as kind,
       case when k.org then 'credit' else 'citizen' end as id_kind,
       case when k.org then pg_temp.credit(d.code, n)
            else pg_temp.citizen(a.area, case when n = 1 then date '1990-03-07' else date '1952-01-15' + n * 197 end,
                                 (array[991, 992, 993, 994, 999, 990])[n % 6 + 1]) end as id_number,
       case when k.org then case d.level when 'city' then '徐州' else '丰县' end || '演示'
                || (array['壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖', '拾'])[n % 10 + 1] || '号'
                || (array['食品', '商贸', '建设', '运输', '机械', '农业', '文化', '医药', '能源', '置业', '餐饮', '科技'])[n % 12 + 1] || '有限公司'
            when n <= 9 then (array['王小明', '李䶮', '张㛃', '赵頔', '陈奡', '阿依古丽·吐尔逊', '买尔旦·艾合买提', '欧阳静怡', '司马一鸣'])[n]
            else (array['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴', '徐', '孙', '胡', '朱', '高', '林', '何', '郭', '马', '罗'])
                     [pg_temp.pick(d.code || 'family' || n, 20) + 1]
                || (array['子涵', '欣怡', '建军', '秀英', '志强', '桂兰', '宇轩', '春燕', '国强', '晓东', '婷', '磊', '雅琴', '文博', '海燕', '立群'])
                     [pg_temp.pick(d.code || 'given' || n, 16) + 1] end as name,
       '1380000' || lpad((n * 37 % 10000)::text, 4, '0') as phone,
       a.place || '演示路' || n || '号' as address
  from data.division d
  cross join generate_series(1, 90) n
  cross join lateral (select n > 60 as org) k
  cross join lateral (
        select x.area, x.place from (values
            (0, '320311', '徐州市泉山区'), (1, '320303', '徐州市云龙区'), (2, '320302', '徐州市鼓楼区'), (3, '320312', '徐州市铜山区'),
            (4, '320305', '徐州市贾汪区'), (5, '320381', '新沂市'), (6, '320382', '邳州市'), (7, '320324', '睢宁县'),
            (8, '320322', '沛县'), (9, '320321', '丰县')) x(no, area, place)
         where x.no = case when d.level = 'county' and n > 9 then 9 else (n - 1) % 10 end) a;

-- What stands in the items' own text fields; whatever is not named gets a plain word.
create temporary table demo_text (field text primary key, value text not null) on commit drop;
insert into demo_text values
('trade_name', '演示小吃店'), ('scope', '食品销售; 日用百货零售'), ('before', '原演示名称'), ('after', '新演示名称'), ('reason', '经营调整'),
('company_name', '徐州演示新设有限公司'), ('legal_name', '王演示'), ('items', '预包装食品销售, 热食类食品制售'), ('pharmacist', '李演示'),
('pharmacist_no', 'YS3200000001'), ('serial', 'YS-2026-001'), ('qualification', 'YS3203000001'), ('range', '内科专业'),
('hospital', '演示社区卫生服务中心'), ('exam_no', 'YS20260001'), ('project_code', '2603-320300-04-01-000001'), ('project_name', '演示项目一期工程'),
('cert_no', '苏(2020)徐州市不动产权第0000001号'), ('location', '演示路1号1幢101室'), ('species', '杨树'), ('builder', '演示建设有限公司'),
('plate', '苏CYS001'), ('licence_no', '320300000001'), ('file_no', '320300000001'), ('goods', '演示设备'), ('route', 'G3至S253, 演示路口下'),
('road', 'S253 K12+300'), ('contact', '张演示'), ('from_place', '江苏省南京市'), ('manager', '赵演示'), ('event', '演示城市马拉松'),
('venue', '演示体育场'), ('association', '徐州市演示行业协会'), ('head', '陈演示'), ('subject', '语文'), ('degree_no', '100001202600000001'),
('school', '演示培训学校'), ('driver', '周演示'), ('village', '演示村三组'), ('technician', '吴演示'), ('mine', '演示石灰岩矿'), ('mineral', '石灰岩'),
('industry', '食品制造业'), ('pollutants', '化学需氧量、氨氮'), ('waste', '废矿物油'), ('site', '演示路与示范路交叉口'), ('carrier', '演示运输有限公司'),
('show', '演示音乐会'), ('safety_manager', '孙演示'), ('purpose', '施工便道'), ('place', '江苏省南京市'), ('outlet', '演示路DN600污水井'),
('content', '新建演示车间一座'), ('description', '新建演示综合楼'), ('firm', '演示律师事务所'), ('account', '6222000000000000001'), ('quality_head', '朱演示');

create or replace function pg_temp.value_of(p_field jsonb, p_seed text, p_day date) returns text language sql stable as $$
    select coalesce(case when p_field ->> 'default' = 'today' then to_char(p_day, 'YYYY-MM-DD')
                         when p_field ->> 'default' !~ '^t[+-]' then p_field ->> 'default' end,
        case p_field ->> 'kind'
            when 'choice' then p_field -> 'choices' -> pg_temp.pick(p_seed, jsonb_array_length(p_field -> 'choices')) ->> 'code'
            when 'number' then left((pg_temp.pick(p_seed, 80) + 10)::text, coalesce((p_field #>> '{length,1}')::integer, 2))
            when 'money' then (2000000 + pg_temp.pick(p_seed, 900) * 1000)::text || '.00'
            when 'date' then to_char(p_day + pg_temp.pick(p_seed, 30), 'YYYY-MM-DD')
            when 'yesno' then 'no'
            when 'phone' then '13800000' || lpad(pg_temp.pick(p_seed, 1000)::text, 3, '0')
            when 'citizen' then pg_temp.citizen('320311', date '1970-05-01' + pg_temp.pick(p_seed, 9000), 994)
            when 'credit' then pg_temp.credit('320300', 9000 + pg_temp.pick(p_seed, 999))
            else left(coalesce((select t.value from demo_text t where t.field = p_field ->> 'id'), '演示'),
                      coalesce((p_field #>> '{length,1}')::integer, 60)) end)
$$;

-- Who of a department could do a duty on a day: post, shift, credential and written power all in force then.
create or replace function pg_temp.person(p_department integer, p_duty text, p_item text, p_day date, p_others integer[], p_seed text)
    returns table (id integer, login name, window_code text) language sql stable as $$
    select s.id, s.login, h.window_code
      from data.department d
      join data.staff s on s.division = d.division
      join data.post p on p.staff = s.id and p.duty = p_duty and (p.department is null or p.department = d.id)
      join data.shift h on h.staff = s.id
      join data.counter_window w on w.division = h.division and w.code = h.window_code
     where d.id = p_department and s.id <> all (p_others)
       and p_day >= p.valid_from and (p.valid_to is null or p_day <= p.valid_to)
       and p_day >= h.valid_from and (h.valid_to is null or p_day <= h.valid_to)
       and (p_duty <> 'accept' or w.department is null or w.department = d.id)
       and (p_duty not in ('review', 'verify') or exists (
            select 1 from data.credential c where c.staff = s.id and p_day between c.valid_from and c.valid_to))
       and (p_duty not in ('verify', 'sign') or exists (
            select 1 from data.authorisation a
             where a.staff = s.id and a.duty = p_duty and a.department = d.id and (a.item is null or a.item = p_item)
               and p_day between a.valid_from and a.valid_to and (a.substitute_for is null or a.substitute_for <> all (p_others))))
     order by (p.department is null) <> (p_duty = 'accept' and pg_temp.pick(p_seed, 3) = 0), md5(p_seed || s.login)
     limit 1
$$;

create temporary table demo_case (
    division text, no integer, department integer, item text, version integer, fields jsonb, promise integer, class text,
    applicant integer, day date, age integer, actions text[], number text, primary key (division, no)
) on commit drop;

create temporary table demo_event (division text, no integer, seq integer, action text, at timestamptz) on commit drop;

create or replace function pg_temp.route(p_class text, p_no integer) returns text[] language sql immutable as $$
    select case
        when p_class = 'leader' and p_no % 7 = 4
            then array['review_refuse', 'verify_pass', 'sign_refuse', 'seal_refusal', 'issue_refusal']
        when p_class = 'leader' and p_no % 7 = 3
            then array['review_agree', 'verify_pass', 'sign_return', 'review_agree', 'verify_pass', 'sign_grant', 'make', 'seal', 'issue']
        when p_class = 'leader' then array['review_agree', 'verify_pass', 'sign_grant', 'make', 'seal', 'issue']
        when p_no % 7 = 4 then array['review_refuse', 'refuse', 'seal_refusal', 'issue_refusal']
        when p_class = 'promise' and p_no % 8 = 5 then array['review_agree', 'return', 'review_agree', 'grant', 'make', 'seal', 'issue']
        else array['review_agree', 'grant', 'make', 'seal', 'issue'] end
$$;

-- The plan: which item, who, how long ago (in working days), how far it came.
do $plan$
declare
    v_division  data.division;
    v_item      record;
    v_case      demo_case;
    v_count     integer;
    v_items     integer;
    v_last      integer;
    v_decision  integer;
    v_keep      integer;
    v_span      integer;
    v_wanted    text;
begin
    perform data.due(data.today(), 60); -- the calendar reaches at least so far, whatever year it is
    select c.ordinal into v_last from data.calendar_day c where c.day = data.today() - 1;
    for v_division in select * from data.division order by code loop
        continue when exists (select 1 from data.case_file f where f.division = v_division.code);
        v_count := case v_division.level when 'city' then 130 else 72 end;
        create temporary table demo_item on commit drop as
            select row_number() over (order by md5(v_division.code || v.item)) - 1 as no, v.*, e.ended_on, e.rule
              from (select distinct on (i.item) i.* from data.item_version i
                     where i.division = v_division.code and i.effective_from <= data.today() - 100 and i.class <> 'upward'
                     order by i.item, i.version desc) v
              left join data.item_end e on e.division = v.division and e.item = v.item
             where e.ended_on is null or e.ended_on > data.today() - 60;
        select count(*) into v_items from demo_item;
        for i in 1 .. v_count loop
            -- every third case is of one of the five items that a hall sees all day, a few are of the cancelled one
            v_wanted := case when i % 24 = 1 then (select t.item from demo_item t where t.ended_on is not null limit 1)
                             when i % 3 = 0 then (array['0213', '0231', '0811', '0405', '2001'])[i / 3 % 5 + 1] end;
            select * into v_item from demo_item t where t.item = v_wanted;
            if not found then
                select * into v_item from demo_item t where t.no = (i * 2 / 3) % v_items;
            end if;
            v_case := row(v_division.code, i, v_item.department, v_item.item, v_item.version, v_item.fields, v_item.promise_days,
                          v_item.class, null, null, null, pg_temp.route(v_item.class, i), null);
            v_decision := case when v_case.class = 'leader' then 3 else 2 end;
            if v_item.ended_on is not null then   -- left over from before the item was cancelled
                v_case.actions := array['review_agree'];
                v_keep := (i / 24) % 2;
                v_case.age := 14 + i % 9;
            elsif i % 10 < 5 then     -- decided; some of them still have the paper to be made, sealed or handed over
                v_keep := cardinality(v_case.actions)
                          - case when i % 10 in (3, 4) then least(1 + i / 10 % 3, cardinality(v_case.actions) - v_decision) else 0 end;
                v_case.age := v_case.promise + 2 + pg_temp.pick(v_division.code || 'age' || i, 45);
            else                      -- on somebody's desk; one in eight past its promise
                v_keep := (i / 2) % v_decision;
                v_case.age := case when i % 8 = 7 then v_case.promise + 1 + i % 3
                                   else pg_temp.pick(v_division.code || 'age' || i, v_case.promise) end;
            end if;
            v_case.actions := v_case.actions[1 : v_keep];
            select c.day into v_case.day from data.calendar_day c where c.is_work and c.ordinal = v_last - v_case.age;
            select a.no into v_case.applicant from demo_applicant a
             where a.division = v_division.code
               and a.kind = case v_item.service_object when 'both' then (array['person', 'org'])[i % 2 + 1] else v_item.service_object end
               and not exists (select 1 from demo_case c where c.division = a.division and c.applicant = a.no and c.item = v_item.item)
             order by case when i <= 27 and a.no <= 9 then (a.no + i) % 9 else 9 end, md5(v_division.code || i || a.no) limit 1;
            insert into demo_case values (v_case.*);
            v_span := least(v_case.age, greatest(v_case.promise * 3 / 4, 0));
            insert into demo_event
            select v_division.code, i, e.seq, e.action,
                   (case when v_case.class = 'spot' or e.seq = 0 or e.seq * v_span / greatest(v_keep, 1) = 0
                         then v_case.day + time '08:45' + make_interval(mins => pg_temp.pick(v_division.code || 'at' || i, 290) + e.seq * 14)
                         else (select c.day from data.calendar_day c where c.is_work
                                  and c.ordinal = v_last - v_case.age + e.seq * v_span / v_keep)
                              + time '09:00' + make_interval(mins => e.seq * 27 + pg_temp.pick(v_division.code || i || 'at' || e.seq, 25)) end)
                   at time zone 'Asia/Shanghai'
              from (select 0 as seq, 'accept' as action
                    union all select u.no::integer, u.action from unnest(v_case.actions) with ordinality u(action, no)) e;
            if v_item.rule = 'terminate' and v_item.ended_on is not null and (i / 24) % 3 = 1 then
                insert into demo_event values (v_division.code, i, v_keep + 1, 'terminate',
                    (v_item.ended_on + time '10:20') at time zone 'Asia/Shanghai');
            end if;
        end loop;
        drop table demo_item;
    end loop;
end
$plan$;

create or replace function pg_temp.opinion(p_action text, p_no integer) returns text language sql immutable as $$
    select case p_action
        when 'review_agree' then (array['申请材料齐全、符合法定形式, 经审查符合法定条件, 同意。',
            '经现场核查, 场所和设施符合要求, 同意。', '经审查, 申请人具备规定的条件, 建议准予。'])[p_no % 3 + 1]
        when 'review_refuse' then (array['经现场核查, 场所不符合规定的条件, 建议不予。', '申请人不具备法定条件, 建议不予。'])[p_no % 2 + 1]
        when 'grant' then (array['符合法定条件, 准予。', '同意审查意见, 准予办理。'])[p_no % 2 + 1]
        when 'refuse' then '申请人未达到规定的条件, 同意审查意见, 不予许可。'
        when 'return' then '审查意见依据不充分, 请补充核查情况后重报。'
        when 'verify_pass' then '审查意见属实, 报请分管领导签批。'
        when 'sign_grant' then '同意核准意见, 准予许可。'
        when 'sign_refuse' then '同意不予的意见, 依法告知救济权利。'
        when 'sign_return' then '请进一步核实现场情况后重报。'
        when 'terminate' then '事项已经取消, 依照取消决定终止办理。' end
$$;

-- The play: everything that happened, in the order in which it happened.
do $play$
declare
    v_clock    text := pg_get_functiondef('data.clock()'::regprocedure);
    v_event    record;
    v_person   record;
    v_answer   jsonb;
    v_others   integer[];
    v_extra    jsonb;
    v_material jsonb;
    v_request  uuid;
    v_print    uuid;
    v_duty     text;
    v_number   text;
    v_opinion  text;
begin
    create or replace function data.clock() returns timestamptz language sql volatile parallel safe as $clock$
        select current_setting('guitai.demo_clock')::timestamptz
    $clock$;
    for v_event in
        select e.seq, e.action, e.at, data.hall_day(e.at) as today, c.division, c.no, c.department, c.item, c.version, c.fields, c.day,
               c.age, a.kind, a.id_kind, a.id_number, a.name, a.phone, a.address
          from demo_event e
          join demo_case c using (division, no)
          join demo_applicant a on a.division = c.division and a.no = c.applicant
         order by e.at, e.division, e.no, e.seq
    loop
        select t.duty into v_duty from data.step t where t.action = v_event.action limit 1;
        select c.number, coalesce(array_remove(array[f.reviewed_by, f.verified_by], null), '{}') into v_number, v_others
          from demo_case c left join data.case_file f on f.number = c.number
         where c.division = v_event.division and c.no = v_event.no;
        continue when v_event.seq > 0 and v_number is null; -- nobody could do an earlier step that day: the case waits there
        select * into v_person from pg_temp.person(v_event.department, v_duty, v_event.item, v_event.today,
            case when v_duty in ('verify', 'sign') then v_others else '{}' end, v_event.division || v_event.no || v_duty);
        if not found then
            update demo_case c set number = null where c.division = v_event.division and c.no = v_event.no;
            continue;
        end if;
        v_request := pg_temp.request(format('%s %s %s', v_event.division, v_event.no, v_event.seq));
        v_print := pg_temp.request(format('%s %s %s paper', v_event.division, v_event.no, v_event.seq));
        perform set_config('guitai.demo_clock', v_event.at::text, true);
        if v_event.action = 'accept' then
            select coalesce(jsonb_object_agg(f ->> 'id',
                       pg_temp.value_of(f, v_event.division || v_event.no || (f ->> 'id'), v_event.day)), '{}')
              into v_extra from jsonb_array_elements(v_event.fields) f
             where (f ->> 'mandatory')::boolean or (f ->> 'kind' <> 'citizen' and not f ? 'show_when' and v_event.no % 2 = 0);
            select coalesce(jsonb_agg(jsonb_build_object('no', m.no, 'copies', m.copies, 'state', case
                       when not m.mandatory and (m.no + v_event.no) % 2 = 0 then 'missing'
                       when m.form = 'check' then 'checked' else m.form end)), '[]')
              into v_material from data.item_material m
             where m.division = v_event.division and m.item = v_event.item and m.version = v_event.version;
            execute format('set session authorization %I', v_person.login);
            v_answer := api.case__accept(v_request, v_person.window_code, v_event.item, v_event.version, v_event.kind, v_event.id_kind,
                v_event.id_number, v_event.name, v_event.phone, v_event.address, null, null, v_material, v_extra,
                case when v_event.no % 11 = 0 then '申请人要求邮寄送达' end);
        else
            v_opinion := pg_temp.opinion(v_event.action, v_event.no);
            execute format('set session authorization %I', v_person.login);
            v_answer := api.case__act(v_request, v_number, v_event.action, v_opinion, v_person.window_code);
        end if;
        -- the paper came out of the printer, save for the last receipts of a few desks
        if v_answer -> 'paper' ->> 'id' is not null and not (v_event.age <= 1 and v_event.no % 4 = 1) then
            perform api.paper__mark(v_print, (v_answer -> 'paper' ->> 'id')::bigint, 'sent', 'text', null);
        end if;
        reset session authorization;
        if (v_answer ->> 'ok')::boolean is not true then
            raise exception 'demonstration case % % step % by %: %', v_event.division, v_event.no, v_event.action, v_person.login, v_answer;
        end if;
        update demo_case c set number = v_answer ->> 'number' where c.division = v_event.division and c.no = v_event.no;
    end loop;
    execute v_clock;
end
$play$;

-- A few tries that the rules refuse, for the supervisor's list: the refusals are recorded, nothing else happens.
do $tries$
declare
    v_division text;
    v_person   record;
    v_number   text;
begin
    for v_division in select distinct c.division from demo_case c order by 1 loop
        select s.login, h.window_code into v_person
          from data.department d
          join data.post p on p.department = d.id and p.duty = 'accept'
          join data.staff s on s.id = p.staff
          join data.shift h on h.staff = s.id
         where d.division = v_division and d.code = 'SCJG' order by s.login limit 1;
        select f.number into v_number from data.case_file f join data.department d on d.id = f.department
         where f.division = v_division and d.code = 'SCJG' and f.state = 'accepted' order by f.id limit 1;
        execute format('set session authorization %I', v_person.login);
        perform api.case__accept(pg_temp.request(v_division || ' try 1'), v_person.window_code, '0213', 1, 'person', 'citizen',
                '320311199003079925', '王小明', '13800000037', null, null, null, '[]', '{}', null),
            api.case__accept(pg_temp.request(v_division || ' try 2'), v_person.window_code, '0213', 1, 'person', 'citizen',
                '320311199003079924', '王小明', '13800000037', null, null, null, '[{"no":1,"state":"original","copies":1}]', '{"form":"P"}', null),
            api.case__accept(pg_temp.request(v_division || ' try 3'), v_person.window_code, '0919', 1, 'person', 'citizen',
                '320311199003079924', '王小明', '13800000037', null, null, null, '[]', '{}', null),
            api.case__act(pg_temp.request(v_division || ' try 4'), v_number, 'grant', '同意', v_person.window_code),
            api.case__act(pg_temp.request(v_division || ' try 5'), v_number, 'review_agree', ' ', v_person.window_code);
        reset session authorization;
    end loop;
end
$tries$;
