-- Sending: stations of a hall claim what waits, carry it to the peer, and bring the answers back. Whoever carries it
-- cannot change it: messages and final answers bear the mac of the two databases.

grant create on schema sync, api to guitai_courier;
set role guitai_courier;

create or replace function sync.may_transmit(p_staff integer) returns boolean language plpgsql volatile as $$
begin
    return (
    select exists (select 1 from data.caller_post p where p.staff = p_staff and p.duty = 'transmit'));
end
$$;
comment on function sync.may_transmit is 'whether a person (or service) transmits for the whole hall';

create or replace function sync.claim(p_peer sync.peer, p_departments integer[], p_limit integer, p_lease integer)
    returns table (ids uuid[], messages json) language plpgsql volatile as $$
declare
    v_now timestamptz := data.clock();
begin
    return query
    with pick as (
        select o.id, o.created_at, octet_length(o.body) as size from sync.outbox o
         where o.own = p_peer.own and o.peer = p_peer.division and o.state = 'waiting' and o.next_try <= v_now
           and (o.leased_until is null or o.leased_until < v_now)
           and (p_departments is null or o.department = any (p_departments))
           -- the order of a case is kept while other cases overtake
           and not exists (select 1 from sync.outbox b where b.own = o.own and b.peer = o.peer and b.number = o.number
                              and b.ord > 0 and b.ord < o.ord and b.state = 'waiting')
         order by o.created_at
         limit p_limit
           for update skip locked
    ), fit as ( -- a request has at most 2 MiB; as a JSON string a body, which is jsonb as text, at most doubles
        select s.id
          from (select p.id, sum(2 * p.size + 400) over (order by p.created_at, p.id) as size from pick p) s
         where s.size <= 2000000
    ), mine as (
        update sync.outbox o set attempts = o.attempts + 1, leased_until = v_now + make_interval(secs => p_lease),
               last_at = v_now
          from fit p where o.id = p.id
        returning o.*
    )
    select array_agg(m.id order by m.created_at),
           json_agg(json_build_object('id', m.id, 'case', m.number, 'order', m.ord, 'kind', m.kind,
               'at', data.hall_text(m.created_at), 'digest', m.digest, 'mac', m.mac, 'body', m.body) order by m.created_at)
      from mine m;
end
$$;
comment on function sync.claim
    is 'the next messages for a peer, leased to the caller; null departments: of the whole hall';

create or replace function api.outbox__claim(p_limit integer, p_lease integer, p_except text[] default null)
    returns table (peer text, url text, ids uuid[], envelope text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_me    data.caller := data.whoami();
    v_all   boolean := sync.may_transmit(v_me.id);
    v_limit integer := least(greatest(coalesce(p_limit, 100), 1), 100);
    v_lease integer := least(greatest(coalesce(p_lease, 60), 5), 600);
    v_peer  sync.peer;
    v_lot   record;
begin
    for v_peer in select * from sync.peer p where p.own = v_me.division and p.active
                   and (p_except is null or p.division <> all (p_except)) order by p.division loop
        select * into v_lot from sync.claim(v_peer, case when not v_all then data.my_departments() end, v_limit, v_lease);
        -- a sign of life when there is nothing to say, from whoever transmits for the whole hall
        if v_lot.ids is null
            and not (v_all and coalesce(v_peer.last_sent_at, '-infinity') < data.clock() - interval '10 minutes') then
            continue;
        end if;
        peer := v_peer.division;
        url := v_peer.url;
        ids := coalesce(v_lot.ids, '{}');
        select json_build_object('protocol', 1, 'from', v_peer.own, 'to', v_peer.division, 'waiting', count(*),
                   'oldest', data.hall_text(min(o.created_at)), 'messages', coalesce(v_lot.messages, '[]'))::text
          into envelope
          from (select o.created_at from sync.outbox o
                 where o.own = v_peer.own and o.peer = v_peer.division and o.state = 'waiting'
                 order by o.created_at limit 1000) o;
        return next;
    end loop;
end
$$;
comment on function api.outbox__claim
    is 'for each peer at most p_limit (100) messages of the caller''s departments that are due, leased for p_lease '
        'seconds, as the envelope that the peer gets; whoever transmits for the hall gets all; p_except: peers that '
        'the caller is busy with';
grant execute on function api.outbox__claim to guitai_staff;

-- 2 s, 4 s, 8 s … at most 5 minutes, each spread by half, so that stations do not knock together.
create or replace function sync.back_off(p_attempts integer) returns interval language sql volatile as $$
    select make_interval(secs => least(300, power(2, least(p_attempts, 9))) * (0.75 + random() / 2))
$$;
comment on function sync.back_off is 'how long to wait after the nth attempt that failed';

create or replace function api.outbox__failed(p_peer text, p_ids uuid[], p_problem text, p_retry_after integer,
    p_alarm boolean default false) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_me   data.caller := data.whoami();
    v_all  boolean := sync.may_transmit(v_me.id);
    v_mine integer[] := data.my_departments();
    v_now  timestamptz := data.clock();
    v_name text;
begin
    update sync.outbox o
       set leased_until = null, last_answer = left(p_problem, 200),
           next_try = v_now + greatest(sync.back_off(o.attempts),
                                       make_interval(secs => least(coalesce(p_retry_after, 0), 86400)))
     where o.own = v_me.division and o.peer = p_peer and o.id = any (p_ids) and o.state = 'waiting'
       and (v_all or o.department = any (v_mine));
    update sync.peer p set problem = left(p_problem, 200), problem_at = v_now
     where p.own = v_me.division and p.division = p_peer returning p.name into v_name;
    if p_alarm and found then
        perform sync.alarm_raise(v_me.division, p_peer, null, null, v_name || ': ' || p_problem,
            'nothing can be handed over to ' || p_peer || ' as the two halls are set up');
    end if;
    return jsonb_build_object('ok', true);
end
$$;
comment on function api.outbox__failed
    is 'the peer could not be reached, or told to come later: the messages wait, longer with each attempt; alarm: '
        'a person must look';
grant execute on function api.outbox__failed to guitai_staff;

create or replace function sync.settle(p_message sync.outbox, p_state text, p_answer jsonb, p_who text) returns void
    language plpgsql volatile as $$
declare
    v_words text := coalesce(p_answer #>> '{more,zh}', '');
begin
    update sync.outbox o
       set state = p_state, answered_at = data.clock(), answer = p_answer, leased_until = null, last_answer = p_state
     where o.id = p_message.id;
    if p_message.ord = 0 then
        return;
    elsif p_state = 'taken' then
        -- their words, apart from ours
        perform sync.case_move(p_message.case_id, 'taken', p_who, null, jsonb_build_object('message', p_message.id,
            'digest', p_message.digest, 'at', p_answer -> 'at', 'there', p_answer -> 'more'));
    elsif p_state = 'recalled' then
        perform sync.case_move(p_message.case_id, 'recalled', p_who, null, jsonb_build_object('message', p_message.id));
    else
        perform sync.case_move(p_message.case_id, 'declined', p_who, nullif(v_words, ''),
            jsonb_build_object('message', p_message.id, 'code', p_answer #> '{more,code}'));
        perform sync.alarm_raise(p_message.own, p_message.peer, p_message.id, p_message.number, p_who || '不收: ' || v_words,
            'declined: ' || coalesce(p_answer #>> '{more,en}', ''));
    end if;
end
$$;
comment on function sync.settle is 'a final answer: the message is done, its case moves';

create or replace function sync.recall_settle(p_recall sync.outbox, p_answer jsonb, p_who text) returns void
    language plpgsql volatile as $$
declare
    v_up sync.outbox;
begin
    update sync.outbox o
       set state = p_answer ->> 'answer', answered_at = data.clock(), answer = p_answer, leased_until = null,
           last_answer = p_answer ->> 'answer'
     where o.id = p_recall.id;
    if p_answer ->> 'answer' = 'recalled' then
        select * into v_up from sync.outbox o where o.id = (p_recall.body::jsonb ->> 'id')::uuid for update;
        if v_up.state = 'waiting' then
            perform sync.settle(v_up, 'recalled', p_answer, p_who);
        end if;
    end if;
end
$$;
comment on function sync.recall_settle
    is 'the answer to a recall; too late: the message''s own answer says what became of the case';

create or replace function sync.answered(p_peer sync.peer, p_message sync.outbox, p_answer jsonb) returns void
    language plpgsql volatile as $$
declare
    v_answer text := p_answer ->> 'answer';
    v_now    timestamptz := data.clock();
begin
    if v_answer in ('taken', 'refused', 'recalled', 'too_late') then
        if p_answer ->> 'mac'
            is distinct from sync.answer_mac(p_peer, p_message.id, v_answer, p_message.digest, p_answer ->> 'at') then
            perform sync.alarm_raise(p_peer.own, p_peer.division, p_message.id, p_message.number,
                '回执校验码不对, 未采信', 'an answer with a wrong mac was not believed');
        elsif p_message.kind = 'recall' and v_answer in ('recalled', 'too_late') then
            perform sync.recall_settle(p_message, p_answer, p_peer.name);
            return;
        elsif v_answer <> 'too_late' then
            perform sync.settle(p_message, v_answer, p_answer, p_peer.name);
            return;
        end if;
    elsif v_answer in ('conflict', 'invalid') then
        perform sync.alarm_raise(p_peer.own, p_peer.division, p_message.id, p_message.number,
            p_peer.name || case v_answer when 'conflict' then '报告编号或次序冲突' else '报告报文无效: ' end
            || coalesce(p_answer #>> '{more,zh}', ''), 'the peer answered ' || v_answer);
        update sync.outbox o set leased_until = null, last_answer = v_answer, next_try = v_now + interval '1 hour'
         where o.id = p_message.id;
        return;
    end if;
    update sync.outbox o
       set leased_until = null, last_answer = coalesce(v_answer, '?'),
           next_try = v_now + case when v_answer = 'later' and p_answer #>> '{more,retry_after}' ~ '^[0-9]{1,5}$'
               then make_interval(secs => (p_answer #>> '{more,retry_after}')::integer) else sync.back_off(o.attempts) end
     where o.id = p_message.id;
end
$$;
comment on function sync.answered is 'one answer to one message';

-- The common case of a whole request at once: what was taken, with the right mac, moves its case to where it is now.
-- The caller holds the locks. What is left over (another answer, a wrong mac, a case elsewhere) goes one by one.
create or replace function sync.taken_all(p_peer sync.peer, p_answers jsonb, p_ids uuid[]) returns uuid[]
    language plpgsql volatile as $$
declare
    v_now  timestamptz := data.clock();
    v_done uuid[];
begin
    with told as materialized (
        select i.id, a.value as said
          from unnest(p_ids) i(id)
          join jsonb_array_elements(p_answers) a on a.value ->> 'id' = i.id::text
         where a.value ->> 'answer' = 'taken'
    ), said as materialized (
        select o.*, t.said
          from told t
          join sync.outbox o on o.id = t.id
         where o.own = p_peer.own and o.peer = p_peer.division and o.state = 'waiting' and o.ord > 0
           and t.said ->> 'mac' = sync.answer_mac(p_peer, o.id, 'taken', o.digest, t.said ->> 'at')
    ), moved as materialized (
        select f.id, f.state, f.event_count + 1 as seq, f.head_hash, t.to_state, t.stage, t.duty, s.closed, m.id as message,
               m.said, d.detail, data.event_hash(f.head_hash, f.id, f.event_count + 1, 'taken', f.state, t.to_state, t.stage,
                   null, p_peer.name, t.duty, null, p_peer.name, v_now, null, d.detail) as hash
          from said m
          join data.case_file f on f.id = m.case_id
          join data.step t on t.process = f.process and t.from_state = f.state and t.action = 'taken' and t.by_system
          join data.state s on s.code = t.to_state
         cross join lateral (select jsonb_build_object('message', m.id, 'digest', m.digest, 'at', m.said -> 'at',
                                        'there', m.said -> 'more') as detail) d
    ), added as (
        insert into audit.case_event (case_id, seq, action, from_state, to_state, stage, staff_name, duty, place, at, detail,
            prev_hash, hash)
        select m.id, m.seq, 'taken', m.state, m.to_state, m.stage, p_peer.name, m.duty, p_peer.name, v_now, m.detail,
               m.head_hash, m.hash
          from moved m
    ), kept as (
        update data.case_file f
           set state = m.to_state, event_count = m.seq, head_hash = m.hash,
               settled = data.settled(f.decided_at, m.to_state), closed_at = case when m.closed then v_now end
          from moved m
         where f.id = m.id
    ), done as (
        update sync.outbox o
           set state = 'taken', answered_at = v_now, answer = m.said, leased_until = null, last_answer = 'taken'
          from moved m
         where o.id = m.message
        returning o.id
    )
    select array_agg(d.id) into v_done from done d;
    return coalesce(v_done, '{}');
end
$$;
comment on function sync.taken_all is 'settle all messages that were taken as one statement; which these were';

create or replace function api.outbox__answered(p_peer text, p_ids uuid[], p_answer jsonb) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_me      data.caller := data.whoami();
    v_peer    sync.peer;
    v_message sync.outbox;
    v_one     jsonb;
    v_taken   uuid[];
    v_done    integer;
begin
    select * into v_peer from sync.peer p where p.own = v_me.division and p.division = p_peer;
    if not found then
        perform data.refuse('GT085', 'to', coalesce(left(p_peer, 20), ''));
    elsif jsonb_typeof(p_answer -> 'answers') is distinct from 'array' then
        perform data.refuse('GT081', null, 'answers', coalesce(jsonb_typeof(p_answer -> 'answers'), '-'));
    end if;
    -- the cases first, then their messages: an act that recalls locks them in this order
    perform 1 from data.case_file f
      where f.id in (select o.case_id from sync.outbox o where o.id = any (p_ids)) order by f.id for no key update;
    perform 1 from sync.outbox o where o.id = any (p_ids) order by o.id for update;
    v_taken := sync.taken_all(v_peer, p_answer -> 'answers', p_ids);
    v_done := cardinality(v_taken);
    for v_one in select a from jsonb_array_elements(p_answer -> 'answers') a
                  where a ->> 'id' = any (p_ids::text[]) and a ->> 'id' <> all (v_taken::text[]) order by a ->> 'id' loop
        select * into v_message from sync.outbox o
         where o.id = (v_one ->> 'id')::uuid and o.own = v_peer.own and o.peer = v_peer.division and o.state = 'waiting'
           for update;
        if found then
            perform sync.answered(v_peer, v_message, v_one);
            v_done := v_done + 1;
        end if;
    end loop;
    if v_peer.problem is not null or coalesce(v_peer.last_sent_at, '-infinity') < data.clock() - interval '5 seconds' then
        update sync.peer p set last_sent_at = data.clock(), problem = null
         where p.own = v_peer.own and p.division = v_peer.division;
    end if;
    if v_done > 0 then
        perform pg_notify('guitai', '{}');
    end if;
    return jsonb_build_object('ok', true, 'answered', v_done);
end
$$;
comment on function api.outbox__answered
    is 'what a peer answered to messages; a final answer counts only with the right mac, whoever brings it';
grant execute on function api.outbox__answered to guitai_staff;

reset role;
revoke create on schema sync, api from guitai_courier;
