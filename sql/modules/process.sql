-- The workflow as rows: duties, states, processes, steps, handling classes, labels of other events.
-- Permission check, keys on screen, flow chart and the test of who may do what all read these rows.

set role guitai_owner;

insert into data.duty (code, zh, en, sort) values
('accept', '受理', 'intake', 1), ('review', '审查', 'review', 2), ('verify', '核准', 'verification', 3),
('sign', '签批', 'signature', 4), ('issue', '制证发证', 'issue', 5), ('supervise', '督查', 'supervision', 6),
('catalogue', '事项管理', 'catalogue', 7), ('admin', '系统管理', 'administration', 8),
('transmit', '传输', 'transmission', 9)
on conflict (code) do update set zh = excluded.zh, en = excluded.en, sort = excluded.sort;

insert into data.state (code, zh, en, colour, closed, place, sort) values
('new', '新申请', 'new', '', false, 'here', 0), ('accepted', '已受理', 'accepted', '', false, 'here', 1),
('received', '已收上报', 'received', '', false, 'here', 1), ('reviewed', '已审查', 'reviewed', '', false, 'here', 2),
('verified', '已核准待签批', 'verified', '', false, 'here', 3), ('granted', '准予', 'granted', 'green', false, 'here', 4),
('refused', '不予', 'refused', 'yellow', false, 'here', 5), ('made', '已制证', 'made', '', false, 'here', 6),
('sealed', '已盖章待领', 'sealed', '', false, 'here', 7),
('refusal_sealed', '不予决定已盖章', 'refusal sealed', '', false, 'here', 8),
('closed', '已办结', 'closed', '', true, 'here', 9), ('terminated', '已终止', 'terminated', '', true, 'here', 10),
-- a message about the case is under way: nobody can move it until the other hall has answered
('sent_up', '已上报待收', 'sent up', '', false, 'leaving', 11), ('recalling', '撤回中', 'being recalled', '', false, 'leaving', 12),
('result_out', '结果待回传', 'result under way', '', false, 'leaving', 13),
('return_out', '退回待回传', 'return under way', '', false, 'leaving', 14),
('transferring', '转办待收', 'transfer under way', '', false, 'leaving', 15),
('above', '上级办理中', 'with the hall above', '', false, 'away', 16),
('handed_back', '已回传', 'handed back', '', true, 'away', 17), ('transferred', '已转办', 'transferred', '', true, 'away', 18)
on conflict (code) do update set zh = excluded.zh, en = excluded.en, colour = excluded.colour, closed = excluded.closed,
    place = excluded.place, sort = excluded.sort;

insert into data.process (code, zh, en) values
('spot', '即办流程', 'on the spot'), ('promise', '承诺流程', 'promised'), ('leader', '报批流程', 'signed by a leader'),
('upward', '上报流程(县)', 'sent up'), ('upper', '上报件办理流程(市)', 'received from below'),
('upper_leader', '上报件签批流程(市)', 'received from below, signed by a leader')
on conflict (code) do update set zh = excluded.zh, en = excluded.en;

insert into data.handling_class (code, zh, en, process, default_promise_days, default_statute_days, warn_days,
    warn_percent) values
('spot', '即办件', 'on the spot', 'spot', 1, 20, 0, 90), ('promise', '承诺件', 'promised', 'promise', 10, 20, 1, 90),
('leader', '报批件', 'by a leader', 'leader', 15, 20, 1, 90), ('upward', '上报件', 'sent up', 'upward', 10, 20, 1, 90)
on conflict (code) do update set zh = excluded.zh, en = excluded.en, process = excluded.process,
    default_promise_days = excluded.default_promise_days, default_statute_days = excluded.default_statute_days,
    warn_days = excluded.warn_days, warn_percent = excluded.warn_percent;

insert into data.action (code, zh, en) values
('calendar', '日历更新重算', 'limits recalculated'), ('unmask', '查看证件全号', 'number unmasked'),
('reprint', '补打', 'reprinted'), ('receive', '收到移送', 'received from another hall')
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
           s.opinion, 'document', s.document, 'takes', null)
  from (values
    -- every process
    (array['spot', 'promise', 'leader', 'upward'], 'new', 'accept', 'accepted', 'accept', null, null, 'receive', false, false,
        false, false, 'start', 'receipt', 1, '受理', 'accept', 's'),
        (array['spot', 'promise', 'leader', 'upward'], 'accepted', 'review_agree', 'reviewed', 'review', 'review', 'grant',
        'review', true, false, true, false, null, null, 2, '审查同意', 'review: agree', 'a'),
        (array['spot', 'promise', 'leader', 'upward'], 'accepted', 'review_refuse', 'reviewed', 'review', 'review', 'refuse',
        'review', true, false, true, false, null, null, 3, '审查不同意', 'review: disagree', 'd'),
    -- the verifier decides
    (array['spot', 'promise'], 'reviewed', 'grant', 'granted', 'verify', 'verify', 'grant', 'sign', true, true, true,
        false, 'end', 'decision_grant', 4, '准予', 'grant', 'g'),
        (array['spot', 'promise'], 'reviewed', 'refuse', 'refused', 'verify', 'verify', 'refuse', 'sign', true, true,
        true, false, 'end', 'decision_refuse', 5, '不予', 'refuse', 'x'),
        (array['promise', 'leader', 'upward'], 'reviewed', 'return', 'accepted', 'verify', 'verify', 'return', 'sign', true, true,
        true, false, null, null, 6, '退回重审', 'send back', 'b'),
    -- the leader decides after verification
    (array['leader'], 'reviewed', 'verify_pass', 'verified', 'verify', 'verify', 'grant', 'sign', true, true, true,
        false, null, null, 4, '核准报签', 'verify, for signature', 'v'),
        (array['leader'], 'verified', 'sign_grant', 'granted', 'sign', 'sign', 'grant', 'sign', true, true, false,
        false, 'end', 'decision_grant', 7, '签批准予', 'sign: grant', 'g'),
        (array['leader'], 'verified', 'sign_refuse', 'refused', 'sign', 'sign', 'refuse', 'sign', true, true, false,
        false, 'end', 'decision_refuse', 8, '签批不予', 'sign: refuse', 'x'),
        (array['leader'], 'verified', 'sign_return', 'accepted', 'sign', 'sign', 'return', 'sign', true, true, false,
        false, null, null, 9, '签批退回', 'sign: send back', 'b'),
    -- the paper
    (array['spot', 'promise', 'leader', 'upward'], 'granted', 'make', 'made', 'issue', null, null, 'make', false, false, false,
        false, null, null, 10, '制证', 'make', 'm'), (array['spot', 'promise', 'leader', 'upward'], 'made', 'seal', 'sealed',
        'issue', null, null, 'seal', false, false, false, false, null, null, 11, '盖章', 'seal', 'z'),
        (array['spot', 'promise', 'leader', 'upward'], 'sealed', 'issue', 'closed', 'issue', null, null, 'issue', false, false,
        false, false, null, 'steps', 12, '发证', 'hand over', 'i'),
        (array['spot', 'promise', 'leader', 'upward'], 'refused', 'seal_refusal', 'refusal_sealed', 'issue', null, null, 'seal',
        false, false, false, false, null, null, 13, '不予决定盖章', 'seal the refusal', 'z'),
        (array['spot', 'promise', 'leader', 'upward'], 'refusal_sealed', 'issue_refusal', 'closed', 'issue', null, null, 'issue',
        false, false, false, false, null, 'steps', 14, '送达不予决定', 'deliver the refusal', 'i'),
    -- the item was cancelled with the rule that open cases end
    (array['spot', 'promise', 'leader', 'upward'], 'accepted', 'terminate', 'terminated', 'verify', null, 'terminate', null, true,
        true, false, true, 'end', null, 20, '终止办理', 'terminate', 't'),
        (array['spot', 'promise', 'leader', 'upward'], 'reviewed', 'terminate', 'terminated', 'verify', null, 'terminate', null,
        true, true, false, true, 'end', null, 20, '终止办理', 'terminate', 't'),
        (array['leader'], 'verified', 'terminate', 'terminated', 'verify', null, 'terminate', null, true, true, false,
        true, 'end', null, 20, '终止办理', 'terminate', 't')
  ) as s(processes, from_state, action, to_state, duty, decision, result, stage, opinion, authorised, credential, ended,
         clock, document, sort, zh, en, key)
  cross join lateral unnest(s.processes) as p(process);

-- The hand-off. What a person does writes a message and freezes the case; what the other hall answers or sends moves it on.
insert into data.step (process, from_state, action, to_state, duty, decision, result, stage, opinion_required,
    needs_authorisation, needs_credential, clock, handoff, takes, by_system, sort, zh, en, key, offer)
select p.process, s.from_state, s.action, s.to_state, s.duty, s.decision, s.result, s.stage, s.opinion, s.authorised, s.credential,
       s.clock, s.handoff, s.takes, s.duty = 'transmit', s.sort, s.zh, s.en, s.key,
       jsonb_build_object('action', s.action, 'zh', s.zh, 'en', s.en, 'key', s.key, 'duty', s.duty, 'opinion_required',
           s.opinion, 'document', null, 'takes', s.takes)
  from (values
    -- the county: first review, then up; the result comes back to its window
    (array['upward'], 'accepted', 'supplement', 'accepted', 'accept', null, null, null, false, false, false, null, null,
        'materials', 4, '补正材料', 'add materials', 'p'),
    (array['upward'], 'reviewed', 'send_up', 'sent_up', 'verify', 'verify', 'grant', null, true, true, true, null,
        'up', null, 30, '核准上报', 'send up', 'u'),
    (array['upward'], 'sent_up', 'recall', 'recalling', 'verify', null, null, null, true, true, true, null,
        'recall', null, 31, '撤回上报', 'take back', 'r'),
    (array['upward'], 'sent_up', 'taken', 'above', 'transmit', null, null, null, false, false, false, null, null,
        null, 32, '上级已收', 'taken above', '-'),
    (array['upward'], 'sent_up', 'declined', 'accepted', 'transmit', null, 'return', null, false, false, false,
        null, null, null, 33, '上级不收', 'declined above', '-'),
    (array['upward'], 'sent_up', 'recalled', 'accepted', 'transmit', null, 'return', null, false, false, false,
        null, null, null, 34, '已撤回', 'taken back', '-'),
    (array['upward'], 'recalling', 'recalled', 'accepted', 'transmit', null, 'return', null, false, false, false,
        null, null, null, 34, '已撤回', 'taken back', '-'),
    (array['upward'], 'recalling', 'declined', 'accepted', 'transmit', null, 'return', null, false, false, false,
        null, null, null, 33, '上级不收', 'declined above', '-'),
    (array['upward'], 'recalling', 'taken', 'above', 'transmit', null, null, null, false, false, false, null, null,
        null, 32, '上级已收', 'taken above', '-'),
    (array['upward'], 'above', 'result_grant', 'granted', 'transmit', null, 'grant', 'sign', false, false, false,
        'end', null, null, 35, '上级准予', 'granted above', '-'),
    (array['upward'], 'above', 'result_refuse', 'refused', 'transmit', null, 'refuse', 'sign', false, false, false,
        'end', null, null, 36, '上级不予', 'refused above', '-'),
    (array['upward'], 'above', 'sent_back', 'accepted', 'transmit', null, 'return', null, false, false, false,
        null, null, null, 37, '上级退回', 'sent back from above', '-'),
    -- the city: it never asks for what is in the package, and decides
    (array['upper', 'upper_leader'], 'new', 'receive', 'received', 'transmit', null, null, 'receive', false, false,
        false, 'start', null, null, 1, '收到上报', 'receive', '-'),
    (array['upper', 'upper_leader'], 'handed_back', 'receive', 'received', 'transmit', null, null, 'receive',
        false, false, false, 'start', null, null, 1, '再次收到上报', 'receive again', '-'),
    (array['upper', 'upper_leader'], 'received', 'review_agree', 'reviewed', 'review', 'review', 'grant', 'review',
        true, false, true, null, null, null, 2, '审查同意', 'review: agree', 'a'),
    (array['upper', 'upper_leader'], 'received', 'review_refuse', 'reviewed', 'review', 'review', 'refuse',
        'review', true, false, true, null, null, null, 3, '审查不同意', 'review: disagree', 'd'),
    (array['upper'], 'reviewed', 'grant', 'result_out', 'verify', 'verify', 'grant', 'sign', true, true, true,
        'end', 'result', null, 4, '准予', 'grant', 'g'),
    (array['upper'], 'reviewed', 'refuse', 'result_out', 'verify', 'verify', 'refuse', 'sign', true, true, true,
        'end', 'result', null, 5, '不予', 'refuse', 'x'),
    (array['upper_leader'], 'reviewed', 'verify_pass', 'verified', 'verify', 'verify', 'grant', 'sign', true, true,
        true, null, null, null, 4, '核准报签', 'verify, for signature', 'v'),
    (array['upper_leader'], 'verified', 'sign_grant', 'result_out', 'sign', 'sign', 'grant', 'sign', true, true,
        false, 'end', 'result', null, 7, '签批准予', 'sign: grant', 'g'),
    (array['upper_leader'], 'verified', 'sign_refuse', 'result_out', 'sign', 'sign', 'refuse', 'sign', true, true,
        false, 'end', 'result', null, 8, '签批不予', 'sign: refuse', 'x'),
    (array['upper_leader'], 'verified', 'sign_return', 'received', 'sign', 'sign', 'return', 'sign', true, true,
        false, null, null, null, 9, '签批退回', 'sign: send back', 'b'),
    (array['upper', 'upper_leader'], 'reviewed', 'return', 'received', 'verify', 'verify', 'return', 'sign', true,
        true, true, null, null, null, 6, '退回重审', 'send back', 'b'),
    (array['upper', 'upper_leader'], 'reviewed', 'send_back', 'return_out', 'verify', 'verify', 'return', null,
        true, true, true, 'end', 'return', 'asked', 10, '退回县(市)区', 'send back to the county', 'k'),
    (array['upper', 'upper_leader'], 'result_out', 'taken', 'handed_back', 'transmit', null, null, null, false,
        false, false, null, null, null, 11, '结果已收', 'result taken', '-'),
    (array['upper', 'upper_leader'], 'return_out', 'taken', 'handed_back', 'transmit', null, null, null, false,
        false, false, null, null, null, 11, '退回已收', 'return taken', '-'),
    (array['upper', 'upper_leader'], 'result_out', 'declined', 'received', 'transmit', null, 'return', null, false,
        false, false, null, null, null, 12, '结果不收', 'result declined', '-'),
    (array['upper', 'upper_leader'], 'return_out', 'declined', 'received', 'transmit', null, 'return', null, false,
        false, false, null, null, null, 12, '退回不收', 'return declined', '-'),
    -- to the hall that is in charge
    (array['spot', 'promise', 'leader'], 'accepted', 'transfer', 'transferring', 'review', null, null, null, true,
        false, true, null, 'transfer', 'to', 15, '转办', 'transfer', 'h'),
    (array['spot', 'promise', 'leader'], 'transferring', 'taken', 'transferred', 'transmit', null, null, null,
        false, false, false, null, null, null, 16, '转办已收', 'transfer taken', '-'),
    (array['spot', 'promise', 'leader'], 'transferring', 'declined', 'accepted', 'transmit', null, 'return', null,
        false, false, false, null, null, null, 17, '转办不收', 'transfer declined', '-'),
    (array['spot', 'promise', 'leader'], 'new', 'receive', 'accepted', 'transmit', null, null, 'receive', false,
        false, false, 'start', null, null, 1, '收到转办', 'receive', '-')
  ) as s(processes, from_state, action, to_state, duty, decision, result, stage, opinion, authorised, credential, clock,
         handoff, takes, sort, zh, en, key)

  cross join lateral unnest(s.processes) as p(process);

reset role;
