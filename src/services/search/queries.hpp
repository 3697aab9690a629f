#pragma once

#include "pg/statement.hpp"

/// Every statement that search sends; its index has its own.
namespace ticketshow::search::queries {

/// Whether this transaction is from now on the one that may rebuild the index, until its end. It says nothing while the
/// index is being filled, which no timeout of idle transactions may take for death.
inline constexpr pg::statement claim_rebuild{"search_claim_rebuild", R"(
SELECT pg_try_advisory_xact_lock(hashtextextended('rebuild of ' || current_schema(), 0)),
       set_config('idle_in_transaction_session_timeout', '1h', true))"};

inline constexpr const pg::statement* all_statements[] = {&claim_rebuild};

}  // namespace ticketshow::search::queries
