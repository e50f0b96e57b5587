#include <libpq-fe.h>

// Swift does not import macros that are character constants.
static const int pgDiagSQLState = PG_DIAG_SQLSTATE;
static const int pgDiagMessage = PG_DIAG_MESSAGE_PRIMARY;
static const int pgDiagPosition = PG_DIAG_STATEMENT_POSITION;
static const int pgDiagTable = PG_DIAG_TABLE_NAME;
static const int pgDiagColumn = PG_DIAG_COLUMN_NAME;
static const int pgDiagConstraint = PG_DIAG_CONSTRAINT_NAME;
