/* libpq, loaded when the first connection is opened and not when the program starts.
 *
 * Linking libpq brings some twenty libraries (TLS, Kerberos, LDAP) into every start: three times what the whole sign-in
 * screen costs. A program that never opens a connection never loads it. The only includer of libpq-fe.h. */
#ifndef GUITAI_DB_PQ_H
#define GUITAI_DB_PQ_H

#include "guitai/base/err.h"

#include <libpq-fe.h>

#define PQ_FUNCTIONS(X) \
    X(PQcancel) \
    X(PQclear) \
    X(PQconnectPoll) \
    X(PQconnectStart) \
    X(PQconnectStartParams) \
    X(PQconnectionNeedsPassword) \
    X(PQconninfo) \
    X(PQconninfoFree) \
    X(PQconsumeInput) \
    X(PQdb) \
    X(PQencryptPasswordConn) \
    X(PQenterPipelineMode) \
    X(PQerrorMessage) \
    X(PQescapeIdentifier) \
    X(PQescapeLiteral) \
    X(PQexec) \
    X(PQexecParams) \
    X(PQfinish) \
    X(PQflush) \
    X(PQfname) \
    X(PQfreeCancel) \
    X(PQfreemem) \
    X(PQftype) \
    X(PQgetCancel) \
    X(PQgetResult) \
    X(PQgetisnull) \
    X(PQgetlength) \
    X(PQgetvalue) \
    X(PQisBusy) \
    X(PQnfields) \
    X(PQnotifies) \
    X(PQntuples) \
    X(PQpipelineSync) \
    X(PQresultErrorField) \
    X(PQresultStatus) \
    X(PQsendPrepare) \
    X(PQsendQueryParams) \
    X(PQsendQueryPrepared) \
    X(PQsetErrorVerbosity) \
    X(PQsetNoticeReceiver) \
    X(PQsetnonblocking) \
    X(PQsocket) \
    X(PQstatus)

#define PQ_MEMBER(name) __typeof__(name) *name;

/* Valid after pq_load(). */
extern struct pq {
    PQ_FUNCTIONS(PQ_MEMBER)
} pq;

#undef PQ_MEMBER

/* Loads libpq once; later calls do nothing. ERR_IO naming what is missing. */
bool pq_load(struct err *e);

#endif
