#include "daemon/ingest_json/json.h"

namespace cellvigil::ingest {}  // namespace cellvigil::ingest
