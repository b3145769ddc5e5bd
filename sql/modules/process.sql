-- The workflow as rows: duties, states, processes, steps, handling classes, labels of other events.
-- Permission check, keys on screen, flow chart and the test of who may do what all read these rows.

set role guitai_owner;

insert into data.duty (code, zh, en, sort) values
('accept', '受理', 'intake', 1), ('review', '审查', 'review', 2), ('verify', '核准', 'verification', 3),
('sign', '签批', 'signature', 4), ('issue', '制证发证', 'issue', 5), ('supervise', '督查', 'supervision', 6),
('catalogue', '事项管理', 'catalogue', 7), ('admin', '系统管理', 'administration', 8)
on conflict (code) do update set zh = excluded.zh, en = excluded.en, sort = excluded.sort;

insert into data.state (code, zh, en, colour, closed, sort) values
('new', '新申请', 'new', '', false, 0), ('accepted', '已受理', 'accepted', '', false, 1),
('reviewed', '已审查', 'reviewed', '', false, 2), ('verified', '已核准待签批', 'verified', '', false, 3),
('granted', '准予', 'granted', 'green', false, 4), ('refused', '不予', 'refused', 'yellow', false, 5),
('made', '已制证', 'made', '', false, 6), ('sealed', '已盖章待领', 'sealed', '', false, 7),
('refusal_sealed', '不予决定已盖章', 'refusal sealed', '', false, 8), ('closed', '已办结', 'closed', '', true, 9),
('terminated', '已终止', 'terminated', '', true, 10)
on conflict (code) do update set zh = excluded.zh, en = excluded.en, colour = excluded.colour, closed = excluded.closed,
    sort = excluded.sort;

insert into data.process (code, zh, en) values
('spot', '即办流程', 'on the spot'), ('promise', '承诺流程', 'promised'), ('leader', '报批流程', 'signed by a leader')
on conflict (code) do update set zh = excluded.zh, en = excluded.en;

insert into data.handling_class (code, zh, en, process, default_promise_days, default_statute_days, warn_days,
    warn_percent) values
('spot', '即办件', 'on the spot', 'spot', 1, 20, 0, 90), ('promise', '承诺件', 'promised', 'promise', 10, 20, 1, 90),
('leader', '报批件', 'by a leader', 'leader', 15, 20, 1, 90)
on conflict (code) do update set zh = excluded.zh, en = excluded.en, process = excluded.process,
    default_promise_days = excluded.default_promise_days, default_statute_days = excluded.default_statute_days,
    warn_days = excluded.warn_days, warn_percent = excluded.warn_percent;

insert into data.action (code, zh, en) values
('calendar', '日历更新重算', 'limits recalculated'), ('unmask', '查看证件全号', 'number unmasked'),
('reprint', '补打', 'reprinted')
on conflict (code) do update set zh = excluded.zh, en = excluded.en;

insert into data.document (code, zh, en, sort) values
('receipt', '受理通知书', 'receipt', 1), ('decision_grant', '准予行政许可决定书', 'decision to grant', 2),
('decision_refuse', '不予行政许可决定书', 'decision to refuse', 3), ('steps', '办件流程单', 'sheet of steps', 4),
('chart', '办事流程图', 'flow chart', 5)
on conflict (code) do update set zh = excluded.zh, en = excluded.en, sort = excluded.sort;

delete from data.step;
insert into data.step (process, from_state, action, to_state, duty, decision, result, stage, opinion_required,
    needs_authorisation, needs_credential, only_ended, clock, document, sort, zh, en, key, offer)
select p.process, s.from_state, s.action, s.to_state, s.duty, s.decision, s.result, s.stage, s.opinion,
       s.authorised, s.credential, s.ended, s.clock, s.document, s.sort, s.zh, s.en, s.key,
       jsonb_build_object('action', s.action, 'zh', s.zh, 'en', s.en, 'key', s.key, 'duty', s.duty, 'opinion_required',
           s.opinion, 'document', s.document)
  from (values
    -- every process
    (array['spot', 'promise', 'leader'], 'new', 'accept', 'accepted', 'accept', null, null, 'receive', false, false,
        false, false, 'start', 'receipt', 1, '受理', 'accept', 's'),
        (array['spot', 'promise', 'leader'], 'accepted', 'review_agree', 'reviewed', 'review', 'review', 'grant',
        'review', true, false, true, false, null, null, 2, '审查同意', 'review: agree', 'a'),
        (array['spot', 'promise', 'leader'], 'accepted', 'review_refuse', 'reviewed', 'review', 'review', 'refuse',
        'review', true, false, true, false, null, null, 3, '审查不同意', 'review: disagree', 'd'),
    -- the verifier decides
    (array['spot', 'promise'], 'reviewed', 'grant', 'granted', 'verify', 'verify', 'grant', 'sign', true, true, true,
        false, 'end', 'decision_grant', 4, '准予', 'grant', 'g'),
        (array['spot', 'promise'], 'reviewed', 'refuse', 'refused', 'verify', 'verify', 'refuse', 'sign', true, true,
        true, false, 'end', 'decision_refuse', 5, '不予', 'refuse', 'x'),
        (array['promise', 'leader'], 'reviewed', 'return', 'accepted', 'verify', 'verify', 'return', 'sign', true, true,
        true, false, null, null, 6, '退回重审', 'send back', 'b'),
    -- the leader decides after verification
    (array['leader'], 'reviewed', 'verify_pass', 'verified', 'verify', 'verify', 'grant', 'sign', true, true, true,
        false, null, null, 4, '核准上报', 'verify and send up', 'v'),
        (array['leader'], 'verified', 'sign_grant', 'granted', 'sign', 'sign', 'grant', 'sign', true, true, false,
        false, 'end', 'decision_grant', 7, '签批准予', 'sign: grant', 'g'),
        (array['leader'], 'verified', 'sign_refuse', 'refused', 'sign', 'sign', 'refuse', 'sign', true, true, false,
        false, 'end', 'decision_refuse', 8, '签批不予', 'sign: refuse', 'x'),
        (array['leader'], 'verified', 'sign_return', 'accepted', 'sign', 'sign', 'return', 'sign', true, true, false,
        false, null, null, 9, '退回重审', 'send back', 'b'),
    -- the paper
    (array['spot', 'promise', 'leader'], 'granted', 'make', 'made', 'issue', null, null, 'make', false, false, false,
        false, null, null, 10, '制证', 'make', 'm'), (array['spot', 'promise', 'leader'], 'made', 'seal', 'sealed',
        'issue', null, null, 'seal', false, false, false, false, null, null, 11, '盖章', 'seal', 'z'),
        (array['spot', 'promise', 'leader'], 'sealed', 'issue', 'closed', 'issue', null, null, 'issue', false, false,
        false, false, null, 'steps', 12, '发证', 'hand over', 'i'),
        (array['spot', 'promise', 'leader'], 'refused', 'seal_refusal', 'refusal_sealed', 'issue', null, null, 'seal',
        false, false, false, false, null, null, 13, '不予决定盖章', 'seal the refusal', 'z'),
        (array['spot', 'promise', 'leader'], 'refusal_sealed', 'issue_refusal', 'closed', 'issue', null, null, 'issue',
        false, false, false, false, null, 'steps', 14, '送达不予决定', 'deliver the refusal', 'i'),
    -- the item was cancelled with the rule that open cases end
    (array['spot', 'promise', 'leader'], 'accepted', 'terminate', 'terminated', 'verify', null, 'terminate', null, true,
        true, false, true, 'end', null, 20, '终止办理', 'terminate', 't'),
        (array['spot', 'promise', 'leader'], 'reviewed', 'terminate', 'terminated', 'verify', null, 'terminate', null,
        true, true, false, true, 'end', null, 20, '终止办理', 'terminate', 't'),
        (array['leader'], 'verified', 'terminate', 'terminated', 'verify', null, 'terminate', null, true, true, false,
        true, 'end', null, 20, '终止办理', 'terminate', 't')
  ) as s(processes, from_state, action, to_state, duty, decision, result, stage, opinion, authorised, credential, ended,
         clock, document, sort, zh, en, key)
  cross join lateral unnest(s.processes) as p(process);

reset role;
