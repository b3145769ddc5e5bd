-- What a message does here. The cases of a request come in as one statement; everything else is rare and goes one by one.

grant create on schema sync to guitai_courier;
set role guitai_courier;

create or replace function sync.refusal(p_id uuid, p_code text, variadic p_words text[]) returns sync.outcome
    language plpgsql stable as $$
begin
    return (
    select row(p_id, 'refused', jsonb_build_object('code', r.code, 'zh', format(r.zh, variadic data.words(p_words, 1)),
               'en', format(r.en, variadic data.words(p_words, 2))))::sync.outcome
      from data.rule r where r.code = p_code);
end
$$;
comment on function sync.refusal is 'a message refused by rule p_code';

create or replace function sync.taken(p_id uuid, p_more jsonb) returns sync.outcome language sql immutable as $$
    select p_id, 'taken', p_more
$$;
comment on function sync.taken is 'a message taken; p_more: what its sender is told';

-- Our own message about the case has no answer here yet, though the other side may have taken it: what it sends now is early.
create or replace function sync.early(p_id uuid, p_state text) returns sync.outcome language plpgsql stable as $$
begin
    return (
    select row(p_id, 'later', jsonb_build_object('retry_after', 2))::sync.outcome
      from data.state s where s.code = p_state and s.place = 'leaving');
end
$$;
comment on function sync.early
    is 'the answer to a message about a case that is under way from here; null when it is not';

create or replace function sync.new_owner(p_arrival sync.arrival) returns jsonb language sql stable as $$
    select jsonb_build_object('department_name', p_arrival.department_name,
        'promise_due', to_char(p_arrival.promise_due, 'YYYY-MM-DD'),
        'statute_due', to_char(p_arrival.statute_due, 'YYYY-MM-DD'))
$$;
comment on function sync.new_owner is 'who has a case now, and until when';

create or replace function sync.package_set(p_own text, p_item text, p_version integer, p_department integer,
    p_materials jsonb) returns void language plpgsql volatile as $$
declare
    v_lines text;
    v_id    bigint;
begin
    -- a line of the package is one of ours when it has the same name; one that we do not know stays there, to be read
    select coalesce(string_agg(m.no || ':' || coalesce(g.state, 'missing') || ':' || coalesce(g.copies, 0), ','
               order by m.no), '')
      into v_lines
      from data.item_material m
      left join lateral (
            select e ->> 'state' as state, (e ->> 'copies')::smallint as copies
              from jsonb_array_elements(p_materials) e
             where e ->> 'name' = m.name and e ->> 'state' in ('original', 'copy', 'checked', 'electronic')
               and e ->> 'copies' ~ '^[0-9]{1,2}$'
             limit 1) g on true
     where m.division = p_own and m.item = p_item and m.version = p_version;
    insert into data.material_set as s (division, item, item_version, department, given, lines)
    values (p_own, p_item, p_version, p_department, md5('package ' || p_materials::text)::uuid, v_lines)
    on conflict on constraint material_set_given do nothing returning s.id into v_id;
    insert into data.material_line (material_set, division, item, item_version, no, state, copies)
    select v_id, p_own, p_item, p_version, split_part(l, ':', 1)::smallint, split_part(l, ':', 2),
           split_part(l, ':', 3)::smallint
      from unnest(string_to_array(v_lines, ',')) l where v_id is not null and l <> '';
end
$$;
comment on function sync.package_set is 'keep the materials of a package as lines of our own catalogue version';

create or replace function sync.arrivals(p_own text, p_messages sync.message[], p_today date) returns sync.arrival[]
    language plpgsql volatile as $$
begin
    return array(
        select row(m.id, m.kind, m.digest, m.number, c.query_code, c.applicant_kind, c.id_kind, upper(c.id_number),
                   data.fold_name(c.name), c.phone, c.address, c.agent_name, c.agent_id_number, coalesce(c.extra, '{}'), c.note,
                   case when b.rule is null then (c.accepted_at || '+08')::timestamptz end, m.body -> 'materials',
                   m.body ->> 'opinion', v.item, v.version, v.department, v.department_name,
                   case m.kind when 'up' then 'upward' else v.class end,
                   case when m.kind <> 'up' then v.process when v.process = 'leader' then 'upper_leader' else 'upper' end,
                   not v.repeatable, v.promise_days, v.statute_days, p.day, s.day,
                   greatest(p.unknown, s.unknown) > f.unknown or f.edition is null, t.id, t.lines,
                   case when b.rule is not null then b.rule when v.version is null then 'GT020'
                        when e.item is not null then 'GT021' when p.day is null then 'GT050' end,
                   case when e.item is not null then array[c.item, to_char(e.ended_on, 'YYYY-MM-DD'), e.document_no]
                        when v.version is null then array[left(coalesce(c.item, ''), 40)]
                        else array['case', m.kind] end)::sync.arrival
          -- offset 0: a body is parsed once, and judged once, not at each mention
          from (select u.n, u.id, u.kind, u.digest, u.number, u.body::jsonb as body from unnest(p_messages) u
                 where u.problem is null and u.kind in ('up', 'transfer') offset 0) m
         cross join lateral jsonb_to_record(
                case when jsonb_typeof(m.body -> 'case') = 'object' then m.body -> 'case' else '{}' end)
               as c(number text, query_code text, item text, name text, id_kind text, id_number text, phone text, address text,
                    note text, agent_name text, agent_id_number text, extra jsonb, applicant_kind text, accepted_at text)
         cross join lateral (
                select case when c.number is distinct from m.number or coalesce(c.query_code, '') !~ '^[0-9]{6}$'
                              or coalesce(c.applicant_kind, '') not in ('person', 'org')
                              or coalesce(c.id_kind, '') not in ('citizen', 'credit', 'passport', 'other')
                              -- a number that our windows give: it would stand in the way of theirs
                              or left(m.number, 6) = p_own
                                 and not exists (select 1 from data.case_file f where f.number = m.number)
                              or coalesce(c.id_number, '') !~ '^[0-9A-Za-z()-]{3,30}$'
                              or coalesce(length(c.name), 0) not between 1 and 120
                              or coalesce(c.phone, '') !~ '^[+]?[0-9][0-9 -]{5,18}[0-9]$' or length(c.address) > 200
                              or length(c.note) > 1000 or length(c.agent_name) > 120 or length(c.agent_id_number) > 30
                              -- by these people are told apart, and two texts that look alike must be alike
                              or data.garbled(concat(c.name, c.address, c.agent_name, c.agent_id_number))
                              or coalesce(jsonb_typeof(c.extra), 'object') <> 'object'
                              or coalesce(c.accepted_at, '')
                                 !~ '^20[0-9]{2}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9]$'
                              or jsonb_typeof(m.body -> 'materials') is distinct from 'array' then 'GT081' end as rule,
                       md5('package ' || (m.body ->> 'materials'))::uuid as given offset 0) b
          left join lateral (select o.* from data.item_version o
                              where o.division = p_own and o.item = c.item and o.effective_from <= p_today
                              order by o.version desc limit 1) v on true
          left join data.item_end e on e.division = p_own and e.item = c.item and e.ended_on <= p_today
          left join data.calendar_day f on f.day = p_today
          left join data.calendar_day p on p.is_work and p.ordinal = f.ordinal + greatest(v.promise_days, 1)
          left join data.calendar_day s on s.is_work and s.ordinal = f.ordinal + greatest(v.statute_days, 1)
          left join lateral (select k.id, k.lines from data.material_set k
                              where k.division = p_own and k.item = c.item and k.item_version = v.version
                                and k.given = b.given limit 1) t on true
         order by m.n);
end
$$;
comment on function sync.arrivals
    is 'packages among new messages as they will stand here, each with the rule that refuses it, or null';

create or replace function sync.cases_add(p_peer sync.peer, p_arrivals sync.arrival[], p_now timestamptz) returns uuid[]
    language plpgsql volatile as $$
declare
    v_done uuid[];
begin
    -- in the order of their keys, here and below: two requests that bring the same ones wait for each other and no more
    insert into data.applicant (division, kind, id_kind, id_number, name, phone, address, id_tail, grams)
    select p_peer.own, a.applicant_kind, a.id_kind, a.id_number, a.name, a.phone, a.address, right(a.id_number, 6),
           data.grams(a.name)
      from unnest(p_arrivals) a
     where a.code is null
     order by a.id_number, a.id_kind
    on conflict do nothing;
    with coming as materialized (
        select a.*, nextval('data.case_file_id_seq') as id, sha256(convert_to(a.number, 'UTF8')) as start,
               case a.kind when 'up' then 'received' else 'accepted' end as state, n.id as applicant,
               data.content_digest(a.number, a.query_code, p_peer.own, null, a.department, a.item, a.version, a.class,
                   a.process, a.applicant_kind, a.name, a.id_kind, a.id_number, a.phone, a.address, a.agent_name,
                   a.agent_id_number, a.extra, a.note, a.accepted_at, null, a.promise_days, a.statute_days, a.lines) as content
          from unnest(p_arrivals) a
         -- lateral with a limit: a plan from a day when the table was small would read all of it
         cross join lateral (select p.id from data.applicant p
                              where p.id_number = a.id_number and p.id_kind = a.id_kind and p.division = p_peer.own
                              limit 1) n
         where a.code is null
    ), detailed as materialized (
        select c.*, jsonb_build_object('digest', encode(c.content, 'hex'), 'promise_due', to_char(c.promise_due, 'YYYY-MM-DD'),
                   'statute_due', to_char(c.statute_due, 'YYYY-MM-DD'), 'provisional', c.unsure::text, 'message', c.message,
                   'package', c.digest, 'origin', p_peer.division) as detail
          from coming c
    ), hashed as materialized (
        select d.*, data.event_hash(d.start, d.id, 1, 'receive', 'new', d.state, 'receive', null, p_peer.name, 'transmit', null,
                   p_peer.name, p_now, d.opinion, d.detail) as head
          from detailed d
    ), kept as (
        insert into data.case_file (id, number, query_code, division, department, item, item_version, class, process, state,
            applicant, applicant_kind, name, id_kind, id_number, phone, address, agent_name, agent_id_number, extra, note,
            single, received_at, accepted_at, origin, promise_days, statute_days, promise_due, statute_due, due_provisional,
            event_count, head_hash, content_digest, material_set)
        select h.id, h.number, h.query_code, p_peer.own, h.department, h.item, h.version, h.class, h.process, h.state,
               h.applicant, h.applicant_kind, h.name, h.id_kind, h.id_number, h.phone, h.address, h.agent_name,
               h.agent_id_number, h.extra, h.note, h.single, p_now, h.accepted_at, p_peer.division, h.promise_days,
               h.statute_days, h.promise_due, h.statute_due, h.unsure, 1, h.head, h.content, h.material_set
          from hashed h
         order by h.number
        on conflict do nothing
        returning id
    ), told as (
        insert into audit.case_event (case_id, seq, action, from_state, to_state, stage, staff_name, duty, place, at, opinion,
            detail, prev_hash, hash)
        select h.id, 1, 'receive', 'new', h.state, 'receive', p_peer.name, 'transmit', p_peer.name, p_now, h.opinion, h.detail,
               h.start, h.head
          from hashed h where h.id = any (array(select k.id from kept k))
    )
    select array_agg(h.message) into v_done from hashed h where h.id = any (array(select k.id from kept k));
    return coalesce(v_done, '{}');
end
$$;
comment on function sync.cases_add
    is 'applicants, cases and first events of packages that no rule refuses; the messages whose case is new here';

create or replace function sync.as_it_began(p_case data.case_file, p_arrival sync.arrival, p_today date) returns sync.arrival
    language plpgsql volatile as $$
begin
    perform sync.package_set(p_case.division, p_case.item, p_case.item_version, p_case.department, p_arrival.materials);
    select s.id, s.lines into p_arrival.material_set, p_arrival.lines from data.material_set s
     where s.division = p_case.division and s.item = p_case.item and s.item_version = p_case.item_version
       and s.given = md5('package ' || p_arrival.materials::text)::uuid;
    select v.department_name into p_arrival.department_name from data.item_version v
     where v.division = p_case.division and v.item = p_case.item and v.version = p_case.item_version;
    select p.day, s.day, greatest(p.unknown, s.unknown) > f.unknown or f.edition is null
      into p_arrival.promise_due, p_arrival.statute_due, p_arrival.unsure
      from data.calendar_day f
      join data.calendar_day p on p.is_work and p.ordinal = f.ordinal + greatest(p_case.promise_days, 1)
      join data.calendar_day s on s.is_work and s.ordinal = f.ordinal + greatest(p_case.statute_days, 1)
     where f.day = p_today;
    return p_arrival;
end
$$;
comment on function sync.as_it_began
    is 'an arrival told in the version that its case began with: the catalogue has another one since';

-- A case that was here before, went back, and comes again: the same row, a new round, limits from today.
create or replace function sync.case_again(p_peer sync.peer, p_arrival sync.arrival, p_now timestamptz)
    returns sync.outcome language plpgsql volatile as $$
declare
    v_case data.case_file;
    v_me   data.caller;
begin
    select * into v_case from data.case_file f where f.number = p_arrival.number for no key update;
    if not found then -- not the number stood in the way, but an open case of the same applicant and item (两头受理)
        select f.number into v_case.number
          from data.applicant a join data.case_file f on f.applicant = a.id
         where a.division = p_peer.own and a.id_kind = p_arrival.id_kind
           and a.id_number = p_arrival.id_number and f.item = p_arrival.item and f.closed_at is null limit 1;
        return sync.refusal(p_arrival.message, 'GT036', coalesce(v_case.number, ''));
    elsif v_case.origin = p_peer.division and (sync.early(p_arrival.message, v_case.state)).message is not null then
        return sync.early(p_arrival.message, v_case.state);
    elsif v_case.division <> p_peer.own or v_case.origin is distinct from p_peer.division or v_case.state <> 'handed_back' then
        return sync.refusal(p_arrival.message, 'GT089',
            (select s.zh || '|' || s.en from data.state s where s.code = v_case.state));
    elsif p_arrival.version <> v_case.item_version then
        p_arrival := sync.as_it_began(v_case, p_arrival, data.hall_day(p_now));
    end if;
    v_me.name := p_peer.name;
    v_case.head_hash := data.event_add(v_case, 'receive', v_case.state, 'received', 'receive', v_me, 'transmit', null,
        p_peer.name, p_now, p_arrival.opinion, jsonb_build_object('message', p_arrival.message, 'package', p_arrival.digest,
        'origin', p_peer.division, 'next_round', v_case.round + 1,
        'before', (select s.lines from data.material_set s where s.id = v_case.material_set), 'lines', p_arrival.lines,
        'promise_due', to_char(p_arrival.promise_due, 'YYYY-MM-DD'),
        'statute_due', to_char(p_arrival.statute_due, 'YYYY-MM-DD'), 'provisional', p_arrival.unsure::text));
    update data.case_file f
       set state = 'received', round = v_case.round + 1, reviewed_by = null, verified_by = null, verified_for = null,
           signed_by = null, decided_at = null, settled = false, result = null, closed_at = null,
           event_count = v_case.event_count + 1, head_hash = v_case.head_hash, material_set = p_arrival.material_set,
           promise_due = p_arrival.promise_due, statute_due = p_arrival.statute_due, due_provisional = p_arrival.unsure
     where f.id = v_case.id;
    return sync.taken(p_arrival.message, sync.new_owner(p_arrival));
end
$$;
comment on function sync.case_again is 'a package whose case could not be new: the case comes again, or is refused';

create or replace function sync.import_cases(p_peer sync.peer, p_messages sync.message[], p_now timestamptz)
    returns setof sync.outcome language plpgsql volatile as $$
declare
    v_today date := data.hall_day(p_now);
    v_all   sync.arrival[];
    v_one   sync.arrival;
    v_done  uuid[];
    v_new   record;
begin
    -- against the loading of a notice, as at a desk: that must see these cases, or these that calendar
    perform pg_advisory_xact_lock_shared(7318, 2);
    v_all := sync.arrivals(p_peer.own, p_messages, v_today);
    for v_new in select distinct a.item, a.version, a.department, a.materials from unnest(v_all) a
                  where a.code is null and a.material_set is null loop
        perform sync.package_set(p_peer.own, v_new.item, v_new.version, v_new.department, v_new.materials);
    end loop;
    if found then
        v_all := sync.arrivals(p_peer.own, p_messages, v_today);
    end if;
    v_done := sync.cases_add(p_peer, v_all, p_now);
    return query
    select a.message, 'taken', sync.new_owner(a) from unnest(v_all) a where a.message = any (v_done);
    if cardinality(v_done) = cardinality(v_all) then
        return;
    end if;
    for v_one in select (a).* from unnest(v_all) a where a.message <> all (v_done) loop
        if v_one.code is not null then
            return next sync.refusal(v_one.message, v_one.code, variadic v_one.words);
        else
            return next sync.case_again(p_peer, v_one, p_now);
        end if;
    end loop;
end
$$;
comment on function sync.import_cases is 'packages among new messages';

create or replace function sync.import_result(p_peer sync.peer, p_message sync.message, p_now timestamptz)
    returns sync.outcome language plpgsql volatile as $$
declare
    v_body jsonb := p_message.body::jsonb;
    v_d    jsonb := v_body -> 'decision';
    v_case data.case_file;
    v_upper data.upper_decision;
begin
    select * into v_case from data.case_file f
     where f.number = p_message.number and f.division = p_peer.own for no key update;
    if not found then
        return sync.refusal(p_message.id, 'GT040', p_message.number);
    elsif coalesce(v_body ->> 'result', '') not in ('grant', 'refuse') or v_d ->> 'result' is distinct from v_body ->> 'result'
        or v_d ->> 'decider' is null or v_d ->> 'reviewer' is null
        or coalesce(length(data.bare_text(v_d ->> 'opinion')), 0) < 2
        or v_d ->> 'review_opinion' is null or v_d ->> 'decided_at' is null or v_d ->> 'reconsider_body' is null
        or jsonb_typeof(v_d -> 'bases') is distinct from 'array' then
        return sync.refusal(p_message.id, 'GT081', 'decision', 'result');
    elsif p_peer.relation = 'upper' and (sync.early(p_message.id, v_case.state)).message is not null then
        return sync.early(p_message.id, v_case.state);
    elsif v_case.state <> 'above' or p_peer.relation <> 'upper' then
        return sync.refusal(p_message.id, 'GT089',
            (select s.zh || '|' || s.en from data.state s where s.code = v_case.state));
    end if;
    insert into data.upper_decision (case_id, round, result, decided_at, division_name, department_name, reviewer,
        review_opinion, decider, on_behalf_of, authorisation, credential, opinion, bases, reconsider_body)
    values (v_case.id, v_case.round, v_body ->> 'result', ((v_d ->> 'decided_at') || '+08')::timestamptz,
        coalesce(v_d ->> 'division_name', p_peer.name), coalesce(v_d ->> 'department_name', p_peer.name), v_d ->> 'reviewer',
        v_d ->> 'review_opinion', v_d ->> 'decider', v_d ->> 'on_behalf_of', v_d ->> 'authorisation', v_d ->> 'credential',
        v_d ->> 'opinion', v_d -> 'bases', v_d ->> 'reconsider_body') returning * into v_upper;
    perform sync.case_move(v_case.id, 'result_' || (v_body ->> 'result'), p_peer.name || ' ' || (v_d ->> 'decider'),
        v_d ->> 'opinion', jsonb_build_object('message', p_message.id, 'digest', p_message.digest, 'upper',
        data.upper_digest(v_upper)));
    return sync.taken(p_message.id, '{}');
end
$$;
comment on function sync.import_result is 'the decision of the hall above';

create or replace function sync.import_return(p_peer sync.peer, p_message sync.message, p_now timestamptz)
    returns sync.outcome language plpgsql volatile as $$
declare
    v_body jsonb := p_message.body::jsonb;
    v_case data.case_file;
begin
    select * into v_case from data.case_file f
     where f.number = p_message.number and f.division = p_peer.own for no key update;
    if not found then
        return sync.refusal(p_message.id, 'GT040', p_message.number);
    elsif coalesce(length(data.bare_text(v_body ->> 'reason')), 0) < 2
        or coalesce(jsonb_typeof(v_body -> 'asked'), 'array') <> 'array' then
        return sync.refusal(p_message.id, 'GT081', 'reason', 'return');
    elsif p_peer.relation = 'upper' and (sync.early(p_message.id, v_case.state)).message is not null then
        return sync.early(p_message.id, v_case.state);
    elsif p_peer.relation <> 'upper' or not sync.case_move(v_case.id, 'sent_back', p_peer.name, v_body ->> 'reason',
        jsonb_build_object('message', p_message.id, 'digest', p_message.digest, 'asked', v_body -> 'asked')) then
        return sync.refusal(p_message.id, 'GT089',
            (select s.zh || '|' || s.en from data.state s where s.code = v_case.state));
    end if;
    return sync.taken(p_message.id, '{}');
end
$$;
comment on function sync.import_return is 'a case sent back with the reason, and what is asked for';

create or replace function sync.import_recall(p_peer sync.peer, p_message sync.message, p_now timestamptz)
    returns sync.outcome language plpgsql volatile as $$
declare
    v_body  jsonb := p_message.body::jsonb;
    v_known sync.inbox;
begin
    if coalesce(v_body ->> 'id', '') !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        or coalesce(v_body ->> 'order', '') !~ '^[0-9]{1,9}$'
        or coalesce(v_body ->> 'digest', '') !~ '^[0-9a-f]{64}$' then
        return sync.refusal(p_message.id, 'GT081', 'id', 'recall');
    end if;
    select * into v_known from sync.inbox i where i.origin = p_peer.division and i.id = (v_body ->> 'id')::uuid;
    if found then
        return row(p_message.id, case v_known.answer when 'recalled' then 'recalled' else 'too_late' end,
            '{}'::jsonb)::sync.outcome;
    end if;
    -- remembered as answered: if it still comes, it will not be taken
    insert into sync.inbox (own, origin, id, number, ord, kind, body, digest, received_at, answer, answered_at, mac)
    values (p_peer.own, p_peer.division, (v_body ->> 'id')::uuid, p_message.number, (v_body ->> 'order')::integer, 'up', '',
        v_body ->> 'digest', p_now, 'recalled', p_now, sync.answer_mac(p_peer, (v_body ->> 'id')::uuid, 'recalled',
        v_body ->> 'digest', data.hall_text(p_now)));
    return row(p_message.id, 'recalled', '{}'::jsonb)::sync.outcome;
end
$$;
comment on function sync.import_recall
    is 'a message is to be taken back: yes when it has not come, and then it never will';

create or replace function sync.import_notice(p_peer sync.peer, p_message sync.message, p_now timestamptz)
    returns sync.outcome language plpgsql volatile as $$
declare
    v_body jsonb := p_message.body::jsonb;
begin
    if coalesce(length(v_body ->> 'subject'), 0) not between 1 and 100
        or coalesce(length(v_body ->> 'text'), 0) not between 1 and 4000
        or coalesce(length(v_body ->> 'by'), 0) not between 1 and 100 then
        return sync.refusal(p_message.id, 'GT081', 'text', 'notice');
    elsif p_peer.relation <> 'upper' then
        return sync.refusal(p_message.id, 'GT091', p_peer.name);
    end if;
    insert into sync.note (id, own, peer, outgoing, number, subject, text, by_name, at)
    values (p_message.id, p_peer.own, p_peer.division, false, left(v_body ->> 'case', 30), v_body ->> 'subject',
        v_body ->> 'text', v_body ->> 'by', p_now);
    return sync.taken(p_message.id, '{}');
end
$$;
comment on function sync.import_notice is 'guidance from the hall above';

create or replace function sync.registry_keep(p_own text, p_division text, p_name text, p_cases jsonb, p_now timestamptz)
    returns void language plpgsql volatile as $$
begin
    insert into sync.registry as r (number, own, division, division_name, item, item_name, class, department_name, name,
        accepted_at, promise_due, state, state_zh, decided_at, result, closed_at, count, applicant, reported_at)
    select distinct on (c.number) c.number, p_own, p_division, p_name, c.item, left(c.item_name, 100), left(c.class, 20),
           left(c.department_name, 60), left(c.name, 120), (c.accepted_at || '+08')::timestamptz, c.promise_due::date,
           left(c.state, 40), left(c.state_zh, 40), (c.decided_at || '+08')::timestamptz, left(c.result, 20),
           (c.closed_at || '+08')::timestamptz, c.count, left(c.applicant, 64), p_now
      from jsonb_to_recordset(p_cases) as c(number text, item text, item_name text, class text, department_name text,
           name text, accepted_at text, promise_due text, state text, state_zh text, decided_at text, result text,
           closed_at text, count integer, applicant text)
     where c.number is not null and length(c.number) <= 40
     order by c.number, c.count desc
    on conflict (number) do update set item = excluded.item, item_name = excluded.item_name, class = excluded.class,
        department_name = excluded.department_name, name = excluded.name, promise_due = excluded.promise_due,
        state = excluded.state, state_zh = excluded.state_zh, decided_at = excluded.decided_at, result = excluded.result,
        closed_at = excluded.closed_at, count = excluded.count, applicant = excluded.applicant,
        reported_at = excluded.reported_at
     where r.division = excluded.division and r.count <= excluded.count; -- a report may be overtaken by a newer one
end
$$;
comment on function sync.registry_keep is 'headers of cases into the register, the newest wins';

create or replace function sync.import_report(p_peer sync.peer, p_message sync.message, p_now timestamptz)
    returns sync.outcome language plpgsql volatile as $$
declare
    v_cases jsonb := p_message.body::jsonb -> 'cases';
begin
    if p_peer.relation <> 'lower' or jsonb_typeof(v_cases) is distinct from 'array' or jsonb_array_length(v_cases) > 100 then
        return sync.refusal(p_message.id, 'GT081', 'cases', 'report');
    end if;
    perform sync.registry_keep(p_peer.own, p_peer.division, p_peer.name, v_cases, p_now);
    return sync.taken(p_message.id, '{}');
end
$$;
comment on function sync.import_report is 'headers of the cases of a hall below';

create or replace function sync.import_one(p_peer sync.peer, p_message sync.message, p_now timestamptz)
    returns sync.outcome language plpgsql volatile as $$
begin
    case p_message.kind
        when 'result' then return sync.import_result(p_peer, p_message, p_now);
        when 'return' then return sync.import_return(p_peer, p_message, p_now);
        when 'recall' then return sync.import_recall(p_peer, p_message, p_now);
        when 'notice' then return sync.import_notice(p_peer, p_message, p_now);
        when 'report' then return sync.import_report(p_peer, p_message, p_now);
        else return (select (o.message, o.answer, o.more)::sync.outcome
                       from sync.import_cases(p_peer, array[p_message], p_now) o);
    end case;
exception
    when data_exception or syntax_error_or_access_rule_violation then -- a body that is not what its kind says
        return row(p_message.id, 'invalid', jsonb_build_object('zh', '报文内容不符合协议: ' || sqlerrm, 'en',
            'body: ' || sqlerrm))::sync.outcome;
    when foreign_key_violation or check_violation or not_null_violation then -- ours, not the sender's: nothing is lost
        perform sync.alarm_raise(p_peer.own, p_peer.division, p_message.id, p_message.number, '收件入库失败: ' || sqlerrm,
            'import failed: ' || sqlerrm);
        return row(p_message.id, 'later', jsonb_build_object('retry_after', 3600))::sync.outcome;
end
$$;
comment on function sync.import_one
    is 'one message in a transaction of its own: what is wrong with it cannot harm the others';

reset role;
revoke create on schema sync from guitai_courier;
