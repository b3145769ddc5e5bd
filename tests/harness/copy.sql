-- psql -v old=NAME -v new=NAME: makes database `new` a copy of `old`. A template gives its tables only; what was set for it, for
-- everybody (no compiled queries, costs) or for a sign-in (timeouts, an empty search_path), is set again: without it the
-- same query is planned and run otherwise.
drop database if exists :"new" with (force);
create database :"new" template :"old";
select case when s.setrole = 0 then format('alter database %I', :'new')
            else format('alter role %s in database %I', s.setrole::regrole, :'new') end
       || format(' set %I = %L', split_part(c, '=', 1), replace(substr(c, position('=' in c) + 1), '""', ''))
  from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase, unnest(s.setconfig) c
 where d.datname = :'old' \gexec
