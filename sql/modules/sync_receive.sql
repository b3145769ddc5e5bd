-- Receiving: what the endpoint calls. p_origin is the division of the client's certificate.

grant create on schema sync, api_sync to guitai_courier;
set role guitai_courier;

create or replace function sync.peer_of(p_origin text, p_envelope jsonb) returns sync.peer language plpgsql volatile as $$
declare
    v_peer sync.peer;
begin
    if jsonb_typeof(p_envelope) is distinct from 'object' then
        perform data.refuse('GT081', null, '$', coalesce(jsonb_typeof(p_envelope), '-'));
    elsif p_envelope -> 'protocol' is distinct from '1' then
        perform data.refuse('GT081', null, 'protocol', left(coalesce(p_envelope ->> 'protocol', '-'), 20));
    elsif p_envelope ->> 'from' is distinct from p_origin then
        perform data.refuse('GT082', null, coalesce(p_origin, '-'), 'from ' || left(coalesce(p_envelope ->> 'from', '-'), 20));
    end if;
    select p.* into v_peer from sync.peer p
     where p.division = p_origin and p.active and (p_envelope ->> 'to' is null or p.own = p_envelope ->> 'to') limit 1;
    if not found then
        perform data.refuse('GT082', null, coalesce(p_origin, '-'), 'to ' || left(coalesce(p_envelope ->> 'to', '-'), 20));
    end if;
    return v_peer;
end
$$;
comment on function sync.peer_of(text, jsonb) is 'the peer that a request comes from; GT081 for another protocol, GT082 for a stranger';
revoke all on function sync.peer_of(text, jsonb) from public;

create or replace function sync.messages_check(p_messages jsonb) returns void language plpgsql stable as $$
declare
    v_at text;
begin
    if jsonb_typeof(p_messages) is distinct from 'array' then
        perform data.refuse('GT081', null, 'messages', coalesce(jsonb_typeof(p_messages), '-'));
    elsif jsonb_array_length(p_messages) > 100 then
        perform data.refuse('GT081', null, 'messages', jsonb_array_length(p_messages)::text);
    end if;
    select 'messages[' || (m.n - 1) || ']' into v_at
      from jsonb_array_elements(p_messages) with ordinality as m(v, n)
     where jsonb_typeof(m.v) <> 'object' or coalesce(m.v ->> 'id', '') !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        or coalesce(m.v ->> 'case', '-') !~ '^[0-9A-Za-z]{0,40}$' or jsonb_typeof(m.v -> 'order') is distinct from 'number'
        or m.v ->> 'order' !~ '^[0-9]{1,9}$'
        or coalesce(m.v ->> 'kind', '') not in ('up', 'transfer', 'result', 'return', 'recall', 'notice', 'report')
        or coalesce(m.v ->> 'digest', '') !~ '^[0-9a-f]{64}$' or coalesce(m.v ->> 'mac', '') !~ '^[0-9a-f]{64}$'
        or jsonb_typeof(m.v -> 'body') is distinct from 'string' or octet_length(m.v ->> 'body') > 262144
     order by m.n limit 1;
    if found then
        perform data.refuse('GT081', null, v_at, 'id, case, order, kind, digest, mac, body');
    end if;
end
$$;
comment on function sync.messages_check(jsonb) is 'GT081 with the place of the first message that has not the shape';
revoke all on function sync.messages_check(jsonb) from public;

-- Sorts messages: bad ones, ones that were answered before, ones whose turn has not come; answer null: new.
create or replace function sync.sorted(p_peer sync.peer, p_messages jsonb) returns sync.message[] language sql volatile as $$
    select array_agg(row(m.n, m.id, m.number, m.ord, m.kind, m.digest, m.body,
           case when m.digest <> sync.digest(m.body) then 'invalid digest'
                when m.mac <> sync.message_mac(p_peer, m.id, m.number, m.ord, m.kind, m.digest) then 'invalid mac'
                when (m.ord = 0) <> (m.kind in ('recall', 'notice', 'report')) then 'invalid order'
                when k.id is not null and k.digest <> m.digest or m.twin > 1 and m.ord > 0 and k.id is null
                     or m.same > 1 then 'conflict'
                when k.id is not null then 'known'
                when m.ord > 0 and o.id is not null then 'conflict'
                when m.ord > 0 and m.ord > 1 + coalesce(o.last, 0) then 'later' end)::sync.message order by m.n)
      from (select e.n::integer as n, (e.v ->> 'id')::uuid as id, e.v ->> 'case' as number, (e.v ->> 'order')::integer as ord,
                   e.v ->> 'kind' as kind, e.v ->> 'digest' as digest, e.v ->> 'mac' as mac, e.v ->> 'body' as body,
                   row_number() over (partition by e.v ->> 'id' order by e.n) as same,
                   row_number() over (partition by e.v ->> 'case', e.v ->> 'order' order by e.n) as twin
              from jsonb_array_elements(p_messages) with ordinality as e(v, n)) m
      left join sync.inbox k on k.origin = p_peer.division and k.id = m.id
      left join lateral (select max(i.ord) as last, (array_agg(i.id) filter (where i.ord = m.ord))[1] as id
                           from sync.inbox i where i.own = p_peer.own and i.origin = p_peer.division
                            and i.number = m.number and i.ord > 0) o on m.ord > 0
$$;
comment on function sync.sorted(sync.peer, jsonb) is 'messages of a request, each with what stands against importing it';
revoke all on function sync.sorted(sync.peer, jsonb) from public;

create or replace function sync.import(p_peer sync.peer, p_messages sync.message[], p_now timestamptz)
    returns setof sync.outcome language plpgsql volatile as $$
declare
    v_cases sync.message[] := array(select m from unnest(p_messages) m where m.kind in ('up', 'transfer') order by m.n);
    v_one   sync.message;
    v_out   sync.outcome[];
begin
    begin
        if cardinality(v_cases) > 0 then
            v_out := array(select o from sync.import_cases(p_peer, v_cases, p_now) o);
        end if;
    exception when data_exception or integrity_constraint_violation then
        v_out := null; -- one of them is bad: each by itself
        foreach v_one in array v_cases loop
            v_out := v_out || sync.import_one(p_peer, v_one, p_now);
        end loop;
    end;
    return query select * from unnest(v_out);
    for v_one in select (m).* from unnest(p_messages) m where m.kind not in ('up', 'transfer') order by m.n loop
        return next sync.import_one(p_peer, v_one, p_now);
    end loop;
end
$$;
comment on function sync.import(sync.peer, sync.message[], timestamptz) is 'import new messages: all cases at once, then the others';
revoke all on function sync.import(sync.peer, sync.message[], timestamptz) from public;

create or replace function sync.take(p_peer sync.peer, p_messages sync.message[], p_now timestamptz) returns sync.outcome[]
    language plpgsql volatile as $$
declare
    v_out sync.outcome[];
begin
    v_out := array(select o from sync.import(p_peer, p_messages, p_now) o);
    insert into sync.inbox (own, origin, id, number, ord, kind, body, digest, received_at, answer, answered_at, more, mac)
    select p_peer.own, p_peer.division, m.id, m.number, m.ord, m.kind, m.body, m.digest, p_now, o.answer, p_now, o.more,
           sync.answer_mac(p_peer, m.id, o.answer, m.digest, data.hall_text(p_now))
      from unnest(v_out) o join unnest(p_messages) m on m.id = o.message
     where o.answer in ('taken', 'refused', 'recalled', 'too_late');
    return v_out;
end
$$;
comment on function sync.take(sync.peer, sync.message[], timestamptz) is 'import and remember, in one transaction';
revoke all on function sync.take(sync.peer, sync.message[], timestamptz) from public;

create or replace function sync.answers(p_peer sync.peer, p_messages sync.message[], p_out sync.outcome[]) returns jsonb
    language sql volatile as $$
    select coalesce(jsonb_agg(
           case when k.id is not null and coalesce(m.problem, 'known') = 'known'
                then jsonb_build_object('id', m.id, 'answer', k.answer, 'at', data.hall_text(k.answered_at), 'more', k.more,
                         'mac', k.mac)
                when o.message is not null then jsonb_build_object('id', m.id, 'answer', o.answer, 'more', o.more)
                when m.problem = 'later' then jsonb_build_object('id', m.id, 'answer', 'later', 'more', '{"retry_after": 1}'::jsonb)
                when m.problem = 'conflict' then jsonb_build_object('id', m.id, 'answer', 'conflict', 'more', jsonb_build_object(
                         'zh', '编号或次序已用于另一报文', 'en', 'the id or the order was used for another message'))
                else jsonb_build_object('id', m.id, 'answer', 'invalid', 'more', jsonb_build_object('zh', case m.problem
                         when 'invalid digest' then '摘要不符' when 'invalid mac' then '校验码不符' else '次序与类别不符' end,
                         'en', m.problem)) end order by m.n), '[]')
      from unnest(p_messages) m
      left join unnest(p_out) o on o.message = m.id and m.problem is null
      left join sync.inbox k on k.origin = p_peer.division and k.id = m.id
$$;
comment on function sync.answers(sync.peer, sync.message[], sync.outcome[]) is 'an answer for each message, in their order';
revoke all on function sync.answers(sync.peer, sync.message[], sync.outcome[]) from public;

create or replace function sync.heard(p_peer sync.peer, p_envelope jsonb, p_now timestamptz) returns void
    language plpgsql volatile as $$
declare
    v_waiting integer := case when p_envelope ->> 'waiting' ~ '^[0-9]{1,9}$' then (p_envelope ->> 'waiting')::integer else 0 end;
    v_oldest  timestamptz := case when p_envelope ->> 'oldest' ~ '^20[0-9]{2}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9]$'
        then ((p_envelope ->> 'oldest') || '+08')::timestamptz end;
begin
    if coalesce(p_peer.last_heard_at, '-infinity') < p_now - interval '5 seconds'
       or (p_peer.waiting, p_peer.oldest) is distinct from (v_waiting, v_oldest) then
        update sync.peer p set last_heard_at = p_now, waiting = v_waiting, oldest = v_oldest
         where p.own = p_peer.own and p.division = p_peer.division;
    end if;
exception when datetime_field_overflow then
    null; -- a backlog that cannot be read is no reason to refuse its messages
end
$$;
comment on function sync.heard(sync.peer, jsonb, timestamptz) is 'note when a peer was heard of last, and what waits there';
revoke all on function sync.heard(sync.peer, jsonb, timestamptz) from public;

create or replace function api_sync.handoff__receive(p_origin text, p_envelope jsonb) returns jsonb language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_now  timestamptz;
    v_peer sync.peer := sync.peer_of(p_origin, p_envelope);
    v_all  sync.message[];
    v_out  sync.outcome[];
    v_one  sync.message;
begin
    perform sync.messages_check(p_envelope -> 'messages');
    -- requests of one hall go one after the other: order and repetition are decided without races
    perform pg_advisory_xact_lock(7319, hashtext(v_peer.own || v_peer.division));
    v_now := data.clock();
    v_all := sync.sorted(v_peer, p_envelope -> 'messages');
    if v_all is not null then
        v_out := sync.take(v_peer, array(select m from unnest(v_all) m where m.problem is null), v_now);
        for v_one in select (m).* from unnest(v_all) m where m.problem = 'conflict' or m.problem like 'invalid%' loop
            perform sync.alarm_raise(v_peer.own, v_peer.division, v_one.id, v_one.number, v_peer.name || '来件有误: '
                || v_one.problem, 'message with ' || v_one.problem);
        end loop;
    end if;
    perform sync.heard(v_peer, p_envelope, v_now);
    if exists (select 1 from unnest(v_out) o where o.answer = 'taken') then
        perform pg_notify('guitai', '{}'); -- live queues; once a request, because it holds a lock through the commit
    end if;
    return jsonb_build_object('protocol', 1, 'answers', sync.answers(v_peer, v_all, v_out));
end
$$;
comment on function api_sync.handoff__receive(text, jsonb)
    is 'messages of another hall: import what is new, answer all; a repetition gets its first answer (src/sync/README.md)';
revoke all on function api_sync.handoff__receive(text, jsonb) from public;
grant execute on function api_sync.handoff__receive(text, jsonb) to guitai_endpoint;

create or replace function api_sync.hello() returns jsonb language sql volatile security definer
    set search_path = pg_catalog, pg_temp as $$
    select jsonb_build_object('schema_version', data.schema_version(), 'divisions',
        (select coalesce(jsonb_agg(distinct p.own), '[]') from sync.peer p where p.active))
$$;
comment on function api_sync.hello() is 'contract of the database, and the divisions that have peers';
revoke all on function api_sync.hello() from public;
grant execute on function api_sync.hello() to guitai_endpoint;

reset role;
revoke create on schema sync, api_sync from guitai_courier;
