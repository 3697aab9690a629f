#include "documents/cairo.hpp"

#include <new>
#include <stdexcept>
#include <string>

namespace ticketshow::documents::cairo {

void check(cairo_status_t outcome) {
  if (outcome != CAIRO_STATUS_SUCCESS) throw std::runtime_error(cairo_status_to_string(outcome));
}

cairo_status_t append_to_string(void* text, const unsigned char* bytes, unsigned int count) {
  try {
    static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), count);
    return CAIRO_STATUS_SUCCESS;
  } catch (const std::bad_alloc&) {
    return CAIRO_STATUS_NO_MEMORY;  // no exception may pass through cairo
  }
}

void add_modules(cairo_t* to, const qr_code& code, double x, double y) {
  for (const auto& [row, begin, end] : dark_runs(code)) cairo_rectangle(to, x + begin, y + row, end - begin, 1);
}

}  // namespace ticketshow::documents::cairo
