-- Every refusal of the product, once, in both languages; and the way a refusal is raised and recorded.

set role guitai_owner;

insert into data.rule (code, zh, en, hint_zh, hint_en, law, field, constraint_name) values
('GT001', '缺少请求编号', 'The request id is missing', '由程序生成, 请重试', 'Made by the program; try again', null,
    null, null),
('GT002', '事务隔离级别须为 read committed', 'The transaction isolation must be read committed', '由程序设定, 请重试',
    'Set by the program; try again', null, null, null),
('GT003', '请求编号已用于另一次操作', 'The request id was used for another act', '请重新提交', 'Submit again', null,
    null, null),
('GT004', '%s 不是在岗人员', '%s is not staff in office today', '请联系管理员登记岗位',
    'Ask the administrator for a post', null, null, null),
('GT005', '%s 不能为空', '%s must not be empty', null, null, null, null, null),
('GT006', '%s 超过 %s 个字符', '%s is longer than %s characters', null, null, null, null, null),
('GT007', '%s 的值不正确: %s', '%s has a wrong value: %s', null, null, null, null, null),
('GT008', '%s 第 %s 个字符看不见或会打乱显示(%s)', '%s: character %s is invisible or disturbs the display (%s)',
    '删去后重输', 'Delete it and type again', null, null, null),
('GT009', '%s 应为%s', '%s must be %s', null, null, null, null, null),
('GT010', '您没有%s办理“%s”的职责', 'You hold no duty of %s for "%s"', '请由有此职责的人员办理',
    'A person with that duty must act', null, null, null),
('GT011', '没有窗口 %s', 'There is no window %s', null, null, null, 'window', null),
('GT012', '窗口 %s 今天不是您的班次', 'Window %s is not your shift today', '请选择您当班的窗口',
    'Choose the window of your shift', null, 'window', null),
('GT013', '您今天没有唯一的窗口班次', 'You have no single window shift today', '请指定窗口', 'Name the window', null,
    'window', null),
('GT014', '窗口 %s 不受理%s的事项', 'Window %s does not serve %s', '请到该部门窗口或综合窗口办理',
    'Use that department''s window or a general one', null, 'item', null),
('GT015', '您今天没有%s的有效授权', 'You hold no valid authorisation today for %s', '须有书面授权并在有效期内',
    'A written authorisation in force is needed', '授权到位制度', null, 'decision_authorised'),
('GT016', '您的执法证件无效或已过期(%s)', 'Your enforcement credential is missing or expired (%s)', '换证登记后再办理',
    'Renew the credential first', '行政执法人员持证上岗制度', null, null),
('GT017', '审查与核准须由两人分别作出', 'Review and verification need two persons', '请由另一名有授权的人员核准',
    'Another authorised person must act', '一审一核制度', null, 'two_persons'),
('GT018', '意见须明确, 不得空白或只签姓名', 'The opinion must be definite, not empty nor a bare name', '请写明意见',
    'State the opinion', '一审一核制度', 'opinion', 'decision_opinion'),
('GT019', '本轮您已作出过决定', 'You have already decided in this round', null, null, '一审一核制度', null,
    'decision_two_persons'),
('GT020', '目录中没有事项 %s', 'There is no item %s in the catalogue', '按 F4 从目录选择',
    'Choose from the catalogue with F4', null, 'item', null),
('GT021', '事项 %s 已自 %s 起取消, 文号 %s', 'Item %s has ended on %s by document %s', '一律不再受理',
    'It can no longer be accepted', null, 'item', null),
('GT022', '事项 %s 现行版本是第 %s 版, 不是第 %s 版', 'Item %s stands at version %s, not %s', '按 F5 刷新后重填',
    'Refresh with F5', null, 'item', null),
('GT023', '事项 %s 尚未生效', 'Item %s is not effective yet', null, null, null, 'item', null),
('GT024', '事项 %s 的服务对象是%s', 'Item %s serves %s', '请核对申请人类别', 'Check the kind of applicant', null,
    'applicant_kind', null),
('GT025', '缺必备材料: %s', 'Mandatory materials are missing: %s', '请一次性告知申请人',
    'Tell the applicant everything at once', '行政许可法 第三十二条', 'materials', null),
('GT026', '目录中没有这项材料: %s', 'The catalogue has no such material: %s', '不得索要目录以外的材料',
    'Nothing beyond the catalogue may be asked', '行政许可法 第三十一条', 'materials', null),
('GT027', '收费项目不在目录中', 'The fee is not in the catalogue', null, null, '行政许可法 第五十八条', null,
    'case_fee_catalogue'),
('GT028', '材料不在目录中', 'The material is not in the catalogue', null, null, '行政许可法 第三十一条', 'materials',
    'case_material_catalogue'),
('GT029', '材料清单第 %s 行不正确', 'Line %s of the material list is wrong', null, null, null, 'materials',
    'material_line_pkey'),
('GT030', '身份证号码校验位不对', 'The check digit of the citizen number is wrong', '请对照证件重输',
    'Type it again from the card', 'GB 11643-1999', 'id_number', null),
('GT031', '身份证号码中的出生日期不存在', 'The birth date in the citizen number does not exist', '请对照证件重输',
    'Type it again from the card', 'GB 11643-1999', 'id_number', null),
('GT032', '身份证号码应为 18 位', 'A citizen number has 18 characters', '请对照证件重输', 'Type it again from the card',
    'GB 11643-1999', 'id_number', null),
('GT033', '统一社会信用代码不对', 'The unified social credit code is wrong', '请对照执照重输',
    'Type it again from the licence', 'GB 32100-2015', 'id_number', null),
('GT034', '证件种类与申请人类别不符', 'The kind of identity document does not fit the applicant', null, null, null,
    'id_kind', null),
('GT035', '电话号码不正确', 'The telephone number is wrong', null, null, null, 'phone', null),
('GT036', '该申请人同一事项已有在办件 %s', 'The applicant already has open case %s of this item', '请打开在办件核对',
    'Open that case', '两头受理', 'id_number', null),
('GT037', '该申请人同一事项正在另一窗口受理', 'Another window is accepting the same item for this applicant',
    '请打开在办件核对', 'Open that case', '两头受理', 'id_number', 'case_single'),
('GT038', '该事项没有填写项 %s', 'The item has no field %s', null, null, null, 'extra', null),
('GT039', '事项不在目录中', 'The item is not in the catalogue', null, null, null, 'item', 'case_item'),
('GT040', '没有办件 %s, 或不属于您的部门', 'There is no case %s, or it is not your department''s', '请核对编号',
    'Check the number', null, 'number', null),
('GT041', '“%s”状态的件不能“%s”', 'A case in state "%s" does not take "%s"', '按 F5 刷新后再看可办的操作',
    'Refresh with F5 and see what can be done', null, null, null),
('GT042', '没有操作 %s, 可用: %s', 'There is no act %s; there are: %s', null, null, null, 'action', null),
('GT043', '事项已取消且在办件应终止(%s), 不能准予',
    'The item has ended and its cases are to be terminated (%s); it cannot be granted', '请办理终止',
    'Terminate the case', null, null, null),
('GT044', '件还没有到可以出具“%s”的步骤', 'The case has not reached the step that gives "%s"', null, null, null,
    'document', null),
('GT045', '没有这份打印记录', 'There is no such paper', null, null, null, null, null),
('GT046', '须写明理由(至少 4 个字)', 'A reason of at least 4 characters is needed', null, null,
    '个人信息保护法 第五十一条', 'reason', null),
('GT047', '没有文书 %s, 可用: %s', 'There is no document %s; there are: %s', null, null, null, 'document', null),
('GT048', '查看全号的事由尚未记录', 'The reason for showing the number is not recorded yet', '请重新查看并写明理由',
    'Ask again, with the reason', null, null, null),
('GT050', '日历只到 %s', 'The calendar reaches only %s', null, null, null, 'days', null),
('GT051', '放假通知第 %s 行不正确: %s', 'Line %s of the notice is wrong: %s', null, null, null, null, null),
('GT060', '事项要素“%s”不能为空', 'Element "%s" of the item must not be empty', '补全后再发布',
    'Complete it, then publish', '事项目录管理', null, null),
('GT061', '承诺时限 %s 日超过法定时限 %s 日', 'The promise of %s days exceeds the statutory %s days',
    '承诺不得长于法定', 'A promise may not be longer than the law', '行政许可法 第三十七条、第四十二条', 'promise_days', null),
('GT062', '生效日期 %s 早于现行版本的 %s', 'Effective date %s is before that of the last version, %s', null, null, null,
    'effective_from', null),
('GT063', '没有部门 %s', 'There is no department %s', null, null, null, 'department', null),
('GT064', '事项要素“%s”的值不正确: %s', 'Element "%s" of the item has a wrong value: %s', null, null, null, null, null),
('GT065', '收费项目“%s”没有依据', 'Fee "%s" has no legal basis', '没有依据不得收费', 'No fee without a basis',
    '行政许可法 第五十八条', 'fees', null),
('GT066', '事项 %s 已经取消', 'Item %s has already ended', null, null, null, 'item', null),
('GT067', '承诺时限超过法定时限', 'The promise exceeds the statutory limit', '承诺不得长于法定',
    'A promise may not be longer than the law', '行政许可法 第三十七条、第四十二条', 'promise_days', 'promise_within_statute'),
('GT070', '登录名 %s 已存在', 'Sign-in %s exists', null, null, null, 'login', 'staff_login'),
('GT071', '没有人员 %s', 'There is no person %s', null, null, null, 'login', null),
('GT072', '有效期的终日早于始日', 'A period ends before it begins', null, null, null, null, 'staff_period'),
('GT073', '没有职责 %s', 'There is no duty %s', null, null, null, 'posts', null),
('GT074', '没有区划 %s', 'There is no division %s', null, null, null, 'division', null),
('GT075', '您没有管理职责“%s”', 'You hold no administrative duty "%s"', null, null, null, null, null),
('GT076', '登录名 %s 属于数据库或其他系统', 'Sign-in %s belongs to the database or to another system',
    '请另取登录名; 确属工作人员的, 先由数据库管理员把它加入 guitai_staff',
    'Choose another sign-in; of a person who works here, the database administrator puts it into guitai_staff first',
    null, 'login', null),
('GT077', '这份执法证件已经登记', 'This credential is registered already', null, null, null, 'credential', 'credential_number'),
('GT080', '没有这份挂起的表单', 'There is no such parked form', null, null, null, null, null),
('GT081', '交换报文第 %s 处不符合协议: %s', 'The message does not follow the protocol at %s: %s', null, null, null, null, null),
('GT082', '证书单位 %s 与报文的 %s 不符, 或未建立交换关系', 'The certificate''s hall %s does not fit %s, or is no peer', null, null,
    null, null, null),
('GT083', '没有可移送的上级或来源中心', 'There is no hall to hand the case to', '请管理员登记交换单位 (guitai-admin peer)',
    'The administrator registers peers (guitai-admin peer)', null, null, null),
('GT084', '材料“%s”已随案卷移送(%s), 不得再要', 'Material "%s" is in the package already (%s) and may not be asked for again',
    '请打开案卷材料查看', 'See it among the materials of the case', '行政许可法 第三十五条', 'asked', null),
('GT085', '没有交换单位 %s', 'There is no peer %s', '按 F4 选择', 'Choose with F4', null, 'to', null),
('GT086', '案卷过大(%s KB), 超过交换上限 256 KB', 'The package is too large (%s KB, at most 256)', '请精简填写内容',
    'Shorten what was filled in', null, null, null),
('GT087', '上级已经收件, 不能撤回', 'The hall above has taken the case; it cannot be taken back', '请按 F5 刷新', 'Refresh with F5',
    null, null, null),
('GT088', '没有这条交换记录', 'There is no such message', null, null, null, null, null),
('GT089', '该件不在可接收的状态: %s', 'The case is not in a state that takes this: %s', null, null, null, null, null),
('GT091', '业务指导只收上级中心的, %s 不是上级', 'Guidance is taken from the hall above only, which %s is not', null, null, null, null, null),
('GT090', '审计与目录记录只能追加', 'Records of audit and catalogue only grow', null, null, null, null, null),
('GT099', '数据不符合约束 %s', 'The data break constraint %s', '请联系管理员', 'Tell the administrator', null, null,
    null)
on conflict (code) do update set zh = excluded.zh, en = excluded.en, hint_zh = excluded.hint_zh,
    hint_en = excluded.hint_en, law = excluded.law, field = excluded.field, constraint_name = excluded.constraint_name;
update data.rule r set typed = r.code in ('GT007', 'GT011', 'GT020', 'GT026', 'GT038', 'GT040', 'GT041', 'GT042',
    'GT044', 'GT047', 'GT051', 'GT063', 'GT064', 'GT065', 'GT070', 'GT071', 'GT073', 'GT074', 'GT076', 'GT081', 'GT085');

reset role;
grant create on schema data to guitai_api;
set role guitai_api;

create or replace function data.words(p_args text[], p_language integer) returns text[] language sql immutable as $$
    select array(select coalesce(nullif(split_part(a, '|', p_language), ''), split_part(a, '|', 1), '')
                   from unnest(p_args) with ordinality as u(a, n) order by u.n)
$$;
comment on function data.words
    is 'arguments of a message in a language (1 Chinese, 2 English): a label is given as "zh|en"';
grant execute on function data.words to guitai_keeper, guitai_courier;

create or replace function data.refuse(p_code text, p_field text, variadic p_args text[] default '{}') returns void
    language plpgsql stable as $$
declare
    v_rule data.rule;
begin
    select * into strict v_rule from data.rule r where r.code = p_code;
    if v_rule.typed then -- what was typed may be without end; labels of both languages are longer
        p_args := array(select left(a, case when position('|' in a) > 0 then 2000 else 120 end)
                          from unnest(p_args) with ordinality as u(a, n) order by u.n);
    end if;
    raise exception using errcode = p_code, message = format(v_rule.zh, variadic data.words(p_args, 1)),
        detail = format(v_rule.en, variadic data.words(p_args, 2)), hint = coalesce(v_rule.hint_zh, ''),
        column = left(coalesce(p_field, v_rule.field, ''), 60);
end
$$;
comment on function data.refuse
    is 'raise rule p_code with its message; p_field is the form field at fault (null: the rule''s own)';
grant execute on function data.refuse to guitai_keeper, guitai_courier;

create or replace function data.refuse_garbled(p_field text, p_label text, p_text text, p_lines boolean default false)
    returns void language plpgsql stable as $$
declare
    v_text text := case when p_lines then translate(p_text, E'\n', ' ') else p_text end;
    v_at   integer;
begin
    if data.garbled(v_text) then
        v_at := regexp_instr(v_text, data.garble(), 1, 1, 1) - 1; -- a joiner is told by what stands before it
        perform data.refuse('GT008', p_field, p_label, v_at::text,
            'U+' || upper(lpad(to_hex(ascii(substr(p_text, v_at, 1))), 4, '0')));
    end if;
end
$$;
comment on function data.refuse_garbled is 'GT008 with the place when a text holds a character that none may hold';
grant execute on function data.refuse_garbled to guitai_keeper, guitai_courier;

create or replace function data.masked(p_text text) returns text language plpgsql immutable parallel safe as $$
begin
    if p_text ~ '^[0-9]{10}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{5,10}$'
       and data.check_digit(left(p_text, -1)) = right(p_text, 1) then -- a case number
        return p_text;
    elsif p_text ~ '^([0-9][0-9.-]{0,5}|[A-Za-z_]+[0-9.-]{0,5}[A-Za-z_]*)?$' and length(p_text) <= 40 then -- a code
        return p_text;
    end if;
    return repeat('*', least(length(p_text), 6)) || '(' || length(p_text) || ')';
end
$$;
comment on function data.masked
    is 'what a record keeps of something typed: a case number or a short code as it is, of anything else the length';
grant execute on function data.masked to guitai_keeper, guitai_courier;

create or replace function data.masked_args(p_args jsonb) returns jsonb language sql immutable parallel safe as $$
    select coalesce(jsonb_object_agg(e.key, case jsonb_typeof(e.value)
               when 'string' then to_jsonb(data.masked(e.value #>> '{}'))
               when 'number' then case when length(e.value #>> '{}') <= 10 then e.value
                                       else to_jsonb(data.masked(e.value #>> '{}')) end
               when 'array' then to_jsonb(format('[%s]', jsonb_array_length(e.value)))
               when 'object' then to_jsonb('{}'::text)
               else e.value end), '{}')
      from jsonb_each(p_args) e
$$;
comment on function data.masked_args is 'arguments of a refused try for the record; of an array its length';
grant execute on function data.masked_args to guitai_keeper, guitai_courier;

create or replace function data.refused(p_function text, p_code text, p_message text, p_en text, p_field text,
    p_constraint text, p_args jsonb) returns jsonb language plpgsql volatile as $$
declare
    v_rule    data.rule;
    v_message text := p_message;
    v_en      text := p_en;
    v_field   text;
begin
    -- Reached from an exception handler: the caller's writes are undone, this row is written after that and stays.
    if p_code like '23%' then
        select * into v_rule from data.rule r where r.constraint_name = p_constraint;
        if not found then
            select * into v_rule from data.rule r where r.code = 'GT099';
        end if;
        v_message := format(v_rule.zh, p_constraint);
        v_en := format(v_rule.en, p_constraint);
    else
        select * into v_rule from data.rule r where r.code = p_code;
    end if;
    v_field := coalesce(nullif(p_field, ''), v_rule.field);
    insert into audit.refusal (division, function, code, field, message, message_en, args)
    values ((select c.division from data.caller c), p_function, v_rule.code, data.masked(v_field),
        case when v_rule.typed then replace(v_rule.zh, '%s', '…') else left(v_message, 1000) end,
        case when v_rule.typed then replace(v_rule.en, '%s', '…') else left(coalesce(v_en, ''), 1000) end,
        data.masked_args(coalesce(p_args, '{}')));
    raise log 'refused: % by %: %', p_function, session_user, v_rule.code;
    return jsonb_build_object('ok', false, 'code', v_rule.code, 'field', v_field,
        'message', v_message, 'message_en', v_en, 'hint', v_rule.hint_zh, 'hint_en', v_rule.hint_en, 'law', v_rule.law);
end
$$;
comment on function data.refused
    is 'record a refusal and give its envelope; constraint violations are told by the rule that owns the '
        'constraint; the record keeps nothing that was typed but codes and case numbers';
grant execute on function data.refused to guitai_keeper, guitai_courier;

create or replace function data.request_seen(p_request uuid, p_function text, p_digest bytea) returns jsonb
    language plpgsql volatile as $$
declare
    v_answer jsonb;
    v_same   boolean;
begin
    if p_request is null then
        perform data.refuse('GT001', null);
    elsif current_setting('transaction_isolation') <> 'read committed' then
        -- an old snapshot would not see that a power was withdrawn, an item ended, or a notice loaded
        perform data.refuse('GT002', null);
    end if;
    -- the lock makes a simultaneous repeat wait for the first answer; the condition form costs no query
    if pg_advisory_xact_lock(hashtextextended(p_request::text, 7318)) is null then
        null;
    end if;
    select r.answer, r.login = session_user and r.function = p_function and r.digest = p_digest
      into v_answer, v_same
      from data.request r where r.id = p_request;
    if not v_same then
        perform data.refuse('GT003', null);
    end if;
    return v_answer;
end
$$;
comment on function data.request_seen
    is 'first answer of a repeated request, null for a new one; GT003 for an id used otherwise';
grant execute on function data.request_seen to guitai_keeper, guitai_courier;

reset role;
revoke create on schema data from guitai_api;
