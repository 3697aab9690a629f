#pragma once

#include <string>

#include "contract/problem.hpp"

namespace ticketshow::test {

/// The problem's code, or "OK".
template <class T>
std::string code_of(const contract::result<T>& answer) {
  return answer ? "OK" : std::string(answer.error().kind->code);
}

}  // namespace ticketshow::test
