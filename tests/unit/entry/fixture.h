/* What the tests of a form being filled in share: a form like the real intake, keys, answers of the
 * database. */
#ifndef TESTS_ENTRY_FIXTURE_H
#define TESTS_ENTRY_FIXTURE_H

#include "../unit.h"

#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"
#include "guitai/entry/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNUSED __attribute__((unused))
#define CITIZEN "320311199003071236" /* male, 1990-03-07, 泉山区; synthetic */
#define CITIZEN_WRONG "320311199003071235"
#define CREDIT "91350100M000100Y43" /* the worked example of GB 32100-2015 texts */

/* JSON is written with ' for " here. */
UNUSED static char *quoted(const char *text)
{
    char *copy = xstrdup(text);
    for (char *p = copy; *p; p++)
        if (*p == '\'')
            *p = '"';
    return copy;
}

UNUSED static struct json *json_of(const char *text)
{
    struct err e = { 0 };
    char *copy = quoted(text);
    struct json *doc = json_parse(copy, strlen(copy), "test.json", &e);
    if (!doc)
        fail_msg("%s", e.message);
    free(copy);
    return doc;
}

UNUSED static struct formdef *form_of(const char *text)
{
    struct err e = { 0 };
    struct formdef *f = formdef_parse(json_of(text), &e);
    if (!f)
        fail_msg("%s", e.message);
    return f;
}

/* A form with these fields. */
UNUSED static struct formdef *form_with(const char *fields)
{
    char *text = xasprintf("{'id':'t','title':'试','function':'f','fields':[%s]}", fields);
    struct formdef *f = form_of(text);
    free(text);
    return f;
}

#define TODAY                                                                                                \
    {                                                                                                        \
        2026, 11, 23                                                                                         \
    }

UNUSED static struct entry *entry_of(const struct formdef *f)
{
    struct entry_env env = { .today = TODAY, .window = "03" };
    return entry_new(f, &env);
}

UNUSED static enum entry_effect press(struct entry *en, enum entry_key key)
{
    return entry_key(en, key, 0, false);
}

UNUSED static enum entry_effect feed(struct entry *en, const char *text, bool from_paste)
{
    enum entry_effect effect = ENTRY_NOTHING;
    size_t n = strlen(text);
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        i += utf8_decode(text + i, n - i, &cp);
        effect = entry_key(en, ENTRY_CHAR, cp, from_paste);
    }
    return effect;
}

UNUSED static enum entry_effect type(struct entry *en, const char *text)
{
    return feed(en, text, false);
}

UNUSED static bool shown(const struct entry *en, const char *id)
{
    for (size_t i = 0; i < entry_count(en); i++)
        if (strcmp(entry_def(en, i)->id, id) == 0)
            return true;
    return false;
}

UNUSED static size_t at(const struct entry *en, const char *id)
{
    for (size_t i = 0; i < entry_count(en); i++)
        if (strcmp(entry_def(en, i)->id, id) == 0)
            return i;
    fail_msg("the field %s is not shown", id);
    return 0;
}

UNUSED static const char *value(const struct entry *en, const char *id)
{
    return entry_value(en, at(en, id));
}

UNUSED static void assert_focus(const struct entry *en, const char *id)
{
    assert_string_equal(entry_def(en, entry_focus(en))->id, id);
}

UNUSED static void assert_message(const struct entry *en, const char *part)
{
    if (!strstr(entry_message(en, NULL), part))
        fail_msg("the message is “%s”, without “%s”", entry_message(en, NULL), part);
}

UNUSED static struct entry_request asked(struct entry *en, enum entry_request_kind kind)
{
    struct entry_request r;
    if (!entry_next_request(en, &r))
        fail_msg("nothing is asked");
    assert_int_equal(r.kind, kind);
    return r;
}

UNUSED static void assert_nothing_asked(struct entry *en)
{
    struct entry_request r;
    assert_false(entry_next_request(en, &r));
}

/* Answers the next question, which must be of this kind. */
UNUSED static enum entry_effect reply(struct entry *en, enum entry_request_kind kind, const char *text)
{
    struct entry_request r = asked(en, kind);
    struct json *doc = json_of(text);
    enum entry_effect effect = entry_answer(en, r.id, json_root(doc), NULL);
    json_free(&doc);
    return effect;
}

UNUSED static enum entry_effect reply_failed(struct entry *en, enum entry_request_kind kind,
                                             const char *message)
{
    struct entry_request r = asked(en, kind);
    struct err e = { 0 };
    err_set(&e, ERR_OFFLINE, "%s", message);
    return entry_answer(en, r.id, NULL, &e);
}

UNUSED static const char *arg(struct entry *en, const char *name)
{
    const struct entry_arg *args;
    size_t n = entry_args(en, &args);
    for (size_t i = 0; i < n; i++)
        if (strcmp(args[i].name, name) == 0)
            return args[i].value;
    fail_msg("no argument %s", name);
    return NULL;
}

/* The intake of the demonstration hall in small. */
static const char intake_fields[] UNUSED =
    "{'id':'item','kind':'choice','label':'事项','mandatory':true,'source':'item__choose','recent':true,"
    " 'readout':'class_limits','load':{'function':'item__show','args':{'item':'item'},"
    "'fill':{'version':'version'},  'refuse':[{'key':'stopped',"
    "'message':{'zh':'已于{stopped.on}停止 {stopped.document}','en':'ended {stopped.on} {stopped.document}'}}]}},"
    "{'id':'applicant_kind','kind':'choice','label':'类型','mandatory':true,'skip':true,"
    "'default':'person', 'choices':[{'code':'person','zh':'自然人'},{'code':'org','zh':'法人'}],"
    " 'default_from':{'field':'item','key':'service_object','map':{'org':'org','*':'person'}}},"
    "{'id':'id_kind','kind':'choice','label':'证件类型','mandatory':true,'skip':true,'default':'citizen',"
    " 'choices':[{'code':'citizen','zh':'居民身份证'},{'code':'credit','zh':'信用代码'},"
    "{'code':'passport','zh':'护照'}], 'default_from':{'field':'applicant_kind','map':{'org':'credit',"
    "'*':'citizen'}}},{'id':'id_number','kind':'citizen','label':'证件号','mandatory':true,'length':[5,"
    "30],'script':'latin','upper':true, 'repeat':false,'kind_from':{'field':'id_kind',"
    "'map':{'citizen':'citizen','credit':'credit','*':'text'}}, 'recognise':[{'kind':'citizen',"
    "'set':{'applicant_kind':'person','id_kind':'citizen'}},  {'kind':'credit',"
    "'set':{'applicant_kind':'org','id_kind':'credit'}}], 'lookup':{'function':'applicant__find',"
    "'args':{'id_kind':'id_kind','id_number':'id_number'},  'fill':{'name':'name','phone':'phone',"
    "'address':'address'},'note':{'zh':'上次 {last_on} {last_item}','en':'last {last_on} {last_item}'}}},"
    "{'id':'name','kind':'text','label':'姓名','mandatory':true,'length':[1,60],'script':'han'},"
    "{'id':'phone','kind':'phone','label':'电话','mandatory':true},{'id':'address','kind':'text',"
    "'label':'地址','length':[0,120]},{'id':'fields','kind':'item-fields'},{'id':'materials',"
    "'kind':'checklist','label':'材料','mandatory':true},{'id':'agent','kind':'text','label':'经办人',"
    "'script':'han'},{'id':'version','param':'item_version','kind':'readonly','label':'版本'},"
    "{'id':'window','kind':'readonly','label':'窗口','default':'@station.window'}";

static const char items[] UNUSED =
    "[{'code':'0213','name':'个体工商户设立登记','initials':'gtgshsldj','department_name':'市场监管局',"
    "'class_zh':'即办件','class_en':'On the spot','promise_days':'1','statute_days':'15'},"
    " {'code':'0214','name':'个体工商户变更登记','initials':'gtgshbgdj','department_name':'市场监管局',"
    "'class_zh':'即办件','class_en':'On the spot','promise_days':'1','statute_days':'15'},"
    " {'code':'0301','name':'食品经营许可','initials':'spjyxk','department_name':'市场监管局',"
    "'class_zh':'承诺件','class_en':'Promised','promise_days':'5','statute_days':'20'}]";

static const char item_0301[] UNUSED =
    "{'code':'0301','name':'食品经营许可','version':2,'class_zh':'承诺件','class_en':'Promised',"
    "'promise_days':5,'statute_days':20, 'service_object':'both','promise_due':'2026-11-30','ended':null,"
    " 'fields':[{'id':'shop','kind':'text','label':'字号','mandatory':true},{'id':'area','kind':'number',"
    "'label':'面积'},  {'id':'chain','kind':'yesno','label':'连锁'}], 'materials':[{'no':1,"
    "'name':'申请书','form':'original','copies':1,'mandatory':true},  {'no':2,'name':'身份证明',"
    "'form':'check','copies':1,'mandatory':true},  {'no':3,'name':'从业人员证明','form':'copy',"
    "'copies':2,'mandatory':false}]}";

static const char item_0213[] UNUSED =
    "{'code':'0213','name':'个体工商户设立登记','version':1,'class_zh':'即办件','class_en':'On the spot',"
    "'promise_days':1,'statute_days':15, 'service_object':'person','ended':null,'fields':[],"
    " 'materials':[{'no':1,'name':'登记申请书','form':'original','copies':1,'mandatory':true}]}";

static const char known_applicant[] UNUSED =
    "{'found':true,'name':'王小明','phone':'13800000000','address':'徐州市泉山区','last_on':'2026-08-14',"
    "'last_item':'食品经营许可'}";

#endif
