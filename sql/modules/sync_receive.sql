-- Receiving: what the endpoint calls. p_origin is the division of the client's certificate.

grant create on schema sync, api_sync to guitai_courier;
set role guitai_courier;

create or replace function sync.peer_of(p_origin text, p_envelope jsonb) returns sync.peer
    language plpgsql volatile as $$
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
comment on function sync.peer_of
    is 'the peer that a request comes from; GT081 for another protocol, GT082 for a stranger';

create or replace function sync.shaped(p_messages jsonb)
    returns table (n integer, id text, number text, ord text, kind text, digest text, mac text, body text, shaped boolean)
    language sql stable rows 100 as $$
    -- offset 0: a message is taken apart once, and judged once, not at each mention
    select s.n, s.id, s.number, s.ord, s.kind, s.digest, s.mac, s.body,
           coalesce(s.typed and s.id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' and s.number ~ '^[0-9A-Za-z]{0,40}$'
               and s.ord ~ '^[0-9]{1,9}$' and s.kind in ('up', 'transfer', 'result', 'return', 'recall', 'notice', 'report')
               and length(s.digest) = 64 and length(s.mac) = 64 and octet_length(s.body) <= 262144, false)
      from (select e.n::integer, e.v ->> 'id' as id, e.v ->> 'case' as number, e.v ->> 'order' as ord, e.v ->> 'kind' as kind,
                   e.v ->> 'digest' as digest, e.v ->> 'mac' as mac, e.v ->> 'body' as body,
                   jsonb_typeof(e.v) = 'object' and jsonb_typeof(e.v -> 'order') = 'number'
                       and jsonb_typeof(e.v -> 'body') = 'string' as typed
              from jsonb_array_elements(p_messages) with ordinality as e(v, n) offset 0) s offset 0
$$;
comment on function sync.shaped is 'messages of a request as they came, and whether each has the shape of one';

-- Sorts messages: ones without the shape, bad ones, ones that were answered before, ones whose turn has not come; null: new.
-- What is looked up goes by a lateral query with a limit: joined, a plan from a day when the table was small would read it all.
create or replace function sync.sorted(p_peer sync.peer, p_messages jsonb) returns sync.message[]
    language plpgsql volatile as $$
declare
    v_all sync.message[];
    v_bad text;
begin
    if jsonb_typeof(p_messages) is distinct from 'array' then
        perform data.refuse('GT081', null, 'messages', coalesce(jsonb_typeof(p_messages), '-'));
    elsif jsonb_array_length(p_messages) > 100 then
        perform data.refuse('GT081', null, 'messages', jsonb_array_length(p_messages)::text);
    end if;
    v_all := array(
        select row(m.n, m.id, m.number, m.ord, m.kind, m.digest, m.body,
                   case when not m.shaped then 'shape'
                        when m.digest <> sync.digest(m.body) then 'invalid digest'
                        when m.mac <> sync.message_mac(p_peer, m.id, m.number, m.ord, m.kind, m.digest) then 'invalid mac'
                        when (m.ord = 0) <> (m.kind in ('recall', 'notice', 'report')) then 'invalid order'
                        when k.digest <> m.digest or m.twin > 1 and m.ord > 0 and k.digest is null or m.same > 1 then 'conflict'
                        when k.digest is not null then 'known'
                        when m.ord > 0 and o.id is not null then 'conflict'
                        when m.ord > 0 and m.ord > 1 + coalesce(o.last, 0) then 'later' end)::sync.message
          from (select s.n, (case when s.shaped then s.id end)::uuid as id, s.number, (case when s.shaped then s.ord end)::integer
                       as ord, s.kind, s.digest, s.mac, s.body, s.shaped,
                       row_number() over (partition by s.id order by s.n) as same,
                       row_number() over (partition by s.number, s.ord order by s.n) as twin
                  from sync.shaped(p_messages) s) m
          left join lateral (select i.digest from sync.inbox i where i.origin = p_peer.division and i.id = m.id limit 1) k on true
          left join lateral (select max(i.ord) as last, (array_agg(i.id) filter (where i.ord = m.ord))[1] as id
                               from sync.inbox i where i.own = p_peer.own and i.origin = p_peer.division
                                and i.number = m.number and i.ord > 0) o on m.ord > 0
         order by m.n);
    select 'messages[' || (m.n - 1) || ']' into v_bad from unnest(v_all) m where m.problem = 'shape' order by m.n limit 1;
    if found then
        perform data.refuse('GT081', null, v_bad, 'id, case, order, kind, digest, mac, body');
    end if;
    return v_all;
end
$$;
comment on function sync.sorted
    is 'messages of a request, each with what stands against importing it; GT081 with the place of the first '
        'without the shape';

create or replace function sync.import(p_peer sync.peer, p_messages sync.message[], p_now timestamptz)
    returns setof sync.outcome language plpgsql volatile as $$
declare
    v_one   sync.message;
    v_cases sync.message[] := p_messages;
begin
    -- what is taken back in the request that brings it is not taken
    for v_one in select (m).* from unnest(p_messages) m where m.problem is null and m.kind = 'recall' order by m.n loop
        return next sync.import_one(p_peer, v_one, p_now);
        v_cases := array(select c from unnest(v_cases) c
                          where not exists (select 1 from sync.inbox i where i.origin = p_peer.division and i.id = c.id));
    end loop;
    begin
        return query select * from sync.import_cases(p_peer, v_cases, p_now);
    exception when data_exception or foreign_key_violation or check_violation or not_null_violation then
        -- one of them is bad: each by itself
        for v_one in select (m).* from unnest(v_cases) m
                      where m.problem is null and m.kind in ('up', 'transfer') order by m.n loop
            return next sync.import_one(p_peer, v_one, p_now);
        end loop;
    end;
    for v_one in select (m).* from unnest(p_messages) m
                  where m.problem is null and m.kind not in ('up', 'transfer', 'recall') order by m.n loop
        return next sync.import_one(p_peer, v_one, p_now);
    end loop;
end
$$;
comment on function sync.import
    is 'import the messages that nothing stands against: what is taken back, all cases at once, then the others';

create or replace function sync.take(p_peer sync.peer, p_messages sync.message[], p_now timestamptz) returns sync.outcome[]
    language plpgsql volatile as $$
declare
    v_out sync.outcome[];
begin
    v_out := array(select o from sync.import(p_peer, p_messages, p_now) o);
    insert into sync.inbox (own, origin, id, number, ord, kind, body, digest, received_at, answer, answered_at, more, mac)
    select p_peer.own, p_peer.division, m.id, m.number, m.ord, m.kind, m.body, m.digest, p_now, o.answer, p_now, o.more,
           sync.answer_mac(p_peer, m.id, o.answer, m.digest, data.hall_text(p_now))
      from unnest(v_out) o join unnest(p_messages) m on m.id = o.message and m.problem is null
     where o.answer in ('taken', 'refused', 'recalled', 'too_late');
    return v_out;
end
$$;
comment on function sync.take is 'import and remember, in one transaction';

create or replace function sync.answers(p_peer sync.peer, p_messages sync.message[], p_out sync.outcome[]) returns jsonb
    language plpgsql volatile as $$
begin
    return (
    select coalesce(jsonb_agg(
           case when k.id is not null and coalesce(m.problem, 'known') = 'known'
                then jsonb_build_object('id', m.id, 'answer', k.answer, 'at', data.hall_text(k.answered_at), 'more', k.more,
                         'mac', k.mac)
                when o.message is not null then jsonb_build_object('id', m.id, 'answer', o.answer, 'more', o.more)
                when m.problem = 'later'
                then jsonb_build_object('id', m.id, 'answer', 'later', 'more', '{"retry_after": 1}'::jsonb)
                when m.problem = 'conflict'
                then jsonb_build_object('id', m.id, 'answer', 'conflict', 'more', jsonb_build_object(
                         'zh', '编号或次序已用于另一报文', 'en', 'the id or the order was used for another message'))
                else jsonb_build_object('id', m.id, 'answer', 'invalid', 'more', jsonb_build_object('en', m.problem,
                         'zh', case m.problem when 'invalid digest' then '摘要不符' when 'invalid mac' then '校验码不符'
                                   else '次序与类别不符' end)) end order by m.n), '[]')
      from unnest(p_messages) m
      left join unnest(p_out) o on o.message = m.id and m.problem is null
      left join lateral (select i.* from sync.inbox i where i.origin = p_peer.division and i.id = m.id limit 1) k on true);
end
$$;
comment on function sync.answers is 'an answer for each message, in their order';

create or replace function sync.heard(p_peer sync.peer, p_envelope jsonb, p_now timestamptz) returns void
    language plpgsql volatile as $$
declare
    v_waiting integer := case when p_envelope ->> 'waiting' ~ '^[0-9]{1,9}$' then (p_envelope ->> 'waiting')::integer
        else 0 end;
    v_oldest  timestamptz := case
        when p_envelope ->> 'oldest' ~ '^20[0-9]{2}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9]$'
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
comment on function sync.heard is 'note when a peer was heard of last, and what waits there';

-- Cases of one hall may come over several connections at once; the rest (results, recalls …) one request after the other.
create or replace function sync.queue_up(p_peer sync.peer, p_messages jsonb) returns void language plpgsql volatile as $$
begin
    if p_messages @? '$[*] ? (@.kind != "up" && @.kind != "transfer")' then
        perform pg_advisory_xact_lock(7319, hashtext(p_peer.own || p_peer.division));
    else
        perform pg_advisory_xact_lock_shared(7319, hashtext(p_peer.own || p_peer.division));
    end if;
end
$$;
comment on function sync.queue_up is 'wait until a request may be imported beside the others of its hall';

create or replace function sync.receive(p_peer sync.peer, p_messages jsonb, p_now timestamptz, out kept sync.message[],
    out outcomes sync.outcome[]) language plpgsql volatile as $$
begin
    for v_try in 1 .. 5 loop
        begin
            kept := sync.sorted(p_peer, p_messages);
            outcomes := sync.take(p_peer, kept, p_now);
            return;
        exception when unique_violation or deadlock_detected then
            -- the same message came over another connection, and is there now: sorted again, it is known
            if v_try = 5 then
                raise;
            end if;
        end;
    end loop;
end
$$;
comment on function sync.receive is 'sort and take the messages of a request';

create or replace function api_sync.handoff__receive(p_origin text, p_envelope jsonb) returns jsonb language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_now  timestamptz;
    v_peer sync.peer := sync.peer_of(p_origin, p_envelope);
    v_all  sync.message[];
    v_out  sync.outcome[];
    v_one  sync.message;
begin
    perform sync.queue_up(v_peer, p_envelope -> 'messages');
    v_now := data.clock();
    select r.kept, r.outcomes into v_all, v_out from sync.receive(v_peer, p_envelope -> 'messages', v_now) r;
    for v_one in select (m).* from unnest(v_all) m where m.problem = 'conflict' or m.problem like 'invalid%' loop
        perform sync.alarm_raise(v_peer.own, v_peer.division, v_one.id, v_one.number, v_peer.name || '来件有误: '
            || v_one.problem, 'message with ' || v_one.problem);
    end loop;
    perform sync.heard(v_peer, p_envelope, v_now);
    if exists (select 1 from unnest(v_out) o where o.answer = 'taken') then
        perform pg_notify('guitai', '{}'); -- live queues; once a request, because it holds a lock through the commit
    end if;
    return jsonb_build_object('protocol', 1, 'answers', sync.answers(v_peer, v_all, v_out));
end
$$;
comment on function api_sync.handoff__receive
    is 'messages of another hall: import what is new, answer all; a repetition gets its first answer '
        '(src/sync/README.md)';
grant execute on function api_sync.handoff__receive to guitai_endpoint;

create or replace function api_sync.hello() returns jsonb language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp as $$
begin
    return (
    select jsonb_build_object('schema_version', data.schema_version(), 'divisions',
        (select coalesce(jsonb_agg(distinct p.own), '[]') from sync.peer p where p.active)));
end
$$;
comment on function api_sync.hello is 'contract of the database, and the divisions that have peers';
grant execute on function api_sync.hello to guitai_endpoint;

reset role;
revoke create on schema sync, api_sync from guitai_courier;
