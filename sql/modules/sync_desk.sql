-- What people see of the hand-off: what waits, what went wrong, guidance, the cases of the counties, the package of a case.

grant create on schema sync, api to guitai_courier;
set role guitai_courier;

create or replace function sync.kind_zh(p_kind text) returns text language sql immutable as $$
    select case p_kind when 'up' then '上报' when 'transfer' then '转办' when 'result' then '结果回传' when 'return' then '退回'
                       when 'recall' then '撤回' when 'notice' then '指导' else '报送' end
$$;
comment on function sync.kind_zh is 'label of a kind of message; sync.kind_en: in English';

create or replace function sync.kind_en(p_kind text) returns text language sql immutable as $$
    select case p_kind when 'up' then 'send up' when 'return' then 'send back' else p_kind end
$$;
comment on function sync.kind_en is 'English label of a kind of message';

create or replace function sync.moment(p_key text, p_else timestamptz) returns timestamptz language plpgsql immutable as $$
begin
    return case when p_key ~ '^[0-9]{1,12}[.][0-9]{1,6}$' then to_timestamp(p_key::numeric) else p_else end;
end
$$;
comment on function sync.moment is 'the moment behind which a page begins; p_else for a strange key, or none';

create or replace function api.outbox__list(p_search text, p_after text, p_limit integer)
    returns table (key text, id uuid, number text, kind text, kind_zh text, kind_en text, peer_name text, at timestamp,
    attempts integer, last_answer text, next_try timestamp, colour text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_me    data.caller := data.whoami();
    v_all   boolean := sync.may_transmit(v_me.id) or exists (select 1 from data.caller_post p where p.duty = 'supervise');
    v_mine  integer[] := data.my_departments();
    v_after timestamptz := sync.moment(p_after, '-infinity');
begin
    return query
    select extract(epoch from o.created_at)::text, o.id, o.number, o.kind::text, sync.kind_zh(o.kind), sync.kind_en(o.kind),
           p.name, data.hall_time(o.created_at)::timestamp, o.attempts, o.last_answer,
           data.hall_time(o.next_try)::timestamp,
           case when o.created_at < data.clock() - interval '24 hours' then 'red' when o.attempts > 2 then 'yellow'
               else 'green' end
      from sync.outbox o join sync.peer p on p.own = o.own and p.division = o.peer
     where o.own = v_me.division and o.state = 'waiting' and (v_all or o.department = any (v_mine))
       and o.created_at > v_after
       and (coalesce(p_search, '') = '' or position(p_search in o.number) > 0 or position(p_search in p.name) > 0)
     order by o.created_at
     limit data.page(p_limit);
end
$$;
comment on function api.outbox__list
    is 'messages that wait, the oldest first; red: over 24 hours (reporting upward takes at most that long)';
grant execute on function api.outbox__list to guitai_staff;

create or replace function api.outbox__now(p_request uuid, p_id uuid) returns jsonb language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest bytea := sha256(convert_to(row(p_id)::text, 'UTF8'));
    v_answer jsonb;
    v_me     data.caller;
    v_all    boolean;
    v_mine   integer[];
    v_en     text;
    v_field  text;
begin
    v_answer := data.request_seen(p_request, 'outbox__now', v_digest);
    if v_answer is null then
        v_me := data.whoami();
        v_all := sync.may_transmit(v_me.id);
        v_mine := data.my_departments();
        update sync.outbox o set next_try = data.clock(), leased_until = null
         where o.own = v_me.division and o.state = 'waiting' and (p_id is null or o.id = p_id)
           and (v_all or o.department = any (v_mine));
        if not found and p_id is not null then
            perform data.refuse('GT088', null);
        end if;
        v_answer := jsonb_build_object('ok', true);
        insert into data.request (id, function, digest, answer) values (p_request, 'outbox__now', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name;
    return data.refused('outbox__now', sqlstate, sqlerrm, v_en, v_field, null, '{}');
end
$$;
comment on function api.outbox__now is 'send a message now (null: all that wait), not when its time comes';
grant execute on function api.outbox__now to guitai_staff;

create or replace function api.alarm__list(p_search text, p_after text, p_limit integer)
    returns table (key text, id bigint, at timestamp, peer_name text, number text, text_zh text, text_en text, colour text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_me data.caller := data.whoami();
begin
    return query
    select a.id::text, a.id, data.hall_time(a.at)::timestamp, coalesce(p.name, a.peer), a.number, a.zh, a.en, 'red'::text
      from sync.alarm a left join sync.peer p on p.own = a.own and p.division = a.peer
     where a.own = v_me.division and a.seen_at is null
       and exists (select 1 from data.caller_post c where c.duty in ('supervise', 'transmit', 'admin'))
       and (p_after is null or a.id < case when p_after ~ '^[0-9]{1,18}$' then p_after::bigint end)
       and (coalesce(p_search, '') = '' or position(p_search in a.zh) > 0
            or position(p_search in coalesce(a.number, '')) > 0)
     order by a.id desc
     limit data.page(p_limit);
end
$$;
comment on function api.alarm__list is 'alarms of the hand-off that nobody has looked at';
grant execute on function api.alarm__list to guitai_staff;

create or replace function api.alarm__seen(p_request uuid, p_id bigint) returns jsonb language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest bytea := sha256(convert_to(row(p_id)::text, 'UTF8'));
    v_answer jsonb;
    v_me     data.caller;
    v_en     text;
    v_field  text;
begin
    v_answer := data.request_seen(p_request, 'alarm__seen', v_digest);
    if v_answer is null then
        v_me := data.whoami();
        update sync.alarm a set seen_by = v_me.id, seen_at = data.clock()
         where a.id = p_id and a.own = v_me.division and a.seen_at is null
           and exists (select 1 from data.caller_post c where c.duty in ('supervise', 'transmit', 'admin'));
        if not found then
            perform data.refuse('GT088', null);
        end if;
        v_answer := jsonb_build_object('ok', true);
        insert into data.request (id, function, digest, answer) values (p_request, 'alarm__seen', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name;
    return data.refused('alarm__seen', sqlstate, sqlerrm, v_en, v_field, null, '{}');
end
$$;
comment on function api.alarm__seen is 'an alarm has been looked at, by whom and when';
grant execute on function api.alarm__seen to guitai_staff;

create or replace function api.peer__list(p_search text, p_after text, p_limit integer)
    returns table (key text, division text, name text, relation text, waiting integer, oldest timestamp, there integer,
    there_oldest timestamp, last_heard timestamp, last_sent timestamp, problem text, compared timestamp, equal text,
    differences integer, colour text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_me  data.caller := data.whoami();
    v_day timestamptz := data.clock() - interval '24 hours';
begin
    return query
    select p.division, p.division, p.name, p.relation, w.n::integer, data.hall_time(w.oldest)::timestamp, p.waiting,
           data.hall_time(p.oldest)::timestamp, data.hall_time(p.last_heard_at)::timestamp,
           data.hall_time(p.last_sent_at)::timestamp, p.problem, data.hall_time(c.at)::timestamp,
           case c.equal when true then 'yes' when false then 'no' else '' end,
           (select count(*)::integer from sync.difference d where d.own = p.own and d.peer = p.division),
           case when w.oldest < v_day or p.oldest < v_day or p.last_heard_at < v_day or c.equal is false then 'red'
                when p.problem is not null then 'yellow' else 'green' end
      from sync.peer p
     cross join lateral (select count(*) as n, min(o.created_at) as oldest from sync.outbox o
                          where o.own = p.own and o.peer = p.division and o.state = 'waiting') w
      left join sync.comparison c on c.own = p.own and c.peer = p.division
     where p.own = v_me.division and p.active and (p_after is null or p.division > p_after)
       and (coalesce(p_search, '') = '' or position(p_search in p.name) > 0 or p.division = p_search)
     order by p.division
     limit data.page(p_limit);
end
$$;
comment on function api.peer__list
    is 'halls that cases are exchanged with: what waits on either side, when heard of last, last comparison; red: '
        'over 24 hours';
grant execute on function api.peer__list to guitai_staff;

create or replace function api.peer__choices() returns table (code text, name text, initials text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select p.division, p.name, ''
      from sync.peer p join data.caller c on c.division = p.own
     where p.active
     order by p.division;
end
$$;
comment on function api.peer__choices is 'halls that a case can be transferred to';
grant execute on function api.peer__choices to guitai_staff;

create or replace function api.difference__list(p_search text, p_after text, p_limit integer)
    returns table (key text, day date, peer_name text, number text, side_zh text, side_en text, text_zh text, text_en text,
    message text, colour text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_me data.caller := data.whoami();
begin
    return query
    select d.id::text, d.day, p.name, d.number, case d.side when 'sent' then '发出' else '收到' end, d.side, d.zh, d.en,
           d.message::text, 'red'::text
      from sync.difference d join sync.peer p on p.own = d.own and p.division = d.peer
     where d.own = v_me.division
       and exists (select 1 from data.caller_post c where c.duty in ('supervise', 'transmit', 'admin'))
       and (p_after is null or d.id > case when p_after ~ '^[0-9]{1,18}$' then p_after::bigint end)
       and (coalesce(p_search, '') = '' or position(p_search in coalesce(d.number, '')) > 0
            or position(p_search in p.name) > 0)
     order by d.id
     limit data.page(p_limit);
end
$$;
comment on function api.difference__list is 'what the last comparison of ledgers found';
grant execute on function api.difference__list to guitai_staff;

create or replace function api.registry__list(p_search text, p_after text, p_limit integer)
    returns table (key text, number text, division_name text, item_name text, name text, state_zh text, state_en text,
    accepted_at timestamp, promise_due date, result text, department_name text, reported_at timestamp, colour text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_me    data.caller := data.whoami();
    v_text  text := nullif(btrim(left(p_search, 60)), '');
    v_after text[] := case when p_after ~ '^[0-9]{1,12}[.][0-9]{1,6}/[0-9]{1,30}$' then string_to_array(p_after, '/') end;
begin
    if not exists (select 1 from data.caller_post c where c.duty = 'supervise') then
        return;
    end if;
    return query
    select extract(epoch from r.accepted_at)::text || '/' || r.number, r.number, r.division_name, r.item_name, r.name,
           r.state_zh, coalesce((select s.en from data.state s where s.code = r.state), r.state),
           data.hall_time(r.accepted_at)::timestamp, r.promise_due, r.result, r.department_name,
           data.hall_time(r.reported_at)::timestamp,
           case when r.closed_at is null and r.decided_at is null and r.promise_due < data.today() then 'red' else '' end
      from sync.registry r
     where r.own = v_me.division and r.division <> v_me.division
       and (v_text is null or r.number = v_text or r.division_name = v_text or r.division = v_text
            or position(v_text in r.item_name) > 0)
       and (v_after is null or (r.accepted_at, r.number) < (to_timestamp(v_after[1]::numeric), v_after[2]))
     order by r.accepted_at desc, r.number desc
     limit data.page(p_limit);
end
$$;
comment on function api.registry__list
    is 'cases of the halls below, read only and masked, as last reported; for the duty to supervise';
grant execute on function api.registry__list to guitai_staff;

create or replace function api.note__list(p_search text, p_after text, p_limit integer)
    returns table (key text, id uuid, at timestamp, peer_name text, way_zh text, way_en text, subject text, number text,
    by_name text, read_at timestamp, colour text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_me    data.caller := data.whoami();
    v_after timestamptz := sync.moment(p_after, 'infinity');
begin
    return query
    select extract(epoch from n.at)::text, n.id, data.hall_time(n.at)::timestamp, p.name,
           case when n.outgoing then '发出' else '收到' end, case when n.outgoing then 'sent' else 'received' end, n.subject,
           n.number, n.by_name, data.hall_time(n.read_at)::timestamp,
           case when not n.outgoing and n.read_at is null then 'yellow' else '' end
      from sync.note n join sync.peer p on p.own = n.own and p.division = n.peer
     where n.own = v_me.division and n.at < v_after
       and (coalesce(p_search, '') = '' or position(p_search in n.subject) > 0
            or position(p_search in coalesce(n.number, '')) > 0)
     order by n.at desc
     limit data.page(p_limit);
end
$$;
comment on function api.note__list is 'guidance from the hall above and to the halls below, the newest first';
grant execute on function api.note__list to guitai_staff;

create or replace function api.note__show(p_id uuid) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_me   data.caller := data.whoami();
    v_note sync.note;
begin
    select * into v_note from sync.note n where n.id = p_id and n.own = v_me.division;
    if not found then
        perform data.refuse('GT088', null);
    end if;
    if not v_note.outgoing and v_note.read_at is null then
        update sync.note n set read_by = v_me.id, read_at = data.clock() where n.id = p_id and n.read_at is null;
    end if;
    return jsonb_build_object('subject', v_note.subject, 'text', v_note.text, 'by', v_note.by_name, 'number', v_note.number,
        'at', data.hall_text(v_note.at), 'outgoing', v_note.outgoing,
        'peer', (select p.name from sync.peer p where p.own = v_note.own and p.division = v_note.peer));
end
$$;
comment on function api.note__show is 'a note in full; the first who opens it is noted as its reader';
grant execute on function api.note__show to guitai_staff;

create or replace function api.note__send(p_request uuid, p_to text, p_number text, p_subject text, p_text text) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest bytea := sha256(convert_to(row(p_to, p_number, p_subject, p_text)::text, 'UTF8'));
    v_number text := nullif(btrim(p_number), '');
    v_answer jsonb;
    v_me     data.caller;
    v_peer   sync.peer;
    v_id     uuid;
    v_en     text;
    v_field  text;
begin
    v_answer := data.request_seen(p_request, 'note__send', v_digest);
    if v_answer is null then
        v_me := data.whoami();
        select * into v_peer from sync.peer p
         where p.own = v_me.division and p.division = p_to and p.active and p.relation = 'lower';
        if not found then
            perform data.refuse('GT085', 'to', coalesce(left(p_to, 20), ''));
        elsif not exists (select 1 from data.caller_post c where c.duty in ('supervise', 'verify', 'sign')) then
            perform data.refuse('GT010', null, '督查|supervision', '业务指导|guidance');
        elsif coalesce(length(data.bare_text(p_subject)), 0) < 2 then
            perform data.refuse('GT005', 'subject', '标题|The subject');
        elsif length(p_subject) > 100 then
            perform data.refuse('GT006', 'subject', '标题|The subject', '100');
        elsif coalesce(length(data.bare_text(p_text)), 0) < 2 then
            perform data.refuse('GT005', 'text', '内容|The text');
        elsif length(p_text) > 4000 then
            perform data.refuse('GT006', 'text', '内容|The text', '4000');
        elsif v_number !~ '^[0-9A-Za-z]{1,30}$' then -- as the protocol has it
            perform data.refuse('GT007', 'number', '件号|The case number', left(v_number, 30));
        end if;
        perform data.refuse_garbled('subject', '标题|The subject', p_subject);
        perform data.refuse_garbled('text', '内容|The text', p_text, true);
        v_id := sync.message_add(v_peer, null, coalesce(v_number, ''), 0, 'notice', null, jsonb_build_object(
            'subject', btrim(p_subject), 'text', p_text, 'case', v_number, 'by', v_me.name));
        insert into sync.note (id, own, peer, outgoing, number, subject, text, by_name, at)
        values (v_id, v_peer.own, v_peer.division, true, v_number, btrim(p_subject), p_text, v_me.name, data.clock());
        v_answer := jsonb_build_object('ok', true, 'to', v_peer.name);
        insert into data.request (id, function, digest, answer) values (p_request, 'note__send', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name;
    return data.refused('note__send', sqlstate, sqlerrm, v_en, v_field, null, jsonb_build_object('to', p_to));
end
$$;
comment on function api.note__send is 'guidance to a hall below, on a case or in general';
grant execute on function api.note__send to guitai_staff;

-- The legs of a case's journey, for its page; the caller of api.case__show has been found to see the case.
create or replace function sync.legs(p_case data.case_file) returns jsonb language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
begin
    return (
    select coalesce(jsonb_agg(x.leg order by x.at), '[]')
      from (select o.created_at as at, jsonb_build_object('way', 'sent', 'kind', o.kind, 'kind_zh', sync.kind_zh(o.kind),
                       'kind_en', sync.kind_en(o.kind), 'peer', p.name, 'at', data.hall_text(o.created_at),
                       'state', o.state, 'attempts', o.attempts, 'last_answer', o.last_answer,
                       'next_try', case when o.state = 'waiting' then data.hall_text(o.next_try) end,
                       'problem', case when o.state = 'waiting' then p.problem end,
                       'answered_at', data.hall_text(o.answered_at), 'more', o.answer -> 'more', 'digest', o.digest,
                       'id', o.id) as leg
              from sync.outbox o join sync.peer p on p.own = o.own and p.division = o.peer
             where o.case_id = p_case.id
            union all
            select i.received_at, jsonb_build_object('way', 'received', 'kind', i.kind, 'kind_zh', sync.kind_zh(i.kind),
                       'kind_en', sync.kind_en(i.kind), 'peer', p.name, 'at', data.hall_text(i.received_at),
                       'state', i.answer, 'digest', i.digest, 'id', i.id, 'more', i.more,
                       'asked', case when i.kind = 'return' and i.body <> '' then i.body::jsonb -> 'asked' end,
                       'reason', case when i.kind in ('return', 'transfer') and i.body <> ''
                           then i.body::jsonb ->> 'reason' end)
              from sync.inbox i join sync.peer p on p.own = i.own and p.division = i.origin
             where i.own = p_case.division and i.number = p_case.number and i.ord > 0) x); -- as the index has it
end
$$;
comment on function sync.legs is 'every message that moved a case, sent and received, with where it stands';
grant execute on function sync.legs to guitai_api;

create or replace function sync.package(p_case data.case_file) returns jsonb language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_body jsonb;
begin
    select i.body::jsonb into v_body
      from sync.inbox i
     where i.own = p_case.division and i.origin = p_case.origin and i.number = p_case.number and i.ord > 0
       and i.kind in ('up', 'transfer') and i.answer = 'taken'
     order by i.ord desc limit 1;
    return v_body - 'case' || jsonb_build_object(
        'origin', (select p.name from sync.peer p where p.own = p_case.division and p.division = p_case.origin),
        'window', v_body #> '{case,window}', 'accepted_at', v_body #> '{case,accepted_at}',
        'promise_due', v_body #> '{case,promise_due}', 'statute_due', v_body #> '{case,statute_due}');
end
$$;
comment on function sync.package
    is 'what came with a case from another hall: opinion, materials as they were named there, steps, papers, its clock';
grant execute on function sync.package to guitai_api;

create or replace function sync.counts(p_division text, p_departments integer[], p_all boolean, p_transmit boolean)
    returns jsonb language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_waiting bigint;
    v_mine    bigint;
    v_old     boolean;
begin
    select count(*), count(*) filter (where p_transmit or o.department = any (p_departments)),
           coalesce(min(o.created_at) < data.clock() - interval '24 hours', false)
      into v_waiting, v_mine, v_old
      from (select w.created_at, w.department from sync.outbox w
             where w.own = p_division and w.state = 'waiting' and (p_all or w.department = any (p_departments))
             order by w.created_at limit 100) o;
    return jsonb_build_object('waiting', v_waiting, 'mine', v_mine, 'waiting_old', v_old,
        'alarms', case when p_all then (
            select count(*) from (select 1 from sync.alarm a
                                   where a.own = p_division and a.seen_at is null limit 100) a) else 0 end);
end
$$;
comment on function sync.counts
    is 'figures of the hand-off for the status line, each stops at 100; mine: what the caller''s station can send';
grant execute on function sync.counts to guitai_api;

reset role;
revoke create on schema sync, api from guitai_courier;
