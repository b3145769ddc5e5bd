-- What sending and receiving share: the pair's secret, digests, and the moves that a message makes on a case.
-- guitai_courier owns all of it: it sees every case of the hall, and no staff login can become it.

grant create on schema sync to guitai_courier;
set role guitai_courier;

create or replace function sync.padded(p_key bytea, p_pad integer) returns bytea language plpgsql immutable strict as $$
declare
    v_key bytea := case when length(p_key) > 64 then sha256(p_key) else p_key end;
    v_out bytea := decode(repeat(lpad(to_hex(p_pad), 2, '0'), 64), 'hex');
begin
    for i in 0 .. length(v_key) - 1 loop
        v_out := set_byte(v_out, i, get_byte(v_key, i) # p_pad);
    end loop;
    return v_out;
end
$$;
comment on function sync.padded is 'a key with a pad of HMAC: 54 (0x36) inside, 92 (0x5c) outside (RFC 2104)';
grant execute on function sync.padded to guitai_keeper;

-- Stable, not immutable: what they call (convert_to) is no more than stable, and else they would not be inlined but planned
-- again for each message.
create or replace function sync.mac(p_inner bytea, p_outer bytea, p_text text) returns text
    language sql stable parallel safe as $$
    select encode(sha256(p_outer || sha256(p_inner || convert_to(p_text, 'UTF8'))), 'hex')
$$;
comment on function sync.mac is 'HMAC-SHA256 in hex, the key given as its two pads';

create or replace function sync.message_mac(p_peer sync.peer, p_id uuid, p_number text, p_ord integer, p_kind text,
    p_digest text) returns text language sql stable as $$
    select sync.mac(p_peer.inner_key, p_peer.outer_key, concat_ws('|', 'message', p_id, p_number, p_ord, p_kind, p_digest))
$$;
comment on function sync.message_mac is 'mac of a message, as the protocol says';

create or replace function sync.answer_mac(p_peer sync.peer, p_id uuid, p_answer text, p_digest text, p_at text)
    returns text language sql stable as $$
    select sync.mac(p_peer.inner_key, p_peer.outer_key, concat_ws('|', 'answer', p_id, p_answer, p_digest, p_at))
$$;
comment on function sync.answer_mac is 'mac of a final answer, as the protocol says';

create or replace function sync.digest(p_body text) returns text language sql stable parallel safe as $$
    select encode(sha256(convert_to(p_body, 'UTF8')), 'hex')
$$;
comment on function sync.digest is 'digest of a message body: SHA-256 over its bytes, in hex';

create or replace function sync.fingerprint(p_own text, p_id_kind text, p_id_number text, p_item text) returns text
    language plpgsql stable as $$
begin
    return (
    select sync.mac(s.inner_key, s.outer_key, concat_ws('|', p_id_kind, p_id_number, p_item))
      from sync.setting s where s.own = p_own and s.inner_key is not null);
end
$$;
comment on function sync.fingerprint
    is 'applicant and item as halls compare them, without the number; null in a hall without the duplicate key';

create or replace function sync.alarm_raise(p_own text, p_peer text, p_message uuid, p_number text, p_zh text, p_en text)
    returns void language plpgsql volatile as $$
begin
    -- one alarm for a message and its complaint, open or looked at within the hour: a sender that repeats does not fill the
    -- list, and who has looked is not called again at once
    insert into sync.alarm (at, own, peer, message, number, zh, en)
    select data.clock(), p_own, p_peer, p_message, p_number, left(p_zh, 300), left(p_en, 300)
     where not exists (select 1 from sync.alarm a
                        where a.own = p_own and a.peer = p_peer and a.message is not distinct from p_message
                          and a.zh = left(p_zh, 300)
                          and (a.seen_at is null or a.seen_at > data.clock() - interval '1 hour'));
end
$$;
comment on function sync.alarm_raise is 'what a person must look at';

-- The moves of the step table that nobody can make: they follow from what another hall answered or sent.
create or replace function sync.case_move(p_case bigint, p_action text, p_who text, p_words text, p_detail jsonb)
    returns boolean language plpgsql volatile as $$
declare
    v_now   timestamptz := data.clock();
    v_case  data.case_file;
    v_step  data.step;
    v_me    data.caller;
    v_ended boolean;
begin
    select * into v_case from data.case_file f where f.id = p_case for no key update;
    select * into v_step from data.step t
     where t.process = v_case.process and t.from_state = v_case.state and t.action = p_action and t.by_system;
    if not found then
        return false;
    end if;
    select s.closed into v_ended from data.state s where s.code = v_step.to_state;
    v_me.name := p_who;
    v_case.head_hash := data.event_add(v_case, p_action, v_case.state, v_step.to_state, v_step.stage, v_me, v_step.duty,
        null, p_who, v_now, p_words, p_detail || case
            when v_step.result = 'return' then jsonb_build_object('next_round', v_case.round + 1)
            when v_step.clock = 'end' then jsonb_build_object('outcome', v_step.result) else '{}' end);
    if v_step.result = 'return' then -- a new round begins at our desk
        v_case.round := v_case.round + 1;
        v_case.reviewed_by := null;
        v_case.verified_by := null;
        v_case.verified_for := null;
        v_case.signed_by := null;
        v_case.decided_at := null;
        v_case.result := null;
    elsif v_step.clock = 'end' then
        v_case.decided_at := v_now;
        v_case.result := v_step.result;
    end if;
    update data.case_file f
       set state = v_step.to_state, event_count = v_case.event_count + 1, head_hash = v_case.head_hash,
           round = v_case.round, reviewed_by = v_case.reviewed_by, verified_by = v_case.verified_by,
           verified_for = v_case.verified_for, signed_by = v_case.signed_by, decided_at = v_case.decided_at,
           settled = data.settled(v_case.decided_at, v_step.to_state), result = v_case.result,
           closed_at = case when v_ended then v_now end
     where f.id = v_case.id;
    return true;
end
$$;
comment on function sync.case_move
    is 'move a case by a step of the hand-off itself; false when its state does not take that step';

reset role;
revoke create on schema sync from guitai_courier;
