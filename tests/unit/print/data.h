/* A case that does not exist, as the database gives it to documents. */
#ifndef GUITAI_TESTS_PRINT_DATA_H
#define GUITAI_TESTS_PRINT_DATA_H

#define RECEIPT_KEYS \
    "\"number\":\"3203000326112300076\",\"query_code\":\"482913\",\"qr\":\"3203000326112300076 482913\"," \
    "\"division\":\"徐州市\",\"hall\":\"徐州市政务服务中心\",\"hall_phone\":\"0516-00000000\",\"window\":\"03\"," \
    "\"phone\":\"0516-00000013\",\"clerk\":\"张敏\",\"department\":\"市场监管局\"," \
    "\"department_full\":\"徐州市市场监督管理局\",\"kind\":\"permit\",\"item\":\"个体工商户设立登记\"," \
    "\"item_code\":\"0213\",\"class\":\"即办件\",\"result_document\":\"营业执照\",\"copy_no\":1,\"mark\":null," \
    "\"applicant\":\"陈𠮷祥\",\"applicant_masked\":\"陈*\",\"applicant_kind\":\"person\"," \
    "\"id_number\":\"320311********1236\",\"applicant_phone\":\"138****2071\",\"agent\":null," \
    "\"accepted_at\":\"2026-11-23 09:41:07\",\"promise_days\":1,\"statute_days\":15," \
    "\"promise_due\":\"2026-11-24\",\"statute_due\":\"2026-12-14\",\"due_provisional\":false," \
    "\"materials\":[{\"no\":1,\"name\":\"登记申请书\",\"state_zh\":\"原件\",\"copies\":1}," \
    "{\"no\":2,\"name\":\"经营场所使用证明\",\"state_zh\":\"复印件\",\"copies\":2}],\"fees\":[]"

#define DECISION_KEYS \
    ",\"decided_at\":\"2026-11-23 10:02:00\",\"decider\":\"李强\",\"on_behalf_of\":\"\",\"opinion\":\"\"," \
    "\"bases\":[{\"law\":\"市场主体登记管理条例\",\"article\":\"第十九条\",\"text\":\"当场登记\"}],\"decisions\":[]"

#define STAGE(no, zh) "{\"no\":" #no ",\"zh\":\"" zh "\",\"person\":\"张敏\",\"at\":\"2026-11-23 09:41:07\"," \
                      "\"window\":\"03\",\"place\":\"二楼B区\"}"
#define STEPS_KEYS \
    ",\"state_zh\":\"已发证\",\"stages\":[" STAGE(1, "接件") "," STAGE(2, "审查") "," STAGE(3, "签批") "," \
    STAGE(4, "制证") "," STAGE(5, "盖章") "," STAGE(6, "发证") "]"

#endif
