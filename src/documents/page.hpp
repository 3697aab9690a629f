#pragma once

#include <cairo.h>
#include <map>
#include <memory>
#include <optional>
#include <pango/pango.h>
#include <string>
#include <string_view>
#include <tuple>

#include "documents/qr.hpp"

/// Pages of a PDF. Lengths are points (1/72 inch) from the upper left corner. Any thread, one at a time.
namespace ticketshow::documents {

constexpr double millimetres(double length) { return length * 72 / 25.4; }

struct box {
  double x;
  double y;
  double width;
  double height;
};

struct colour {
  double red;
  double green;
  double blue;
};

enum class placing {
  start,
  middle,
  end
};  ///< along the line; start and end change sides in a script from right to left

struct lettering {
  double size;        ///< at most …
  double least_size;  ///< … and at least: afterwards words are left out, with dots for them
  colour ink;
  bool bold = false;
  placing along = placing::start;
  bool half_way_down = false;  ///< between the box's upper and lower side, not at the upper one
};

class pages {
 public:
  /// `title` and `written` (RFC 3339) are what readers tell of the file; `language` decides how shared letters look.
  pages(double width, double height, const std::string& title, const std::string& written, std::string_view language);

  void next();
  void fill(box where, colour with);
  void dashed_line(double x, double y, double length, colour with);

  /// A text inside its box and never outside: it wraps and shrinks as needed, and is cut off with dots when even the
  /// least size is too large. Gives the height that it took.
  double write(std::string_view text, box where, const lettering& how);

  /// A code without its quiet zone: what stands around is to leave `quiet_zone` modules.
  void draw(const qr_code& code, box where);

  /// The bytes of the file; nothing can be drawn afterwards.
  std::string finish();

 private:
  struct unreference {
    void operator()(cairo_surface_t* what) const { cairo_surface_destroy(what); }
    void operator()(cairo_t* what) const { cairo_destroy(what); }
    void operator()(PangoLayout* what) const { g_object_unref(what); }
    void operator()(PangoFontDescription* what) const { pango_font_description_free(what); }
  };

  void set_size(double size);
  /// The largest size at which the layout, whose text is `line`, fits into its box; nothing when the least is too
  /// large.
  std::optional<double> fitting_size(const std::string& line, box where, const lettering& how);
  std::optional<double> search_size(box where, const lettering& how);

  std::string bytes_;
  std::unique_ptr<cairo_surface_t, unreference> surface_;
  std::unique_ptr<cairo_t, unreference> draw_;
  std::unique_ptr<PangoLayout, unreference> layout_;
  std::unique_ptr<PangoFontDescription, unreference> font_;
  /// What fitting_size() has found by text, boldness, box and largest size: pages repeat each other.
  std::map<std::tuple<std::string, bool, double, double, double>, std::optional<double>> sizes_;
};

}  // namespace ticketshow::documents
