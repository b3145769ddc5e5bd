-- Small pure helpers: hall time, check digits, masks, folding, event hash. Owned by guitai_owner.

set role guitai_owner;

create or replace function data.schema_version() returns integer language sql immutable parallel safe as $$
    select 1
$$;
comment on function data.schema_version is 'the contract between client and database; a client refuses any other';
grant execute on function data.schema_version to guitai_api, guitai_keeper, guitai_courier;

-- The one place where the moment is read. clock_timestamp(), not now(): a client could hold a transaction open to
-- date a case back. The zone is written in below because a client may set TimeZone.
create or replace function data.clock() returns timestamptz language sql volatile parallel safe as $$
    select clock_timestamp()
$$;
comment on function data.clock is 'the moment';
grant execute on function data.clock to guitai_api, guitai_search, guitai_keeper, guitai_courier;

create or replace function data.today() returns date language sql volatile parallel safe as $$
    select (data.clock() at time zone 'Asia/Shanghai')::date
$$;
comment on function data.today is 'the day at the hall, whatever clock setting the client chose';
grant execute on function data.today to guitai_api, guitai_search, guitai_keeper, guitai_courier;

create or replace function data.hall_day(p_at timestamptz) returns date language sql immutable parallel safe as $$
    select (p_at at time zone 'Asia/Shanghai')::date
$$;
comment on function data.hall_day is 'the day at the hall of a moment';
grant execute on function data.hall_day to guitai_api, guitai_search, guitai_keeper, guitai_courier;

create or replace function data.hall_time(p_at timestamptz) returns timestamp(0)
    language sql immutable parallel safe as $$
    select date_trunc('second', p_at at time zone 'Asia/Shanghai')::timestamp(0)
$$;
comment on function data.hall_time is 'wall clock of the hall at a moment';
grant execute on function data.hall_time to guitai_api, guitai_search, guitai_keeper, guitai_courier;

create or replace function data.hall_text(p_at timestamptz) returns text language sql stable parallel safe as $$
    select to_char(p_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS')
$$;
comment on function data.hall_text is 'wall clock of the hall as text, independent of DateStyle';
grant execute on function data.hall_text to guitai_api, guitai_search, guitai_keeper, guitai_courier;

create or replace function data.check_digit(p_digits text) returns text
    language plpgsql immutable strict parallel safe as $$
declare
    v_bytes bytea := convert_to(p_digits, 'UTF8');
    v_p     integer := 10;
begin
    for i in 0 .. length(v_bytes) - 1 loop
        v_p := ((v_p + get_byte(v_bytes, i) - 48 + 9) % 10 + 1) * 2 % 11;
    end loop;
    return (11 - v_p) % 10;
end
$$;
comment on function data.check_digit is 'ISO 7064 MOD 11,10 over a string of digits';
grant execute on function data.check_digit to guitai_api, guitai_search, guitai_keeper, guitai_courier;

create or replace function data.case_number(p_division text, p_window text, p_day date, p_serial integer) returns text
    language plpgsql immutable strict parallel safe as $$
declare
    v_serial text := p_serial;
    v_body   text;
begin
    -- lpad() cuts what is too long: the 10,000th case of a day would double a number
    v_body := p_division || p_window || to_char(p_day, 'YYMMDD') || lpad(v_serial, greatest(4, length(v_serial)), '0');
    return v_body || data.check_digit(v_body);
end
$$;
comment on function data.case_number is 'division(6) window(2) YYMMDD serial(4 or more) check(1)';
grant execute on function data.case_number to guitai_api, guitai_keeper;

-- GB 11643-1999: weights 7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2 1, check by MOD 11-2: a weight is 2^(18-i) mod 11, so the sum is
-- the digits read to the base 2, with X for 10, and leaves 1. Written for a short way through a good number: an expression is
-- prepared anew in each transaction, at a cost for each operator in it, which is more than a turn of the loop.
create or replace function data.citizen_problem(p_number text) returns text
    language plpgsql immutable parallel safe as $$
declare
    v_bytes bytea;
    v_sum   integer := 0;
begin
    if (p_number ~ '^[0-9]{6}(1[89]|[2-9][0-9])[0-9][0-9](0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]$') is not true then
        return case when p_number ~ '^[0-9]{17}[0-9X]$' then 'GT031' else 'GT032' end;
    elsif substr(p_number, 13, 2) > '28' then
        if substr(p_number, 13, 2)::integer > extract(day from make_date(substr(p_number, 7, 4)::integer,
            substr(p_number, 11, 2)::integer, 1) + interval '1 month - 1 day') then
            return 'GT031';
        end if;
    end if;
    v_bytes := translate(p_number, 'X', ':')::bytea; -- the colon follows the 9
    for i in 0 .. 17 loop
        v_sum := v_sum * 2 + get_byte(v_bytes, i);
    end loop;
    if v_sum % 11 <> 9 then -- a byte is 48 more than its digit, 48 * (2^18 - 1) in all, which leaves 8
        return 'GT030';
    end if;
    return null;
end
$$;
comment on function data.citizen_problem
    is 'rule that a citizen number breaks (shape, birth date, check digit), or null; an unknown division is no breach';
grant execute on function data.citizen_problem to guitai_api, guitai_keeper;

-- GB 32100-2015: 31 characters, weights 3^(i-1) mod 31; the outer mod 31 makes a sum of 0 give 0.
create or replace function data.credit_problem(p_code text) returns text language plpgsql immutable parallel safe as $$
declare
    v_set    text := '0123456789ABCDEFGHJKLMNPQRTUWXY';
    v_sum    integer := 0;
    v_weight integer := 1;
begin
    if p_code is null or p_code !~ '^[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}$' then
        return 'GT033';
    end if;
    for i in 1 .. 17 loop
        v_sum := v_sum + (position(substr(p_code, i, 1) in v_set) - 1) * v_weight;
        v_weight := v_weight * 3 % 31;
    end loop;
    if substr(v_set, (31 - v_sum % 31) % 31 + 1, 1) <> substr(p_code, 18, 1) then
        return 'GT033';
    end if;
    return null;
end
$$;
comment on function data.credit_problem is 'GT033 when a unified social credit code is wrong, or null';
grant execute on function data.credit_problem to guitai_api, guitai_keeper;

-- Inputs differ in the dot they give; the law of names knows U+00B7 only. A full stop folds only between
-- characters that are not ASCII, so that "John A. Smith" stays.
create or replace function data.fold_dots(p_name text) returns text language plpgsql immutable parallel safe as $$
begin
    return regexp_replace(translate(p_name, '・•‧∙⋅･', '······'), '([^[:ascii:]])[.．](?=[^[:ascii:]])', E'\\1·', 'g');
end
$$;
comment on function data.fold_dots is 'name with every separator folded to U+00B7';
grant execute on function data.fold_dots to guitai_api, guitai_keeper, guitai_search, guitai_courier;

create or replace function data.fold_name(p_name text) returns text language sql immutable parallel safe as $$
    select nullif(btrim(case when p_name ~ '[・•‧∙⋅･.．]' then data.fold_dots(btrim(p_name, ' 　')) else p_name end, ' 　'), '')
$$;
comment on function data.fold_name is 'trimmed name with every separator folded to U+00B7; null when empty';
grant execute on function data.fold_name to guitai_api, guitai_keeper, guitai_search, guitai_courier;

-- A fragment may begin or end with the dot: it is folded as if the name went on.
create or replace function data.fold_search(p_text text) returns text language plpgsql immutable parallel safe as $$
declare
    v_text text := btrim(left(p_text, 60), ' 　'); -- no name and no number is longer
begin
    return nullif(substr(data.fold_name('名' || v_text || '名'), 2, length(v_text)), '');
end
$$;
comment on function data.fold_search is 'what is searched, in the spelling that names are stored in; null for nothing';
grant execute on function data.fold_search to guitai_api, guitai_keeper, guitai_search;

-- What no text may hold: control characters, marks that turn the direction of writing, and what has neither ink nor
-- width. Two texts that look alike must be alike. The joiners stay where a script needs them (Arabic to Myanmar,
-- Mongolian, emoji), variation selectors and Mongolian separators everywhere.
create or replace function data.garble() returns text language sql immutable parallel safe as $$
    select '[\u0001-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u200b\u200e\u200f\u2028-\u202e'
        '\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0001-\U000e007f]'
        '|(^|[^\u0600-\u109f\u1800-\u18af\ufb50-\ufdff\ufe0f\ufe70-\ufefe\U0001f000-\U0001faff])[\u200c\u200d]'
$$;
comment on function data.garble is 'pattern of the characters that no text may hold';
grant execute on function data.garble to guitai_api, guitai_keeper, guitai_courier;

create or replace function data.garbled(p_text text, p_lines boolean default false) returns boolean
    language sql immutable parallel safe as $$
    select case when p_lines then translate(p_text, E'\n', ' ') else p_text end ~ data.garble()
$$;
comment on function data.garbled
    is 'whether a text holds a character that none may hold; p_lines: line ends are lawful. Inlined: one match';
grant execute on function data.garbled to guitai_api, guitai_keeper, guitai_courier;

create or replace function data.mask_number(p_number text) returns text language plpgsql immutable parallel safe as $$
begin
    if length(p_number) = 18 then
        return overlay(p_number placing '********' from 7);
    end if;
    return left(p_number, 2) || repeat('*', length(p_number) - 4)
        || right(p_number, least(2, greatest(length(p_number) - 4, 0)));
end
$$;
comment on function data.mask_number is 'identity number as 6+8*+4 (birth date hidden)';
grant execute on function data.mask_number to guitai_api, guitai_search;

create or replace function data.mask_phone(p_phone text) returns text language plpgsql immutable parallel safe as $$
begin
    if length(p_phone) = 11 then
        return overlay(p_phone placing '****' from 4);
    end if;
    return repeat('*', length(p_phone) - 4) || right(p_phone, 4);
end
$$;
comment on function data.mask_phone is 'telephone as 3+4*+4';
grant execute on function data.mask_phone to guitai_api, guitai_search;

create or replace function data.mask_name(p_kind text, p_name text) returns text
    language plpgsql immutable parallel safe as $$
begin
    if p_kind = 'org' then
        return p_name;
    elsif length(p_name) = 3 then
        return overlay(p_name placing '*' from 2);
    end if;
    return left(p_name, 1) || repeat('*', greatest(length(p_name) - 2, 1))
        || right(p_name, least(1, greatest(length(p_name) - 2, 0)));
end
$$;
comment on function data.mask_name is 'a person''s name with its middle hidden; an organisation''s as it is';
grant execute on function data.mask_name to guitai_api, guitai_search, guitai_courier;

create or replace function data.event_hash(p_prev bytea, p_case bigint, p_seq integer, p_action text, p_from text,
    p_to text, p_stage text, p_staff integer, p_name text, p_duty text, p_window text, p_place text, p_at timestamptz,
    p_opinion text, p_detail jsonb) returns bytea
    language sql stable parallel safe as $$
    select sha256(p_prev || convert_to(row(p_case, p_seq, p_action, p_from, p_to, p_stage, p_staff, p_name, p_duty, p_window,
        p_place, (extract(epoch from p_at) * 1000000)::bigint, p_opinion, p_detail::text)::text, 'UTF8'))
$$;
comment on function data.event_hash is 'hash of one event over the hash before it';
grant execute on function data.event_hash to guitai_api, guitai_keeper, guitai_courier;

create or replace function data.page(p_limit integer) returns integer language sql immutable as $$
    select least(greatest(coalesce(p_limit, 50), 1), 500)
$$;
comment on function data.page is 'rows of a page: 50 unless told, at most 500';
grant execute on function data.page to guitai_api, guitai_keeper, guitai_search, guitai_courier;

create or replace function data.settled(p_decided_at timestamptz, p_state text) returns boolean language sql immutable as $$
    select p_decided_at is not null or p_state = 'above'
$$;
comment on function data.settled
    is 'whether nothing runs here against a limit of ours any more: decided, or in the hands of the hall above';
grant execute on function data.settled to guitai_api, guitai_keeper, guitai_courier;

-- The caller, known by session_user alone: nothing that a client can set takes part.
create or replace view data.caller as
    select s.id, s.login, s.name, s.division, s.department, s.title, s.phone
      from data.staff s
     where s.login = session_user
       and s.valid_from <= data.today()
       and (s.valid_to is null or s.valid_to >= data.today());
comment on view data.caller is 'the staff row of the person who is signed in, while in office';
grant select on data.caller to guitai_api, guitai_search, guitai_keeper, guitai_courier;

create or replace view data.caller_post as
    select p.duty, p.department, c.id as staff, c.division
      from data.caller c
      join data.post p on p.staff = c.id
     where p.valid_from <= data.today()
       and (p.valid_to is null or p.valid_to >= data.today());
comment on view data.caller_post is 'the duties that the caller holds today; department null: the whole division';
grant select on data.caller_post to guitai_api, guitai_search, guitai_keeper, guitai_courier;

-- What row security asks of the caller. Functions, for the views would be planned and set up anew, several times over, in every
-- statement on a case: that was most of a small one's time. A policy asks with (select …), once a statement.
create or replace function data.own_division() returns text language plpgsql stable as $$
begin
    return (select c.division from data.caller c);
end
$$;
comment on function data.own_division is 'division of the caller, null for nobody in office';
grant execute on function data.own_division to guitai_api, guitai_courier;

create or replace function data.own_id() returns integer language plpgsql stable as $$
begin
    return (select c.id from data.caller c);
end
$$;
comment on function data.own_id is 'staff number of the caller, null for nobody in office';
grant execute on function data.own_id to guitai_api, guitai_courier;

create or replace function data.own_departments() returns integer[] language plpgsql stable as $$
begin
    return (array(select distinct p.department from data.caller_post p where p.department is not null order by 1));
end
$$;
comment on function data.own_departments is 'departments that the caller holds a post in';
grant execute on function data.own_departments to guitai_api, guitai_courier;

create or replace function data.sees_division() returns boolean language plpgsql stable as $$
begin
    return (exists (select 1 from data.caller_post p where p.department is null));
end
$$;
comment on function data.sees_division is 'whether the caller holds a post over the whole division';
grant execute on function data.sees_division to guitai_api, guitai_courier;

reset role;
