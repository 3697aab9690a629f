#pragma once

#include <cairo.h>
#include <memory>

#include "documents/qr.hpp"

/// What drawing with cairo needs everywhere here.
namespace ticketshow::documents::cairo {

struct destroy {
  void operator()(cairo_surface_t* what) const { cairo_surface_destroy(what); }
  void operator()(cairo_t* what) const { cairo_destroy(what); }
};
using surface = std::unique_ptr<cairo_surface_t, destroy>;
using context = std::unique_ptr<cairo_t, destroy>;

/// Throws std::runtime_error with cairo's words when something went wrong.
void check(cairo_status_t outcome);

/// A cairo_write_func_t that appends to the std::string at `text`.
cairo_status_t append_to_string(void* text, const unsigned char* bytes, unsigned int count);

/// Adds the dark modules of a code to the path, each of size one, from (x, y) on.
void add_modules(cairo_t* to, const qr_code& code, double x, double y);

}  // namespace ticketshow::documents::cairo
